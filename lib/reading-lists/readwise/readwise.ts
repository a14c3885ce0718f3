import * as z from 'zod';
import type { Item, Tag, TagChange, TagResult } from '../../core/item.ts';
import type { Deadline } from '../../deadline.ts';
import { type Clock, systemClock } from '../../http/clock.ts';
import { rateLimited } from '../../http/rate-limits.ts';
import type { HttpResponse } from '../../http/request.ts';
import { type TokenServiceOptions, tokenCall } from '../api-call.ts';
import { listByCursor } from '../paging.ts';
import type { Page, ReadingList } from '../reading-list.ts';
import { replacedTags, STALE_AFTER_MS } from '../tag-writes.ts';
import { type Reading, type Readwise, readDocuments, readOne, readwiseTagName } from './rows.ts';

/**
 * Requests for n items, c of them changed: n/100 pages, at least one for each of three locations, and c/50 bulk writes.
 * A page that is older than `STALE_AFTER_MS` when its items are written takes one request more.
 */
const PAGE_SIZE = 100;
const MAX_UPDATES_PER_CALL = 50;
/** Limit of a token on list calls, and on bulk writes; used for both together, in case the service does so. */
const MAX_CALLS_PER_MINUTE = 20;
/** Each is listed by calls of its own. Archive and feed are not part of the reading list. */
const UNREAD_LOCATIONS = ['new', 'later', 'shortlist'];

const outcome = z.object({ id: z.string(), success: z.boolean() });
const updated = z.object({ results: z.array(outcome).optional().catch(undefined) }).catch({});

/** Readwise Reader, https://readwise.io/read: replaces tags, 50 items a call. */
export function readwise({
  clock = systemClock,
  ...options
}: TokenServiceOptions & { clock?: Clock }): ReadingList {
  const limit = rateLimited(options.request, MAX_CALLS_PER_MINUTE, clock);
  const base = `${options.url}/api/v3`;
  const call = tokenCall({ ...options, request: limit.request }, { base, scheme: 'Token' });
  const readwise = { call, base, limit, clock };
  return {
    batchSize: MAX_UPDATES_PER_CALL,
    listUnread: (deadline) => listUnread(readwise, deadline),
    applyTags: (changes, deadline) => applyTags(readwise, changes, deadline),
    getItem: ({ id }, deadline) => readOne(readwise, id, deadline),
  };
}

/** https://readwise.io/reader_api#list: a cursor in each location. */
async function* listUnread(readwise: Readwise, deadline: Deadline): AsyncGenerator<Page> {
  // An item that is moved between locations during the run is listed twice.
  const seen = new Set<string>();
  for (const location of UNREAD_LOCATIONS) {
    yield* listByCursor(async (cursor) => {
      const query = new URLSearchParams({
        location,
        limit: String(PAGE_SIZE),
        ...(cursor && { pageCursor: cursor }),
      });
      const { items, nextCursor } = await readDocuments(readwise, query.toString(), deadline);
      return { rows: items.map((item) => ({ id: item.id, item })), nextCursor };
    }, seen);
  }
}

/** Writes changes in bulk, one call at a time. */
async function* applyTags(
  readwise: Readwise,
  changes: readonly TagChange[],
  deadline: Deadline,
): AsyncGenerator<TagResult> {
  for (let at = 0; at < changes.length; at += MAX_UPDATES_PER_CALL) {
    yield* await writeBatch(readwise, changes.slice(at, at + MAX_UPDATES_PER_CALL), deadline);
  }
}

async function writeBatch(
  readwise: Readwise,
  changes: readonly TagChange[],
  deadline: Deadline,
): Promise<TagResult[]> {
  const currentTags = await readAgain(readwise, changes, deadline);
  const updates = changes.flatMap((change) => {
    const current = currentTags.get(change.item.id);
    const tags = current && replacedTags(change, current, readwiseTagName);
    return tags === undefined ? [] : [{ item: change.item, tags }];
  });
  const refused = updates.length === 0 ? new Set() : await update(readwise, updates, deadline);
  return changes.map(({ item: { id } }) => {
    if (!currentTags.has(id)) return { itemId: id, ok: false, reason: 'no longer there' };
    return refused.has(id)
      ? { itemId: id, ok: false, reason: 'the service refused it' }
      : { itemId: id, ok: true };
  });
}

type Update = { readonly item: Item; readonly tags: readonly string[] };

/** https://readwise.io/reader_api#bulk-update: 200, or 207 with a result for each. Returns the ids that were refused. */
async function update(
  { call }: Readwise,
  updates: readonly Update[],
  deadline: Deadline,
): Promise<ReadonlySet<string>> {
  const json = { updates: updates.map(({ item: { id }, tags }) => ({ id, tags })) };
  const response = await call({ method: 'PATCH', path: '/bulk_update/', json }, deadline);
  const refused = refusedIn(response, updates);
  for (const { item, tags } of updates) {
    const names = tags.map((name) => ({ name }));
    if (!refused.has(item.id)) readingOf(item)?.tagsById.set(item.id, names);
  }
  return refused;
}

function refusedIn({ status, body }: HttpResponse, updates: readonly Update[]): Set<string> {
  const { results = [] } = updated.parse(body);
  const done = new Set(results.flatMap(({ id, success }) => (success ? [id] : [])));
  const isAll = status !== 207 && results.length === 0;
  return new Set(updates.flatMap(({ item: { id } }) => (isAll || done.has(id) ? [] : [id])));
}

/**
 * The current tags of the items, by id. Pages that will be stale when the write is sent are read again; an item that is
 * no longer on its page is read with its own call, and is missing from the result if it is gone.
 */
async function readAgain(
  readwise: Readwise,
  changes: readonly TagChange[],
  deadline: Deadline,
): Promise<ReadonlyMap<string, readonly Tag[]>> {
  const { clock, limit } = readwise;
  const writesAt = clock.now() + limit.waitMs();
  const isStale = (reading: Reading) => writesAt - reading.readAt > STALE_AFTER_MS;
  const stale = new Set(changes.flatMap(({ item }) => readingOf(item) ?? []).filter(isStale));
  for (const reading of stale) await readDocuments(readwise, reading.query, deadline, reading);
  const tagsById = new Map([...stale].flatMap((reading) => [...reading.tagsById]));
  for (const { item } of changes) {
    const known = tagsById.get(item.id) ?? readingOf(item)?.tagsById.get(item.id);
    const tags = known ?? (await readOne(readwise, item.id, deadline))?.tags;
    if (tags) tagsById.set(item.id, tags);
  }
  return tagsById;
}

function readingOf({ ref }: Item): Reading | undefined {
  return ref as Reading | undefined;
}
