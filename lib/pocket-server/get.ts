import * as z from 'zod';
import { pocketTagName, storedPocketTagName } from '../reading-lists/tag-names.ts';
import type { Params } from './http.ts';
import { invalidParam, type Location, ok, type PocketResponse } from './http.ts';
import type { ListQuery } from './list-query.ts';
import type { Store } from './store.ts';
import type { Media, StoredItem } from './stored-item.ts';

/** Maximum `count`, as on Pocket's last servers; also the default with `since`, for clients that synchronize. */
const MAX_COUNT = 5000;
/** `count` where none is given. */
const DEFAULT_COUNT = 30;

/** `fetch`: items on the first page, which Pocket's apps showed at once, and on each after it. */
const FIRST_FETCH_COUNT = 25;
const NEXT_FETCH_COUNT = 250;

/** The JSON number 1 is true, as in Pocket's documents and on its older servers; to its last ones it was false. */
const flag = z
  .union([z.literal([0, 1, true, false]), z.enum(['0', '1', 'true', 'false'])])
  .transform((value) => [1, '1', true, 'true'].includes(value));

const integer = (min: number, max: number) =>
  z
    .union([z.number(), z.string().regex(/^-?\d+$/)])
    .transform(Number)
    .pipe(z.number().int().min(min).max(max));

const paramsSchema = z.object({
  detailType: z.enum(['simple', 'complete']),
  state: z.enum(['unread', 'queue', 'archive', 'read', 'all']).optional(),
  offset: integer(0, Number.MAX_SAFE_INTEGER),
  count: integer(1, MAX_COUNT).optional(),
  tag: z.string().min(1).optional(),
  since: z.number().min(0).optional(),
  contentType: z.enum(['article', 'video', 'image', 'all']).optional(),
  favorite: flag.optional(),
  search: z.string().optional(),
  // Pocket documented `title`, `site` and `domain`. Its last servers refused the first two and ignored the third; clients
  // still send them.
  sort: z.enum(['newest', 'oldest', 'relevance', 'longest', 'shortest', 'title', 'site']),
  domain: z.string().optional(),
  total: flag,
});

const lowerCase = (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : value);
const orDefault = (value: unknown, byDefault: unknown) => (value === '' ? byDefault : (value ?? byDefault));

/** As `parseInt` reads it: a date becomes its year. No number at all is as if nothing had been sent. */
function parsedInt(value: unknown): number | undefined {
  const number = Number.parseInt(String(value), 10);
  return Number.isNaN(number) ? undefined : number;
}

/** 13 digits or more are milliseconds. */
const inSeconds = (time = Number.NaN) => (time >= 1e12 ? Math.round(time / 1000) : time);

/** What is validated, and repeated in an error: Pocket read some parameters before it looked at them. */
function readParams(params: Params): Params {
  const since = parsedInt(params.since);
  return {
    ...params,
    detailType: lowerCase(orDefault(params.detailType, 'simple')),
    state: lowerCase(params.state),
    offset: orDefault(params.offset, 0),
    count: parsedInt(params.count),
    since: since === undefined ? undefined : inSeconds(since),
    contentType: lowerCase(params.contentType),
    sort: lowerCase(params.sort ?? 'newest'),
    total: orDefault(params.total, false),
  };
}

type GetRequest = z.infer<typeof paramsSchema>;

/** Without `state`, deleted items are included, so that clients can synchronize. */
function statusesOf({ state, search }: GetRequest): readonly number[] | undefined {
  if (state === 'unread' || state === 'queue') return [0];
  if (state === 'archive' || state === 'read') return [1];
  return search ? [0, 1] : undefined;
}

function orderOf({ sort, state, favorite, since }: GetRequest): ListQuery['orderBy'] {
  if (sort === 'title' || sort === 'site') return sort;
  if (since !== undefined) return 'time_added';
  if (favorite !== undefined) return 'time_favorited';
  return state === 'archive' || state === 'read' ? 'time_read' : 'time_added';
}

function queryOf(request: GetRequest): ListQuery {
  const { sort, tag, contentType, search, domain, favorite, since } = request;
  const statuses = statusesOf(request);
  return {
    ...(statuses && { statuses }),
    ...(favorite !== undefined && { favorite }),
    ...(tag !== undefined && { tag: storedPocketTagName(pocketTagName(tag)) }),
    ...(contentType && contentType !== 'all' && { contentType }),
    ...(search && { search }),
    ...(domain && { domain }),
    ...(since !== undefined && { since }),
    orderBy: orderOf(request),
    descending: !['oldest', 'title', 'site'].includes(sort),
  };
}

type Fields = Record<string, unknown>;

