import * as z from 'zod';
import type { PageEvidence } from '../core/estimate.ts';
import type { Item, TagChange } from '../core/item.ts';
import type { Deadline } from '../deadline.ts';
import { Failure } from '../failure.ts';
import type { HttpResponse } from '../http/request.ts';
import {
  addedAtOf,
  type CallApi,
  classifyListing,
  flag,
  overLimit,
  parseResponse,
  pathPart,
  rowsOf,
  type TokenServiceOptions,
  text,
  tokenCall,
} from './api-call.ts';
import { byCursor, listByCursor } from './paging.ts';
import { type CallForText, lengthOfText, readTexts } from './read-text.ts';
import { type ReadingList, readPage, type Scope } from './reading-list.ts';
import { ONE_BY_ONE_BATCH, oneByOne } from './tag-writes.ts';

/**
 * Requests for n items, c of them changed, r of these with a tag to remove: n/50 pages, c calls to attach and r to
 * detach. The API allows pages of 100, but each row contains the whole article; for 1,000 items, pages of 50 cost 10
 * requests more than the minimum of 1,010.
 */
const PAGE_SIZE = 50;
/** Requested of one response of `GET /bookmarks/{id}/content`. */
const MAX_TEXT_CHARACTERS = 50_000;
/** A text is not read further: a book of three days' reading. */
const MAX_ARTICLE_CHARACTERS = 5_000_000;
/** Twice as many calls as that takes. */
const MAX_PARTS = 200;
/** The line that Karakeep stores between the pages of a PDF. */
const PAGE_BREAK = /^-{4,}Page \(\d+\) Break-{4,}\s*$/gm;

const missing = z.undefined().catch(undefined);
const content = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('link'), url: text, title: text, htmlContent: text, crawlStatus: text }),
    z.object({ type: z.literal('text'), text, sourceUrl: text }),
    z.object({
      type: z.literal('asset'),
      assetType: text,
      content: text,
      sourceUrl: text,
      fileName: text,
    }),
  ])
  .or(missing);
const bookmark = z.object({
  id: z.string(),
  createdAt: text,
  title: text,
  archived: flag,
  tags: z.array(z.object({ id: z.string(), name: z.string() })).catch([]),
  content: content.optional(),
});
type Bookmark = z.infer<typeof bookmark>;
const listing = z.object({
  bookmarks: rowsOf(bookmark),
  nextCursor: z.string().nullish(),
});
const chunk = z.object({ content: z.string(), nextCursor: z.string().nullish() });

/** Karakeep, https://karakeep.app: tags are added and removed one item at a time. */
export function karakeep(options: TokenServiceOptions): ReadingList {
  const base = `${options.url.replace(/\/api\/v1$/, '')}/api/v1`;
  const call = tokenCall(options, { base, scheme: 'Bearer', classifyResponse: classifyLimit });
  const list = (scope: Scope, deadline: Deadline) =>
    listByCursor((cursor) => readRows(call, { base, scope, cursor }, deadline));
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
    tryWrite: async ({ id }, deadline) => {
      await call({ method: 'POST', path: tagsPathOf(id), json: { tags: [] } }, deadline);
    },
  };
}

/** On a 429, only the text of the response says how long to wait. */
function classifyLimit({ status, body }: HttpResponse, label: string): Failure | undefined {
  if (status !== 429) return undefined;
  const [, seconds] = /in (\d+) seconds?/i.exec(JSON.stringify(body) ?? '') ?? [];
  return seconds !== undefined ? overLimit(label, Number(seconds) * 1000) : undefined;
}

