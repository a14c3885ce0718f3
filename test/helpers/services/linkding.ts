import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from 'hono';
import { type FakeItem, type FakeOptions, type FakeServer, iso, startFake } from './fake-service.ts';

export type LinkdingOptions = FakeOptions & {
  /** What it adds to a bookmark of this address with every write. */
  readonly autoTags?: (url: string) => readonly string[];
  /** Whether a listing can be of unread bookmarks only. */
  readonly knowsUnread?: boolean;
  /** What happens in the middle of a write: by default, so much time passes that another one may come. */
  readonly whileWriting?: () => Promise<unknown>;
};

/** How long a write takes, so that another one may come in the middle of it: milliseconds. */
const WRITE_MS = 3;
/** Rows of a page where no limit is named, or none that makes sense. */
const DEFAULT_LIMIT = 100;
const ITEM = '/api/bookmarks/:id/';

/** linkding 1.46 on SQLite as far as the tagger sees it: of two writes at once, the second is answered with 500. */
export async function fakeLinkding(
  items: FakeItem[],
  {
    autoTags = () => [],
    knowsUnread = true,
    whileWriting = () => sleep(WRITE_MS),
    ...options
  }: LinkdingOptions = {},
): Promise<FakeServer> {
  let isWriting = false;
  /** Names are one whatever their capitals; the first way to write one stays. */
  const names: string[] = [];
  const stored = (name: string) => {
    const kept = name.trim().replaceAll(' ', '-');
    const known = names.find((one) => one.toLowerCase() === kept.toLowerCase());
    if (known === undefined) names.push(kept);
    return known ?? kept;
  };
  for (const name of items.toReversed().flatMap(({ tags }) => tags)) stored(name);
  const bookmarkOf = (item: FakeItem) => ({
    url: item.url,
    title: item.title,
    description: '',
    notes: '',
    web_archive_snapshot_url: '',
    favicon_url: null,
    preview_image_url: null,
    shared: false,
    date_added: iso(item.addedAt),
    date_modified: iso(item.addedAt),
    website_title: null,
    website_description: null,
    ...item.row,
    id: Number(item.id),
    is_archived: item.archived,
    unread: item.progress !== 1,
    tag_names: item.tags.map(stored).toSorted(),
  });
  const isFound = ({ tags, progress }: FakeItem, query: Record<string, string>) => {
    const asked = (query.q ?? '').split(' ').filter((term) => term.startsWith('#'));
    const isUnread = { yes: true, no: false }[query.unread ?? ''];
    const held = tags.map((tag) => `#${tag.toLowerCase()}`);
    return (
      asked.every((tag) => held.includes(tag.toLowerCase())) &&
      (isUnread === undefined || !knowsUnread || isUnread === (progress !== 1))
    );
  };

  const itemAt = (context: Context): FakeItem | Response => {
    const id = context.req.param('id') ?? '';
    if (!/^\d+$/.test(id)) return json({ detail: 'Not found.' }, 404);
    const item = items.find((one) => one.id === id);
    return item ?? json({ detail: 'No Bookmark matches the given query.' }, 404);
  };
  const write = async (item: FakeItem, { tags = item.tags, unread = item.progress !== 1 }: Asked) => {
    isWriting = true;
    await whileWriting();
    isWriting = false;
    item.tags = [...new Set([...tags, ...autoTags(item.url)].map(stored))];
    item.progress = unread ? 0 : 1;
  };

  return startFake(
    items,
    (app) => {
      app.notFound((context) =>
        context.html(page('Not Found', 'The requested resource was not found on this server.'), 404),
      );
      app.get('/api/bookmarks/:path{.*[^/]$}', withSlash);
      app.get('/api/bookmarks', withSlash);

      app.on('GET', ['/api/bookmarks/', '/api/bookmarks/archived/'], (context) => {
        const isArchive = context.req.path.endsWith('/archived/');
        const query = context.req.query();
        const found = items.filter((item) => item.archived === isArchive && isFound(item, query));
        return paged(context, found.map(bookmarkOf));
      });
      app.get('/api/tags/', (context) =>
        paged(
          context,
          names.map((name, at) => ({ id: at + 1, name, date_added: iso(0) })),
        ),
      );

      app.get(ITEM, (context) => {
        const item = itemAt(context);
        return item instanceof Response ? item : context.json(bookmarkOf(item));
      });
      app.on(['PATCH', 'PUT'], ITEM, async (context) => {
        const item = itemAt(context);
        if (item instanceof Response) return item;
        const asked = await askedOf(context);
        if (asked instanceof Response) return asked;
        if (isWriting) return context.html(page('Server Error (500)'), 500);
        await write(item, asked);
        return context.json(bookmarkOf(item));
      });
      app.post(ITEM, () => json({ detail: 'Method "POST" not allowed.' }, 405));
    },
    { ...options, schemes: ['Token', 'Bearer'], unauthorized },
  );
}

