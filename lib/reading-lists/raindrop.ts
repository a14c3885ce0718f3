import * as z from 'zod';
import type { Item, ItemKind, TagChange, TagResult } from '../core/item.ts';
import type { Deadline } from '../deadline.ts';
import { Failure } from '../failure.ts';
import { type Clock, type Paced, paced, systemClock } from '../web/paced.ts';
import type { Answer } from '../web/request.ts';
import { byOffset, type Rows } from './by-offset.ts';
import { oneByOne } from './one-by-one.ts';
import type { ReadingList, Tell } from './reading-list.ts';
import { replacedTags, STALE_AFTER_MS } from './replaced-tags.ts';
import { type Call, judgeListing, readAnswer, type TokenServiceOptions, tokenCall } from './service-call.ts';

/**
 * Requests for n items, c of them changed: n/50 pages; for each collection and tag one call to 50 items that only
 * get this tag; and a call for each item that loses one. Changes are gathered by 500, so that few calls are of
 * less than 50 items.
 */
const PAGE_SIZE = 50;
const ITEMS_PER_CALL = 50;
const CHANGES_GATHERED = 500;
const NOT_SAID = 'the service did not say whether it was done';
/** https://developer.raindrop.io/#rate-limiting */
const CALLS_PER_MINUTE = 120;

const text = z.string().nullish().catch(undefined);
const raindropRow = z.object({
  _id: z.number(),
  link: text,
  title: text,
  type: text,
  created: text,
  removed: z.boolean().optional().catch(undefined),
  // Not to be guessed: a write may replace what stands here.
  tags: z.array(z.string()).nullish(),
  collection: z.object({ $id: z.number() }).nullish().catch(undefined),
  collectionId: z.number().optional().catch(undefined),
});
type Row = z.infer<typeof raindropRow>;
const listing = z.object({
  items: z.array(raindropRow),
  count: z.number().optional().catch(undefined),
});
const one = z.object({ item: raindropRow });
const modified = z.object({ modified: z.number() });

export type RaindropOptions = TokenServiceOptions & {
  /** Id of the collection to read: 0 for all, -1 for unsorted. */
  readonly collection: string;
  readonly clock?: Clock;
};

type Known = { readonly collection: number | undefined; readonly readAt: number };
type Raindrops = {
  readonly call: Call;
  readonly pace: Paced;
  readonly clock: Clock;
  /** Where each item is, and when it was read. */
  readonly known: Map<string, Known>;
};

/** Raindrop.io: no lengths; tags are added to many items at once, and replaced one item at a time. */
export function raindrop({ clock = systemClock, collection, ...options }: RaindropOptions): ReadingList {
  const pace = paced(options.request, CALLS_PER_MINUTE, clock);
  const base = `${options.url}/rest/v1`;
  const api = { base, scheme: 'Bearer', judge: judgeResult } as const;
  const call = tokenCall({ ...options, request: pace.request }, api);
  const raindrops: Raindrops = { call, pace, clock, known: new Map() };
  const judge = judgeListing(`${base}/raindrops/${collection}`, 'RAINDROP_URL');
  return {
    batchSize: CHANGES_GATHERED,
    listUnread: (deadline) =>
      byOffset((offset) => readRows(raindrops, { collection, offset, judge }, deadline), {
        pageSize: PAGE_SIZE,
        byNumber: true,
      }),
    applyTags: (changes, deadline, tell) => applyTags(raindrops, changes, deadline, tell),
    readBack: ({ id }, deadline) => readOne(call, id, deadline),
  };
}

/** Trimmed; compared without regard to capitals. */
export function raindropTagName(tag: string): string {
  return tag.trim().toLowerCase();
}

/** Trouble is also told inside HTTP 200, by `result: false`. */
function judgeResult({ body, status }: Answer, found: string): Failure | undefined {
  const isRefused = typeof body === 'object' && body !== null && 'result' in body && body.result === false;
  if (!isRefused || status >= 300) return undefined;
  return new Failure('unexpected-response', `${found}: an error inside HTTP ${status}`, { status: 400 });
}

type ListQuery = { collection: string; offset: number; judge: ReturnType<typeof judgeListing> };

/** https://developer.raindrop.io/v1/raindrops/multiple#get-raindrops: newest first, paged by number. */
async function readRows(
  { call, clock, known }: Raindrops,
  { collection, offset, judge }: ListQuery,
  deadline: Deadline,
): Promise<Rows> {
  const query = new URLSearchParams({
    perpage: String(PAGE_SIZE),
    page: String(offset / PAGE_SIZE),
    sort: '-created',
    nested: 'true',
  });
  const answer = await call({ method: 'GET', path: `/raindrops/${collection}?${query}`, judge }, deadline);
  const { items, count } = readAnswer(listing, answer, 'the raindrops');
  const rows = items;
  for (const row of rows) {
    known.set(String(row._id), {
      collection: row.collection?.$id ?? row.collectionId,
      readAt: clock.now(),
    });
  }
  return {
    rows: rows.map((row) => ({ id: String(row._id), ...(!row.removed && { item: toItem(row) }) })),
    ...(count !== undefined && { total: count }),
  };
}

