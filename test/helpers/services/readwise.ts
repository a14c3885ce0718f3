import { type Clock, systemClock } from '../../../lib/http/clock.ts';
import { overLimit } from './clock.ts';
import {
  bodyOf,
  type FakeItem,
  type FakeOptions,
  type FakeServer,
  iso,
  startFake,
  strings,
} from './fake-service.ts';

const LOCATIONS = ['new', 'later', 'shortlist'];

/** Readwise Reader as far as the tagger sees it: 20 calls a minute; every seventh item has a highlight. */
export async function fakeReadwise(
  items: FakeItem[],
  { clock = systemClock, ...options }: FakeOptions & { clock?: Clock } = {},
): Promise<FakeServer> {
  const isOver = overLimit(20, clock);
  const tooMany = () => new Response('{}', { status: 429, headers: { 'Retry-After': '1' } });
  const locationOf = ({ archived, id }: FakeItem) =>
    archived ? 'archive' : (LOCATIONS[Number(id) % 3] ?? 'new');

  const documentOf = (item: FakeItem) => ({
    id: item.id,
    url: `https://read.readwise.io/read/${item.id}`,
    source_url: item.url,
    title: item.title,
    category: 'article',
    location: locationOf(item),
    tags: Object.fromEntries(
      item.tags.map((name) => [
        name.toLowerCase().replaceAll(' ', '-'),
        { name, type: 'manual', created: 1 },
      ]),
    ),
    site_name: 'Example',
    word_count: item.ready && item.words > 0 ? item.words : null,
    reading_time: item.ready && item.words > 0 ? `${Math.ceil(item.words / 238)} mins` : null,
    created_at: iso(item.addedAt),
    updated_at: iso(item.addedAt),
    saved_at: iso(item.addedAt),
    reading_progress: item.progress,
    first_opened_at: null,
    parent_id: null,
  });
  const highlightOf = (item: FakeItem) => ({
    ...documentOf(item),
    id: `h${item.id}`,
    parent_id: item.id,
    category: 'highlight',
    word_count: 12,
    tags: {},
  });
  const withHighlights = (item: FakeItem) =>
    Number(item.id) % 7 === 0 ? [documentOf(item), highlightOf(item)] : [documentOf(item)];

  return startFake(
    items,
    (app) => {
      app.get('/api/v3/list/', (context) => {
        if (isOver()) return tooMany();
        const { location, id, limit = '100', pageCursor } = context.req.query();
        const rows = items
          .filter((item) => (id ? item.id === id : !location || locationOf(item) === location))
          .flatMap(withHighlights);
        // A cursor is the first row of the next page, or what stands in its place by now.
        const from = pageCursor
          ? rows.findIndex((row) => Number(row.id.replace('h', '')) <= Number(pageCursor))
          : 0;
        const rest = from === -1 ? [] : rows.slice(from);
        const next = rest[Number(limit)];
        return context.json({
          count: rows.length,
          nextPageCursor: next ? next.id.replace('h', '') : null,
          results: rest.slice(0, Number(limit)),
        });
      });

      app.patch('/api/v3/bulk_update/', async (context) => {
        if (isOver()) return tooMany();
        const updates = (await bodyOf(context)).updates as { id: string; tags: unknown }[];
        if (!Array.isArray(updates) || updates.length > 50)
          return context.json({ updates: 'at most 50' }, 400);
        const results = updates.map(({ id, tags }) => {
          const item = items.find((one) => one.id === id);
          if (item) item.tags = strings(tags);
          return item ? { id, success: true } : { id, success: false, error: 'Document not found' };
        });
        return context.json({ results }, results.every(({ success }) => success) ? 200 : 207);
      });
    },
    { ...options, schemes: ['Token'] },
  );
}
