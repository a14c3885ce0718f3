import type { Era, Quirks } from './quirks.ts';
import type { Media, StoredItem } from './stored-item.ts';

export type Shape = {
  readonly era: Era;
  readonly quirks: Quirks;
  readonly detailType: 'simple' | 'complete';
};

type Fields = Record<string, unknown>;

/** Numbered from 1, as v3 keys images and videos. */
const numbered = (id: string, list: readonly object[], item_id: string): Fields =>
  Object.fromEntries(
    list.map((one, at) => [String(at + 1), { item_id, [`${id}_id`]: String(at + 1), ...one }]),
  );

function mediaOf({ authors, images, videos, domain_metadata }: Media, item_id: string, era: Era): Fields {
  const [image] = images ?? [];
  const { src, width, height } = image ?? {};
  return {
    ...(authors?.length && {
      authors: Object.fromEntries(authors.map((author) => [author.author_id, { ...author, item_id }])),
    }),
    ...(image && { image: { item_id, src, width, height } }),
    ...(images?.length && { images: numbered('image', images, item_id) }),
    ...(videos?.length && { videos: numbered('video', videos, item_id) }),
    ...((era === 'B' || domain_metadata) && { domain_metadata: domain_metadata ?? {} }),
  };
}

function tagsOf(item: StoredItem, { era, detailType }: Shape): Fields {
  const item_id = String(item.item_id);
  const tags = Object.fromEntries(item.tags.map((tag) => [tag, { item_id, tag }]));
  if (era === 'B') return item.resolved_id === '' ? {} : { tags };
  return detailType === 'complete' && item.tags.length > 0 ? { tags } : {};
}

/** One entry of `list`: every scalar a string, but for the three that Pocket sent as numbers. */
export function toV3Item(item: StoredItem, sortId: number, shape: Shape): Fields {
  const { era, quirks, detailType } = shape;
  const item_id = String(item.item_id);
  if (item.status === 2 && quirks.deletedStubs) return { item_id, status: '2' };
  const fields: Fields = {
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
    ...((era === 'B' || item.time_to_read > 0) && { time_to_read: item.time_to_read }),
    listen_duration_estimate: item.listen_duration_estimate,
    ...(item.top_image_url && { top_image_url: item.top_image_url }),
    ...tagsOf(item, shape),
    ...(detailType === 'complete' && mediaOf(item.media, item_id, era)),
  };
  for (const key of quirks.omit) delete fields[key];
  return fields;
}
