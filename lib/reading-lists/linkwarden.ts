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
  isAboutItem,
  parseResponse,
  pathPart,
  rowsOf,
  type TokenServiceOptions,
  text,
  tokenCall,
} from './api-call.ts';
import { listByCursor } from './paging.ts';
import { type CallForText, lengthOfText, readTexts } from './read-text.ts';
import { type ReadingList, readPage } from './reading-list.ts';
import { linkwardenTagName } from './tag-names.ts';
import { ONE_BY_ONE_BATCH, oneByOne, replacedTags } from './tag-writes.ts';

/*
 * Requests for n items, c of them changed: who the reader is; n/49 pages, whose size is the server's setting, 50 by
 * default; a text for each item without a band; and two calls for each change, one of which reads the link just before.
 * Looked up in https://github.com/linkwarden/linkwarden, apps/web, from 2.10 to 2.16.
 */

/** All of the reader's own collections. */
const OWN_COLLECTIONS = '0';
/** `ArchivedFormat` of the article by Readability, as JSON. */
const READABLE = 3;
/** What stands for a copy of a page that there is not, and will not be. */
const NO_COPY = 'unavailable';
const NOT_WRITTEN = 'Linkwarden refused it; may you change the links of its collection?';
const SPACE_IN_ADDRESS =
  'Linkwarden would take the space around its address off, and drop the copies that it keeps of the page';

const row = z.object({
  id: z.number(),
  url: text,
  name: text,
  type: text,
  createdAt: text,
  importDate: text,
  readable: text,
  collection: z.object({ id: z.number(), ownerId: z.number() }).optional().catch(undefined),
  tags: z.array(z.object({ name: z.string() })).catch([]),
});
type Row = z.infer<typeof row>;
const listing = z.object({ data: z.object({ links: rowsOf(row), nextCursor: z.number().nullish() }) });
const one = z.object({ response: row });
const user = z.object({ response: z.object({ id: z.number() }) });
const article = z.object({ content: z.string().nullish() });
/** All that a write stores: what is left out of it is emptied. `pinnedBy` stays only if it is left out. */
const storedLink = z.object({
  id: z.number(),
  name: z.string(),
  url: z.string().nullable(),
  description: z.string(),
  icon: z.string().nullish(),
  iconWeight: z.string().nullish(),
  color: z.string().nullish(),
  collection: z.object({ id: z.number(), ownerId: z.number() }),
  tags: z.array(z.object({ name: z.string() })),
});
const stored = z.object({ response: storedLink });

type LinkwardenOptions = TokenServiceOptions & {
  /** Id of the collection to read; 0: all of the reader's own. */
  readonly collection: string;
};

/** Linkwarden, https://linkwarden.app: tags are added, or replaced, one item at a time. */
export function linkwarden({ collection, ...options }: LinkwardenOptions): ReadingList {
  const base = `${options.url.replace(/\/api\/v1$/, '')}/api/v1`;
  const call = tokenCall(options, { base, scheme: 'Bearer', classifyResponse: classifyForeign });
  let reader: { id: number } | undefined;
  async function* list(part: string, deadline: Deadline) {
    reader ??= await whoAmI(call, base, deadline);
    const { id } = reader;
    // The tags of a collection are its owner's: of what others share, only the collection that is asked for is listed.
    const isListed = ({ collection: of }: Row) =>
      part !== OWN_COLLECTIONS || !id || !of || of.ownerId === id || String(of.id) === collection;
    yield* listLinks((cursor) => readLinks(call, { base, part, cursor }, deadline), isListed);
  }
  // An item may have been moved to another collection since it got its tag.
  const listAll = (deadline: Deadline) => list(OWN_COLLECTIONS, deadline);
  const failedInARow = { count: 0 };
  return {
    batchSize: ONE_BY_ONE_BATCH,
    listUnread: (deadline) => list(collection, deadline),
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
    tryWrite: (_, deadline) => update(call, { links: [], removePreviousTags: false, tags: [] }, deadline),
  };
}

/** A link that is gone, or not the reader's to see, is answered with 401, as a wrong token is; the sentence differs. */
function classifyForeign({ status, body }: HttpResponse, label: string): Failure | undefined {
  const isForeign = status === 401 && /\bcollection\b/i.test(JSON.stringify(body) ?? '');
  if (!isForeign) return undefined;
  return new Failure('unexpected-response', `${label}: no link that you may see`, { status: 404 });
}

/** `GET /users/me`; servers without that call take it for `GET /users/{id}`, and then the id is 0. */
async function whoAmI(call: CallApi, base: string, deadline: Deadline): Promise<{ id: number }> {
  const path = '/users/me';
  const classifyResponse = classifyListing(`${base}${path}`, 'LINKWARDEN_URL');
  return call({ path, classifyResponse }, deadline).then(
    (response) => parseResponse(user, response, 'the user of Linkwarden').response,
    orIf400({ id: 0 }),
  );
}

/** Turns the error 400 into a result. */
function orIf400<Result>(result: Result): (error: unknown) => Result {
  return (error) => {
    if (isAboutItem(error) && error.status === 400) return result;
    throw error;
  };
}

