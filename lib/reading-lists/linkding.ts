import * as z from 'zod';
import type { Item, TagChange } from '../core/item.ts';
import type { Deadline } from '../deadline.ts';
import { type Clock, systemClock } from '../http/clock.ts';
import {
  addedAtOf,
  type CallApi,
  classifyListing,
  flag,
  number,
  parseResponse,
  type TokenServiceOptions,
  text,
  tokenCall,
} from './api-call.ts';
import { listByOffset, type Rows } from './paging.ts';
import type { ReadingList } from './reading-list.ts';
import { ONE_BY_ONE_BATCH, oneByOne, replacedTags, STALE_AFTER_MS } from './tag-writes.ts';

/**
 * Requests for n items, c of them changed: n/100 pages, a call for each change, and one more for each item that was
 * listed more than `STALE_AFTER_MS` before.
 */
const PAGE_SIZE = 100;

const bookmark = z.object({
  id: z.number(),
  url: text,
  title: text,
  date_added: text,
  unread: flag,
  is_archived: flag,
  // Required, since a write replaces all tags.
  tag_names: z.array(z.string()),
});
type Bookmark = z.infer<typeof bookmark>;
const listing = z.object({
  count: number,
  results: z.array(bookmark),
});

/** `ref` of a listed item. */
type Ref = { readonly readAt: number };
type Linkding = { readonly call: CallApi; readonly base: string; readonly clock: Clock };

/** linkding, https://linkding.link: no lengths; tags are replaced, one item at a time. */
export function linkding({
  clock = systemClock,
  ...options
}: TokenServiceOptions & { clock?: Clock }): ReadingList {
  const base = `${options.url}/api`;
  const call = tokenCall(options, { base, scheme: 'Token' });
  const linkding = { call, base, clock };
  return {
    batchSize: ONE_BY_ONE_BATCH,
    listUnread: (deadline) =>
      listByOffset((offset) => readRows(linkding, offset, deadline), { pageSize: PAGE_SIZE }),
    applyTags: (changes, deadline) => oneByOne(changes, (change) => write(linkding, change, deadline)),
    getItem: ({ id }, deadline) => readOne(call, id, deadline),
  };
}

/** Trimmed, spaces replaced by hyphens; case-insensitive. */
export function linkdingTagName(tag: string): string {
  return tag.trim().replace(/ /g, '-').toLowerCase();
}

/** https://linkding.link/api/#bookmarks; newest first. `unread` is documented only in the source. */
async function readRows({ call, base, clock }: Linkding, offset: number, deadline: Deadline): Promise<Rows> {
  const query = new URLSearchParams({ unread: 'yes', limit: String(PAGE_SIZE), offset: String(offset) });
  const classifyResponse = classifyListing(`${base}/bookmarks/`, 'LINKDING_URL');
  const response = await call({ method: 'GET', path: `/bookmarks/?${query}`, classifyResponse }, deadline);
  const { count, results } = parseResponse(listing, response, 'the bookmarks of linkding');
  const ref: Ref = { readAt: clock.now() };
  return {
    rows: results.map((row) => ({
      id: String(row.id),
      ...(isUnread(row) && { item: { ...toItem(row), ref } }),
    })),
    ...(count !== undefined && { total: count }),
  };
}

/** https://linkding.link/api/#retrieve */
async function readOne(call: CallApi, id: string, deadline: Deadline): Promise<Item> {
  const response = await call({ method: 'GET', path: pathOf(id) }, deadline);
  return toItem(parseResponse(bookmark, response, 'a bookmark of linkding'));
}

function pathOf(id: string): string {
  return `/bookmarks/${encodeURIComponent(id)}/`;
}

function isUnread({ unread, is_archived }: Bookmark): boolean {
  return unread !== false && !is_archived;
}

function toItem(row: Bookmark): Item {
  return {
    id: String(row.id),
    kind: 'article',
    tags: row.tag_names.map((name) => ({ name })),
    parsed: true,
    ...(row.url && { url: row.url }),
    ...(row.title && { title: row.title }),
    ...addedAtOf(row.date_added),
  };
}

/** https://linkding.link/api/#update: `PATCH` replaces the tags, and no other field. */
async function write({ call, clock }: Linkding, change: TagChange, deadline: Deadline): Promise<undefined> {
  const { id, ref } = change.item;
  const isStale = clock.now() - ((ref as Ref | undefined)?.readAt ?? 0) > STALE_AFTER_MS;
  const { tags } = isStale ? await readOne(call, id, deadline) : change.item;
  const tag_names = replacedTags(change, tags, linkdingTagName);
  if (tag_names !== undefined) {
    await call({ method: 'PATCH', path: pathOf(id), json: { tag_names } }, deadline);
  }
}