/** Images and videos as v3 returns them: an object with keys from 1. */
const numbered = (id: string, list: readonly object[], item_id: string): Fields =>
  Object.fromEntries(
    list.map((one, at) => [String(at + 1), { item_id, [`${id}_id`]: String(at + 1), ...one }]),
  );

function mediaOf({ authors, images, videos, domain_metadata = {} }: Media, item_id: string): Fields {
  const [image] = images ?? [];
  const { src, width, height } = image ?? {};
  return {
    ...(authors?.length && {
      authors: Object.fromEntries(authors.map((author) => [author.author_id, { ...author, item_id }])),
    }),
    ...(image && { image: { item_id, src, width, height } }),
    ...(images?.length && { images: numbered('image', images, item_id) }),
    ...(videos?.length && { videos: numbered('video', videos, item_id) }),
    domain_metadata,
  };
}

const tagsOf = ({ tags }: StoredItem, item_id: string): Fields =>
  Object.fromEntries(tags.map((tag) => [tag, { tag, item_id }]));

/** One entry of `list`: every scalar is a string, except three that Pocket sent as numbers. */
function toV3Item(item: StoredItem, sortId: number, detailType: GetRequest['detailType']): Fields {
  const item_id = String(item.item_id);
  if (item.status === 2) return { item_id, status: '2' };
  return {
    item_id,
    favorite: String(item.favorite),
    status: String(item.status),
    time_added: String(item.time_added),
    time_updated: String(item.time_updated),
    time_read: String(item.time_read),
    time_favorited: String(item.time_favorited),
    sort_id: sortId,
    ...(item.top_image_url && { top_image_url: item.top_image_url }),
    // Pending items had none.
    ...(item.resolved_id !== '' && { tags: tagsOf(item, item_id) }),
    resolved_id: item.resolved_id,
    given_url: item.given_url,
    given_title: item.given_title,
    resolved_title: item.resolved_title,
    resolved_url: item.resolved_url,
    excerpt: item.excerpt,
    is_article: String(item.is_article),
    is_index: String(item.is_index),
    has_video: String(item.has_video),
    has_image: String(item.has_image),
    word_count: String(item.word_count),
    lang: item.lang,
    time_to_read: item.time_to_read,
    listen_duration_estimate: item.listen_duration_estimate,
    ...(detailType === 'complete' && mediaOf(item.media, item_id)),
  };
}

/** /v3/get: one page of the list. 400 for an invalid parameter. */
export function get(store: Store, sent: Params, location: Location): PocketResponse {
  const params = readParams(sent);
  const read = paramsSchema.safeParse(params);
  if (!read.success) {
    const name = String(read.error.issues[0]?.path[0]);
    const message = name === 'offset' ? '`offset` cannot be negative' : undefined;
    return invalidParam(location, name, params[name], message);
  }
  const { search, offset, since, total, detailType } = read.data;
  const { count = since === undefined ? DEFAULT_COUNT : MAX_COUNT } = read.data;
  const query = queryOf(read.data);
  const items = store.list(query, offset, count);
  // Status 2, empty, is for an empty list only, not for an offset past the end.
  const all = total || search || items.length === 0 ? store.count(query) : items.length;
  const has_more = offset + items.length < all;
  const entries = items.map((item, at) => [item.item_id, toV3Item(item, at, detailType)]);
  return ok({
    ...(total && { total: String(all) }),
    maxActions: 30,
    cachetype: 'db',
    status: all > 0 ? 1 : 2,
    error: null,
    complete: 1,
    since: Math.floor(Date.now() / 1000),
    list: items.length === 0 && search ? [] : Object.fromEntries(entries),
    ...(search && { search_meta: { total_result_count: all, count, offset, has_more } }),
  });
}

/** /v3/fetch, by which Pocket's own apps filled an empty list: the unread items, in pages of their own. */
export function fetchUnread(store: Store, sent: Params, location: Location): PocketResponse {
  const { offset, count, chunk = 0 } = sent;
  const isFirst = parsedInt(orDefault(offset, 0)) === 0;
  const fixed = { state: 'unread', sort: 'newest', detailType: 'complete', total: '1' };
  const page = { offset, count: isFirst ? FIRST_FETCH_COUNT : orDefault(count, NEXT_FETCH_COUNT) };
  const answer = get(store, { ...page, ...fixed }, location);
  const passthrough = {
    fetchChunkSize: String(NEXT_FETCH_COUNT),
    firstChunkSize: String(FIRST_FETCH_COUNT),
    chunk: String(chunk),
  };
  return answer.status === 200 ? ok({ ...(answer.body as Fields), passthrough }) : answer;
}
