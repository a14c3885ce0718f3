import * as z from 'zod';
import { goneResult, type Tag, type TagChange, type TagResult } from '../../core/item.ts';
import type { Deadline } from '../../deadline.ts';
import { type RateLimited, rateLimited } from '../../http/call-limiters.ts';
import { type Clock, systemClock } from '../../http/clock.ts';
import type { HttpResponse, Request } from '../../http/request.ts';
import { type TokenServiceOptions, tokenCall } from '../api-call.ts';
import { listByCursor } from '../paging.ts';
import type { Page, ReadingList } from '../reading-list.ts';
import { readwiseTagName } from '../tag-names.ts';
import { replacedTags } from '../tag-writes.ts';
import { type Api, queryOfOne, readDocuments, readOne, withTags } from './rows.ts';

/**
 * Requests for n items, c of them changed: n/100 pages, at least one for each of three locations, c/50 bulk writes, and
 * before each of these one for each page that its items were listed on: one or two if most items are changed.
 */
const PAGE_SIZE = 100;
const MAX_UPDATES_PER_CALL = 50;
/** Maximum calls that read the items of one bulk write, so that all are read just before it. */
const MAX_READS_PER_WRITE = 10;
/** Limit of a token on list calls, and on bulk writes; used for both together, in case the service does so. */
const MAX_CALLS_PER_MINUTE = 20;
/** Each is listed by calls of its own. Archive and feed are not part of the reading list. */
const UNREAD_LOCATIONS = ['new', 'later', 'shortlist'];
const ALL_LOCATIONS = [...UNREAD_LOCATIONS, 'archive'];

const outcome = z.object({ id: z.string(), success: z.boolean() });
const updated = z.object({ results: z.array(outcome).optional().catch(undefined) }).catch({});

type Readwise = {
  readonly limit: RateLimited;
  /** Waits for its turn. */
  readonly api: Api;
  /** Only after `limit.takeTurns`. */
  readonly apiAtOnce: Api;
};

/** Readwise Reader, https://readwise.io/read: replaces tags, 50 items a call. */
export function readwise({
  clock = systemClock,
  ...options
}: TokenServiceOptions & { clock?: Clock }): ReadingList {
  const limit = rateLimited(options.request, MAX_CALLS_PER_MINUTE, clock);
  const base = `${options.url}/api/v3`;
  const api = (request: Request): Api => ({
    call: tokenCall({ ...options, request }, { base, scheme: 'Token' }),
    base,
  });
  const readwise = { limit, api: api(limit.request), apiAtOnce: api(options.request) };
  return {
    batchSize: MAX_UPDATES_PER_CALL,
    listUnread: (deadline) => listLocations(readwise.api, UNREAD_LOCATIONS, deadline),
    listAll: (deadline) => listLocations(readwise.api, ALL_LOCATIONS, deadline),
    applyTags: (changes, deadline) => applyTags(readwise, changes, deadline),
    getItem: ({ id }, deadline) => readOne(readwise.api, id, deadline),
  };
}

/** https://readwise.io/reader_api#list: a cursor in each location. */
async function* listLocations(
  api: Api,
  locations: readonly string[],
  deadline: Deadline,
): AsyncGenerator<Page> {
  // An item that is moved between locations during the run is listed twice.
  const seen = new Set<string>();
  for (const location of locations) {
    yield* listByCursor((cursor) => {
      const query = new URLSearchParams({
        location,
        limit: String(PAGE_SIZE),
        ...(cursor && { pageCursor: cursor }),
      });
      return readDocuments(api, query.toString(), deadline);
    }, seen);
  }
}

/** Writes changes in bulk, one call at a time. */
async function* applyTags(
  readwise: Readwise,
  changes: readonly TagChange[],
  deadline: Deadline,
): AsyncGenerator<TagResult> {
  for (let at = 0; at < changes.length; ) {
    const { batch, queries } = batchFrom(changes.slice(at, at + MAX_UPDATES_PER_CALL));
    yield* await writeBatch(readwise, { batch, queries }, deadline);
    at += batch.length;
  }
}

