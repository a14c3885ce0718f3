import { POCKET_WORDS_PER_MINUTE } from '../reading-lists/pocket/rows.ts';
import { storedPocketTagName } from '../reading-lists/tag-names.ts';

/** A saved item as the store keeps it, in v3's terms. Times are seconds since 1970, `0` = never. */
export type StoredItem = {
  readonly item_id: number;
  /** `'0'`: the page was never parsed. `''`: parsing is pending. */
  readonly resolved_id: string;
  readonly given_url: string;
  readonly given_title: string;
  readonly resolved_url: string;
  readonly resolved_title: string;
  readonly excerpt: string;
  /** Empty: unknown. */
  readonly lang: string;
  readonly top_image_url: string;
  /** 0 or 1. */
  readonly favorite: number;
  /** 0 unread, 1 archived, 2 deleted, 3 hidden. */
  readonly status: number;
  /** 0 or 1. */
  readonly is_article: number;
  /** 0 or 1. */
  readonly is_index: number;
  /** 0 none, 1 contains some, 2 is one. */
  readonly has_image: number;
  /** 0 none, 1 contains some, 2 is one. */
  readonly has_video: number;
  /** 0: unknown; Pocket counted no further than 65535. */
  readonly word_count: number;
  /** Minutes, 0: unknown. */
  readonly time_to_read: number;
  /** Seconds, 0: unknown. */
  readonly listen_duration_estimate: number;
  readonly time_added: number;
  readonly time_updated: number;
  readonly time_read: number;
  readonly time_favorited: number;
  /** Normalized, in alphabetical order. */
  readonly tags: readonly string[];
  readonly media: Media;
};

/** Returned for `detailType=complete` only; every value is a string, as in v3. */
export type Media = {
  readonly authors?: readonly Readonly<Record<string, string>>[];
  readonly images?: readonly Readonly<Record<string, string>>[];
  readonly videos?: readonly Readonly<Record<string, string>>[];
  readonly domain_metadata?: Readonly<Record<string, string>>;
};

/** An item to insert: only the URL is required; `completeItem` fills in the rest. */
export type NewItem = Partial<StoredItem> & { readonly given_url: string };

const MAX_WORDS = 65_535;
/** Pocket's listening speed: seconds are words / 155 * 60. */
const SPOKEN_WORDS_PER_MINUTE = 155;

const UNPARSED = {
  resolved_id: '0',
  given_title: '',
  resolved_url: '',
  resolved_title: '',
  excerpt: '',
  lang: '',
  top_image_url: '',
  favorite: 0,
  status: 0,
  is_article: 0,
  is_index: 0,
  has_image: 0,
  has_video: 0,
  word_count: 0,
  time_to_read: 0,
  listen_duration_estimate: 0,
  time_read: 0,
  time_favorited: 0,
  media: {},
} as const;

/** The fields that Pocket sets when it has parsed a page. */
const parsedFields = ({ item_id, given_url, given_title = '', word_count = 0 }: NewItem) => ({
  resolved_id: String(item_id),
  resolved_url: given_url,
  resolved_title: given_title,
  is_article: word_count > 0 ? 1 : 0,
  time_to_read: Math.round(word_count / POCKET_WORDS_PER_MINUTE),
  listen_duration_estimate: Math.round((word_count / SPOKEN_WORDS_PER_MINUTE) * 60),
});

/**
 * Fills in missing fields. An item with words, a video or an image counts as parsed, and its words give the minutes as
 * in Pocket; any other is not parsed yet. `now`: seconds since 1970.
 */
export function completeItem(
  item: NewItem & { readonly item_id: number },
  now: number,
): Omit<StoredItem, 'tags'> {
  const { word_count = 0, has_video, has_image, time_added = now } = item;
  const parsed = word_count > 0 || has_video || has_image;
  const times = { time_added, time_updated: time_added };
  const full = { ...UNPARSED, ...(parsed ? parsedFields(item) : {}), ...times, ...item };
  return { ...full, word_count: Math.min(word_count, MAX_WORDS) };
}

/** The names in a `tags` parameter: a comma-separated list, or an array of names. */
export const namesIn = (tags: string | readonly string[]): readonly string[] =>
  typeof tags === 'string' ? tags.split(',') : tags;

/** Pocket's words where `parseTags` returns undefined. */
export const NO_BLANK_TAGS = 'Tag name must have at least 1 non-whitespace character.';

/** The tags of a `tags` parameter as they are stored, without duplicates; undefined if one is blank. */
export function parseTags(tags: string | readonly string[]): string[] | undefined {
  const names = namesIn(tags).map(storedPocketTagName);
  return names.includes('') ? undefined : [...new Set(names)];
}
