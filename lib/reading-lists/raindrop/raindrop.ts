import * as z from 'zod';
import type { Item, TagChange, TagResult } from '../../core/item.ts';
import type { Deadline } from '../../deadline.ts';
import { Failure } from '../../failure.ts';
import { type RateLimited, rateLimited } from '../../http/call-limiters.ts';
import { type Clock, systemClock } from '../../http/clock.ts';
import type { HttpResponse } from '../../http/request.ts';
import { type CallApi, isAboutItem, pathPart, type TokenServiceOptions, tokenCall } from '../api-call.ts';
import { listByOffset } from '../paging.ts';
import { type ReadingList, readPage } from '../reading-list.ts';
import { raindropTagName } from '../tag-names.ts';
import { type FailedInARow, mayBeAboutItem, oneByOne, replacedTags } from '../tag-writes.ts';
import { hasTag, PAGE_SIZE, type Ref, readOne, readRows } from './rows.ts';

/**
 * Requests for n items, c of them changed: n/50 pages; one call for up to 50 items of a collection that get the same
 * tag and lose none; and two calls for each item that loses a tag, one of which reads it just before. Batches are large,
 * so that few calls have less than 50 items.
 */
const CHANGES_PER_BATCH = 500;
const MAX_ITEMS_PER_CALL = 50;
/** All but the trash. */
const ALL_COLLECTIONS = '0';
/** https://developer.raindrop.io/#rate-limiting */
const MAX_CALLS_PER_MINUTE = 120;

const NOT_SAID = 'the service did not say whether it was done';
const answer = z.object({ modified: z.number().optional() }).catch({});

export type RaindropOptions = TokenServiceOptions & {
  /** Id of the collection to read: 0 for all, -1 for unsorted. */
  readonly collection: string;
  readonly clock?: Clock;
};

type Raindrop = {
  readonly base: string;
  readonly limit: RateLimited;
  /** Waits for its turn. */
  readonly call: CallApi;
  /** Only after `limit.takeTurns`. */
  readonly callAtOnce: CallApi;
  readonly listAll: ReadingList['listAll'];
  readonly failedInARow: FailedInARow;
};

/** Raindrop.io, https://raindrop.io: no lengths; adds tags to many items in one call, replaces them one item a call. */
export function raindrop({ clock = systemClock, collection, ...options }: RaindropOptions): ReadingList {
  const limit = rateLimited(options.request, MAX_CALLS_PER_MINUTE, clock);
  const base = `${options.url}/rest/v1`;
  const api = { base, scheme: 'Bearer', classifyResponse: classifyResult } as const;
  const call = tokenCall({ ...options, request: limit.request }, api);
  const list = (collection: string, deadline: Deadline) =>
    listByOffset((offset) => readRows(call, base, { collection, offset }, deadline), {
      pageSize: PAGE_SIZE,
      byNumber: true,
    });
  // An item may have been moved to another collection since it got its tag.
  const listAll = (deadline: Deadline) => list(ALL_COLLECTIONS, deadline);
  const raindrop = {
    base,
    limit,
    call,
    callAtOnce: tokenCall(options, api),
    listAll,
    failedInARow: { count: 0 },
  };
  return {
    batchSize: CHANGES_PER_BATCH,
    listUnread: (deadline) => list(collection, deadline),
    listAll,
    applyTags: (changes, deadline) => applyTags(raindrop, changes, deadline),
    getItem: ({ id }, deadline) => readOne(call, id, deadline),
    tryWrite: async ({ id }, deadline) => {
      await call({ method: 'PUT', path: `/raindrop/${pathPart(id)}`, json: {} }, deadline);
    },
  };
}

/** Errors also come with HTTP 200, as `result: false`. */
function classifyResult({ body, status }: HttpResponse, label: string): Failure | undefined {
  const isRefused = typeof body === 'object' && body !== null && 'result' in body && body.result === false;
  if (!isRefused || status >= 300) return undefined;
  return new Failure('unexpected-response', `${label}: an error inside HTTP ${status}`, { status: 400 });
}

/** Writes groups of items that get the same tag and lose none with one call each, then the other changes one by one. */
async function* applyTags(
  raindrop: Raindrop,
  changes: readonly TagChange[],
  deadline: Deadline,
): AsyncGenerator<TagResult> {
  const groups = groupsOf(changes);
  for (const group of groups) yield* addToMany(raindrop, group, deadline);
  const grouped = new Set(groups.flatMap((group) => group.changes));
  const singles = changes.filter((change) => !grouped.has(change));
  yield* replaceOneByOne(raindrop, singles, deadline);
}

function replaceOneByOne(raindrop: Raindrop, changes: readonly TagChange[], deadline: Deadline) {
  return oneByOne(changes, {
    write: (change) => replaceTags(raindrop, change, deadline),
    ...readingOf(raindrop, deadline),
  });
}

