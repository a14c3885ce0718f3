import * as z from 'zod';
import type { ItemRef } from './store.ts';
import { normalisedTag, parseTags } from './tag-name.ts';

/** One entry of `actions`, read and checked. */
export type Action = {
  readonly action: string;
  /** Seconds since 1970. */
  readonly time?: number | undefined;
  readonly title?: string | undefined;
  /** The item it is about; undefined only for actions that are about none. */
  readonly ref?: ItemRef | undefined;
  /** Normalised; for `tag_delete` the one, for `tag_rename` the old and the new. */
  readonly tags: readonly string[];
};

type Need = 'item' | 'tags' | 'tags or none' | 'tags if any' | 'tag' | 'old and new tag';

/** What each action cannot do without. A name that is not here fails in its own slot only. */
const needs: Readonly<Record<string, readonly Need[]>> = {
  add: ['item', 'tags if any'],
  readd: ['item'],
  archive: ['item'],
  favorite: ['item'],
  unfavorite: ['item'],
  delete: ['item'],
  tags_clear: ['item'],
  tags_add: ['item', 'tags'],
  tags_remove: ['item', 'tags'],
  tags_replace: ['item', 'tags or none'],
  tag_rename: ['old and new tag'],
  tag_delete: ['tag'],
};

/** Clients send `""` and null for what they leave out. */
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === '' || value === null ? undefined : value), schema.optional());

/** Digits; no more than a number holds exactly. */
const digits = z.union([z.int().nonnegative(), z.string().regex(/^\d{1,15}$/)]).transform(String);
const tagName = optional(z.string().transform(normalisedTag));

const rawAction = z.object({
  action: z.string().min(1),
  item_id: optional(digits),
  url: optional(z.string().refine((text) => URL.canParse(text))),
  title: optional(z.string()),
  /** Seconds; milliseconds are taken as they come, as Pocket did. */
  time: optional(z.union([z.int(), z.string().regex(/^\d+$/)]).transform(Number)),
  tags: z.union([z.string(), z.array(z.string())]).nullish(),
  tag: tagName,
  old_tag: tagName,
  new_tag: tagName,
});
type RawAction = z.infer<typeof rawAction>;

function refOf({ action, item_id, url }: RawAction): ItemRef | undefined {
  if (url !== undefined && (action === 'add' || item_id === undefined)) return { url };
  return item_id === undefined ? undefined : { item_id };
}

/** The tags that `need` asks for; undefined when they are missing or one is empty. */
function tagsFor(need: Need, { tags, tag, old_tag, new_tag }: RawAction): readonly string[] | undefined {
  if (need === 'tag') return tag ? [tag] : undefined;
  if (need === 'old and new tag') return old_tag && new_tag ? [old_tag, new_tag] : undefined;
  if (tags === undefined || tags === null) return need === 'tags if any' ? [] : undefined;
  return need === 'tags or none' && tags.length === 0 ? [] : parseTags(tags);
}

/** One entry of `actions` as the client sent it; a string says what is wrong with it. */
export function readAction(sent: unknown): Action | string {
  const read = rawAction.safeParse(sent);
  if (!read.success) return `Invalid ${String(read.error.issues[0]?.path[0] ?? 'action')}`;
  const { action, time, title } = read.data;
  const ref = refOf(read.data);
  const needed = Object.hasOwn(needs, action) ? (needs[action] ?? []) : [];
  let tags: readonly string[] = [];
  for (const need of needed) {
    if (need === 'item') {
      if (!ref) return 'Missing item_id or url';
      continue;
    }
    const found = tagsFor(need, read.data);
    if (!found) return `Missing or empty ${need}`;
    tags = found;
  }
  return { action, time, title, ref, tags };
}
