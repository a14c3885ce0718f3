import * as z from 'zod';
import type { PageEvidence } from '../../core/estimate.ts';
import type { Item, TagChange } from '../../core/item.ts';
import type { Deadline } from '../../deadline.ts';
import { Failure } from '../../failure.ts';
import type { HttpResponse } from '../../http/request.ts';
import {
  type CallApi,
  overLimit,
  parseResponse,
  pathPart,
  type TokenServiceOptions,
  tokenCall,
} from '../api-call.ts';
import { byCursor, listByCursor } from '../paging.ts';
import { type CallForText, lengthOfText, readTexts } from '../read-text.ts';
import { type ReadingList, readPage, type Scope } from '../reading-list.ts';
import { ONE_BY_ONE_BATCH, oneByOne } from '../tag-writes.ts';
import { findUnread, getItem, readRows, withoutPageBreaks } from './rows.ts';

/** Requested of one response of `GET /bookmarks/{id}/content`. */
const MAX_TEXT_CHARACTERS = 50_000;
/** A text is not read further: a book of three days' reading. */
const MAX_ARTICLE_CHARACTERS = 5_000_000;
/** Twice as many calls as that takes. */
const MAX_PARTS = 200;

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
    findUnread: (ids, deadline) => findUnread(call, { ids, listAll }, deadline),
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
