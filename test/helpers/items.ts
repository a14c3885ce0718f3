import type { Item, Tag } from '../../lib/core/item.ts';

/** A parsed article without tags and length, with these fields. */
export function anItem(fields: Partial<Item> = {}): Item {
  return { id: '1', kind: 'article', tags: [], parsed: true, ...fields };
}

export function tagsNamed(...names: string[]): Tag[] {
  return names.map((name) => ({ name }));
}
