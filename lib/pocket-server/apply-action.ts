import { storedPocketTagName } from '../reading-lists/tag-names.ts';
import { saveUrl } from './add.ts';
import type { ItemChange, ItemRef, Store } from './store.ts';
import { NO_BLANK_TAGS, namesIn, parseTags, type StoredItem } from './stored-item.ts';

/** One entry of `actions`, validated. */
export type Action = {
  readonly action: string;
  /** Seconds since 1970. Pocket did not recognize milliseconds, either. */
  readonly time?: number | undefined;
  readonly title?: string | undefined;
  /** The item; undefined only for actions without one. */
  readonly ref?: ItemRef | undefined;
  /** As sent; for `tag_delete` one, for `tag_rename` the old and the new. */
  readonly tags: readonly string[];
};

/** One entry of `actions` as it was sent: anything. */
export type RawAction = Readonly<Record<string, unknown>> & { readonly action: string };

type Field = 'item' | 'title' | 'tags' | 'tags or none' | 'tags if any' | 'tag' | 'old_tag' | 'new_tag';

/** Parameters by action. An unknown action is an error of that action only. */
const fields: Readonly<Record<string, readonly Field[]>> = {
  add: ['item', 'tags if any', 'title'],
  readd: ['item'],
  archive: ['item'],
  favorite: ['item'],
  unfavorite: ['item'],
  delete: ['item'],
  tags_clear: ['item'],
  tags_add: ['item', 'tags'],
  tags_remove: ['item', 'tags'],
  tags_replace: ['item', 'tags or none'],
  tag_rename: ['old_tag', 'new_tag'],
  tag_delete: ['tag'],
};

/** Pocket's sentence about a parameter of an action, thrown by the readers below. */
class InvalidField extends Error {
  constructor(path: string, value: unknown, what: string) {
    super(`${what}: ${JSON.stringify({ path, type: 'array_field', value })}`);
  }
}

/** Clients send null for a missing parameter. */
const isGiven = (value: unknown) => value !== undefined && value !== null;

function refOf({ action, item_id, url }: RawAction): ItemRef {
  // At most 15 digits, which a number represents exactly.
  if (isGiven(item_id) && !/^\d{1,15}$/.test(String(item_id)))
    throw new InvalidField('item_id', item_id, `Invalid item_id: ${item_id}`);
  const { protocol } = URL.parse(String(url)) ?? {};
  const isAddress = action === 'add' ? /^(https?|ftp):$/.test(protocol ?? '') : protocol !== undefined;
  if (isGiven(url) && !isAddress) throw new InvalidField('url', url, `Invalid url: ${url}`);
  if (isGiven(url) && (action === 'add' || !isGiven(item_id))) return { url: String(url) };
  if (isGiven(item_id)) return { item_id: String(item_id) };
  throw new InvalidField('item_id', item_id, 'Action must have one of `item_id` or `url`');
}

function timeOf({ time }: RawAction): number | undefined {
  if (!isGiven(time)) return undefined;
  if (!/^\d+$/.test(String(time))) throw new InvalidField('time', time, `Invalid time: ${time}`);
  return Number(time);
}

/** Some apps sent the text "null" for none. */
function titleOf({ title }: RawAction): string | undefined {
  if (!isGiven(title) || title === 'null') return undefined;
  if (typeof title === 'string' && title !== '') return title;
  throw new InvalidField('title', title, 'Field title must be a non-empty string.');
}

/** Clients clear the tags with `tags_replace` and none. */
function tagsOf({ tags }: RawAction, field: Field): readonly string[] {
  if (!isGiven(tags)) {
    if (field === 'tags if any') return [];
    throw new InvalidField('tags', tags, 'Action must have tags field');
  }
  const isTags =
    typeof tags === 'string' || (Array.isArray(tags) && tags.every((tag) => typeof tag === 'string'));
  if (!isTags) throw new InvalidField('tags', tags, 'Tags must be text');
  if (tags.length === 0 && field === 'tags or none') return [];
  const names = namesIn(tags);
  if (names.length === 0) throw new InvalidField('tags', names, 'Tags input cannot be empty');
  if (names.includes('')) throw new InvalidField('tags', names, 'Tag cannot be an empty string');
  return names;
}

function oneTagOf(sent: RawAction, field: Field): string {
  const name = sent[field];
  if (typeof name === 'string' && name !== '') return name;
  throw new InvalidField(field, name, `Action must have non-empty ${field} field`);
}

