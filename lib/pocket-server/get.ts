import * as z from 'zod';
import { pocketTagName, storedTagName } from '../reading-lists/pocket/rows.ts';
import type { ListQuery } from './list-query.ts';
import type { Params } from './request.ts';
import { badRequest, ok, type PocketResponse } from './response.ts';
import type { Store } from './store.ts';
import type { Media, StoredItem } from './stored-item.ts';

/** Maximum `count`, as on Pocket's last servers; also the default with `since`, for clients that synchronize. */
const MAX_COUNT = 5000;
/** `count` where none is given. */
const DEFAULT_COUNT = 30;

const lowerCase = z.preprocess(
  (value) => (typeof value === 'string' ? value.toLowerCase() : value),
  z.string(),
);

/** The JSON number 1 is true; for Pocket's last servers it was false. */
const flag = z
  .union([z.literal([0, 1, true, false]), z.enum(['0', '1', 'true', 'false'])])
  .transform((value) => [1, '1', true, 'true'].includes(value));

const integer = (min: number, max: number) =>
  z
    .union([z.number(), z.string().regex(/^-?\d+$/)])
    .transform(Number)
    .pipe(z.number().int().min(min).max(max));

/** Seconds; 13 digits or more are milliseconds. Parsed by `parseInt`, so a date becomes its year. */
const timestamp = z.union([z.number(), z.string()]).transform((value, context) => {
  const number = Number.parseInt(String(value), 10);
  if (Number.isNaN(number) || number < 0) context.addIssue('expected seconds since 1970');
  return number >= 1e12 ? Math.floor(number / 1000) : number;
});

const paramsSchema = z.object({
  state: lowerCase.pipe(z.enum(['unread', 'queue', 'archive', 'read', 'all'])).optional(),
  favorite: flag.optional(),
  tag: z.string().trim().min(1).optional(),
  contentType: lowerCase.pipe(z.enum(['article', 'video', 'image', 'all'])).optional(),
  sort: lowerCase
    .pipe(z.enum(['newest', 'oldest', 'relevance', 'longest', 'shortest', 'title', 'site']))
    .default('newest'),
  detailType: lowerCase.pipe(z.enum(['simple', 'complete'])).default('simple'),
  search: z.string().optional(),
  domain: z.string().optional(),
  since: timestamp.optional(),
  count: integer(1, MAX_COUNT).optional(),
  offset: integer(0, Number.MAX_SAFE_INTEGER).default(0),
  total: flag.default(false),
});

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
    ...(tag !== undefined && { tag: storedTagName(pocketTagName(tag)) }),
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
  Object.fromEntries(tags.map((tag) => [tag, { item_id, tag }]));

/** One entry of `list`: every scalar is a string, except three that Pocket sent as numbers. */
function toV3Item(item: StoredItem, sortId: number, detailType: GetRequest['detailType']): Fields {
  const item_id = String(item.item_id);
  if (item.status === 2) return { item_id, status: '2' };
  return {
    item_id,
    resolved_id: item.resolved_id,
    given_url: item.given_url,
    given_title: item.given_title,
    favorite: String(item.favorite),
    status: String(item.status),
    time_added: String(item.time_added),
    time_updated: String(item.time_updated),
    time_read: String(item.time_read),
    time_favorited: String(item.time_favorited),
    sort_id: sortId,
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
    ...(item.top_image_url && { top_image_url: item.top_image_url }),
    // Pending items had none.
    ...(item.resolved_id !== '' && { tags: tagsOf(item, item_id) }),
    ...(detailType === 'complete' && mediaOf(item.media, item_id)),
  };
}

/** /v3/get: one page of the list. 400 for an invalid parameter. */
export function get(store: Store, params: Params): PocketResponse {
  const read = paramsSchema.safeParse(params);
  if (!read.success) {
    const [name = ''] = read.error.issues[0]?.path ?? [];
    return badRequest(`Invalid value for ${String(name)}`, params[String(name)]);
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
