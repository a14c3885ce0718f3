import * as z from 'zod';
import type { PageEvidence } from '../../core/estimate.ts';
import type { Item } from '../../core/item.ts';
import type { Deadline } from '../../deadline.ts';
import { Failure } from '../../failure.ts';
import { isServerError } from '../../http/retry.ts';
import {
  addedAtOf,
  type CallApi,
  classifyListing,
  flag,
  parseResponse,
  pathPart,
  rowsOf,
  text,
} from '../api-call.ts';
import { lengthOfText } from '../read-text.ts';
import { type Page, type ReadingList, readPage, type Scope } from '../reading-list.ts';
import { ONE_BY_ONE_BATCH } from '../tag-writes.ts';

/**
 * Requests for n items, c of them changed, r of these with a tag to remove: n/50 pages, c calls to attach and r to
 * detach. The API allows pages of 100, but each row contains the whole article; for 1,000 items, pages of 50 cost 10
 * requests more than the minimum of 1,010.
 */
const PAGE_SIZE = 50;
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

/** https://docs.karakeep.app/api/get-all-bookmarks: a cursor, newest first. Without `archived` both kinds come. */
export async function readRows(
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
async function readBookmark(
  call: CallApi,
  { id, includeContent, ...spec }: { id: string; includeContent: boolean; maxRetriesOfErrors?: number },
  deadline: Deadline,
): Promise<Bookmark> {
  const path = `/bookmarks/${pathPart(id)}?includeContent=${includeContent}`;
  return parseResponse(bookmark, await call({ ...spec, path }, deadline), 'a bookmark of Karakeep');
}

export async function getItem(call: CallApi, { id }: Item, deadline: Deadline): Promise<Item> {
  return toItem(await readBookmark(call, { id, includeContent: false }, deadline));
}

/** The unread bookmarks with these ids: one call each, with its article, since no listing is of chosen ones. */
export async function* findUnread(
  call: CallApi,
  { ids, listAll }: { ids: readonly string[]; listAll: ReadingList['listAll'] },
  deadline: Deadline,
): AsyncGenerator<Page> {
  for (let at = 0; at < ids.length; at += ONE_BY_ONE_BATCH) {
    const batch = ids.slice(at, at + ONE_BY_ONE_BATCH);
    const found = await Promise.all(batch.map((id) => findBookmark(call, { id, listAll }, deadline)));
    const rows = found.filter((row) => row !== 'gone');
    const unread = rows.filter((row) => row !== 'odd').filter(({ archived }) => !archived);
    const odd = rows.filter((row) => row === 'odd').length;
    yield { items: await Promise.all(unread.map(toItem)), ...(odd > 0 && { odd }) };
  }
}

/** A bookmark with its article, if the server has that; `odd` where a server that is up has no usable answer. */
async function findBookmark(
  call: CallApi,
  { id, listAll }: { id: string; listAll: ReadingList['listAll'] },
  deadline: Deadline,
): Promise<Bookmark | 'gone' | 'odd'> {
  const read = (includeContent: boolean) =>
    readBookmark(call, { id, includeContent, maxRetriesOfErrors: 1 }, deadline);
  try {
    // An article that is lost on its disk is an error each time; the rest of its bookmark is not.
    return await read(true).catch((error) => {
      if (isServerFailure(error)) return read(false);
      throw error;
    });
  } catch (error) {
    if (isServerFailure(error)) await readPage(listAll, deadline);
    else if (!isUnexpected(error)) throw error;
    return isUnexpected(error) && (error.status === 404 || error.status === 410) ? 'gone' : 'odd';
  }
}

function isServerFailure(error: unknown): boolean {
  return error instanceof Failure && isServerError(error);
}

function isUnexpected(error: unknown): error is Failure {
  return error instanceof Failure && error.kind === 'unexpected-response';
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

export function withoutPageBreaks(text: string): string {
  return text.replace(PAGE_BREAK, '');
}
