import pLimit from 'p-limit';
import type { Tag, TagChange, TagResult } from '../core/item.ts';
import { MAX_IN_FLIGHT } from '../http/limits.ts';
import { isAboutItem } from './api-call.ts';

/** Changes of a service that takes one item a call. Enough for the writer to be busy while the next page comes. */
export const ONE_BY_ONE_BATCH = 20;

/**
 * The tags of a listed item go stale: where a write replaces all of them, the item is read again before it is
 * written when this much time passed, so that a tag which the reader gave it meanwhile survives.
 */
export const STALE_AFTER_MS = 60_000;

/**
 * Writes each change by itself, as many at a time as may be in flight, so that a listing between them waits for two
 * and not for all. Yields the results in order. `write` gives `undefined` when the change is made, or why it is
 * not; an answer about the one item becomes its result. Anything else begins no further change, and is thrown when
 * what was under way has ended and the results of it are yielded.
 */
export async function* oneByOne(
  changes: readonly TagChange[],
  write: (change: TagChange) => Promise<string | undefined>,
): AsyncGenerator<TagResult> {
  const limit = pLimit(MAX_IN_FLIGHT);
  const errors: unknown[] = [];
  let isStopped = false;
  const writing = changes.map((change) =>
    limit(async () => {
      if (isStopped) return undefined;
      try {
        return await resultOf(change, write);
      } catch (error) {
        isStopped = true;
        errors.push(error);
        return undefined;
      }
    }),
  );
  try {
    for (const written of writing) {
      const result = await written;
      if (result) yield result;
    }
  } finally {
    // Also where the caller takes no more results.
    isStopped = true;
    await Promise.all(writing);
  }
  if (errors.length > 0) throw errors[0];
}

/** What became of one change. */
async function resultOf(
  change: TagChange,
  write: (change: TagChange) => Promise<string | undefined>,
): Promise<TagResult> {
  const itemId = change.item.id;
  try {
    const reason = await write(change);
    return reason === undefined ? { itemId, ok: true } : { itemId, ok: false, reason };
  } catch (error) {
    if (!isAboutItem(error)) throw error;
    const reason = error.status === 404 ? 'no longer there' : `the service answered ${error.status}`;
    return { itemId, ok: false, reason };
  }
}

/**
 * All the tags that an item has after a change, for a service whose write replaces them; `undefined` where it has
 * exactly these already. `current` are the tags that it has now; `normalizeTag` as in `withManagedTagNames`.
 */
export function replacedTags(
  { add, remove }: Pick<TagChange, 'add' | 'remove'>,
  current: readonly Tag[],
  normalizeTag: (tag: string) => string,
): readonly string[] | undefined {
  const removed = new Set(remove.map(({ name }) => normalizeTag(name)));
  const kept = current
    .map(({ name, storedAs = name }) => storedAs)
    .filter((tag) => !removed.has(normalizeTag(tag)));
  const present = new Set(kept.map(normalizeTag));
  const added = add.filter((tag) => !present.has(normalizeTag(tag)));
  return added.length === 0 && kept.length === current.length ? undefined : [...kept, ...added];
}