type Links = { readonly rows: readonly (Row | undefined)[]; readonly hasMore: boolean };

/**
 * Every link once. The cursor of Linkwarden is a link: if it was deleted or moved meanwhile, the server answers with an
 * empty page, or with one that lacks a row. So the cursor is the last link but one, whose page begins with a link that is
 * known; if it does not, an earlier one is tried.
 */
function listLinks(read: (cursor: string | undefined) => Promise<Links>, isListed: (row: Row) => boolean) {
  let before: readonly string[] = [];
  const readBehind = async (): Promise<Links> => {
    for (let back = 2; ; back = 2 * back - 1) {
      const links = await read(before.at(-Math.min(back, before.length)));
      const [first] = idsOf(links);
      if (before.length <= back || (first !== undefined && before.includes(first))) return links;
    }
  };
  return listByCursor(async () => {
    const { rows, hasMore } = await readBehind();
    before = idsOf({ rows });
    return {
      rows: rows.map((row) => row && { id: String(row.id), ...(isListed(row) && { item: toItem(row) }) }),
      nextCursor: hasMore ? (before.at(-2) ?? before.at(-1)) : undefined,
    };
  });
}

function idsOf({ rows }: Pick<Links, 'rows'>): string[] {
  return rows.flatMap((row) => (row ? String(row.id) : []));
}

/** https://docs.linkwarden.app/api/search-links, which takes the place of `GET /links`; newest first. */
async function readLinks(
  call: CallApi,
  { base, part, cursor }: { base: string; part: string; cursor: string | undefined },
  deadline: Deadline,
): Promise<Links> {
  const query = new URLSearchParams({
    sort: '0',
    ...(part !== OWN_COLLECTIONS && { collectionId: part }),
    ...(cursor && { cursor }),
  });
  const classifyResponse = classifyListing(`${base}/search`, 'LINKWARDEN_URL');
  const response = await call({ path: `/search?${query}`, classifyResponse }, deadline);
  const { links, nextCursor } = parseResponse(listing, response, 'the links of Linkwarden').data;
  return { rows: links, hasMore: typeof nextCursor === 'number' };
}

/** https://docs.linkwarden.app/api/get-link */
async function getItem(call: CallApi, { id }: Item, deadline: Deadline): Promise<Item> {
  const response = await call({ path: pathOf(id) }, deadline);
  return toItem(parseResponse(one, response, 'a link of Linkwarden').response);
}

function pathOf(id: string): string {
  return `/links/${pathPart(id)}`;
}

/** The worker gives each link a `readable` when it has looked at the page: where its copy is, or that there is none. */
function toItem({ id, url, name, type, createdAt, importDate, readable, tags }: Row): Item {
  return {
    id: String(id),
    kind: type === 'image' ? 'image' : 'article',
    tags: tags.map(({ name }) => ({ name })),
    parsed: Boolean(readable),
    ...(url && { url }),
    ...(name && { title: name }),
    ...addedAtOf(importDate ?? createdAt),
    ...(readable === NO_COPY && { ref: NO_COPY }),
  };
}

/** https://docs.linkwarden.app/api/retrieves-an-archive-file-by-link-id */
async function readText(item: Item, call: CallForText): Promise<PageEvidence> {
  if (!item.parsed) return { known: false, reason: 'not-parsed' };
  if (item.ref === NO_COPY) return { known: false, reason: 'no-length' };
  const response = await call({ path: `/archives/${pathPart(item.id)}?format=${READABLE}` });
  const { content } = parseResponse(article, response, 'an article of Linkwarden');
  return lengthOfText(content ?? '');
}

/**
 * Reads the link just before, since up to 2.13 a write stores all of it, and later ones as much where a tag goes. Where
 * none goes, later servers add the new tag to whatever the link has by then.
 */
async function write(call: CallApi, change: TagChange, deadline: Deadline): Promise<string | undefined> {
  const response = await call({ path: pathOf(change.item.id) }, deadline);
  const { response: link } = parseResponse(stored, response, 'a link of Linkwarden');
  if (link.url !== null && link.url !== link.url.trim()) return SPACE_IN_ADDRESS;
  const names = replacedTags(change, link.tags, linkwardenTagName);
  if (names === undefined) return undefined;
  const current = link.tags.map(({ name }) => name);
  const removePreviousTags = current.some((name) => !names.includes(name));
  const tags = removePreviousTags ? names : names.filter((name) => !current.includes(name));
  const writing = update(call, { links: [link], removePreviousTags, tags }, deadline);
  return writing.then(() => undefined, orIf400(NOT_WRITTEN));
}

/**
 * https://docs.linkwarden.app/api/bulk-update-links, of one link: `PUT /links/{id}` would store all fields as they were
 * read, while later servers take those that they have by now. Of several links, it would not say which were changed, and
 * leave out those that are gone. 400 if a link could not be changed.
 */
async function update(
  call: CallApi,
  { tags, ...which }: { links: readonly object[]; removePreviousTags: boolean; tags: readonly string[] },
  deadline: Deadline,
): Promise<void> {
  const json = { ...which, newData: { tags: tags.map((name) => ({ name })) } };
  await call({ method: 'PUT', path: '/links', json }, deadline);
}
