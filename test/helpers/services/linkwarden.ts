import type { Context } from 'hono';
import * as z from 'zod';
import {
  bodyOf,
  type FakeItem,
  type FakeOptions,
  type FakeServer,
  htmlOf,
  iso,
  startFake,
} from './fake-service.ts';

export type LinkwardenOptions = FakeOptions & {
  /**
   * 2.10: lists by id, replaces all tags and fields by those that it is sent, and does not say who the reader is. Default:
   * 2.16.
   */
  readonly version?: '2.10' | '2.16';
  /** `PAGINATION_TAKE_COUNT` of the server. */
  readonly pageSize?: number;
  /** What belongs to another reader, who shares it: to be read, or to be changed, too. */
  readonly shared?: (item: FakeItem) => 'read' | 'update' | undefined;
  /** The reader's own edit between the look at a link and its write. */
  readonly beforeWrite?: (item: FakeItem) => void;
};

/** Ids of users: who the token belongs to, and who shares collections with them. */
const READER = 1;
const OTHER = 2;
/** Ids of collections. What is archived in other services was moved to `READ` by the reader. */
const UNREAD = 1;
const READ = 2;
const SHARED = { read: 3, update: 4 };

const sent = z.object({
  id: z.number(),
  name: z.string().trim().max(2048).nullish(),
  url: z.string().trim().max(2048).nullish(),
  description: z.string().trim().max(2048).nullish(),
  collection: z.object({ id: z.number(), ownerId: z.number() }),
  tags: z.array(z.object({ name: z.string().trim().max(50) })),
});

/**
 * Linkwarden as far as the tagger sees it, after its source (https://github.com/linkwarden/linkwarden, apps/web, from
 * 2.10 to 2.16): `lib/api/controllers/search/searchLinks.ts`, `links/linkId/getLinkById.ts`, `links/linkId/updateLinkById.ts`
 * and `links/bulk/updateLinks.ts` there, `lib/api/verifyUser.ts`, `pages/api/v1/archives/[linkId].ts` and `users/`. It has
 * not been compared with a server.
 */
