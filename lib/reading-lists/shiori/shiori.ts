import * as z from 'zod';
import type { PageEvidence } from '../../core/estimate.ts';
import type { Item, TagChange } from '../../core/item.ts';
import type { Deadline } from '../../deadline.ts';
import { Failure } from '../../failure.ts';
import { limitConcurrency } from '../../http/call-limiters.ts';
import {
  addedAtOf,
  type CallApi,
  classifyListing,
  flag,
  isAboutItem,
  number,
  parseResponse,
  pathPart,
  rowsOf,
  text,
} from '../api-call.ts';
import { listByOffset, type Rows } from '../paging.ts';
import { type CallForText, lengthOfText, readTexts } from '../read-text.ts';
import { type ReadingList, readPage } from '../reading-list.ts';
import { shioriTagName } from '../tag-names.ts';
import { ONE_BY_ONE_BATCH, oneByOne, replacedTags } from '../tag-writes.ts';
import { checkMayWrite, type ShioriOptions, shioriCall, unwrapped } from './calls.ts';

/**
 * Requests for n items, c of them changed, r of these with a tag to remove: one to log in, n/30 pages, which the service
 * sets, and the last one once more, c to add and r to remove. An item without a band takes one call more, for its text.
 */
const PAGE_SIZE = 30;

/** On SQLite before it had one connection for writing, the second of two writes is answered with "database is locked". */
const MAX_IN_FLIGHT = 1;

// https://github.com/go-shiori/shiori, internal/model/bookmark.go
const bookmark = z.object({
  id: z.number(),
  url: text,
  title: text,
  createdAt: text,
  modified: text,
  hasContent: flag,
  // Required, since a write that takes one off replaces all tags.
  tags: z.array(z.object({ name: z.string() })),
});
type Bookmark = z.infer<typeof bookmark>;
const listing = z.object({ maxPage: number, bookmarks: rowsOf(bookmark) });
/** All that a write of the whole bookmark sets, and would empty if it were left out. */
const written = z.object({
  id: z.number(),
  url: z.string(),
  title: z.string(),
  excerpt: z.string(),
  public: z.number(),
  tags: z.array(z.object({ name: z.string() })),
});
const readable = z.object({ content: text, html: text });

/** Shiori, https://github.com/go-shiori/shiori: nothing is read or unread; tags are added by name, and replaced to remove one. */
export function shiori({ url, request, ...options }: ShioriOptions): ReadingList {
  const base = url.replace(/\/api(\/v1)?$/, '');
  const call = shioriCall({ url: base, request: limitConcurrency(request, MAX_IN_FLIGHT), ...options });
  const read = (page: number, deadline: Deadline) => readRows(call, { base, page }, deadline);
  const getItem = (item: Item, deadline: Deadline) => findItem(item, (page) => read(page, deadline));
  const listAll = (deadline: Deadline) => list((page) => read(page, deadline));
  const failedInARow = { count: 0 };
  return {
    batchSize: ONE_BY_ONE_BATCH,
    listUnread: listAll,
    listAll,
    applyTags: (changes, deadline) =>
      oneByOne(changes, {
        write: (change) => write(call, change, { deadline, getItem }),
        getItem: (item) => getItem(item, deadline),
        readPage: () => readPage(listAll, deadline),
        failedInARow,
        maxInFlight: MAX_IN_FLIGHT,
      }),
    getItem,
    readText: readTexts(call, listAll, readText),
    tryWrite: (_, deadline) => checkMayWrite(call, deadline),
  };
}

type ShioriPage = Rows & { readonly maxPage: number };
type ReadPage = (page: number) => Promise<ShioriPage>;

/** `GET /api/bookmarks`: by number from 1, highest id first; how many there are in all only in pages. */
async function readRows(
  call: CallApi,
  { base, page }: { base: string; page: number },
  deadline: Deadline,
): Promise<ShioriPage> {
  const classifyResponse = classifyListing(`${base}/api/bookmarks`, 'SHIORI_URL');
  const response = await call({ path: `/api/bookmarks?page=${page}`, classifyResponse }, deadline);
  const { bookmarks, maxPage = page } = parseResponse(listing, response, 'the bookmarks of Shiori');
  return { rows: bookmarks.map((row) => row && { id: String(row.id), item: toItem(row, page) }), maxPage };
}

/**
 * Every bookmark. The last page is read after the first, too, which gives their number: bookmarks that are deleted
 * during the run move others to pages already read, and from fewer than that number the list is read once more.
 */
