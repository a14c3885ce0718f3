import {
  bodyOf,
  type FakeItem,
  type FakeOptions,
  type FakeServer,
  htmlOf,
  iso,
  startFake,
} from './fake-service.ts';

/** What the crawl of a page without a text leaves. */
const PICTURE = '<figure><img src="x" alt=""></figure>';

type TagRef = { tagId?: string; tagName?: string; attachedBy?: string };

/** Karakeep 0.33 as far as the tagger sees it. `inAssets`: the article is kept apart, and not in the list. */
export async function fakeKarakeep(
  items: FakeItem[],
  options: FakeOptions & { inAssets?: boolean } = {},
): Promise<FakeServer> {
  /** Tags that AI attached, by item and name. */
  const tagNames: string[] = [];
  const idOf = (name: string) => {
    if (!tagNames.includes(name)) tagNames.push(name);
    return `tag${tagNames.indexOf(name)}`;
  };
  const stored = (name: string) => name.trim().replace(/^#+/, '');
  const nameOf = ({ tagId, tagName = '' }: TagRef) =>
    tagId === undefined ? stored(tagName) : tagNames[Number(tagId.slice(3))];
  const zodError = (message: string) => ({ success: false, error: { name: 'ZodError', message } });

  const bookmarkOf = (item: FakeItem, includeContent: boolean) => ({
    id: item.id,
    createdAt: iso(item.addedAt),
    modifiedAt: null,
    title: item.title,
    archived: item.archived,
    favourited: false,
    taggingStatus: 'success',
    summarizationStatus: null,
    embeddingStatus: null,
    userId: 'user',
    tags: item.tags.map((name) => ({
      id: idOf(name),
      name,
      attachedBy: name.startsWith('ai-') ? 'ai' : 'human',
    })),
    content: {
      type: 'link',
      url: item.url,
      crawlStatus: item.ready ? 'success' : 'pending',
      crawledAt: item.ready ? iso(item.addedAt) : null,
      htmlContent:
        includeContent && item.ready && !options.inAssets
          ? item.words > 0
            ? htmlOf(item.words)
            : PICTURE
          : null,
    },
    assets: [],
  });

  return startFake(
    items,
    (app) => {
      app.get('/api/v1/bookmarks', (context) => {
        const limit = Number(context.req.query('limit') ?? 20);
        if (limit > 100) return context.json(zodError('limit'), 400);
        const [afterId, ...afterIso] = (context.req.query('cursor') ?? '').split('_');
        if (afterId && Number.isNaN(Date.parse(afterIso.join('_'))))
          return context.json(zodError('cursor'), 400);
        const archived = context.req.query('archived');
        const after = Date.parse(afterIso.join('_')) / 1000;
        // A cursor is the first row of the next page; rows of one second go by id.
        const isOldestFirst = context.req.query('sortOrder') === 'asc';
        const rest = (isOldestFirst ? items.toReversed() : items).filter(
          (item) =>
            (archived === undefined || item.archived === (archived === 'true')) &&
            (!afterId ||
              item.addedAt < after ||
              (item.addedAt === after && Number(item.id) <= Number(afterId))),
        );
        const next = rest[limit];
        return context.json({
          bookmarks: rest
            .slice(0, limit)
            .map((item) => bookmarkOf(item, context.req.query('includeContent') === 'true')),
          nextCursor: next ? `${next.id}_${iso(next.addedAt)}` : null,
        });
      });

      app.get('/api/v1/bookmarks/:id', (context) => {
        const item = items.find(({ id }) => id === context.req.param('id'));
        if (!item) return context.text('Bookmark not found', 404);
        return context.json(bookmarkOf(item, context.req.query('includeContent') === 'true'));
      });

      app.get('/api/v1/bookmarks/:id/content', (context) => {
        const item = items.find(({ id }) => id === context.req.param('id'));
        if (!item?.ready) return context.text('Bookmark not found', 404);
        const whole = 'word '.repeat(item.words);
        const start = Number(context.req.query('cursor') ?? 0);
        const end = Math.min(whole.length, start + 5 * Math.floor(Number(context.req.query('maxChars')) / 5));
        return context.json({
          bookmarkId: item.id,
          bookmarkType: 'link',
          format: 'text',
          content: whole.slice(start, end),
          contentVersion: 'sha256:0',
          range: { start, end, total: whole.length },
          nextCursor: end < whole.length ? String(end) : null,
          truncated: end < whole.length,
        });
      });

      app.on(['POST', 'DELETE'], '/api/v1/bookmarks/:id/tags', async (context) => {
        const item = items.find(({ id }) => id === context.req.param('id'));
        if (!item) return context.text('Bookmark not found', 404);
        const { tags } = (await bodyOf(context)) as { tags?: TagRef[] };
        if (!Array.isArray(tags)) return context.json(zodError('tags'), 400);
        const names = tags.flatMap((tag) => nameOf(tag) ?? []);
        if (context.req.method === 'POST') {
          item.tags = [...new Set([...item.tags, ...names])];
          return context.json({ attached: names.map(idOf) });
        }
        const held = names.filter((name) => item.tags.includes(name));
        item.tags = item.tags.filter((name) => !held.includes(name));
        return context.json({ detached: held.map(idOf) });
      });
    },
    {
      ...options,
      forbidden: () =>
        new Response('API key is missing required scope: bookmarks:readwrite', { status: 403 }),
    },
  );
}
