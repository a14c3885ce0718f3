import { setTimeout as sleep } from 'node:timers/promises';
import {
  bodyOf,
  type FakeItem,
  type FakeOptions,
  type FakeServer,
  iso,
  startFake,
  strings,
} from './fake-service.ts';

export type LinkdingOptions = FakeOptions & {
  /** What it adds by address with every write. */
  readonly autoTags?: readonly string[];
  /** Whether a listing can be of unread bookmarks only. */
  readonly knowsUnread?: boolean;
};

/** How long a write takes, so that another one may come in the middle of it: milliseconds. */
const WRITE_MS = 3;
const LOCKED =
  '<!doctype html>\n<html lang="en">\n<head>\n  <title>Server Error (500)</title>\n</head></html>\n';

/** linkding 1.46 on SQLite as far as the tagger sees it: of two writes at once, the second is answered with 500. */
export async function fakeLinkding(
  items: FakeItem[],
  { autoTags = [], knowsUnread = true, ...options }: LinkdingOptions = {},
): Promise<FakeServer> {
  let writing = 0;
  /** Names are one whatever their capitals; the first way to write one stays. */
  const names: string[] = [];
  const stored = (name: string) => {
    const kept = name.trim().replaceAll(' ', '-');
    const known = names.find((one) => one.toLowerCase() === kept.toLowerCase());
    if (known === undefined) names.push(kept);
    return known ?? kept;
  };
  const json = (detail: string, status: number) =>
    new Response(JSON.stringify({ detail }), { status, headers: { 'Content-Type': 'application/json' } });
  const bookmarkOf = (item: FakeItem) => ({
    id: Number(item.id),
    url: item.url,
    title: item.title,
    description: '',
    notes: '',
    web_archive_snapshot_url: '',
    favicon_url: null,
    preview_image_url: null,
    is_archived: item.archived,
    unread: item.progress !== 1,
    shared: false,
    tag_names: item.tags.map(stored),
    date_added: iso(item.addedAt),
    date_modified: iso(item.addedAt),
  });

  return startFake(
    items,
    (app) => {
      app.on('GET', ['/api/bookmarks/', '/api/bookmarks/archived/'], (context) => {
        const isArchive = context.req.path.endsWith('/archived/');
        const { unread, limit = '100', offset = '0' } = context.req.query();
        const found = items.filter(
          ({ archived, progress }) =>
            archived === isArchive && (unread !== 'yes' || !knowsUnread || progress !== 1),
        );
        const page = found.slice(Number(offset), Number(offset) + Number(limit));
        return context.json({
          count: found.length,
          next: Number(offset) + page.length < found.length ? `${context.req.url}&more` : null,
          previous: null,
          results: page.map(bookmarkOf),
        });
      });

      app.on(['GET', 'PATCH'], '/api/bookmarks/:id/', async (context) => {
        const item = items.find(({ id }) => id === context.req.param('id'));
        if (!item) return json('No Bookmark matches the given query.', 404);
        if (context.req.method === 'PATCH') {
          if (writing > 0) return context.html(LOCKED, 500);
          writing += 1;
          await sleep(WRITE_MS);
          writing -= 1;
          const { tag_names } = await bodyOf(context);
          const asked = tag_names === undefined ? item.tags : strings(tag_names);
          item.tags = [...new Set([...asked, ...autoTags].map(stored))];
        }
        return context.json(bookmarkOf(item));
      });
    },
    { ...options, scheme: 'Token', unauthorized: () => json('Invalid token.', 401) },
  );
}