/** Trimmed, then without leading `#`; what stood behind them is kept, spaces too. Case-sensitive. */
export function karakeepTagName(tag: string): string {
  return tag.trim().replace(/^#+/, '');
}

/** https://docs.karakeep.app/api/get-all-bookmarks: a cursor, newest first. Without `archived` both kinds come. */
async function readRows(
  call: CallApi,
  { base, scope, cursor }: { base: string; scope: Scope; cursor: string | undefined },
  deadline: Deadline,
) {
  const query = new URLSearchParams({
    ...(scope === 'unread' && { archived: 'false' }),
    sortOrder: 'desc',
    includeContent: String(scope === 'unread'),
    limit: String(PAGE_SIZE),
    ...(cursor && { cursor }),
  });
  const classifyResponse = classifyListing(`${base}/bookmarks`, 'KARAKEEP_URL');
  const response = await call({ path: `/bookmarks?${query}`, classifyResponse }, deadline);
  const { bookmarks, nextCursor } = parseResponse(listing, response, 'the bookmarks of Karakeep');
  const toRow = async (row: Bookmark | undefined) =>
    row && (scope === 'unread' && row.archived ? { id: row.id } : { id: row.id, item: await toItem(row) });
  const rows = await Promise.all(bookmarks.map(toRow));
  return { rows, nextCursor };
}

/** https://docs.karakeep.app/api/get-bookmark */
async function getItem(call: CallApi, { id }: Item, deadline: Deadline): Promise<Item> {
  const path = `/bookmarks/${pathPart(id)}?includeContent=false`;
  return toItem(parseResponse(bookmark, await call({ path }, deadline), 'a bookmark of Karakeep'));
}

async function toItem({ id, createdAt, tags, content, ...row }: Bookmark): Promise<Item> {
  const title = row.title ?? titleOf(content);
  const url = content?.type === 'link' ? content.url : content?.sourceUrl;
  const read = await countContent(content);
  const counted = read?.known ? read : undefined;
  const wall = read && !read.known && read.reason !== 'no-length' ? read : undefined;
  return {
    id,
    kind: content?.type === 'asset' && content.assetType === 'image' ? 'image' : 'article',
    tags: tags.map(({ id, name }) => ({ id, name })),
    parsed: counted !== undefined || (content?.type === 'link' && content.crawlStatus === 'success'),
    ...(url && { url }),
    ...(title && { title }),
    ...addedAtOf(createdAt),
    ...(counted && { words: counted.words, ...(counted.language && { language: counted.language }) }),
    ...(wall && { ref: wall }),
  };
}

/** The title of the page, or the name of the file; the bookmark has a title only if the reader gave it one. */
function titleOf(content: Bookmark['content']): string | undefined {
  if (content?.type === 'link') return content.title;
  return content?.type === 'asset' ? content.fileName : undefined;
}

/**
 * Words of the content in the listing, or why it is no article: then that is what `ref` of the item says. It is empty
 * until the page is crawled, and stays empty if that fails.
 */
async function countContent(content: Bookmark['content']): Promise<PageEvidence | undefined> {
  if (content === undefined || (content.type === 'asset' && content.assetType === 'image')) return undefined;
  return content.type === 'link'
    ? lengthOfText(content.htmlContent ?? '')
    : lengthOfText(
        content.type === 'text' ? (content.text ?? '') : withoutPageBreaks(content.content ?? ''),
        'text',
      );
}

function withoutPageBreaks(text: string): string {
  return text.replace(PAGE_BREAK, '');
}

/** https://docs.karakeep.app/api/get-bookmark-readable-content: an article that is too long for the listing, in parts. */
async function readText(item: Item, call: CallForText): Promise<PageEvidence> {
  if (item.ref !== undefined) return item.ref as PageEvidence;
  if (!item.parsed) return { known: false, reason: 'not-parsed' };
  const readPart = async (cursor: string | undefined) => {
    const query = new URLSearchParams({
      format: 'text',
      maxChars: String(MAX_TEXT_CHARACTERS),
      ...(cursor && { cursor }),
    });
    const path = `/bookmarks/${pathPart(item.id)}/content?${query}`;
    return parseResponse(chunk, await call({ path }), 'an article of Karakeep');
  };
  const parts: string[] = [];
  let characters = 0;
  for await (const { content } of byCursor(readPart, ({ content }) => !parts.includes(content))) {
    parts.push(content);
    characters += content.length;
    if (characters > MAX_ARTICLE_CHARACTERS) break;
    if (parts.length > MAX_PARTS) throw tooManyParts();
  }
  return lengthOfText(withoutPageBreaks(parts.join('')), 'text');
}

function tooManyParts(): Failure {
  const message = `Could not read an article of Karakeep: it came in more than ${MAX_PARTS} parts`;
  return new Failure('unexpected-response', message);
}

function tagsPathOf(id: string): string {
  return `/bookmarks/${pathPart(id)}/tags`;
}

/**
 * https://docs.karakeep.app/api/attach-tags-to-a-bookmark and detach-tags-from-a-bookmark, a DELETE with a body.
 * Attaches before detaching, so that an interrupted write leaves two bands and never none.
 */
async function write(
  call: CallApi,
  { item, add, remove }: TagChange,
  deadline: Deadline,
): Promise<undefined> {
  const path = tagsPathOf(item.id);
  if (add.length > 0) {
    const json = { tags: add.map((tagName) => ({ tagName })) };
    await call({ method: 'POST', path, json }, deadline);
  }
  if (remove.length > 0) {
    const json = { tags: remove.map(({ id, name }) => (id ? { tagId: id } : { tagName: name })) };
    await call({ method: 'DELETE', path, json }, deadline);
  }
}
