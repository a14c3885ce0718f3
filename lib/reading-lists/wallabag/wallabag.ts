import * as z from 'zod';
import type { PageEvidence } from '../../core/estimate.ts';
import type { Item, TagChange } from '../../core/item.ts';
import type { Deadline } from '../../deadline.ts';
import type { HttpResponse } from '../../http/request.ts';
import {
  addedAtOf,
  type CallApi,
  classifyJson,
  classifyListing,
  isAboutItem,
  number,
  parseResponse,
  pathPart,
  rowsOf,
  text,
} from '../api-call.ts';
import { listByOffset, type Rows } from '../paging.ts';
import { type CallForText, lengthOfText, readTexts } from '../read-text.ts';
import { type ReadingList, readPage, type Scope } from '../reading-list.ts';
import { ONE_BY_ONE_BATCH, oneByOne } from '../tag-writes.ts';
import { type WallabagOptions, wallabagCall } from './login.ts';

/**
 * Requests for n items, c of them changed, r tags removed: one to log in, one for the reader's speed, n/100 pages, c to
 * add and r to remove. An item of under two minutes without a band takes one call more. The server can tag many entries in
 * one call, but by URL, and several entries may have the same one.
 */
const PAGE_SIZE = 100;
/** Of `reading_time`, rounded down: https://github.com/wallabag/wallabag, src/Tools/Utils.php. */
const WALLABAG_WORDS_PER_MINUTE = 200;
/** Of `reading_time`: walls are shorter. */
const MIN_TRUSTED_MINUTES = 2;
/** There, so many Han characters or kana are a word. */
const CJK_CHARACTERS_PER_WORD = 2;
/** The content of an entry that wallabag could not fetch; with either apostrophe. */
const NOT_FETCHED = /wallabag can(?:'|\u2019|&#0?39;|&rsquo;)t retrieve contents/i;

const flag = z.union([z.number(), z.boolean()]).nullish().catch(undefined);
const entry = z.object({
  id: z.number(),
  url: text,
  title: text,
  language: text,
  mimetype: text,
  created_at: text,
  reading_time: number,
  is_archived: flag,
  is_not_parsed: flag,
  tags: z.array(z.object({ id: z.number(), label: z.string() })).catch([]),
});
type Entry = z.infer<typeof entry>;
const listing = z.object({
  total: number,
  _embedded: z.object({ items: rowsOf(entry) }),
});
const config = z.object({ reading_speed: number }).catch({ reading_speed: undefined });
const withContent = z.object({ content: text });

type Wallabag = {
  readonly call: CallApi;
  readonly url: string;
  /** The speed set in wallabag, when it is known: words a minute. */
  wordsPerMinute?: number;
};

/** wallabag, https://wallabag.org: tags are added by name and removed by id. */
export function wallabag(options: WallabagOptions): ReadingList {
  const call = wallabagCall(options);
  const service: Wallabag = { call, url: options.url };
  const list = (scope: Scope, deadline: Deadline) =>
    listByOffset((offset) => readRows(service, { scope, offset }, deadline), {
      pageSize: PAGE_SIZE,
      byNumber: true,
    });
  const listAll = (deadline: Deadline) => list('all', deadline);
  const failedInARow = { count: 0 };
  return {
    batchSize: ONE_BY_ONE_BATCH,
    listUnread: (deadline) => list('unread', deadline),
    listAll,
    applyTags: (changes, deadline) =>
      oneByOne(changes, {
        write: (change) => write(call, change, deadline),
        getItem: (item) => getItem(service, item, deadline),
        readPage: () => readPage(listAll, deadline),
        failedInARow,
      }),
    getItem: (item, deadline) => getItem(service, item, deadline),
    readText: readTexts(call, listAll, readText),
    tryWrite: async ({ id }, deadline) => {
      await call(
        { method: 'POST', path: `/entries/${pathPart(id)}/tags.json`, json: { tags: '' } },
        deadline,
      );
    },
  };
}

/** `GET /api/entries.json`, documented by the server at /api/doc: newest first. A page past the end is a 404. */
async function readRows(
  service: Wallabag,
  { scope, offset }: { scope: Scope; offset: number },
  deadline: Deadline,
): Promise<Rows> {
  const { call, url } = service;
  const page = 1 + offset / PAGE_SIZE;
  const query = new URLSearchParams({
    ...(scope === 'unread' && { archive: '0' }),
    detail: 'metadata',
    sort: 'created',
    order: 'desc',
    perPage: String(PAGE_SIZE),
    page: String(page),
  });
  const path = `/entries.json?${query}`;
  const classifyResponse = classifyListing(`${url}/api/entries.json`, 'WALLABAG_URL');
  try {
    const response = await call({ path, ...(page === 1 && { classifyResponse }) }, deadline);
    const { total, _embedded } = parseResponse(listing, response, 'the entries of wallabag');
    // After the list, which tells a wrong address by its setting.
    if (scope === 'unread') service.wordsPerMinute ??= await readSpeed(service, deadline);
    const rows = _embedded.items.map(
      (row) => row && { id: String(row.id), ...(isListed(row, scope) && { item: toItem(row, service) }) },
    );
    return { rows, ...(total !== undefined && { total }) };
  } catch (error) {
    if (!isAboutItem(error) || error.status !== 404) throw error;
    // The list ends before this page; an earlier one has the total.
    const earlier = await readRows(service, { scope, offset: offset - PAGE_SIZE }, deadline);
    return { ...earlier, rows: [] };
  }
}

function isListed({ is_archived }: Entry, scope: Scope): boolean {
  return scope === 'all' || !is_archived;
}

/**
 * `GET /api/config.json`: the speed that the reader has set, since wallabag 2.5; older ones answer 404, or 403. wallabag
 * shows its minutes by that speed.
 */
async function readSpeed({ call, url }: Wallabag, deadline: Deadline): Promise<number> {
  const path = '/config.json';
  const described = { url: `${url}/api${path}` };
  const classifyResponse = (response: HttpResponse) =>
    [403, 404].includes(response.status) ? undefined : classifyJson(described, response);
  const { body } = await call({ path, classifyResponse }, deadline);
  const { reading_speed: speed = 0 } = config.parse(body);
  return speed > 0 ? speed : WALLABAG_WORDS_PER_MINUTE;
}

/** `GET /api/entries/{id}.json`: without the article, which servers up to 2.6 send all the same. */
async function getItem(service: Wallabag, { id }: Item, deadline: Deadline): Promise<Item> {
  const path = `/entries/${pathPart(id)}.json?detail=metadata`;
  const response = await service.call({ path }, deadline);
  return toItem(parseResponse(entry, response, 'an entry of wallabag'), service);
}

function toItem(row: Entry, service: Pick<Wallabag, 'wordsPerMinute'>): Item {
  const { url, title, language } = row;
  return {
    id: String(row.id),
    kind: row.mimetype?.startsWith('image/') ? 'image' : 'article',
    tags: row.tags.map(({ id, label }) => ({ id: String(id), name: label })),
    parsed: !row.is_not_parsed,
    ...(url && { url }),
    ...(title && { title }),
    ...(language && { language }),
    ...addedAtOf(row.created_at),
    ...(!row.is_not_parsed && lengthOf(row, service)),
  };
}

/**
 * The minutes as wallabag shows them, and the text that they stand for. It counts whatever it has stored, so that a short
 * one may be that of a wall: then the text is read and judged.
 */
function lengthOf(
  { language = '', reading_time: minutes }: Entry,
  { wordsPerMinute = WALLABAG_WORDS_PER_MINUTE }: Pick<Wallabag, 'wordsPerMinute'>,
): Pick<Item, 'minutes' | 'lengthByMinutes'> {
  if (!minutes || minutes < MIN_TRUSTED_MINUTES) return {};
  const words = minutes * WALLABAG_WORDS_PER_MINUTE;
  const isCjk = /^(zh|ja)\b/i.test(language);
  return {
    minutes: Math.max(1, Math.round(words / wordsPerMinute)),
    lengthByMinutes: {
      words,
      ...(isCjk && { cjkWords: words, cjkCharacters: words * CJK_CHARACTERS_PER_WORD }),
    },
  };
}

/** `GET /api/entries/{id}.json`: the entry with its article. */
async function readText(item: Item, call: CallForText): Promise<PageEvidence> {
  if (!item.parsed) return { known: false, reason: 'not-parsed' };
  const response = await call({ path: `/entries/${pathPart(item.id)}.json` });
  const { content } = parseResponse(withContent, response, 'an entry of wallabag');
  if (!content || NOT_FETCHED.test(content)) return { known: false, reason: 'not-parsed' };
  return lengthOfText(content);
}

/** `POST /api/entries/{id}/tags.json` adds, `DELETE /api/entries/{id}/tags/{tag}.json` removes; PATCH would replace. */
async function write(
  call: CallApi,
  { item, add, remove }: TagChange,
  deadline: Deadline,
): Promise<string | undefined> {
  const path = `/entries/${pathPart(item.id)}/tags`;
  if (add.length > 0) {
    await call({ method: 'POST', path: `${path}.json`, json: { tags: add.join(',') } }, deadline);
  }
  for (const { id } of remove) {
    if (id === undefined) return 'the service gave no id of the tag to remove';
    await call({ method: 'DELETE', path: `${path}/${pathPart(id)}.json` }, deadline);
  }
  return undefined;
}
