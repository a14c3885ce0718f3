import {
  bodyOf,
  type FakeItem,
  type FakeOptions,
  type FakeServer,
  htmlOf,
  startFake,
} from './fake-service.ts';

export type InstapaperOptions = FakeOptions & {
  /** Folder of an item, by its id. */
  readonly folders?: Readonly<Record<string, number>>;
  /** Articles that may be asked for, in all. */
  readonly quota?: number;
  readonly paywalled?: boolean;
};

/**
 * Instapaper's API 2 as far as the tagger sees it. `total` never changes. An unknown bookmark is an argument that is not
 * valid, 400; only an unknown endpoint is 404: https://github.com/Instapaper/instapaper-api-js, README, "Errors".
 */
export async function fakeInstapaper(
  items: FakeItem[],
  { folders = {}, quota = Number.POSITIVE_INFINITY, paywalled = false, ...options }: InstapaperOptions = {},
): Promise<FakeServer> {
  const names: string[] = [];
  const total = items.length + 3;
  let parses = 0;
  const error = (status: number, message: string) =>
    new Response(JSON.stringify({ error: { code: status, message } }), {
      status,
      headers: { 'Content-Type': 'application/json' },
    });
  const tagOf = (name: string) => {
    if (!names.includes(name)) names.push(name);
    return { id: 100 + names.indexOf(name), name, slug: name.toLowerCase().replaceAll(' ', '-'), count: 1 };
  };
  const bookmarkOf = (item: FakeItem) => ({
    id: Number(item.id),
    url: item.url,
    title: item.title,
    description: '',
    progress: { percentage: item.progress, timestamp: 0 },
    liked: false,
    archived: item.archived,
    time: item.addedAt,
    folder_id: folders[item.id] ?? null,
    tags: item.tags.map(tagOf),
    private_source: null,
    category: 0,
  });

  const contentOf = ({ ready, words, language }: FakeItem) => {
    const more = { images: [], paywalled, direction: 'ltr' };
    if (!ready) return { ...more, body: '', words: null };
    if (language === 'ja') return { ...more, body: `<p>${'読書の時間は長い。'.repeat(words)}</p>`, words: 1 };
    return { ...more, body: htmlOf(words), words: words || null };
  };

  return startFake(
    items,
    (app) => {
      app.get('/api/2/bookmarks', (context) => {
        const { section, folder_id, limit = '25', offset = '0' } = context.req.query();
        if (Number(limit) > 500) return error(400, 'limit');
        // `section` is `home` by default, or what `folder_id` implies; together with it, `folder_id` is ignored:
        // https://github.com/Instapaper/instapaper-api-js, src/resources/bookmarks.ts.
        const isFolder = section === undefined && folder_id !== undefined;
        const found = items.filter((item) => {
          if (isFolder) return !item.archived && folders[item.id] === Number(folder_id);
          if (section === 'archive') return item.archived;
          return !item.archived && folders[item.id] === undefined;
        });
        const page = found.slice(Number(offset), Number(offset) + Number(limit));
        return context.json({ bookmarks: page.map(bookmarkOf), total });
      });

      app.get('/api/2/bookmarks/:id/parse', (context) => {
        const item = items.find(({ id }) => id === context.req.param('id'));
        if (!item) return error(400, 'bookmark_id');
        parses += 1;
        if (parses > quota) return error(402, 'quota');
        return context.json({ metadata: { title: item.title }, content: contentOf(item) });
      });

      app.post('/api/2/bookmarks/:id/tags', async (context) => {
        const item = items.find(({ id }) => id === context.req.param('id'));
        if (!item) return error(400, 'bookmark_id');
        const { add_tags = [], remove_tags = [] } = (await bodyOf(context)) as {
          add_tags?: { name: string }[];
          remove_tags?: { id: number }[];
        };
        if (remove_tags.some(({ id }) => typeof id !== 'number')) return error(400, 'remove_tags');
        const removed = remove_tags.map(({ id }) => names[id - 100]);
        item.tags = [...new Set([...item.tags, ...add_tags.map(({ name }) => name)])].filter(
          (name) => !removed.includes(name),
        );
        return context.json({ created_tags: [], tags: item.tags.map(tagOf) });
      });
    },
    { ...options, unauthorized: () => error(401, 'Unauthorized') },
  );
}
