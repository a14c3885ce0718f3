import {
  bodyOf,
  type FakeItem,
  type FakeOptions,
  type FakeServer,
  iso,
  startFake,
  strings,
} from './fake-service.ts';

const CJK = /^(zh|ja|ko)/;

/** Readeck 0.22 as far as the tagger sees it. Rows of one second come in another order with each call. */
export async function fakeReadeck(items: FakeItem[], options: FakeOptions = {}): Promise<FakeServer> {
  let listings = 0;
  const error = (status: number, message: string) =>
    new Response(JSON.stringify({ status, message }), {
      status,
      headers: { 'Content-Type': 'application/json' },
    });

  const summaryOf = (item: FakeItem) => {
    const words = !item.ready ? 0 : CJK.test(item.language) ? 3 : item.words;
    const minutes = Math.floor(words / 200);
    return {
      id: item.id,
      href: `http://127.0.0.1/api/bookmarks/${item.id}`,
      created: iso(item.addedAt),
      updated: iso(item.addedAt),
      state: item.ready ? 0 : 2,
      loaded: item.ready,
      url: item.url,
      title: item.title,
      site_name: 'Example',
      site: 'example.com',
      authors: [],
      lang: item.language,
      text_direction: 'ltr',
      document_type: 'article',
      type: 'article',
      has_article: item.ready,
      description: '',
      is_deleted: false,
      is_marked: false,
      is_archived: item.archived,
      read_progress: typeof item.progress === 'number' ? Math.round(item.progress * 100) : item.progress,
      labels: [...item.tags],
      ...(words > 0 && { word_count: words }),
      ...(minutes > 0 && { reading_time: minutes }),
      resources: {},
    };
  };

  return startFake(
    items,
    (app) => {
      app.get('/api/bookmarks', (context) => {
        const query = new URL(context.req.url).searchParams;
        const limit = Number(query.get('limit') ?? 50);
        // https://codeberg.org/readeck/readeck, internal/server/pagination.go: the form takes 0 to 100, else 404.
        if (limit > 100) return error(404, 'Not Found');
        const offset = Number(query.get('offset') ?? 0);
        const statuses = query.getAll('read_status');
        if (statuses.some((status) => !['unread', 'reading', 'read'].includes(status))) {
          return error(422, 'invalid filter');
        }
        listings += 1;
        const order = query.get('sort') === '-created' ? 1 : -1;
        const turn = listings % 2 === 0 ? 1 : -1;
        const found = items
          .filter(
            ({ archived }) => !query.has('is_archived') || String(archived) === query.get('is_archived'),
          )
          .filter(({ progress }) => {
            const status = progress >= 1 ? 'read' : progress > 0 ? 'reading' : 'unread';
            return statuses.length === 0 || statuses.includes(status);
          })
          .sort(
            (one, other) =>
              order * (other.addedAt - one.addedAt) || turn * (Number(one.id) - Number(other.id)),
          );
        context.header('Total-Count', String(found.length));
        context.header('Total-Pages', String(Math.ceil(found.length / limit)));
        context.header('Current-Page', String(1 + Math.floor(offset / limit)));
        return context.json(found.slice(offset, offset + limit).map(summaryOf));
      });

      app.get('/api/bookmarks/:id', (context) => {
        const item = items.find(({ id }) => id === context.req.param('id'));
        // A summary, and more that the tagger does not look at.
        return item ? context.json({ ...summaryOf(item), links: [] }) : error(404, 'Not Found');
      });

      app.get('/api/bookmarks/:id/article', (context) => {
        const item = items.find(({ id }) => id === context.req.param('id'));
        if (!item?.ready) return error(404, 'Not Found');
        const text = CJK.test(item.language)
          ? '読書の時間は長い。'.repeat(item.words)
          : 'word '.repeat(item.words);
        return context.html(`<section><p>${text}</p></section>`);
      });

      app.patch('/api/bookmarks/:id', async (context) => {
        const item = items.find(({ id }) => id === context.req.param('id'));
        if (!item) return error(404, 'Not Found');
        const body = await bodyOf(context);
        const removed = strings(body.remove_labels);
        const set = body.labels === undefined ? item.tags : strings(body.labels);
        item.tags = [...new Set([...set, ...strings(body.add_labels)])]
          .filter((label) => !removed.includes(label))
          .sort();
        const { id } = item;
        return context.json({
          href: `http://127.0.0.1/api/bookmarks/${id}`,
          id,
          updated: iso(1_800_000_000),
          labels: item.tags.join(', '),
        });
      });
    },
    {
      ...options,
      unauthorized: () => error(401, 'Unauthorized'),
      forbidden: () => error(403, 'Forbidden'),
    },
  );
}
