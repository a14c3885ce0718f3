import * as z from 'zod';
import type { PageEvidence } from '../../core/estimate.ts';
import type { Item, TagChange } from '../../core/item.ts';
import type { Deadline } from '../../deadline.ts';
import { Failure } from '../../failure.ts';
import type { Request } from '../../http/request.ts';
import type { Credentials } from '../../secrets/credentials.ts';
import {
  addedAtOf,
  type CallApi,
  classifyJson,
  classifyListing,
  isAboutItem,
  MAX_RETRIES_OF_TEXT,
  number,
  parseResponse,
  pathPart,
  text,
} from '../api-call.ts';
import { listByOffset, type Rows } from '../paging.ts';
import { lengthOfText, readTexts } from '../read-text.ts';
import type { ReadingList, Scope } from '../reading-list.ts';
import { ONE_BY_ONE_BATCH, oneByOne } from '../tag-writes.ts';
import { type WallabagLogin, wallabagLogins } from './login.ts';

/**
 * Requests for n items, c of them changed, r tags removed: one to log in, n/100 pages, c to add and r to remove.
 * An item under a minute (`reading_time` is 0) without a band takes one call more. The server can tag many entries in
 * one call, but by URL, and several entries may have the same one.
 */
const PAGE_SIZE = 100;
/** The content of an entry that wallabag could not fetch. */
const NOT_FETCHED = /wallabag can(?:'|’|&#0?39;|&rsquo;)t retrieve contents/i;

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
  _embedded: z.object({ items: z.array(entry) }),
});
const withContent = z.object({ content: text });

export type WallabagOptions = {
  /** Address of the server, without a slash at the end. */
  readonly url: string;
  readonly request: Request;
  readonly credentials: Credentials<keyof WallabagLogin>;
};

/** wallabag, https://wallabag.org: tags are added by name and removed by id. */
export function wallabag(options: WallabagOptions): ReadingList {
  const call = wallabagCall(options);
  const list = (scope: Scope, deadline: Deadline) =>
    listByOffset((offset) => readRows(call, { url: options.url, scope, offset }, deadline), {
      pageSize: PAGE_SIZE,
      byNumber: true,
    });
  return {
    batchSize: ONE_BY_ONE_BATCH,
    listUnread: (deadline) => list('unread', deadline),
    listAll: (deadline) => list('all', deadline),
    applyTags: (changes, deadline) =>
      oneByOne(
        changes,
        (change) => write(call, change, deadline),
        (item) => getItem(call, item, deadline),
      ),
    getItem: (item, deadline) => getItem(call, item, deadline),
    readText: readTexts((item, deadline) => readText(call, item, deadline)),
    tryWrite: async ({ id }, deadline) => {
      await call(
        { method: 'POST', path: `/entries/${pathPart(id)}/tags.json`, json: { tags: '' } },
        deadline,
      );
    },
  };
}

/** Trimmed and lower-cased. Commas would split a tag; the settings cannot contain one with a comma. */
export function wallabagTagName(tag: string): string {
  return tag.trim().toLowerCase();
}

/** Creates the function that calls the API with a token, and again with a new one if the token is refused. */
function wallabagCall({ url, request, credentials }: WallabagOptions): CallApi {
  const { tokenFor } = wallabagLogins(url, request);
  return ({ path, ...spec }, deadline) =>
    credentials.use(async (login) => {
      const described = { method: spec.method, url: `${url}/api${path}` };
      const send = (token: string) =>
        request({
          classifyResponse: (response) => classifyJson(described, response),
          ...spec,
          ...described,
          headers: { Authorization: `Bearer ${token}` },
          deadline,
        });
      const token = tokenFor(login, deadline);
      const granted = await token;
      try {
        return await send(granted);
      } catch (error) {
        if (!(error instanceof Failure && error.kind === 'credentials')) throw error;
        return await send(await tokenFor(login, deadline, token));
      }
    });
}

/** `GET /api/entries.json`, documented by the server at /api/doc: newest first. A page past the end is a 404. */
async function readRows(
  call: CallApi,
  { url, scope, offset }: { url: string; scope: Scope; offset: number },
  deadline: Deadline,
): Promise<Rows> {
  const page = 1 + offset / PAGE_SIZE;
  const query = new URLSearchParams({
    ...(scope === 'unread' && { archive: '0' }),
    detail: 'metadata',
    sort: 'created',
    order: 'desc',
    perPage: String(PAGE_SIZE),
    page: String(page),
  });
  const classifyResponse =
    page === 1 ? classifyListing(`${url}/api/entries.json`, 'WALLABAG_URL') : undefined;
  try {
    const spec = {
      method: 'GET',
      path: `/entries.json?${query}`,
      ...(classifyResponse && { classifyResponse }),
    } as const;
    const { total, _embedded } = parseResponse(
      listing,
      await call(spec, deadline),
      'the entries of wallabag',
    );
    const rows = _embedded.items;
    return {
      rows: rows.map((row) => ({ id: String(row.id), ...(isListed(row, scope) && { item: toItem(row) }) })),
      ...(total !== undefined && { total }),
    };
  } catch (error) {
    if (!isAboutItem(error) || error.status !== 404) throw error;
    // The list has become shorter since; the page before has the new total.
    return readRows(call, { url, scope, offset: offset - PAGE_SIZE }, deadline);
  }
}

function isListed({ is_archived }: Entry, scope: Scope): boolean {
  return scope === 'all' || !is_archived;
}

/** `GET /api/entries/{id}.json`: includes the article, which cannot be left out. */
async function getItem(call: CallApi, { id }: Item, deadline: Deadline): Promise<Item> {
  const response = await call({ method: 'GET', path: `/entries/${pathPart(id)}.json` }, deadline);
  return toItem(parseResponse(entry, response, 'an entry of wallabag'));
}

function toItem(row: Entry): Item {
  const { url, title, language, reading_time: minutes } = row;
  return {
    id: String(row.id),
    kind: row.mimetype?.startsWith('image/') ? 'image' : 'article',
    tags: row.tags.map(({ id, label }) => ({ id: String(id), name: label })),
    parsed: !row.is_not_parsed,
    ...(url && { url }),
    ...(title && { title }),
    ...(language && { language }),
    ...addedAtOf(row.created_at),
    ...(minutes && !row.is_not_parsed && { minutes }),
  };
}

/** `GET /api/entries/{id}.json`: the entry with its article. */
async function readText(call: CallApi, item: Item, deadline: Deadline): Promise<PageEvidence> {
  if (!item.parsed) return { known: false, reason: 'not-parsed' };
  const path = `/entries/${pathPart(item.id)}.json`;
  const spec = { method: 'GET', path, maxRetriesOfErrors: MAX_RETRIES_OF_TEXT } as const;
  const response = await call(spec, deadline);
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
