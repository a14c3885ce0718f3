import * as z from 'zod';
import type { PageEvidence } from '../core/estimate.ts';
import type { Item, ItemKind, TagChange } from '../core/item.ts';
import type { Deadline } from '../deadline.ts';
import {
  addedAtOf,
  type CallApi,
  classifyListing,
  flag,
  number,
  parseResponse,
  pathPart,
  rowsOf,
  type TokenServiceOptions,
  text,
  tokenCall,
} from './api-call.ts';
import { listByOffset, type Rows } from './paging.ts';
import { type CallForText, lengthOfText, readTexts } from './read-text.ts';
import { type ReadingList, readPage, type Scope, UNUSED_TAG } from './reading-list.ts';
import { ONE_BY_ONE_BATCH, oneByOne } from './tag-writes.ts';

/**
 * Requests for n items, c of them changed: n/100 pages (the maximum size) and a call for each change, which adds and
 * removes. An item of under two minutes, or in Chinese, Japanese or Korean, without a band takes one call more.
 */
const PAGE_SIZE = 100;
/** Of `reading_time`, https://codeberg.org/readeck/readeck, internal/bookmarks. */
const READECK_WORDS_PER_MINUTE = 200;
/** Two minutes: walls are shorter. */
const MIN_TRUSTED_WORDS = 2 * READECK_WORDS_PER_MINUTE;
/** The filter for what is unread; without one, archived and read items come, too. */
const UNREAD: readonly [string, string][] = [
  ['is_archived', 'false'],
  ['read_status', 'unread'],
  ['read_status', 'reading'],
];

const bookmark = z.object({
  id: z.string(),
  url: text,
  title: text,
  lang: text,
  type: text,
  created: text,
  loaded: flag,
  is_archived: flag,
  has_article: flag,
  read_progress: number,
  labels: z.array(z.string()).nullish().catch(undefined),
  word_count: number,
  reading_time: number,
});
type Bookmark = z.infer<typeof bookmark>;
const listing = rowsOf(bookmark);

/** Readeck, https://readeck.org: labels are added and removed in one call for each item. */
export function readeck(options: TokenServiceOptions): ReadingList {
  const base = `${options.url.replace(/\/api$/, '')}/api`;
  const call = tokenCall(options, { base, scheme: 'Bearer' });
  const list = (scope: Scope, deadline: Deadline) =>
    listByOffset((offset) => readRows(call, { base, scope, offset }, deadline), { pageSize: PAGE_SIZE });
  const listAll = (deadline: Deadline) => list('all', deadline);
  const failedInARow = { count: 0 };
  return {
    batchSize: ONE_BY_ONE_BATCH,
    listUnread: (deadline) => list('unread', deadline),
    listAll,
    applyTags: (changes, deadline) =>
      oneByOne(changes, {
        write: (change) => write(call, change, deadline),
        getItem: (item) => getItem(call, item, deadline),
        readPage: () => readPage(listAll, deadline),
        failedInARow,
      }),
    getItem: (item, deadline) => getItem(call, item, deadline),
    readText: readTexts(call, listAll, readText),
    tryWrite: ({ id }, deadline) => patch(call, id, { remove_labels: [UNUSED_TAG] }, deadline),
  };
}

/** `GET /bookmarks`, documented by the server at /docs/api: newest first, the total in a header. */
async function readRows(
  call: CallApi,
  { base, scope, offset }: { base: string; scope: Scope; offset: number },
  deadline: Deadline,
): Promise<Rows> {
  const query = new URLSearchParams([
    ...(scope === 'unread' ? UNREAD : []),
    ['sort', '-created'],
    ['limit', String(PAGE_SIZE)],
    ['offset', String(offset)],
  ]);
  const classifyResponse = classifyListing(`${base}/bookmarks`, 'READECK_URL');
  const response = await call({ path: `/bookmarks?${query}`, classifyResponse }, deadline);
  const rows = parseResponse(listing, response, 'the bookmarks of Readeck');
  const total = response.header('total-count');
  return {
    rows: rows.map(
      (row) =>
        row && (scope === 'unread' && row.is_archived ? { id: row.id } : { id: row.id, item: toItem(row) }),
    ),
    ...(total !== undefined && { total: Number(total) }),
  };
}

/** `GET /bookmarks/{id}` */
async function getItem(call: CallApi, { id }: Item, deadline: Deadline): Promise<Item> {
  const path = `/bookmarks/${pathPart(id)}`;
  return toItem(parseResponse(bookmark, await call({ path }, deadline), 'a bookmark of Readeck'));
}

function toItem(row: Bookmark): Item {
  const { id, url, title, lang, created, labels, read_progress: percent = 0 } = row;
  const kind = kindOf(row);
  return {
    id,
    kind,
    tags: (labels ?? []).map((name) => ({ name })),
    parsed: row.loaded ?? true,
    ...(url && { url }),
    ...(title && { title }),
    ...(lang && { language: lang }),
    ...addedAtOf(created),
    ...(percent > 0 && { progress: percent / 100 }),
    ...(row.loaded !== false && lengthOf(row, kind)),
  };
}

/**
 * Both are absent if 0. Readeck splits words at spaces, so its counts are useless for scripts without spaces; and it
 * counts whatever it has stored, so that a short one may be that of a wall: then the text is read and judged.
 */
function lengthOf({ lang, word_count: words, reading_time: minutes }: Bookmark, kind: ItemKind) {
  if (kind === 'video') return minutes ? { videoSeconds: minutes * 60 } : {};
  if (isWithoutSpaces(lang) || (words || MIN_TRUSTED_WORDS) < MIN_TRUSTED_WORDS) return {};
  return {
    ...(words && { words }),
    ...(minutes && { minutes }),
    ...(minutes && !words && { lengthByMinutes: { words: minutes * READECK_WORDS_PER_MINUTE } }),
  };
}

function kindOf({ type }: Bookmark): ItemKind {
  if (type === 'video') return 'video';
  return type === 'photo' ? 'image' : 'article';
}

function isWithoutSpaces(language: string | undefined): boolean {
  return /^(zh|ja|ko)\b/i.test(language ?? '');
}

/** `GET /bookmarks/{id}/article`: the HTML of the article, without the page around it. */
async function readText(item: Item, call: CallForText): Promise<PageEvidence> {
  if (!item.parsed || item.kind !== 'article')
    return { known: false, reason: item.parsed ? 'no-length' : 'not-parsed' };
  const path = `/bookmarks/${pathPart(item.id)}/article`;
  const { body } = await call({ path, expects: 'fragment' });
  return lengthOfText(String(body));
}

/** `PATCH /bookmarks/{id}`: the server adds before it removes. */
async function write(
  call: CallApi,
  { item, add, remove }: TagChange,
  deadline: Deadline,
): Promise<undefined> {
  const removed = remove.map(({ name, storedAs = name }) => storedAs);
  const json = {
    ...(add.length > 0 && { add_labels: add }),
    ...(removed.length > 0 && { remove_labels: removed }),
  };
  await patch(call, item.id, json, deadline);
}

async function patch(call: CallApi, id: string, json: object, deadline: Deadline): Promise<void> {
  await call({ method: 'PATCH', path: `/bookmarks/${pathPart(id)}`, json }, deadline);
}
