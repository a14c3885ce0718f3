/**
 * The nouns of the tagger. A reading list's adapter translates its service's rows into an `Item` once;
 * nothing past the adapter knows a service's field names. Unknown is absent, never `0` or `''`.
 */

/**
 * A tag on an item. `id` only where the service removes tags by id; `storedAs` where the service keeps one of
 * our tags under another name than the settings give it: `a-quick-read` of `a quick read`.
 */
export type Tag = { readonly name: string; readonly id?: string; readonly storedAs?: string };

/** What the item itself is, as far as the service says. `article` also stands for "not said". */
export type ItemKind = 'article' | 'video' | 'image';

export type Item = {
  readonly id: string;
  readonly kind: ItemKind;
  readonly tags: readonly Tag[];
  readonly url?: string;
  readonly title?: string;
  /** Words of the text, as the service counted them: above 0. */
  readonly words?: number;
  /** Minutes to read, as the service itself shows them: above 0. */
  readonly minutes?: number;
  /** Length of the video that the item is: seconds, above 0. */
  readonly videoSeconds?: number;
  /** An article that is really about a video: its lead picture is a video's. */
  readonly aboutVideo?: boolean;
  /** BCP 47 tag, as the service gives it: `en`, `pt-BR`. */
  readonly language?: string;
  /** False while the service has not looked at the page yet. */
  readonly parsed: boolean;
  /** When the reader saved it: seconds since 1970. */
  readonly addedAt?: number;
  /** How much of it the reader has read: 0 to 1. */
  readonly progress?: number;
  /** What the adapter that made the item needs to write or read it later. Nobody else looks into it. */
  readonly ref?: unknown;
};

/** What to write for one item: at least one tag to add or remove. Tags to remove are given as the item has them. */
export type TagChange = {
  readonly item: Item;
  readonly add: readonly string[];
  readonly remove: readonly Tag[];
};

/** What became of one `TagChange`. `reason` is a clause for people: "the service did not say". */
export type TagResult =
  | { readonly itemId: string; readonly ok: true }
  | { readonly itemId: string; readonly ok: false; readonly reason: string };
