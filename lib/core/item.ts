import type { TextLength } from './reading-speed.ts';

/**
 * The domain types of the tagger. The adapter of a reading list translates the service's rows into `Item`s;
 * no other code knows a service's field names. Unknown is absent, never `0` or `''`.
 */

/**
 * A tag on an item. `id` only if the service removes tags by id; `storedAs` if the service stores one of our tags
 * under a different name than in the settings: `a-quick-read` for `a quick read`.
 */
export type Tag = { readonly name: string; readonly id?: string; readonly storedAs?: string };

/** What the item is, as far as the service says; `article` if it does not say. */
export type ItemKind = 'article' | 'video' | 'image';

export type Item = {
  readonly id: string;
  readonly kind: ItemKind;
  readonly tags: readonly Tag[];
  readonly url?: string;
  readonly title?: string;
  /** Words of the text, as the service counted them; above 0. */
  readonly words?: number;
  /** Minutes to read, as the service shows them; above 0. */
  readonly minutes?: number;
  /** The text that the service's minutes stand for, if it has not counted the words: its minutes times its speed. */
  readonly lengthByMinutes?: TextLength;
  /** Duration of the video, if the item is one: seconds, above 0. */
  readonly videoSeconds?: number;
  /** The item is an article about a video: its lead image is a video thumbnail. */
  readonly aboutVideo?: boolean;
  /** BCP 47 language tag, as the service gives it: `en`, `pt-BR`. */
  readonly language?: string;
  /** False until the service has fetched and parsed the page. */
  readonly parsed: boolean;
  /** When the reader saved the item: seconds since 1970. */
  readonly addedAt?: number;
  /** Reading progress: 0 to 1. */
  readonly progress?: number;
  /** What the adapter needs to write the item or read it again; opaque to all other code. */
  readonly ref?: unknown;
};

/** What to write for one item: at least one tag to add or remove. Tags to remove are as they are on the item. */
export type TagChange = {
  readonly item: Item;
  readonly add: readonly string[];
  readonly remove: readonly Tag[];
};

/**
 * The result of one `TagChange`. `reason` is a clause for people: "the service did not say". `gone`: the reader deleted
 * the item during the run, which is no failure.
 */
export type TagResult =
  | { readonly itemId: string; readonly ok: true }
  | { readonly itemId: string; readonly ok: false; readonly reason: string; readonly gone?: true };

/** The result of a change of an item that is no longer there. */
export function goneResult(itemId: string): TagResult {
  return { itemId, ok: false, reason: 'no longer there', gone: true };
}

/** Addresses of videos, at those who have most of them: services that know only of pages take these for articles. */
const VIDEO_ADDRESS =
  /^https?:\/\/(?:www\.|m\.)?(?:youtube(?:-nocookie)?\.com\/(?:watch\?|shorts\/|live\/|embed\/)|youtu\.be\/|(?:player\.)?vimeo\.com\/(?:video\/)?\d|dailymotion\.com\/video\/|dai\.ly\/|bilibili\.com\/video\/|b23\.tv\/|twitch\.tv\/videos\/|tiktok\.com\/@[^/]{1,60}\/video\/|nicovideo\.jp\/watch\/|rutube\.ru\/video\/|v\.youku\.com\/v_show\/)/i;

/** Whether an item is a video: as the service says, or by its address. */
export function isVideo({ kind, url = '' }: Pick<Item, 'kind' | 'url'>): boolean {
  return kind === 'video' || (kind === 'article' && VIDEO_ADDRESS.test(url));
}
