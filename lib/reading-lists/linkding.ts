import * as z from 'zod';
import type { Item, TagChange } from '../core/item.ts';
import type { Deadline } from '../deadline.ts';
import { limitConcurrency } from '../http/call-limiters.ts';
import {
  addedAtOf,
  type CallApi,
  classifyListing,
  flag,
  isTooLarge,
  number,
  parseResponse,
  pathPart,
  rowsOf,
  type TokenServiceOptions,
  text,
  tokenCall,
} from './api-call.ts';
import { listByOffset, type Rows } from './paging.ts';
import { type ReadingList, readPage, splitPages } from './reading-list.ts';
import { linkdingTagName } from './tag-names.ts';
import { ONE_BY_ONE_BATCH, oneByOne, replacedTags } from './tag-writes.ts';

/**
 * Requests for n items, c of them changed: n/500 pages, and two calls for each change, one of which reads the bookmark
 * just before. The API takes any size of page; 500 rows are about 0.5 MB. A page that is too large is read in parts.
 */
const PAGE_SIZE = 500;
/** Items yielded at a time: their web pages are read before the first of them is written. */
const ITEMS_PER_PAGE = 100;

/** With SQLite, two writes at once are answered with 500 "database is locked", and are no faster. */
const MAX_IN_FLIGHT = 1;

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
  results: rowsOf(bookmark),
});

/** linkding, https://linkding.link: no lengths; tags are replaced, one item at a time. */
export function linkding(options: TokenServiceOptions): ReadingList {
  const base = `${options.url}/api`;
  const request = limitConcurrency(options.request, MAX_IN_FLIGHT);
  const call = tokenCall({ ...options, request }, { base, scheme: 'Token' });
  const paging = { pageSize: PAGE_SIZE };
  const read = (part: Part, deadline: Deadline) => (offset: number) =>
    readRows(call, { base, part, offset }, deadline);
  async function* listAll(deadline: Deadline) {
    // An item that is archived during the run is listed twice.
    const seen = new Set<string>();
    for (const part of ['not archived', 'archived'] as const)
      yield* splitPages(listByOffset(read(part, deadline), paging, seen), ITEMS_PER_PAGE);
  }
  const failedInARow = { count: 0 };
  return {
    batchSize: ONE_BY_ONE_BATCH,
    listUnread: (deadline) => splitPages(listByOffset(read('unread', deadline), paging), ITEMS_PER_PAGE),
    listAll,
    applyTags: (changes, deadline) =>
      oneByOne(changes, {
        write: (change) => write(call, change, deadline),
        getItem: ({ id }) => readOne(call, id, deadline),
        readPage: () => readPage(listAll, deadline),
        failedInARow,
        maxInFlight: MAX_IN_FLIGHT,
      }),
    getItem: ({ id }, deadline) => readOne(call, id, deadline),
    tryWrite: async ({ id }, deadline) => {
      await call({ method: 'PATCH', path: pathOf(id), json: {} }, deadline);
    },
  };
}

/** What a listing has. */
type Part = 'unread' | 'not archived' | 'archived';

/** https://linkding.link/api/#bookmarks; newest first. `unread` is documented only in the source. */
async function readRows(
  call: CallApi,
  { base, part, offset }: { base: string; part: Part; offset: number },
  deadline: Deadline,
  limit = PAGE_SIZE,
): Promise<Rows> {
  const query = new URLSearchParams({
    ...(part === 'unread' && { unread: 'yes' }),
    limit: String(limit),
    offset: String(offset),
  });
  const path = part === 'archived' ? '/bookmarks/archived/' : '/bookmarks/';
  const classifyResponse = classifyListing(`${base}${path}`, 'LINKDING_URL');
  try {
    const response = await call({ path: `${path}?${query}`, classifyResponse }, deadline);
    const { count, results } = parseResponse(listing, response, 'the bookmarks of linkding');
    return {
      rows: results.map(
        (row) =>
          row && {
            id: String(row.id),
            ...((part !== 'unread' || isUnread(row)) && { item: toItem(row) }),
          },
      ),
      ...(count !== undefined && { total: count }),
    };
  } catch (error) {
    if (!isTooLarge(error) || limit === 1) throw error;
    return readRows(call, { base, part, offset }, deadline, Math.floor(limit / 2));
  }
}

/** https://linkding.link/api/#retrieve */
async function readOne(call: CallApi, id: string, deadline: Deadline): Promise<Item> {
  const response = await call({ path: pathOf(id) }, deadline);
  return toItem(parseResponse(bookmark, response, 'a bookmark of linkding'));
}

function pathOf(id: string): string {
  return `/bookmarks/${pathPart(id)}/`;
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

/** https://linkding.link/api/#update: `PATCH` replaces the tags, and no other field; so they are read just before. */
async function write(call: CallApi, change: TagChange, deadline: Deadline): Promise<undefined> {
  const { id } = change.item;
  const { tags } = await readOne(call, id, deadline);
  const tag_names = replacedTags(change, tags, linkdingTagName);
  if (tag_names !== undefined) {
    await call({ method: 'PATCH', path: pathOf(id), json: { tag_names } }, deadline);
  }
}
