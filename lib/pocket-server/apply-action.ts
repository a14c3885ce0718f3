import * as z from 'zod';
import { storedTagName } from '../reading-lists/pocket/rows.ts';
import { saveUrl } from './add.ts';
import type { ItemChange, ItemRef, Store } from './store.ts';
import { namesIn, parseTags, type StoredItem } from './stored-item.ts';

/** One entry of `actions`, validated. */
export type Action = {
  readonly action: string;
  /** Seconds since 1970. */
  readonly time?: number | undefined;
  readonly title?: string | undefined;
  /** The item; undefined only for actions without one. */
  readonly ref?: ItemRef | undefined;
  /** As they are stored; for `tag_delete` one, for `tag_rename` the old and the new. */
  readonly tags: readonly string[];
};

type Need = 'item' | 'tags' | 'stored tags' | 'tags or none' | 'tags if any' | 'tag' | 'old and new tag';

/** Required parameters by action. An unknown action is an error of that action only. */
const needs: Readonly<Record<string, readonly Need[]>> = {
  add: ['item', 'tags if any'],
  readd: ['item'],
  archive: ['item'],
  favorite: ['item'],
  unfavorite: ['item'],
  delete: ['item'],
  tags_clear: ['item'],
  tags_add: ['item', 'tags'],
  tags_remove: ['item', 'stored tags'],
  tags_replace: ['item', 'tags or none'],
  tag_rename: ['old and new tag'],
  tag_delete: ['tag'],
};

/** Clients send `""` or null for a missing parameter. */
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === '' || value === null ? undefined : value), schema.optional());

/** At most 15 digits, which a number represents exactly. */
const digits = z.union([z.int().nonnegative(), z.string().regex(/^\d{1,15}$/)]).transform(String);
/** A name as `get` gives it: Pocket looked up no other. */
const tagName = optional(z.string());

const rawAction = z.object({
  action: z.string().min(1),
  item_id: optional(digits),
  url: optional(z.string().refine((text) => URL.canParse(text))),
  title: optional(z.string()),
  /** Seconds. Pocket did not recognize milliseconds, either. */
  time: optional(z.union([z.int(), z.string().regex(/^\d+$/)]).transform(Number)),
  tags: z.union([z.string(), z.array(z.string())]).nullish(),
  tag: tagName,
  old_tag: tagName,
  new_tag: optional(z.string().transform(storedTagName)),
});
type RawAction = z.infer<typeof rawAction>;

function refOf({ action, item_id, url }: RawAction): ItemRef | undefined {
  if (url !== undefined && (action === 'add' || item_id === undefined)) return { url };
  return item_id === undefined ? undefined : { item_id };
}

/** Names of stored tags, as they are; undefined if one is empty. */
const storedNames = (tags: string | readonly string[]) =>
  namesIn(tags).includes('') ? undefined : namesIn(tags);

/** The tags for a required parameter; undefined if they are missing or one is empty. */
function tagsFor(need: Need, { tags, tag, old_tag, new_tag }: RawAction): readonly string[] | undefined {
  if (need === 'tag') return tag ? [tag] : undefined;
  if (need === 'old and new tag') return old_tag && new_tag ? [old_tag, new_tag] : undefined;
  if (tags === undefined || tags === null) return need === 'tags if any' ? [] : undefined;
  if (need === 'stored tags') return storedNames(tags);
  return need === 'tags or none' && tags.length === 0 ? [] : parseTags(tags);
}

/** Validates one entry of `actions`; returns a message if it is invalid. */
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

/** One entry of `action_errors`. */
type ActionError = { readonly message: string; readonly type: string; readonly code: number };
/** The result of one action: true, the item that it added, or an error. */
export type Outcome = true | { readonly item: StoredItem } | { readonly error: ActionError };

const notFound: Outcome = {
  error: { message: 'Error - Not Found: no such item', type: 'Internal Server Error', code: 198 },
};
const invalid = (action: string): Outcome => ({
  error: { message: `Invalid Action: '${action}'`, type: 'Bad request', code: 130 },
});

/** Fields that simple actions set, given a time in seconds. */
const changes: Readonly<Record<string, (time: number) => ItemChange>> = {
  archive: (time) => ({ status: 1, time_read: time }),
  favorite: (time) => ({ favorite: 1, time_favorited: time }),
  unfavorite: () => ({ favorite: 0, time_favorited: 0 }),
  delete: () => ({ status: 2 }),
  readd: () => ({ status: 0, time_read: 0 }),
};

type TagWrite = (store: Store, itemId: number, tags: readonly string[]) => void;
const tagWrites: Readonly<Record<string, TagWrite>> = {
  tags_add: (store, itemId, tags) => store.addTags(itemId, tags),
  tags_remove: (store, itemId, tags) => store.removeTags(itemId, tags),
  tags_clear: (store, itemId) => store.clearTags(itemId),
  tags_replace: (store, itemId, tags) => {
    store.clearTags(itemId);
    store.addTags(itemId, tags);
  },
};

function onItem(store: Store, { action, ref, tags }: Action, time: number): Outcome {
  const change = Object.hasOwn(changes, action) ? changes[action] : undefined;
  const write = Object.hasOwn(tagWrites, action) ? tagWrites[action] : undefined;
  if (!change && !write) return invalid(action);
  const item = ref && store.find(ref);
  // Pocket reported success for tags on an item that does not exist.
  if (!item) return write && ref && 'item_id' in ref ? true : notFound;
  store.change(item.item_id, { ...change?.(time), time_updated: time });
  write?.(store, item.item_id, tags);
  if (action === 'delete') store.clearTags(item.item_id);
  return action === 'readd' ? { item: store.find({ item_id: String(item.item_id) }) ?? item } : true;
}

/** Applies one action. `now`: seconds, for an action without a time. */
export function applyAction(store: Store, action: Action, now: number): Outcome {
  const { ref, tags, title, time = now } = action;
  switch (action.action) {
    case 'add':
      if (!ref || !('url' in ref)) return invalid('add');
      return { item: saveUrl(store, { url: ref.url, title, tags, time }) };
    case 'tag_rename':
      store.renameTag(tags[0] ?? '', tags[1], time);
      return true;
    case 'tag_delete':
      store.renameTag(tags[0] ?? '', undefined, time);
      return true;
    default:
      return onItem(store, action, time);
  }
}
