import * as z from 'zod';
import type { PageEvidence } from '../core/estimate.ts';
import type { Item, ItemKind, TagChange } from '../core/item.ts';
import type { Deadline } from '../deadline.ts';
import type { Failure } from '../failure.ts';
import type { HttpResponse } from '../http/request.ts';
import {
  addedAtOf,
  type CallApi,
  classifyListing,
  flag,
  isAboutItem,
  number,
  overLimit,
  parseResponse,
  pathPart,
  rowsOf,
  type TokenServiceOptions,
  text,
  tokenCall,
} from './api-call.ts';
import { listByOffset, type Rows } from './paging.ts';
import { type CallForText, lengthOfText, readTexts } from './read-text.ts';
import { type Page, type ReadingList, readPage } from './reading-list.ts';
import { ONE_BY_ONE_BATCH, oneByOne } from './tag-writes.ts';

/**
 * Requests for n items, c of them changed: n/100 pages, a `parse` for each item without a band, and one call for each
 * change, which adds and removes. The API allows pages of 500; smaller ones lose less when a run is stopped, and for
 * 1,000 new items cost 9 requests more than the minimum of 2,003.
 */
const PAGE_SIZE = 100;
/** `total` lags behind, so changes of the list are detected by reading some rows twice. */
const OVERLAP = 5;

const id = z.union([z.string(), z.number()]).transform(String);
const bookmark = z.object({
  id,
  url: text,
  title: text,
  time: number,
  category: number,
  archived: flag,
  progress: z.object({ percentage: number }).nullish().catch(undefined),
  tags: z.array(z.object({ id, name: z.string() })).catch([]),
});
type Bookmark = z.infer<typeof bookmark>;
const listing = z.object({ bookmarks: rowsOf(bookmark) });
const parsedArticle = z.object({
  content: z.object({ body: text, words: number, paywalled: flag }),
});

/** Wait after a 429 without `Retry-After`: milliseconds. The limits are not published. */
const RATE_LIMIT_WAIT_MS = 60_000;

/** `category` of a bookmark. */
const VIDEO = 2;

export type InstapaperOptions = TokenServiceOptions & {
  /** Comma-separated ids of folders to read besides the home list, which does not contain items in folders. */
  readonly folders: string;
};

/** The query parameter for the home list or a folder. */
type List = [name: string, value: string];
const ARCHIVE: List = ['section', 'archive'];
/** `ref` of a listed item: its position. */
type Position = { readonly list: List; readonly offset: number };
type Instapaper = { readonly call: CallApi; readonly base: string };

/** Instapaper, https://www.instapaper.com: word counts need one call for each article. */
export function instapaper({ folders, ...options }: InstapaperOptions): ReadingList {
  const base = `${options.url}/api/2`;
  const call = tokenCall(options, { base, scheme: 'Bearer', classifyResponse: classifyLimit });
  const unread: List[] = [
    ['section', 'home'],
    // Not together with `section`, which would take precedence.
    ...folders
      .split(',')
      .filter(Boolean)
      .map((folder): List => ['folder_id', folder.trim()]),
  ];
  const listAll = (deadline: Deadline) => listItems({ call, base }, [...unread, ARCHIVE], deadline);
  let isQuotaUsed = false;
  const failedInARow = { count: 0 };
  return {
    batchSize: ONE_BY_ONE_BATCH,
    listUnread: (deadline) => listItems({ call, base }, unread, deadline),
    listAll,
    applyTags: (changes, deadline) =>
      oneByOne(changes, {
        write: (change) => write(call, change, deadline),
        getItem: (item) => getItem({ call, base }, item, deadline),
        readPage: () => readPage(listAll, deadline),
        failedInARow,
      }),
    getItem: (item, deadline) => getItem({ call, base }, item, deadline),
    readText: readTexts(call, listAll, async (item, callForText) => {
      if (isQuotaUsed) return { known: false, reason: 'quota' };
      const evidence = await readText(item, callForText);
      isQuotaUsed = !evidence.known && evidence.reason === 'quota';
      return evidence;
    }),
    tryWrite: ({ id }, deadline) => writeTags(call, id, { add_tags: [] }, deadline),
  };
}

function classifyLimit({ status, header }: HttpResponse, label: string): Failure | undefined {
  return status === 429 && header('retry-after') === undefined
    ? overLimit(label, RATE_LIMIT_WAIT_MS)
    : undefined;
}

