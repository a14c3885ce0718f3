import { type FakeItem, type FakeOptions, type FakeServer, htmlOf, iso, startFake } from './fake-service.ts';
import {
  base64,
  listing,
  partOf,
  readable,
  refused,
  type TagRef,
  tagsIn,
  withContent,
} from './karakeep-calls.ts';

export type KarakeepOptions = FakeOptions & {
  /** The article is kept apart, and not in the list. */
  readonly inAssets?: boolean;
  /** The only scope of a key, by key; keys have every scope by default. */
  readonly scopes?: Readonly<Record<string, string>>;
  /** Called with each bookmark whose tags were changed, of which it may tell by its webhook. */
  readonly onTagged?: (item: FakeItem) => void;
  /** The id that a new tag gets. */
  readonly tagId?: (name: string) => string | undefined;
};

export type FakeKarakeep = FakeServer & {
  /** So many calls of each route are answered from now on; those above them are over the limit. */
  limitCalls(max: number): void;
};

type Content = { readonly type: string; readonly [field: string]: unknown };

/** What the crawl of a page without a text leaves. */
const PICTURE = '<figure><img src="x" alt=""></figure>';

/** Karakeep 0.33 as far as the tagger sees it; it checks what it is sent as the real one does, by Zod. */
export async function fakeKarakeep(items: FakeItem[], options: KarakeepOptions = {}): Promise<FakeKarakeep> {
  /** Ids of the tags that there are, by name. */
  const tags = new Map<string, string>();
  const idOf = (name: string) => {
    const id = tags.get(name) ?? options.tagId?.(name) ?? `tag${tags.size}`;
    tags.set(name, id);
    return id;
  };
  for (const name of items.flatMap((item) => item.tags)) idOf(name);
  const nameOf = (tagId: string) => [...tags].find(([, id]) => id === tagId)?.[0];
  const attachedBy = (name: string) => (/\bai\b/.test(name) ? 'ai' : 'human');

  const contentOf = (item: FakeItem): Content =>
    (item.row?.content as Content | undefined) ?? {
      type: 'link',
      url: item.url,
      title: item.title,
      description: null,
      imageUrl: null,
      favicon: null,
      htmlContent: item.ready && !options.inAssets ? (item.words > 0 ? htmlOf(item.words) : PICTURE) : null,
      contentAssetId: null,
      readerViewStatus: item.ready ? 'readable' : null,
      readerViewScore: item.ready ? 100 : null,
      preferredPreview: 'reader_view',
      crawledAt: item.ready ? iso(item.addedAt) : null,
      crawlStatus: item.ready ? 'success' : 'pending',
      author: null,
      publisher: null,
      datePublished: null,
      dateModified: null,
    };
  const bookmarkOf = (item: FakeItem, includeContent: boolean) => {
    const content = contentOf(item);
    const bare = content.type === 'asset' ? { content: null } : { htmlContent: null };
    const isBare = content.type !== 'text' && (item.isLost || !includeContent);
    return {
      firstCreatedAt: iso(item.addedAt),
      createdAt: iso(item.addedAt),
      modifiedAt: iso(item.addedAt),
      title: item.title,
      favourited: false,
      taggingStatus: 'success',
      summarizationStatus: null,
      embeddingStatus: null,
      note: null,
      summary: null,
      source: 'api',
      userId: 'user',
      assets: [],
      ...item.row,
      id: item.id,
      archived: item.archived,
      tags: item.tags.map((name) => ({ id: idOf(name), name, attachedBy: attachedBy(name) })),
      content: { ...content, ...(isBare && bare) },
    };
  };
  const routes = new Map<string, number>();
  let maxCalls = Number.POSITIVE_INFINITY;

  const server = await startFake(
    items,
    (app) => {
      app.use('/api/v1/*', async (context, next) => {
        const { method, path } = context.req;
        const [, , , resource, , action] = path.split('/');
        const route = `${method} ${resource} ${path.split('/').length} ${action}`;
        const calls = (routes.get(route) ?? 0) + 1;
        routes.set(route, calls);
        if (calls > maxCalls) return context.text('Rate limit exceeded. Try again in 60 seconds.', 429);
        const scope = options.scopes?.[context.req.header('Authorization')?.slice('Bearer '.length) ?? ''];
        const needed = `${resource}:${method === 'GET' ? 'read' : 'readwrite'}`;
        if (scope !== undefined && scope !== needed && scope !== `${resource}:readwrite`)
          return forbidden(needed);
        return next();
      });

      app.get('/api/v1/bookmarks', (context) => {
        const query = listing.safeParse(context.req.query());
        if (query.error) return refused(query.error);
        const { archived, limit, sortOrder, cursor, includeContent } = query.data;
        if (limit < 0) return context.text('Internal server error', 500);
        const isOldestFirst = sortOrder === 'asc';
        const rest = (isOldestFirst ? items.toReversed() : items).filter(
          (item) => (archived ?? item.archived) === item.archived && isFrom(item, cursor, isOldestFirst),
        );
        const rows = rest.slice(0, limit || 20);
        const next = rest[rows.length];
        return context.json({
          bookmarks: rows.map((item) => bookmarkOf(item, includeContent)),
          nextCursor: next ? `${next.id}_${iso(next.addedAt)}` : null,
        });
      });

      app.get('/api/v1/bookmarks/:id', (context) => {
        const item = items.find(({ id }) => id === context.req.param('id'));
        if (!item) return context.text('Bookmark not found', 404);
        const query = withContent.safeParse(context.req.query());
        if (query.error) return refused(query.error);
        if (item.isLost && query.data.includeContent) return context.text('Internal server error', 500);
        const bookmark = bookmarkOf(item, query.data.includeContent);
        const { contentAssetId: _, ...content }: Content = bookmark.content;
        return context.json({ ...bookmark, content });
      });

      app.get('/api/v1/bookmarks/:id/content', (context) => {
        const item = items.find(({ id }) => id === context.req.param('id'));
        if (!item) return context.text('Bookmark not found', 404);
        const query = readable.safeParse(context.req.query());
        if (query.error) return refused(query.error);
        if (item.isLost) return context.text('Internal server error', 500);
        return partOf(context, item, contentOf(item).type, query.data);
      });

      app.on(['POST', 'DELETE'], '/api/v1/bookmarks/:id/tags', async (context) => {
        const given = await tagsIn(context);
        if (given instanceof Response) return given;
        const item = items.find(({ id }) => id === context.req.param('id'));
        if (!item) return context.text('Bookmark not found', 404);
        const isAttach = context.req.method === 'POST';
        const named = ({ tagId, tagName = '' }: TagRef) =>
          tagId ? nameOf(tagId) : isAttach ? stored(tagName) : tagName;
        const names = [...new Set(given.flatMap((tag) => named(tag) || []))];
        options.onTagged?.(item);
        if (isAttach) {
          item.tags = [...new Set([...item.tags, ...names])];
          return context.json({ attached: names.map(idOf) });
        }
        item.tags = item.tags.filter((name) => !names.includes(name));
        return context.json({ detached: names.flatMap((name) => tags.get(name) ?? []) });
      });

      app.get('/api/v1/tags', (context) => {
        const limit = Number(context.req.query('limit'));
        const rows = [...tags].map(([name, id]) => {
          const numBookmarks = items.filter((item) => item.tags.includes(name)).length;
          const numBookmarksByAttachedType = { ai: 0, human: 0, [attachedBy(name)]: numBookmarks };
          return { id, name, numBookmarks, numBookmarksByAttachedType };
        });
        return context.json({
          tags: rows.toSorted((a, b) => compareIds(a.id, b.id)).slice(0, limit),
          nextCursor: rows.length > limit ? base64({ page: 1 }) : null,
        });
      });

      app.delete('/api/v1/tags/:id', (context) => {
        const name = nameOf(context.req.param('id')) ?? '';
        tags.delete(name);
        for (const item of items) item.tags = item.tags.filter((tag) => tag !== name);
        return context.body(null, 204, { 'Content-Type': 'text/plain; charset=UTF-8' });
      });
    },
    { ...options, forbidden: () => forbidden('bookmarks:readwrite') },
  );
  return Object.assign(server, {
    limitCalls: (max: number) => {
      routes.clear();
      maxCalls = max;
    },
  });
}

/** All leading `#` of a trimmed name go. */
const stored = (name: string) => name.trim().replace(/^#+/, '');

/** A cursor is the first row of the next page; rows of one second go by id. */
function isFrom(item: FakeItem, cursor: { id: string; createdAt: Date } | undefined, isOldestFirst: boolean) {
  if (!cursor) return true;
  const order = item.addedAt - cursor.createdAt.getTime() / 1000 || compareIds(item.id, cursor.id);
  return isOldestFirst ? order >= 0 : order <= 0;
}

const compareIds = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true });

function forbidden(scope: string): Response {
  return new Response(`API key is missing required scope: ${scope}`, { status: 403 });
}
