import type { Item, Tag } from '../core/item.ts';
import type { ReadingList } from './reading-list.ts';

/**
 * The same list, in which our tags have the names that the settings give them, however the service rewrites
 * names. `normalizeTag` is the name under which it keeps a tag; two names that it keeps as one are the same tag.
 */
export function withManagedTagNames(
  list: ReadingList,
  ourTags: readonly string[],
  normalizeTag: (tag: string) => string,
): ReadingList {
  const ours = new Map(ourTags.map((tag) => [normalizeTag(tag), tag]));
  const named = (tag: Tag): Tag => {
    const name = ours.get(normalizeTag(tag.name));
    return name === undefined || name === tag.name ? tag : { ...tag, name, storedAs: tag.name };
  };
  const renamed = (item: Item): Item =>
    item.tags.length === 0 ? item : { ...item, tags: item.tags.map(named) };
  return {
    ...list,
    async *listUnread(deadline) {
      for await (const page of list.listUnread(deadline)) {
        yield { ...page, items: page.items.map(renamed) };
      }
    },
    async getItem(item, deadline) {
      const found = await list.getItem(item, deadline);
      return found && renamed(found);
    },
  };
}