const json = (body: object, status: number) => Response.json(body, { status });

function unauthorized(header: string): Response {
  const detail =
    header === ''
      ? 'Authentication credentials were not provided.'
      : header.includes(' ')
        ? 'Invalid token.'
        : 'Invalid token header. No credentials provided.';
  return json({ detail }, 401);
}

/** What Django answers outside of its API. */
function page(title: string, text = ''): string {
  return `
<!doctype html>
<html lang="en">
<head>
  <title>${title}</title>
</head>
<body>
  <h1>${title}</h1><p>${text}</p>
</body>
</html>
`;
}

function withSlash(context: Context): Response {
  const { path, url } = context.req;
  return new Response('', {
    status: 301,
    headers: { Location: `${path}/${new URL(url).search}`, 'Content-Type': 'text/html; charset=utf-8' },
  });
}

/** The rows of a page by limit and offset, with the addresses of the pages beside it. */
function paged(context: Context, rows: readonly object[]): Response {
  const whole = (name: string, least: number) => {
    const value = context.req.query(name) ?? '';
    return /^\d+$/.test(value) && Number(value) >= least ? Number(value) : undefined;
  };
  const limit = whole('limit', 1) ?? DEFAULT_LIMIT;
  const offset = whole('offset', 0) ?? 0;
  const address = (at: number) => {
    const url = new URL(context.req.url);
    url.searchParams.set('limit', String(limit));
    url.searchParams.delete('offset');
    if (at > 0) url.searchParams.set('offset', String(at));
    url.searchParams.sort();
    return url.href;
  };
  return context.json({
    count: rows.length,
    next: offset + limit < rows.length ? address(offset + limit) : null,
    previous: offset > 0 ? address(offset - limit) : null,
    results: rows.slice(offset, offset + limit),
  });
}

type Asked = { tags?: string[] | undefined; unread?: boolean | undefined };

/** What a write asks for, or the answer to one that is refused. */
async function askedOf(context: Context): Promise<Asked | Response> {
  const body = await fieldsOf(context);
  if (body instanceof Response) return body;
  if (Array.isArray(body)) {
    return json({ non_field_errors: ['Invalid data. Expected a dictionary, but got list.'] }, 400);
  }
  const { tag_names, url, unread } = body as Record<string, unknown>;
  if (context.req.method === 'PUT' && url === undefined)
    return json({ url: ['This field is required.'] }, 400);
  const tags = tagsIn(tag_names);
  if (tags instanceof Response) return tags;
  return { tags, unread: typeof unread === 'boolean' ? unread : undefined };
}

async function fieldsOf(context: Context): Promise<unknown> {
  const type = context.req.header('Content-Type')?.split(';')[0] ?? '';
  if (type === 'application/x-www-form-urlencoded') return context.req.parseBody({ all: true });
  if (type !== 'application/json')
    return json({ detail: `Unsupported media type "${type}" in request.` }, 415);
  return context.req
    .json()
    .catch((error: Error) => json({ detail: `JSON parse error - ${error.message}` }, 400));
}

function tagsIn(names: unknown): string[] | undefined | Response {
  if (names === undefined) return undefined;
  if (names === null) return json({ tag_names: ['This field may not be null.'] }, 400);
  if (!Array.isArray(names)) {
    const type = typeof names === 'string' ? 'str' : 'dict';
    return json({ tag_names: [`Expected a list of items but got type "${type}".`] }, 400);
  }
  const wrong = names.flatMap((name, at) => {
    const why = whyNoTag(name);
    return why === undefined ? [] : [[at, [why]] as const];
  });
  if (wrong.length > 0) return json({ tag_names: Object.fromEntries(wrong) }, 400);
  return names.flatMap((name) => String(name).split(',')).filter((name) => name.trim() !== '');
}

function whyNoTag(name: unknown): string | undefined {
  if (name === null) return 'This field may not be null.';
  if (typeof name === 'object') return 'Not a valid string.';
  return String(name).trim() === '' ? 'This field may not be blank.' : undefined;
}
