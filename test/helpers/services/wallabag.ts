import { type Clock, systemClock } from '../../../lib/http/clock.ts';
import {
  bodyOf,
  type FakeItem,
  type FakeOptions,
  type FakeServer,
  htmlOf,
  iso,
  startFake,
} from './fake-service.ts';

const TOKEN_LIFE_MS = 3_600_000;
const NOT_FETCHED =
  '<p>wallabag can&#039;t retrieve contents for this article. Please <a href="x">troubleshoot this issue</a>.</p>';

export const LOGIN = { clientId: '1_client', clientSecret: 'client-secret', username: 'reader' };

export type WallabagFakeOptions = FakeOptions & {
  readonly clock?: Clock;
  /** What the reader has set, or how a server without `/api/config.json` refuses it. */
  readonly readingSpeed?: unknown;
  readonly withoutConfig?: 403 | 404;
  /** Before `detail=metadata` was known for one entry, too: https://github.com/wallabag/wallabag/issues/8901. */
  readonly ignoresDetail?: boolean;
};

/** wallabag 2.7 as far as the tagger sees it. The tokens of `FakeServer` are passwords here. */
export async function fakeWallabag(
  items: FakeItem[],
  {
    clock = systemClock,
    readingSpeed = 200,
    withoutConfig,
    ignoresDetail = false,
    ...options
  }: WallabagFakeOptions = {},
): Promise<FakeServer> {
  const tagNames: string[] = [];
  const granted = new Map<string, { password: string; until: number }>();
  const json = (body: unknown, status: number) =>
    new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
  const notFound = () => json({ error: { code: 404, message: 'Not Found' } }, 404);
  const tagOf = (label: string) => {
    if (!tagNames.includes(label)) tagNames.push(label);
    return { id: 1 + tagNames.indexOf(label), label, slug: `t:${label.replaceAll(' ', '-')}` };
  };
  const entryOf = (item: FakeItem) => ({
    id: Number(item.id),
    url: item.url,
    title: item.title,
    is_archived: item.archived ? 1 : 0,
    is_starred: 0,
    created_at: iso(item.addedAt),
    language: item.language,
    mimetype: 'text/html',
    reading_time: item.ready ? Math.floor(item.words / 200) : 0,
    tags: item.tags.map(tagOf),
    is_not_parsed: item.ready ? 0 : 1,
  });

  const server: FakeServer = await startFake(
    items,
    (app) => {
      app.post('/oauth/v2/token', async (context) => {
        const { grant_type, client_id, client_secret, username, password } = await bodyOf(context);
        if (client_id !== LOGIN.clientId || client_secret !== LOGIN.clientSecret) {
          return json({ error: 'invalid_client' }, 401);
        }
        const isReader = username === LOGIN.username && server.tokens.has(String(password));
        if (grant_type !== 'password' || !isReader) return json({ error: 'invalid_grant' }, 400);
        const token = `token-${granted.size + 1}`;
        granted.set(token, { password: String(password), until: clock.now() + TOKEN_LIFE_MS });
        return context.json({
          access_token: token,
          expires_in: 3600,
          token_type: 'bearer',
          refresh_token: 'r',
        });
      });

      app.use('/api/*', async (context, next) => {
        const token = granted.get(context.req.header('Authorization')?.replace('Bearer ', '') ?? '');
        const isGood = token && token.until > clock.now() && server.tokens.has(token.password);
        return isGood ? next() : json({ error: 'invalid_grant' }, 401);
      });

      // https://github.com/wallabag/wallabag, tests/Controller/Api/ConfigRestControllerTest.php; null is left out.
      app.get('/api/config.json', () =>
        withoutConfig
          ? json({ error: { code: withoutConfig } }, withoutConfig)
          : json(
              {
                id: 1,
                items_per_page: 30,
                language: 'en',
                ...(readingSpeed !== null && { reading_speed: readingSpeed }),
                action_mark_as_read: 1,
                list_mode: 1,
                display_thumbnails: 1,
              },
              200,
            ),
      );

      app.get('/api/entries.json', (context) => {
        const { archive, perPage = '30', page = '1' } = context.req.query();
        const found = items.filter(({ archived }) => archive === undefined || (archive === '1') === archived);
        const pages = Math.max(1, Math.ceil(found.length / Number(perPage)));
        if (Number(page) > pages) return notFound();
        const from = (Number(page) - 1) * Number(perPage);
        return context.json({
          page: Number(page),
          limit: Number(perPage),
          pages,
          total: found.length,
          _embedded: { items: found.slice(from, from + Number(perPage)).map(entryOf) },
        });
      });

      app.get('/api/entries/:id{[0-9]+\\.json}', (context) => {
        const item = items.find(({ id }) => `${id}.json` === context.req.param('id'));
        if (!item) return notFound();
        const isShort = context.req.query('detail') === 'metadata' && !ignoresDetail;
        const content = item.ready ? htmlOf(item.words) : NOT_FETCHED;
        return context.json({ ...entryOf(item), content: isShort ? null : content });
      });

      app.post('/api/entries/:id/tags.json', async (context) => {
        const item = items.find(({ id }) => id === context.req.param('id'));
        if (!item) return notFound();
        const labels = String((await bodyOf(context)).tags ?? '')
          .split(',')
          .map((label) => label.trim().toLowerCase())
          .filter(Boolean);
        item.tags = [...new Set([...item.tags, ...labels])];
        return context.json(entryOf(item));
      });

      app.delete('/api/entries/:id/tags/:tag{[0-9]+\\.json}', (context) => {
        const item = items.find(({ id }) => id === context.req.param('id'));
        const label = tagNames[Number.parseInt(context.req.param('tag'), 10) - 1];
        if (!item || label === undefined) return notFound();
        item.tags = item.tags.filter((one) => one !== label);
        return context.json(entryOf(item));
      });
    },
    { ...options, isOpen: () => true },
  );
  return server;
}