export async function fakeLinkwarden(
  items: FakeItem[],
  { version = '2.16', pageSize = 50, shared = () => undefined, ...options }: LinkwardenOptions = {},
): Promise<FakeServer> {
  const isOld = version === '2.10';
  const tagIds = new Map<string, number>();
  const idOf = (name: string) => {
    const id = tagIds.get(name) ?? tagIds.size + 1;
    tagIds.set(name, id);
    return id;
  };
  const collectionOf = (item: FakeItem) => {
    const by = shared(item);
    const id = by ? SHARED[by] : item.archived ? READ : UNREAD;
    return { id, name: 'A', ownerId: by ? OTHER : READER, isPublic: false };
  };
  const linkOf = (item: FakeItem) => ({
    name: item.title,
    type: 'url',
    description: 'What it says',
    createdById: READER,
    icon: null,
    iconWeight: 'regular',
    color: '#f00',
    url: item.url,
    preview: null,
    image: null,
    pdf: null,
    readable: item.ready ? (item.words > 0 ? `archives/1/${item.id}_readability.json` : 'unavailable') : null,
    monolith: null,
    aiTagged: false,
    indexVersion: null,
    lastPreserved: item.ready ? iso(item.addedAt) : null,
    importDate: null,
    createdAt: iso(item.addedAt),
    updatedAt: iso(item.addedAt),
    pinnedBy: [],
    ...item.row,
    id: Number(item.id),
    collectionId: collectionOf(item).id,
    collection: collectionOf(item),
    tags: item.tags.map((name) => ({ id: idOf(name), name, ownerId: collectionOf(item).ownerId })),
  });
  const itemAt = (context: Context) => items.find(({ id }) => Number(id) === Number(context.req.param('id')));

  /** As `updateLinkById` does; the status is all that the bulk call keeps of its answer. */
  const updateLink = (item: FakeItem, body: unknown, removePreviousTags: boolean): number => {
    const { data } = sent.safeParse(body);
    if (!data) return 400;
    const { url = null, tags, collection, ...rest } = data;
    const isAllowed = shared(item) !== 'read' && collection.id === collectionOf(item).id;
    if (!isAllowed || (url === null && item.url !== '')) return 401;
    // The copies of a page go with its address.
    if (url !== linkOf(item).url) item.isLost = true;
    const stored = { url, name: rest.name ?? '', description: rest.description ?? '' };
    Object.assign(item, { row: { ...item.row, ...stored } });
    const names = tags.flatMap(({ name }) => name || []);
    item.tags = [...new Set(removePreviousTags ? names : [...item.tags, ...names])];
    return 200;
  };
  /** As `updateLinks` does of one link, which up to 2.13 was stored as it was sent. */
  const updateOne = (
    link: Bulk['links'][number],
    { removePreviousTags, newData: { tags } }: Bulk,
  ): number => {
    const item = items.find(({ id }) => Number(id) === link.id);
    if (item === undefined) return isOld ? 401 : 200;
    options.beforeWrite?.(item);
    if (!isOld) return updateLink(item, { ...linkOf(item), tags }, removePreviousTags);
    return updateLink(item, { ...link, tags: removePreviousTags ? tags : [...link.tags, ...tags] }, true);
  };

  return startFake(
    items,
    (app) => {
      app.get('/api/v1/users/me', () =>
        isOld ? response('Invalid request.', 400) : response({ id: READER, username: 'reader' }),
      );

      app.get('/api/v1/search', (context) => {
        const { cursor, collectionId } = context.req.query();
        const all = isOld ? items.toSorted((one, other) => Number(other.id) - Number(one.id)) : items;
        const found = all.filter((item) => !collectionId || collectionOf(item).id === Number(collectionId));
        const from = cursor === undefined ? 0 : isOld ? fromId(all, found, cursor) : fromRow(found, cursor);
        const rows = found.slice(from, from + pageSize);
        const nextCursor = rows.length === pageSize ? Number(rows.at(-1)?.id) : null;
        return context.json({
          success: true,
          message: 'Success',
          data: { links: rows.map(linkOf), nextCursor },
        });
      });

      app.get('/api/v1/links/:id', (context) => {
        const item = itemAt(context);
        return item ? response(linkOf(item)) : response('Collection is not accessible.', 401);
      });

      app.get('/api/v1/archives/:id', (context) => {
        const item = itemAt(context);
        if (!item) return response("You don't have access to this collection.", 401);
        if (!item.ready || item.words === 0 || item.isLost) return context.text('File not found.', 404);
        const content = item.text ?? htmlOf(item.words);
        return context.json({ title: item.title, lang: item.language, content, textContent: 'x', length: 1 });
      });

      app.put('/api/v1/links', async (context) => {
        const bulk = (await bodyOf(context)) as unknown as Bulk;
        const statuses = bulk.links.map((link) => updateOne(link, bulk));
        return statuses.every((status) => status === 200)
          ? response('All links updated successfully')
          : response('Some links failed to update', 400);
      });
    },
    { ...options, unauthorized: () => response('You must be logged in.', 401) },
  );
}

type Bulk = {
  links: { id: number; tags: { name: string }[] }[];
  removePreviousTags: boolean;
  newData: { tags: { name: string }[] };
};

function response(response: unknown, status = 200): Response {
  return Response.json({ response }, { status });
}

/**
 * Where a page by Prisma's cursor begins. By id, `skip: 1` leaves out the first row up to the cursor, which may be another
 * one, and there is none up to a cursor that is not there; by another column, the rows are searched for the cursor.
 */
function fromId(all: readonly FakeItem[], found: readonly FakeItem[], cursor: string): number {
  const from = found.findIndex(({ id }) => Number(id) <= Number(cursor));
  return from < 0 || !all.some(({ id }) => id === cursor) ? found.length : from + 1;
}

function fromRow(found: readonly FakeItem[], cursor: string): number {
  return 1 + found.findIndex(({ id }) => id === cursor) || found.length;
}