function readingOf({ call, listAll, failedInARow }: Raindrop, deadline: Deadline) {
  return {
    failedInARow,
    getItem: ({ id }: Item) => readOne(call, id, deadline),
    readPage: () => readPage(listAll, deadline),
  };
}

type Group = { readonly collection: number; readonly tag: string; readonly changes: TagChange[] };

/** Groups changes that add one tag and remove none by collection and tag. The call is not possible for collection 0. */
function groupsOf(changes: readonly TagChange[]): Group[] {
  const groups: Group[] = [];
  for (const change of changes) {
    const collection = (change.item.ref as Ref | undefined)?.collection;
    const [tag, ...more] = change.add;
    if (!collection || !tag || more.length > 0 || change.remove.length > 0) continue;
    const group = groups.find(
      (one) => one.collection === collection && one.tag === tag && one.changes.length < MAX_ITEMS_PER_CALL,
    );
    if (group) group.changes.push(change);
    else groups.push({ collection, tag, changes: [change] });
  }
  return groups.filter(({ changes }) => changes.length > 1);
}

/**
 * https://developer.raindrop.io/v1/raindrops/multiple#update-many-raindrops: appends tags. An empty array
 * would remove all tags, so it is never empty. The answer says how many items were modified, but the documented one does
 * not: unless all were, the items are read back.
 */
async function* addToMany(
  raindrop: Raindrop,
  { collection, tag, changes }: Group,
  deadline: Deadline,
): AsyncGenerator<TagResult> {
  const { call, base } = raindrop;
  const json = { ids: changes.map(({ item }) => Number(item.id)), tags: [tag] };
  let outcomeUnknown = false;
  const response = await call({ method: 'PUT', path: `/raindrops/${collection}`, json }, deadline).catch(
    (error: unknown) => {
      if (!isAboutItem(error) && !mayBeAboutItem(error)) throw error;
      outcomeUnknown = error.outcomeUnknown;
    },
  );
  // The collection is gone, one of the items is refused, or the service fails at it: each is tried by itself.
  if (!response)
    return yield* withEarlierOutcome(replaceOneByOne(raindrop, changes, deadline), outcomeUnknown);
  const { modified } = answer.parse(response.body);
  if (modified === changes.length) {
    for (const { item } of changes) yield { itemId: item.id, ok: true };
    return;
  }
  const tagged = await readBack({ call, base }, { tag, changes }, deadline);
  const confirm = async ({ item }: TagChange) => {
    const isTagged = tagged.has(item.id) || hasTag(await readOne(call, item.id, deadline), tag);
    return isTagged ? undefined : NOT_SAID;
  };
  yield* oneByOne(changes, { write: confirm, ...readingOf(raindrop, deadline) });
}

/** The same results; a failure says, too, that an earlier call may have been carried out. */
async function* withEarlierOutcome(
  results: AsyncIterable<TagResult>,
  outcomeUnknown: boolean,
): AsyncGenerator<TagResult> {
  try {
    yield* results;
  } catch (error) {
    if (!(error instanceof Failure) || !outcomeUnknown) throw error;
    throw new Failure(error.kind, error.message, { ...error, outcomeUnknown });
  }
}

/**
 * The ids of the items that have the tag, as the pages say on which they were listed: for 50 items of one band two to ten
 * calls, while one for each item would take 25 s of the limit on calls. A search by tag would take one, but by an index
 * that may lag. An item that has moved to another page since is not among them.
 */
async function readBack(
  { call, base }: Pick<Raindrop, 'call' | 'base'>,
  { tag, changes }: Pick<Group, 'tag' | 'changes'>,
  deadline: Deadline,
): Promise<ReadonlySet<string>> {
  const pages = new Map(changes.map(({ item }) => [(item.ref as Ref).page.offset, (item.ref as Ref).page]));
  const tagged = new Set<string>();
  for (const page of pages.values()) {
    const { rows } = await readRows(call, base, page, deadline);
    for (const row of rows) if (row?.item && hasTag(row.item, tag)) tagged.add(row.id);
  }
  return tagged;
}

/** https://developer.raindrop.io/v1/raindrops/single#update-raindrop: replaces all tags, so they are read just before. */
async function replaceTags(
  { base, limit, callAtOnce }: Raindrop,
  change: TagChange,
  deadline: Deadline,
): Promise<string | undefined> {
  const { id } = change.item;
  const path = `/raindrop/${pathPart(id)}`;
  await limit.takeTurns(2, { url: `${base}${path}`, deadline });
  const { tags: current } = await readOne(callAtOnce, id, deadline);
  const tags = replacedTags(change, current, raindropTagName);
  if (tags !== undefined) await callAtOnce({ method: 'PUT', path, json: { tags } }, deadline);
  return undefined;
}
