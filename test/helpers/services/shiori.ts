import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import { type Clock, systemClock } from '../../../lib/http/clock.ts';
import type { Node } from '../faults.ts';
import {
  bodyOf,
  type FakeItem,
  type FakeOptions,
  type FakeServer,
  htmlOf,
  startFake,
} from './fake-service.ts';

export const SHIORI_USERNAME = 'reader';

const TOKEN_LIFE_MS = 3_600_000;
const PAGE_SIZE = 30;

export type ShioriFakeOptions = FakeOptions & {
  readonly clock?: Clock;
  /** What it answers where its older API panics: 1.7 an answer with the reason, 1.8 none. */
  readonly version?: '1.7' | '1.8';
};

type Tag = { readonly id?: unknown; readonly name?: unknown };

/**
 * Shiori as far as the tagger sees it. An item that is archived is deleted: there is no archive. The tokens of
 * `FakeServer` are passwords here; where one is no longer good, as after a new start without a key of its own, neither are
 * the tokens that it was given.
 * https://github.com/go-shiori/shiori, internal/webserver/handler-api.go, internal/database/sqlite.go,
 * internal/http/handlers/api/v1/.
 */
export async function fakeShiori(
  items: FakeItem[],
  { clock = systemClock, version = '1.8', ...options }: ShioriFakeOptions = {},
): Promise<FakeServer> {
  const granted = new Map<string, { password: string; until: number }>();
  const tagIds: string[] = [];
  const details = new Map<FakeItem, { excerpt: string; public: number }>();
  const detailsOf = (item: FakeItem) => details.get(item) ?? { excerpt: `About ${item.id}`, public: 1 };

  const answer = (context: Context<Node>, status: 200 | 400 | 401 | 404, message: unknown) =>
    context.json(version === '1.7' ? { ok: status === 200, message } : message, status);
  const panic = (context: Context<Node>, text: string): Response => {
    if (version === '1.7') return context.text(text, 500);
    context.env.incoming.socket.destroy();
    return RESPONSE_ALREADY_SENT;
  };
  const isGood = (context: Context) => {
    const token = granted.get(context.req.header('Authorization')?.replace('Bearer ', '') ?? '');
    return token && token.until > clock.now() && server.tokens.has(token.password);
  };

  const tagOf = (name: string) => {
    if (!tagIds.includes(name)) tagIds.push(name);
    return { id: 1 + tagIds.indexOf(name), name };
  };
  const hasContent = ({ ready, words }: FakeItem) => ready && words > 0;
  const bookmarkOf = (item: FakeItem) => ({
    id: Number(item.id),
    url: item.url,
    title: item.title,
    ...detailsOf(item),
    author: '',
    createdAt: timeOf(item.addedAt),
    modifiedAt: timeOf(item.addedAt),
    imageURL: '',
    hasContent: hasContent(item),
    tags: item.tags.toSorted().map((name) => ({ ...tagOf(name), bookmark_count: 0, deleted: false })),
    hasArchive: false,
    hasEbook: false,
    create_archive: false,
    create_ebook: false,
  });
  const withContent = (item: FakeItem) => ({
    ...bookmarkOf(item),
    ...(hasContent(item) && { html: htmlOf(item.words) }),
  });
  const kept = () => items.filter(({ archived }) => !archived);
  const itemOf = (id: unknown) => kept().find((item) => item.id === String(id));

  const server: FakeServer = await startFake(
    items,
    (app) => {
      app.post('/api/v1/auth/login', async (context) => {
        const { username, password } = await bodyOf(context);
        if (username !== SHIORI_USERNAME || !server.tokens.has(String(password))) {
          return answer(context, 400, 'username or password do not match');
        }
        const token = `token-${granted.size + 1}`;
        const until = clock.now() + TOKEN_LIFE_MS;
        granted.set(token, { password: String(password), until });
        return answer(context, 200, { token, expires: Math.floor(until / 1000) });
      });

      app.use('/api/v1/*', async (context, next) => (isGood(context) ? next() : answer(context, 401, null)));
      app.get('/api/v1/auth/me', (context) =>
        answer(context, 200, { id: 1, username: SHIORI_USERNAME, owner: server.mayWrite, config: {} }),
      );
      app.get('/api/v1/bookmarks/:id/readable', (context) => {
        const item = itemOf(context.req.param('id'));
        if (!item) return answer(context, 404, 'Bookmark not found');
        return answer(context, 200, { content: '', html: hasContent(item) ? htmlOf(item.words) : '' });
      });

      app.use('/api/*', async (context, next) => {
        if (!isGood(context)) return panic(context, 'session has been expired');
        const isWrite = context.req.method !== 'GET';
        return isWrite && !server.mayWrite ? panic(context, 'account level is not sufficient') : next();
      });
      app.get('/api/bookmarks', (context) => {
        const page = Math.max(1, Number(context.req.query('page')) || 1);
        const found = kept().toSorted((one, other) => Number(other.id) - Number(one.id));
        return context.json({
          page,
          maxPage: Math.ceil(found.length / PAGE_SIZE),
          bookmarks: found.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE).map(bookmarkOf),
        });
      });

      app.put('/api/bookmarks/tags', async (context) => {
        const { ids, tags } = (await bodyOf(context)) as { ids: unknown[]; tags: Tag[] };
        if (ids.length === 0 || tags.length === 0) return panic(context, 'IDs and tags must not empty');
        const found = ids.flatMap((id) => itemOf(id) ?? []);
        if (found.length === 0) return panic(context, 'no bookmark with matching ids');
        for (const item of found) item.tags = [...new Set([...item.tags, ...named(tags)])];
        // Without a type, which Go takes from the first bytes.
        return context.text(JSON.stringify(found.map(withContent)));
      });

      app.put('/api/bookmarks', async (context) => {
        const { id, url, title, excerpt = '', public: isPublic = 0, tags } = await bodyOf(context);
        if (!title) return panic(context, 'title must not empty');
        const item = itemOf(id);
        if (!item) return panic(context, 'no bookmark with matching ids');
        if (!url) return panic(context, 'URL must not be empty');
        Object.assign(item, { url, title, tags: named((tags ?? []) as Tag[], item.tags) });
        details.set(item, { excerpt: String(excerpt), public: Number(isPublic) });
        return context.json(withContent(item));
      });
    },
    { ...options, isOpen: () => true, refusesWrites: false },
  );
  return server;
}

/** Names as they are kept: those that the bookmark has as they are, others lower-cased; a tag with an id is not added. */
function named(tags: readonly Tag[], held: readonly string[] = []): string[] {
  return tags.flatMap(({ id, name }) => {
    if (held.includes(String(name))) return String(name);
    return id ? [] : String(name).toLowerCase().split(/\s+/).filter(Boolean).join(' ');
  });
}

function timeOf(seconds: number): string {
  if (Number.isNaN(seconds)) return 'soon';
  return new Date(seconds * 1000).toISOString().replace('T', ' ').slice(0, 19);
}
