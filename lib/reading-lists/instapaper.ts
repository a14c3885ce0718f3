import * as z from 'zod';
import type { PageEvidence } from '../core/estimate.ts';
import type { Item, ItemKind, TagChange } from '../core/item.ts';
import type { Deadline } from '../deadline.ts';
import type { Failure } from '../failure.ts';
import type { HttpResponse } from '../http/request.ts';
import {
  type Call,
  classifyListing,
  isAboutItem,
  overLimit,
  type TokenServiceOptions,
  tokenCall,
} from './api-call.ts';
import { listByOffset, type Rows } from './paging.ts';
import { flag, number, parseResponse, text } from './parse-response.ts';
import { lengthOfText, readTexts } from './read-text.ts';
import type { Page, ReadingList } from './reading-list.ts';
import { ONE_BY_ONE_BATCH, oneByOne } from './tag-writes.ts';

/**
 * Requests for n items, c of them changed: n/500 pages at most at once, a `parse` for each item that has no band
 * yet, and a call for each change, which adds and removes. Pages are of 100 here, so that a run which the service
 * stops has lost little: for 1,000 new items that is 9 requests above a floor of 2,003.
 */
const PAGE_SIZE = 100;
/** `total` lags, so it cannot tell that the list changed meanwhile: some rows are read twice to see it. */
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
const listing = z.object({ bookmarks: z.array(bookmark) });
const parsedArticle = z.object({
  content: z.object({ body: text, words: number, paywalled: flag }),
});

/** How long to wait when there were too many calls: milliseconds. */
const PAUSE_MS = 60_000;

/** `category` of a bookmark. */
const VIDEO = 2;

export type InstapaperOptions = TokenServiceOptions & {
  /** Folders to read beside the home list, which leaves out what is in a folder: ids, by commas. */
  readonly folders: string;
};

/** The home list or a folder, as the query asks for it. */
type List = [name: string, value: string];
/** Where an item was seen: its `ref`. */
type Place = { readonly list: List; readonly offset: number };
type Instapaper = { readonly call: Call; readonly base: string };

/** Instapaper, https://www.instapaper.com: words come only with an article that is read by itself. */
export function instapaper({ folders, ...options }: InstapaperOptions): ReadingList {
  const base = `${options.url}/api/2`;
  const call = tokenCall(options, { base, scheme: 'Bearer', classifyResponse: classifyLimit });
  const lists: List[] = [
    ['section', 'home'],
    // With `section` beside it, `folder_id` would be ignored.
    ...folders
      .split(',')
      .filter(Boolean)
      .map((folder): List => ['folder_id', folder.trim()]),
  ];
  let isQuotaUsed = false;
  return {
    batchSize: ONE_BY_ONE_BATCH,
    listUnread: (deadline) => listUnread({ call, base }, lists, deadline),
    applyTags: (changes, deadline) => oneByOne(changes, (change) => write(call, change, deadline)),
    getItem: (item, deadline) => getItem({ call, base }, item, deadline),
    readText: readTexts(async (item, deadline) => {
      if (isQuotaUsed) return { known: false, reason: 'quota' };
      const evidence = await readText(call, item, deadline);
      isQuotaUsed = !evidence.known && evidence.reason === 'quota';
      return evidence;
    }),
  };
}

/** The limits are not published, and no wait is named: a minute, then. */
function classifyLimit({ status, header }: HttpResponse, label: string): Failure | undefined {
  return status === 429 && header('retry-after') === undefined ? overLimit(label, PAUSE_MS) : undefined;
}

/** Trimmed; compared without regard to capitals, as its slugs are. */
export function instapaperTagName(tag: string): string {
  return tag.trim().toLowerCase();
}

async function* listUnread(
  instapaper: Instapaper,
  lists: readonly List[],
  deadline: Deadline,
): AsyncGenerator<Page> {
  // What was moved from one list to another meanwhile comes twice.
  const seen = new Set<string>();
  for (const list of lists) {
    const read = (offset: number) => readRows(instapaper, { list, offset }, deadline);
    yield* listByOffset(read, { pageSize: PAGE_SIZE, overlap: OVERLAP }, seen);
  }
}

/** `GET /bookmarks`: https://github.com/Instapaper/instapaper-api-js, src/resources/bookmarks.ts. */
async function readRows(
  { call, base }: Instapaper,
  { list, offset }: Place,
  deadline: Deadline,
): Promise<Rows> {
  const query = new URLSearchParams([list, ['limit', String(PAGE_SIZE)], ['offset', String(offset)]]);
  const classifyResponse = classifyListing(`${base}/bookmarks`, 'INSTAPAPER_URL');
  const response = await call({ method: 'GET', path: `/bookmarks?${query}`, classifyResponse }, deadline);
  const { bookmarks } = parseResponse(listing, response, 'the bookmarks of Instapaper');
  return {
    rows: bookmarks.map((row, at) => {
      const ref: Place = { list, offset: offset + at };
      return row.archived ? { id: row.id } : { id: row.id, item: { ...toItem(row), ref } };
    }),
  };
}

/**
 * An item at the place where it was seen: no call gives one by its id. The page around it holds it also where some
 * fifty items came or left since.
 */
async function getItem(
  instapaper: Instapaper,
  { id, ref }: Item,
  deadline: Deadline,
): Promise<Item | undefined> {
  if (ref === undefined) return undefined;
  const place = ref as Place;
  const offset = Math.max(0, place.offset - PAGE_SIZE / 2);
  const { rows } = await readRows(instapaper, { ...place, offset }, deadline);
  return rows.find((row) => row.id === id)?.item;
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
    ...(time && { addedAt: time }),
    ...(progress?.percentage && { progress: progress.percentage }),
  };
}

/** `GET /bookmarks/{id}/parse`: the article as Instapaper shows it, with its words where it has counted them. */
async function readText(call: Call, item: Item, deadline: Deadline): Promise<PageEvidence> {
  if (item.kind !== 'article') return { known: false, reason: 'no-length' };
  const path = `/bookmarks/${encodeURIComponent(item.id)}/parse`;
  try {
    const response = await call({ method: 'GET', path }, deadline);
    return await lengthOf(parseResponse(parsedArticle, response, 'an article of Instapaper').content);
  } catch (error) {
    // No more articles for now, of this item or any other.
    if (isAboutItem(error) && error.status === 402) return { known: false, reason: 'quota' };
    throw error;
  }
}

/** Its words, unless the script has no spaces to count them by; unknown behind a paywall. */
async function lengthOf({
  body,
  words,
  paywalled,
}: z.infer<typeof parsedArticle>['content']): Promise<PageEvidence> {
  if (paywalled) return { known: false, reason: 'paywall' };
  const counted = await lengthOfText(body ?? '');
  const isWithoutSpaces = counted.known && counted.cjkCharacters;
  return words && !isWithoutSpaces ? { known: true, words } : counted;
}

/** `POST /bookmarks/{id}/tags`: added by name, removed by id, and nothing else touched. */
async function write(
  call: Call,
  { item, add, remove }: TagChange,
  deadline: Deadline,
): Promise<string | undefined> {
  const ids = remove.flatMap(({ id }) => (id === undefined ? [] : [id]));
  if (ids.length < remove.length) return 'the service gave no id of the tag to remove';
  const json = {
    ...(add.length > 0 && { add_tags: add.map((name) => ({ name })) }),
    ...(ids.length > 0 && { remove_tags: ids.map((id) => ({ id: Number(id) })) }),
  };
  await call({ method: 'POST', path: `/bookmarks/${encodeURIComponent(item.id)}/tags`, json }, deadline);
  return undefined;
}
