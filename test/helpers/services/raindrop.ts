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

/** An item is in one of these by default, by its id. */
const COLLECTIONS = [-1, 7];

export type RaindropFakeOptions = FakeOptions & {
  readonly clock?: Clock;
  /** What the items are in, in turn. */
  readonly collections?: readonly number[];
  /** An update of many is answered as documented, which leaves the count out. */
  readonly withoutCount?: boolean;
};

/** Raindrop.io as far as the tagger sees it: 120 calls a minute; archived items are in the trash. */
export async function fakeRaindrop(
  items: FakeItem[],
  {
    clock = systemClock,
    collections = COLLECTIONS,
    withoutCount = false,
    ...options
  }: RaindropFakeOptions = {},
): Promise<FakeServer> {
  const isOver = overLimit(120, clock);
  const error = (status: number, errorMessage: string) =>
    new Response(JSON.stringify({ result: false, error: status, errorMessage }), {
      status,
      headers: { 'Content-Type': 'application/json', ...(status === 429 && { 'Retry-After': '1' }) },
    });
  const collectionOf = ({ id, archived }: FakeItem) =>
    archived ? -99 : (collections[Number(id) % collections.length] ?? -1);

  const raindropOf = (item: FakeItem) => ({
    _id: Number(item.id),
    collection: { $ref: 'collections', $id: collectionOf(item), oid: collectionOf(item) },
    collectionId: collectionOf(item),
    cover: '',
    created: iso(item.addedAt),
    creatorRef: { _id: 1, name: 'reader', email: '' },
    domain: 'example.com',
    excerpt: '',
    highlights: [],
    lastUpdate: iso(item.addedAt),
    link: item.url,
    media: [],
    note: '',
    removed: item.archived,
    sort: Number(item.id),
    tags: item.tags,
    title: item.title,
    type: 'article',
    user: { $ref: 'users', $id: 1 },
  });

  return startFake(
    items,
    (app) => {
      app.use(async (_, next) => (isOver() ? error(429, 'Too many requests') : next()));

      app.get('/rest/v1/raindrops/:collection', (context) => {
        const collection = Number(context.req.param('collection'));
        const perpage = Math.min(50, Number(context.req.query('perpage') ?? 25));
        const page = Number(context.req.query('page') ?? 0);
        if (!Number.isInteger(page)) return error(400, 'page');
        const found = items.filter((item) =>
          collection === 0 ? !item.archived : collectionOf(item) === collection,
        );
        return context.json({
          result: true,
          collectionId: collection,
          count: found.length,
          items: found.slice(page * perpage, (page + 1) * perpage).map(raindropOf),
        });
      });

      app.put('/rest/v1/raindrops/:collection', async (context) => {
        const collection = Number(context.req.param('collection'));
        const { ids, tags } = await bodyOf(context);
        if (collection === 0) return error(400, 'to update all raindrops please specify *dangerAll*');
        const found = items.filter(
          (item) => strings(ids).includes(item.id) && collectionOf(item) === collection,
        );
        const added = strings(tags);
        let modified = 0;
        for (const item of found) {
          const after = added.length === 0 ? [] : [...new Set([...item.tags, ...added])];
          if (after.length !== item.tags.length) modified += 1;
          item.tags = after;
        }
        return context.json({ result: true, ...(!withoutCount && { modified }) });
      });

      app.get('/rest/v1/raindrop/:id', (context) => {
        const item = items.find(({ id }) => id === context.req.param('id'));
        return item
          ? context.json({ result: true, author: true, item: raindropOf(item) })
          : error(404, 'Not found');
      });

      app.put('/rest/v1/raindrop/:id', async (context) => {
        const item = items.find(({ id }) => id === context.req.param('id'));
        if (!item) return error(404, 'Not found');
        const { tags } = await bodyOf(context);
        if (tags !== undefined) item.tags = strings(tags);
        return context.json({ result: true, item: { __v: 0, ...raindropOf(item) } });
      });
    },
    { ...options, unauthorized: () => error(401, 'Unauthorized') },
  );
}