/** https://developer.raindrop.io/v1/raindrops/single#get-raindrop */
async function readOne(call: Call, id: string, deadline: Deadline): Promise<Item> {
  const answer = await call({ method: 'GET', path: `/raindrop/${id}` }, deadline);
  return toItem(readAnswer(one, answer, 'a raindrop').item);
}

function toItem(row: Row): Item {
  const addedAt = Date.parse(row.created ?? '') / 1000;
  return {
    id: String(row._id),
    kind: kindOf(row),
    tags: (row.tags ?? []).map((name) => ({ name })),
    parsed: true,
    ...(row.link && { url: row.link }),
    ...(row.title && { title: row.title }),
    ...(addedAt > 0 && { addedAt }),
  };
}

/** What plays takes its duration, not the time to read the page around it. */
function kindOf({ type }: Row): ItemKind {
  if (type === 'video' || type === 'audio') return 'video';
  return type === 'image' ? 'image' : 'article';
}

async function applyTags(
  raindrops: Raindrops,
  changes: readonly TagChange[],
  deadline: Deadline,
  tell: Tell = () => {},
): Promise<TagResult[]> {
  const results = new Map<string, TagResult>();
  const note: Tell = (written) => {
    for (const result of written) results.set(result.itemId, result);
    tell(written);
  };
  for (const group of groupsOf(raindrops, changes)) await addToMany(raindrops, group, deadline, note);
  const singles = changes.filter(({ item }) => !results.has(item.id));
  await oneByOne(singles, (change) => replaceOf(raindrops, change, deadline), note);
  return changes.map(({ item: { id } }) => results.get(id) ?? { itemId: id, ok: false, reason: NOT_SAID });
}

type Group = { readonly collection: number; readonly tag: string; readonly changes: TagChange[] };

/** Changes that add one tag and remove none, by collection and tag. All of a collection at once is refused for 0. */
function groupsOf({ known }: Raindrops, changes: readonly TagChange[]): Group[] {
  const groups: Group[] = [];
  for (const change of changes) {
    const collection = known.get(change.item.id)?.collection;
    const [tag, ...more] = change.add;
    if (!collection || !tag || more.length > 0 || change.remove.length > 0) continue;
    const group = groups.find(
      (one) => one.collection === collection && one.tag === tag && one.changes.length < ITEMS_PER_CALL,
    );
    if (group) group.changes.push(change);
    else groups.push({ collection, tag, changes: [change] });
  }
  return groups.filter(({ changes }) => changes.length > 1);
}

/**
 * https://developer.raindrop.io/v1/raindrops/multiple#update-many-raindrops: appends; an empty array would take
 * every tag off, so there is always a tag in it. Where fewer were modified than asked, each is looked at.
 */
async function addToMany(
  raindrops: Raindrops,
  { collection, tag, changes }: Group,
  deadline: Deadline,
  note: Tell,
): Promise<void> {
  const json = { ids: changes.map(({ item }) => Number(item.id)), tags: [tag] };
  const answer = await raindrops.call({ method: 'PUT', path: `/raindrops/${collection}`, json }, deadline);
  const { modified: done } = readAnswer(modified, answer, 'what became of the raindrops');
  if (done === changes.length) {
    note(changes.map(({ item }) => ({ itemId: item.id, ok: true })));
    return;
  }
  const isThere = async ({ item }: TagChange) => {
    const { tags } = await readOne(raindrops.call, item.id, deadline);
    const found = tags.some(({ name }) => raindropTagName(name) === raindropTagName(tag));
    return found ? undefined : NOT_SAID;
  };
  await oneByOne(changes, isThere, note);
}

/** https://developer.raindrop.io/v1/raindrops/single#update-raindrop: replaces what the item has. */
async function replaceOf(
  raindrops: Raindrops,
  change: TagChange,
  deadline: Deadline,
): Promise<string | undefined> {
  const { id } = change.item;
  const { clock, pace, known, call } = raindrops;
  const isOld = clock.now() + pace.waitMs() - (known.get(id)?.readAt ?? 0) > STALE_AFTER_MS;
  const { tags: held } = isOld ? await readOne(call, id, deadline) : change.item;
  const tags = replacedTags(change, held, raindropTagName);
  if (tags !== undefined) await call({ method: 'PUT', path: `/raindrop/${id}`, json: { tags } }, deadline);
  return undefined;
}
