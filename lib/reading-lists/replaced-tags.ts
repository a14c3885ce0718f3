import type { Tag, TagChange } from '../core/item.ts';

/**
 * Tags go stale: where a write replaces all of them, an item is read again before it is written when this much
 * time passed since it was read, so that a tag which the reader gave it meanwhile survives.
 */
export const STALE_AFTER_MS = 60_000;

/**
 * All the tags that an item has after a change, for a service whose write replaces them; `undefined` where it has
 * exactly these already. `held` are the tags that it has now; `normalizeTag` as in `withManagedTagNames`.
 */
export function replacedTags(
  { add, remove }: Pick<TagChange, 'add' | 'remove'>,
  held: readonly Tag[],
  normalizeTag: (tag: string) => string,
): readonly string[] | undefined {
  const removed = new Set(remove.map(({ name }) => normalizeTag(name)));
  const kept = held
    .map(({ name, storedAs = name }) => storedAs)
    .filter((tag) => !removed.has(normalizeTag(tag)));
  const present = new Set(kept.map(normalizeTag));
  const added = add.filter((tag) => !present.has(normalizeTag(tag)));
  return added.length === 0 && kept.length === held.length ? undefined : [...kept, ...added];
}