function list(read: ReadPage): ReturnType<typeof listByOffset> {
  let total: number | undefined;
  const readAt = async (offset: number) => {
    const { rows, maxPage } = await read(1 + offset / PAGE_SIZE);
    if (offset === 0)
      total = maxPage > 1 ? countAll(maxPage, (await read(maxPage)).rows.length) : rows.length;
    if (total === undefined) return { rows };
    return { rows, total: rows.length > 0 ? Math.max(total, offset + rows.length) : total };
  };
  return listByOffset(readAt, { pageSize: PAGE_SIZE, byNumber: true });
}

/** `undefined` if that cannot be the last page. */
function countAll(maxPage: number, rowsOfLast: number): number | undefined {
  if (rowsOfLast === 0 || rowsOfLast > PAGE_SIZE) return undefined;
  return (maxPage - 1) * PAGE_SIZE + rowsOfLast;
}

/** A bookmark can be read only in the list: on the page it was on, or where its id would be by now. */
async function findItem({ id, ref }: Item, read: ReadPage): Promise<Item | undefined> {
  let direction = 0;
  for (let page = typeof ref === 'number' ? ref : 1; ; page += direction) {
    const { rows, maxPage } = await read(page);
    const row = rows.find((row) => row?.id === id);
    if (row) return row.item;
    const before = direction;
    direction = directionTo(
      Number(id),
      rows.flatMap((row) => (row ? Number(row.id) : [])),
    );
    const isEnd = direction < 0 ? page === 1 : page >= maxPage;
    if (direction === 0 || direction === -before || isEnd) return undefined;
  }
}

/** Where an id is, from a page with these, the highest first: 1 on a later page, -1 on an earlier one, 0 on none. */
function directionTo(id: number, ids: readonly number[]): number {
  if (ids.length === 0 || id > Math.max(...ids)) return -1;
  return id < Math.min(...ids) ? 1 : 0;
}

function toItem(row: Bookmark, page: number): Item {
  const { url, title, createdAt, modified } = row;
  return {
    id: String(row.id),
    kind: 'article',
    tags: row.tags.map(({ name }) => ({ name })),
    parsed: row.hasContent ?? true,
    ref: page,
    ...(url && { url }),
    ...(title && { title }),
    ...addedAtOf(utc(createdAt ?? modified)),
  };
}

/** A time such as `2025-01-18 08:49:19` is in UTC. */
function utc(time: string | undefined): string | undefined {
  return time?.replace(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)$/, '$1T$2Z');
}

/** `GET /api/v1/bookmarks/{id}/readable`: the article that was stored with the bookmark, as HTML and as text. */
async function readText(item: Item, call: CallForText): Promise<PageEvidence> {
  if (!item.parsed) return { known: false, reason: 'not-parsed' };
  const response = await call({ path: `/api/v1/bookmarks/${pathPart(item.id)}/readable` });
  const { html, content = '' } = parseResponse(readable, unwrapped(response), 'an article of Shiori');
  return html ? lengthOfText(html) : lengthOfText(content, 'text');
}

type WriteOptions = { readonly deadline: Deadline; readonly getItem: ReadingList['getItem'] };

/** A bookmark that is gone is refused like any other that cannot be saved, so the list tells. */
async function write(
  call: CallApi,
  change: TagChange,
  { deadline, getItem }: WriteOptions,
): Promise<undefined> {
  try {
    await writeTags(call, change, deadline);
  } catch (error) {
    if (!isAboutItem(error) || (await getItem(change.item, deadline)) === undefined) throw error;
    throw new Failure('unavailable', error.message, error);
  }
}

/**
 * `PUT /api/bookmarks/tags` adds tags, and answers with the bookmark as it is then; with a tag that is there already it
 * only does the latter. `PUT /api/bookmarks` replaces the tags, and every other field that the reader can change.
 */
async function writeTags(call: CallApi, { item, add, remove }: TagChange, deadline: Deadline): Promise<void> {
  const given = add.length > 0 ? add.map(shioriTagName) : remove.map(({ name, storedAs = name }) => storedAs);
  const json = { ids: [Number(item.id)], tags: tagsOf(given) };
  const response = await call({ method: 'PUT', path: '/api/bookmarks/tags', json }, deadline);
  const [row] = parseResponse(z.tuple([written]), response, 'a bookmark of Shiori');
  const tags = replacedTags({ add: [], remove }, row.tags, shioriTagName);
  if (remove.length === 0 || tags === undefined) return;
  await call({ method: 'PUT', path: '/api/bookmarks', json: { ...row, tags: tagsOf(tags) } }, deadline);
}

function tagsOf(names: readonly string[]): { name: string }[] {
  return names.map((name) => ({ name }));
}
