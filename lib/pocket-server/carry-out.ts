import type { Action } from './action.ts';
import type { ItemChange, Store } from './store.ts';
import type { StoredItem } from './stored-item.ts';

/** An error in one slot of `action_errors`. */
type ActionError = { readonly message: string; readonly type: string; readonly code: number };
/** What became of one action: true, the item that it added, or why not. */
export type Outcome = true | { readonly item: StoredItem } | { readonly error: ActionError };

const notFound: Outcome = {
  error: { message: 'Error - Not Found: no such item', type: 'Internal Server Error', code: 198 },
};
const invalid = (action: string): Outcome => ({
  error: { message: `Invalid Action: '${action}'`, type: 'Bad request', code: 130 },
});

/**
 * Saves a URL. One that is there already keeps its id and what is known of it, goes back to the unread and
 * to the top of the list. `time` in seconds.
 */
export function saveUrl(
  store: Store,
  {
    url,
    title,
    tags,
    time,
  }: { url: string; title?: string | undefined; tags: readonly string[]; time: number },
): StoredItem {
  const there = store.find({ url });
  const named = title ? { given_title: title } : {};
  const [added] = there ? [] : store.insert([{ given_url: url, ...named, time_added: time }]);
  const itemId = added ?? there?.item_id ?? 0;
  if (there)
    store.change(itemId, { status: 0, time_read: 0, time_added: time, time_updated: time, ...named });
  store.addTags(itemId, tags);
  const item = store.find({ item_id: String(itemId) });
  if (!item) throw new Error('The item that was just saved is not there.');
  return item;
}

/** What each simple action sets, at a time in seconds. */
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
  // Pocket never looked whether an item that it tagged was there, and said yes.
  if (!item) return write && ref && 'item_id' in ref ? true : notFound;
  store.change(item.item_id, { ...change?.(time), time_updated: time });
  write?.(store, item.item_id, tags);
  if (action === 'delete') store.clearTags(item.item_id);
  return action === 'readd' ? { item: store.find({ item_id: String(item.item_id) }) ?? item } : true;
}

/** Does what one action says. `now` in seconds, for an action that names no time. */
export function carryOut(store: Store, action: Action, now: number): Outcome {
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
