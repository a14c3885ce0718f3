import * as z from 'zod';
import type { Params } from './request.ts';
import { badRequest, ok, type PocketResponse } from './response.ts';
import type { Store } from './store.ts';
import { parseTags, type StoredItem } from './stored-item.ts';

const paramsSchema = z.object({
  url: z.string().refine((text) => URL.canParse(text)),
  title: z.string().min(1).optional(),
  tags: z
    .union([z.string(), z.array(z.string())])
    .transform((tags, context) => {
      const parsed = parseTags(tags);
      if (!parsed) context.addIssue('empty tag');
      return parsed ?? [];
    })
    .default([]),
  /** Seconds. */
  time: z
    .union([z.int(), z.string().regex(/^\d+$/)])
    .transform(Number)
    .optional(),
});

/** Keys that Pocket set when it had parsed the page; null until then. */
const parsedKeys = [
  ...['normal_url', 'resolved_url', 'domain_id', 'origin_domain_id', 'response_code', 'mime_type'],
  ...['content_length', 'encoding', 'date_resolved', 'date_published', 'title', 'excerpt', 'word_count'],
  ...['innerdomain_redirect', 'login_required', 'has_image', 'has_video', 'is_index', 'is_article'],
  ...['used_fallback', 'lang', 'time_first_parsed', 'authors', 'images', 'videos', 'resolved_normal_url'],
] as const;
const UNPARSED = Object.fromEntries(parsedKeys.map((key) => [key, null]));

const byNumber = (list: readonly object[] | undefined) =>
  list?.length ? Object.fromEntries(list.map((one, at) => [String(at + 1), one])) : [];

/** The item as `add` returns it, which differs from `get`. */
export function addedItem(item: StoredItem): Record<string, unknown> {
  const ids = { item_id: String(item.item_id), resolved_id: item.resolved_id, given_url: item.given_url };
  if (item.resolved_id === '0' || item.resolved_id === '') return { ...ids, ...UNPARSED, resolved_id: '0' };
  return {
    ...ids,
    ...UNPARSED,
    normal_url: item.resolved_url,
    resolved_url: item.resolved_url,
    resolved_normal_url: item.resolved_url,
    date_published: '0000-00-00 00:00:00',
    title: item.resolved_title,
    excerpt: item.excerpt,
    word_count: String(item.word_count),
    has_image: String(item.has_image),
    has_video: String(item.has_video),
    is_index: String(item.is_index),
    is_article: String(item.is_article),
    lang: item.lang,
    authors: byNumber(item.media.authors),
    images: byNumber(item.media.images),
    videos: byNumber(item.media.videos),
    ...(item.top_image_url && { top_image_url: item.top_image_url }),
  };
}

type NewUrl = { url: string; title?: string | undefined; tags: readonly string[]; time: number };

/**
 * Saves a URL. If it is in the list already, the item keeps its id and its fields, becomes unread and moves to the top of
 * the list. `time`: seconds since 1970.
 */
export function saveUrl(store: Store, { url, title, tags, time }: NewUrl): StoredItem {
  const existing = store.find({ url });
  const named = title ? { given_title: title } : {};
  const [added] = existing ? [] : store.insert([{ given_url: url, ...named, time_added: time }]);
  const itemId = added ?? existing?.item_id ?? 0;
  if (existing)
    store.change(itemId, { status: 0, time_read: 0, time_added: time, time_updated: time, ...named });
  store.addTags(itemId, tags);
  const item = store.find({ item_id: String(itemId) });
  if (!item) throw new Error('The item that was just saved is not there.');
  return item;
}

/** /v3/add: saves one URL. This server does not parse pages, so the item stays unparsed: `resolved_id` "0". */
export function add(store: Store, params: Params): PocketResponse {
  const read = paramsSchema.safeParse(params);
  if (!read.success) {
    const [name = ''] = read.error.issues[0]?.path ?? [];
    return badRequest(`Invalid value for ${String(name)}`, params[String(name)]);
  }
  const { time = Math.floor(Date.now() / 1000), ...rest } = read.data;
  const item = store.transaction(() => saveUrl(store, { ...rest, time }));
  return ok({ item: addedItem(item), status: 1 });
}