/** Changes for one bulk write, and the queries that read their items. */
type Batch = { readonly batch: readonly TagChange[]; readonly queries: readonly string[] };

/** The first of these changes, as many as `MAX_READS_PER_WRITE` calls read. */
function batchFrom(changes: readonly TagChange[]): Batch {
  const batch: TagChange[] = [];
  const queries = new Set<string>();
  for (const change of changes) {
    const query = queryOf(change);
    if (!queries.has(query) && queries.size === MAX_READS_PER_WRITE) break;
    queries.add(query);
    batch.push(change);
  }
  return { batch, queries: [...queries] };
}

/** The query of the page that the item was listed on, or of the item alone. */
function queryOf({ item: { id, ref } }: TagChange): string {
  return typeof ref === 'string' ? ref : queryOfOne(id);
}

async function writeBatch(
  readwise: Readwise,
  { batch, queries }: Batch,
  deadline: Deadline,
): Promise<TagResult[]> {
  const { limit, api, apiAtOnce } = readwise;
  const url = `${apiAtOnce.base}/list/`;
  await limit.takeTurns(queries.length + 1, { url, deadline });
  const currentTags = await readTags(readwise, { batch, queries }, deadline);
  const updates = batch.flatMap((change) => {
    const current = currentTags.get(change.item.id);
    const tags = current && replacedTags(change, current, readwiseTagName);
    return tags === undefined ? [] : [{ id: change.item.id, tags }];
  });
  const refused = updates.length === 0 ? new Set() : await update(apiAtOnce, updates, deadline);
  const results: TagResult[] = [];
  for (const { item } of batch) {
    const itemId = item.id;
    const isThere =
      currentTags.has(itemId) && (!refused.has(itemId) || (await readOne(api, itemId, deadline)));
    if (!isThere) results.push(goneResult(itemId));
    else if (refused.has(itemId)) results.push({ itemId, ok: false, reason: 'the service refused it' });
    else results.push({ itemId, ok: true });
  }
  return results;
}

/**
 * The tags of the items now, by id. An item that is no longer on its page is read with its own call, and is missing from
 * the result if it is gone.
 */
async function readTags(
  { api, apiAtOnce }: Readwise,
  { batch, queries }: Batch,
  deadline: Deadline,
): Promise<ReadonlyMap<string, readonly Tag[]>> {
  const tagsById = new Map<string, readonly Tag[]>();
  for (const query of queries) {
    const { rows } = await readDocuments(apiAtOnce, query, deadline, withTags);
    for (const row of rows) if (row?.item) tagsById.set(row.id, row.item.tags);
  }
  const isRead = new Set(queries);
  for (const { item } of batch) {
    if (tagsById.has(item.id) || isRead.has(queryOfOne(item.id))) continue;
    const tags = (await readOne(api, item.id, deadline, withTags))?.tags;
    if (tags) tagsById.set(item.id, tags);
  }
  return tagsById;
}

type Update = { readonly id: string; readonly tags: readonly string[] };

/** https://readwise.io/reader_api#bulk-update: 200, or 207 with a result for each. Returns the ids that were refused. */
async function update(
  { call }: Api,
  updates: readonly Update[],
  deadline: Deadline,
): Promise<ReadonlySet<string>> {
  const response = await call({ method: 'PATCH', path: '/bulk_update/', json: { updates } }, deadline);
  return refusedIn(response, updates);
}

function refusedIn({ status, body }: HttpResponse, updates: readonly Update[]): Set<string> {
  const { results = [] } = updated.parse(body);
  const done = new Set(results.flatMap(({ id, success }) => (success ? [id] : [])));
  const isAll = status !== 207 && results.length === 0;
  return new Set(updates.flatMap(({ id }) => (isAll || done.has(id) ? [] : [id])));
}