/** Validates one entry of `actions`; returns Pocket's message if it is invalid. */
export function readAction(sent: RawAction): Action | string {
  const { action } = sent;
  const named = Object.hasOwn(fields, action) ? (fields[action] ?? []) : [];
  try {
    const annotation = sent.annotation as { version?: unknown } | null | undefined;
    if (action === 'add_annotation' && String(annotation?.version) !== '2')
      throw new InvalidField('title', undefined, `Field 'annotation.version' must be 2`);
    return {
      action,
      ref: named.includes('item') ? refOf(sent) : undefined,
      time: timeOf(sent),
      title: named.includes('title') ? titleOf(sent) : undefined,
      tags: named.flatMap((field) => {
        if (field === 'item' || field === 'title') return [];
        return field.startsWith('tags') ? tagsOf(sent, field) : oneTagOf(sent, field);
      }),
    };
  } catch (error) {
    if (error instanceof InvalidField) return error.message;
    throw error;
  }
}

/** One entry of `action_errors`. */
type ActionError = { readonly message: string; readonly type: string; readonly code: number };
/** The result of one action: true, the item that it added, or an error. */
export type Outcome = true | { readonly item: StoredItem } | { readonly error: ActionError };

const notFound = (message: string): Outcome => ({
  error: { message: `Error - Not Found: ${message}`, type: 'Internal Server Error', code: 198 },
});
const noItem = notFound('SavedItem does not exist');
const refused = (message: string): Outcome => ({ error: { message, type: 'Bad request', code: 130 } });
const invalid = (action: string) => refused(`Invalid Action: '${action}'`);

/** Fields that simple actions set, given a time in seconds. */
const changes: Readonly<Record<string, (time: number) => ItemChange>> = {
  archive: (time) => ({ status: 1, time_read: time }),
  favorite: (time) => ({ favorite: 1, time_favorited: time }),
  unfavorite: () => ({ favorite: 0, time_favorited: 0 }),
  delete: () => ({ status: 2 }),
  readd: () => ({ status: 0, time_read: 0 }),
};

type TagWrite = (store: Store, itemId: number, tags: readonly string[]) => void;
/** `tags_remove` takes the names that `get` gives, and no other spelling; the others store theirs. */
const tagWrites: Readonly<Record<string, TagWrite>> = {
  tags_add: (store, itemId, tags) => store.addTags(itemId, tags),
  tags_remove: (store, itemId, tags) => store.removeTags(itemId, tags),
  tags_clear: (store, itemId) => store.clearTags(itemId),
  tags_replace: (store, itemId, tags) => {
    store.clearTags(itemId);
    store.addTags(itemId, tags);
  },
};

/** Actions about what this server does not keep. */
const notKept: Readonly<Record<string, string>> = {
  recent_search: 'this server keeps no searches',
  add_annotation: 'this server keeps no annotations',
  delete_annotation: 'this server keeps no annotations',
};

const own = <Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

function onItem(store: Store, { action, ref, tags }: Action, time: number): Outcome {
  const change = own(changes, action);
  const write = own(tagWrites, action);
  if (!change && !write) return invalid(action);
  const names = action === 'tags_remove' ? tags : parseTags(tags);
  if (!names) return refused(NO_BLANK_TAGS);
  const item = ref && store.find(ref);
  // Pocket did not look whether there was an item when it added tags by id.
  if (!item) return action === 'tags_add' && ref && 'item_id' in ref ? true : noItem;
  store.change(item.item_id, { ...change?.(time), time_updated: time });
  write?.(store, item.item_id, names);
  if (action === 'delete') store.clearTags(item.item_id);
  return action === 'readd' ? { item: store.find({ item_id: String(item.item_id) }) ?? item } : true;
}

/**
 * Pocket stored the new name and then looked it up as it was sent: with capitals or quotes in it, the tag is renamed, and
 * still answered as not found.
 */
function renameTag(store: Store, [oldTag = '', newTag = '']: readonly string[], time: number): Outcome {
  const stored = storedPocketTagName(newTag);
  if (stored === '') return refused(NO_BLANK_TAGS);
  store.renameTag(oldTag, stored, time);
  return store.hasTag(newTag) ? true : notFound('Tag not found');
}

function save(store: Store, { action, ref, title, tags }: Action, time: number): Outcome {
  const names = parseTags(tags);
  if (!names) return refused(NO_BLANK_TAGS);
  if (!ref || !('url' in ref)) return invalid(`${action} (item_id only)`);
  return { item: saveUrl(store, { url: ref.url, title, tags: names, time }) };
}

/** Applies one action. `now`: seconds, for an action without a time. */
export function applyAction(store: Store, action: Action, now: number): Outcome {
  const { ref, tags, time = now } = action;
  const kept = own(notKept, action.action);
  if (kept !== undefined) return notFound(kept);
  switch (action.action) {
    case 'add':
      return save(store, action, time);
    case 'readd':
      return ref && 'url' in ref ? save(store, action, time) : onItem(store, action, time);
    case 'tag_rename':
      return renameTag(store, tags, time);
    case 'tag_delete':
      store.renameTag(tags[0] ?? '', undefined, time);
      return true;
    default:
      return onItem(store, action, time);
  }
}