async function* listItems(
  instapaper: Instapaper,
  lists: readonly List[],
  deadline: Deadline,
): AsyncGenerator<Page> {
  // An item that is moved between lists during the run is listed twice.
  const seen = new Set<string>();
  for (const list of lists) {
    const read = (offset: number) => readRows(instapaper, { list, offset }, deadline);
    yield* listByOffset(read, { pageSize: PAGE_SIZE, overlap: OVERLAP }, seen);
  }
}

/** `GET /bookmarks`: https://github.com/Instapaper/instapaper-api-js, src/resources/bookmarks.ts. */
async function readRows(
  { call, base }: Instapaper,
  { list, offset }: Position,
  deadline: Deadline,
): Promise<Rows> {
  const query = new URLSearchParams([list, ['limit', String(PAGE_SIZE)], ['offset', String(offset)]]);
  const classifyResponse = classifyListing(`${base}/bookmarks`, 'INSTAPAPER_URL');
  const response = await call({ path: `/bookmarks?${query}`, classifyResponse }, deadline);
  const { bookmarks } = parseResponse(listing, response, 'the bookmarks of Instapaper');
  return {
    rows: bookmarks.map((row, at) => {
      const ref: Position = { list, offset: offset + at };
      if (row === undefined) return undefined;
      return row.archived && list !== ARCHIVE
        ? { id: row.id }
        : { id: row.id, item: { ...toItem(row), ref } };
    }),
  };
}

/**
 * Reads an item again by its position, since no call returns one by id. The page around that position contains it even
 * if up to 50 items were added or removed since.
 */
async function getItem(
  instapaper: Instapaper,
  { id, ref }: Item,
  deadline: Deadline,
): Promise<Item | undefined> {
  if (ref === undefined) return undefined;
  const position = ref as Position;
  const offset = Math.max(0, position.offset - PAGE_SIZE / 2);
  const { rows } = await readRows(instapaper, { ...position, offset }, deadline);
  return rows.find((row) => row?.id === id)?.item;
}

function toItem({ id, url, title, time, category, progress, tags }: Bookmark): Item {
  const kind: ItemKind = category === VIDEO ? 'video' : 'article';
  return {
    id,
    kind,
    tags,
    parsed: true,
    ...(url && { url }),
    ...(title && { title }),
    ...addedAtOf(time),
    ...(progress?.percentage && { progress: progress.percentage }),
  };
}

/** `GET /bookmarks/{id}/parse`: the article, and its words if Instapaper has counted them. */
async function readText(item: Item, call: CallForText): Promise<PageEvidence> {
  if (item.kind !== 'article') return { known: false, reason: 'no-length' };
  const path = `/bookmarks/${pathPart(item.id)}/parse`;
  try {
    const response = await call({ path });
    return await lengthOf(parseResponse(parsedArticle, response, 'an article of Instapaper').content);
  } catch (error) {
    // The quota of articles is used up, for all items.
    if (isAboutItem(error) && error.status === 402) return { known: false, reason: 'quota' };
    throw error;
  }
}

/** The words that Instapaper counted, except in scripts without spaces, which it miscounts; unknown behind a paywall. */
async function lengthOf({
  body,
  words,
  paywalled,
}: z.infer<typeof parsedArticle>['content']): Promise<PageEvidence> {
  if (paywalled) return { known: false, reason: 'paywall' };
  const counted = await lengthOfText(body ?? '');
  if (!counted.known && counted.reason !== 'no-length') return counted;
  const isWithoutSpaces = counted.known && counted.cjkCharacters;
  return words && !isWithoutSpaces ? { known: true, words } : counted;
}

/** `POST /bookmarks/{id}/tags`: adds by name and removes by id; other tags stay. */
async function write(
  call: CallApi,
  { item, add, remove }: TagChange,
  deadline: Deadline,
): Promise<string | undefined> {
  const ids = remove.flatMap(({ id }) => (id === undefined ? [] : [id]));
  if (ids.length < remove.length) return 'the service gave no id of the tag to remove';
  const json = {
    ...(add.length > 0 && { add_tags: add.map((name) => ({ name })) }),
    ...(ids.length > 0 && { remove_tags: ids.map((id) => ({ id: Number(id) })) }),
  };
  await writeTags(call, item.id, json, deadline);
  return undefined;
}

async function writeTags(call: CallApi, id: string, json: object, deadline: Deadline): Promise<void> {
  await call({ method: 'POST', path: `/bookmarks/${pathPart(id)}/tags`, json }, deadline);
}
