import * as z from 'zod';
import { type Answer, badRequest, ok } from './answer.ts';
import type { ListQuery } from './list-query.ts';
import type { Params } from './params.ts';
import type { Era, Quirks } from './quirks.ts';
import type { Store } from './store.ts';
import type { StoredItem } from './stored-item.ts';
import { normalisedTag } from './tag-name.ts';
import { toV3Item } from './v3-item.ts';

const lowerCase = z.preprocess(
  (value) => (typeof value === 'string' ? value.toLowerCase() : value),
  z.string(),
);

/** `strict` is what era B made of a JSON number 1: it passes, and means false. */
const flag = (strict: boolean) =>
  z
    .union([z.literal([0, 1, true, false]), z.enum(['0', '1', 'true', 'false'])])
    .transform((value) => value === '1' || value === 'true' || value === true || (!strict && value === 1));

const whole = (least: number, most: number) =>
  z
    .union([z.number(), z.string().regex(/^-?\d+$/)])
    .transform(Number)
    .pipe(z.number().int().min(least).max(most));

/** Seconds; 13 digits and more are milliseconds. Read as `parseInt` reads, so a date is its year. */
const moment = z.union([z.number(), z.string()]).transform((value, context) => {
  const number = Number.parseInt(String(value), 10);
  if (Number.isNaN(number) || number < 0) context.addIssue('expected seconds since 1970');
  return number >= 1e12 ? Math.floor(number / 1000) : number;
});

const paramsSchema = (quirks: Quirks) =>
  z.object({
    state: lowerCase.pipe(z.enum(['unread', 'queue', 'archive', 'read', 'all'])).optional(),
    favorite: flag(quirks.strictFlags).optional(),
    tag: z.string().trim().min(1).optional(),
    contentType: lowerCase.pipe(z.enum(['article', 'video', 'image', 'all'])).optional(),
    sort: lowerCase
      .pipe(
        z.enum([
          ...(['newest', 'oldest', 'relevance', 'longest', 'shortest'] as const),
          ...(quirks.strictSort ? [] : (['title', 'site'] as const)),
        ]),
      )
      .default('newest'),
    detailType: lowerCase.pipe(z.enum(['simple', 'complete'])).default('simple'),
    search: z.string().optional(),
    domain: z.string().optional(),
    since: moment.optional(),
    count: whole(1, 5000).default(quirks.mostItems),
    offset: whole(0, Number.MAX_SAFE_INTEGER).default(0),
    total: flag(quirks.strictFlags).default(false),
  });

type Request = z.infer<ReturnType<typeof paramsSchema>>;

/** Era A hides the deleted unless a client asks what changed; era B shows them wherever no state is asked for. */
function statusesOf({ state, since, search }: Request, era: Era): readonly number[] | undefined {
  if (state === 'unread' || state === 'queue') return [0];
  if (state === 'archive' || state === 'read') return [1];
  if (era === 'A' && state === undefined && since === undefined) return [0];
  return search || (era === 'A' && since === undefined) ? [0, 1] : undefined;
}

function orderOf({ sort, state, favorite, since }: Request): ListQuery['orderBy'] {
  if (sort === 'title' || sort === 'site') return sort;
  if (since !== undefined) return 'time_added';
  if (favorite !== undefined) return 'time_favorited';
  return state === 'archive' || state === 'read' ? 'time_read' : 'time_added';
}

function queryOf(request: Request, era: Era, quirks: Quirks): ListQuery {
  const { sort, tag, contentType, search, domain, favorite, since } = request;
  const statuses = statusesOf(request, era);
  return {
    ...(statuses && { statuses }),
    ...(favorite !== undefined && { favorite }),
    ...(tag !== undefined && { tag: normalisedTag(tag) }),
    ...(contentType && contentType !== 'all' && { contentType }),
    ...(search && { search }),
    ...(domain && !quirks.strictSort && { domain }),
    ...(since !== undefined && { since }),
    orderBy: orderOf(request),
    descending: !['oldest', 'title', 'site'].includes(sort),
  };
}

type Page = {
  readonly request: Request;
  readonly items: readonly StoredItem[];
  readonly list: Readonly<Record<string, unknown>>;
  readonly quirks: Quirks;
  readonly total: () => number;
};

function eraA({ request, items, list, quirks, total }: Page): object {
  const changed = items.reduce((latest, item) => Math.max(latest, item.time_updated), 0);
  return {
    status: items.length > 0 ? 1 : 2,
    complete: (request.since ?? 0) > 0 ? 0 : 1,
    list: items.length === 0 && quirks.emptyList === 'array' ? [] : list,
    error: null,
    search_meta: { search_type: 'normal' },
    since: changed || Math.floor(Date.now() / 1000),
    ...(request.total && { total: String(total()) }),
  };
}

function eraB({ request, items, list, quirks, total }: Page): object {
  const { search, offset, count } = request;
  // Past the end is not "empty": only a list with nothing in it is.
  const all = request.total || search || items.length === 0 ? total() : items.length;
  const emptyList = search ? 'array' : quirks.emptyList;
  const has_more = offset + items.length < all;
  return {
    ...(request.total && { total: String(all) }),
    maxActions: 30,
    cachetype: 'db',
    status: all > 0 ? 1 : 2,
    error: null,
    complete: 1,
    since: Math.floor(Date.now() / 1000),
    list: items.length === 0 && emptyList === 'array' ? [] : list,
    ...(search && { search_meta: { total_result_count: all, count, offset, has_more } }),
  };
}

/** /v3/get: one page of the list. 400 where a parameter makes no sense. */
export function get(store: Store, params: Params, era: Era, quirks: Quirks): Answer {
  const read = paramsSchema(quirks).safeParse(params);
  if (!read.success) {
    const [name = ''] = read.error.issues[0]?.path ?? [];
    return badRequest(`Invalid value for ${String(name)}`, params[String(name)]);
  }
  const request = { ...read.data, count: Math.min(read.data.count, quirks.mostItems) };
  const query = queryOf(request, era, quirks);
  const items = store.list(query, request.offset, request.count);
  const shape = { era, quirks, detailType: request.detailType };
  const list = Object.fromEntries(items.map((item, at) => [item.item_id, toV3Item(item, at, shape)]));
  const total = () => Math.min(store.count(query), quirks.mostTotal);
  return ok((era === 'A' ? eraA : eraB)({ request, items, list, quirks, total }));
}
