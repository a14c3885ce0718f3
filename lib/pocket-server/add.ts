import { isIP } from 'node:net';
import * as z from 'zod';
import type { Params } from './http.ts';
import { badRequest, invalidParam, type Location, ok, type PocketResponse } from './http.ts';
import type { Store } from './store.ts';
import { NO_BLANK_TAGS, namesIn, parseTags, type StoredItem } from './stored-item.ts';

/** Characters of a URL. */
const MAX_URL_CHARACTERS = 2083;

/**
 * The URL to save, or undefined if Pocket's `add` refused it: http, https or ftp, at an IP address or a host with a
 * top-level domain. Without a scheme it is http.
 */
function webAddress(text: string): string | undefined {
  const hasScheme = /^[a-z][\da-z+.-]*:\/\//i.test(text);
  const full = hasScheme ? text : `http://${text}`;
  if (text.length > MAX_URL_CHARACTERS || /[\s<>]|^mailto:/i.test(text) || !URL.canParse(full))
    return undefined;
  const { protocol, hostname } = new URL(full);
  const isHost = /\.([a-z]{2,}|xn--[\da-z-]+)$/.test(hostname) || isIP(hostname.replaceAll(/[[\]]/g, '')) > 0;
  return isHost && ['http:', 'https:', 'ftp:'].includes(protocol) ? full : undefined;
}

const paramsSchema = z.object({
  url: z.string().transform((text, context) => webAddress(text) ?? context.addIssue('no web address') ?? ''),
  title: z.string().min(1).optional(),
  tags: z.array(z.string().min(1)).min(1).optional(),
  /** Seconds. */
  time: z
    .union([z.int(), z.string().regex(/^\d+$/)])
    .transform(Number)
    .optional(),
});

/** Keys that Pocket set when it had parsed the page; null until then. */
const parsedKeys = [
  ...['resolved_url', 'domain_id', 'origin_domain_id', 'response_code', 'mime_type', 'content_length'],
  ...[
    'encoding',
    'date_resolved',
    'date_published',
    'title',
    'excerpt',
    'word_count',
    'innerdomain_redirect',
  ],
  ...['login_required', 'has_image', 'has_video', 'is_index', 'is_article', 'used_fallback', 'lang'],
  'time_first_parsed',
] as const;
const UNPARSED = Object.fromEntries(parsedKeys.map((key) => [key, null]));

const byNumber = (list: readonly object[] | undefined) =>
  list?.length ? Object.fromEntries(list.map((one, at) => [String(at + 1), one])) : [];

/** The item as `add` returns it, which differs from `get`. */
export function addedItem(item: StoredItem): Record<string, unknown> {
  const ids = { item_id: String(item.item_id), given_url: item.given_url };
  if (item.resolved_id === '0' || item.resolved_id === '')
    return { ...UNPARSED, ...ids, normal_url: item.given_url, resolved_id: '0' };
  return {
    ...UNPARSED,
    ...ids,
    resolved_id: item.resolved_id,
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

/** What an empty entry makes invalid; '' has none at all. */
const tagsSent = (tags: unknown): unknown =>
  typeof tags === 'string' && tags !== '' ? [...namesIn(tags)] : tags;

/** /v3/add: saves one URL. This server does not parse pages, so the item stays unparsed: `resolved_id` "0". */
export function add(store: Store, sent: Params, location: Location): PocketResponse {
  const params: Params = { ...sent, tags: tagsSent(sent.tags) };
  const read = paramsSchema.safeParse(params);
  if (!read.success) {
    const name = String(read.error.issues[0]?.path[0]);
    return invalidParam(location, name, params[name]);
  }
  const { url, title, time = Math.floor(Date.now() / 1000) } = read.data;
  const tags = read.data.tags ? parseTags(read.data.tags) : [];
  if (!tags) return badRequest(NO_BLANK_TAGS);
  const item = store.transaction(() => saveUrl(store, { url, title, tags, time }));
  return ok({ item: addedItem(item), status: 1 });
}
