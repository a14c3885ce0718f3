import pLimit from 'p-limit';
import { goneResult, type Item, type Tag, type TagChange, type TagResult } from '../core/item.ts';
import { MAX_IN_FLIGHT } from '../http/call-limiters.ts';
import { isAboutItem, isPathPart } from './api-call.ts';

/** Batch size for a service with one item a call: enough to keep writing while the next page is read. */
export const ONE_BY_ONE_BATCH = 20;

/**
 * Writes each change with its own call, at most `maxInFlight` at a time, so that a listing call waits for these writes
 * and not for all. Yields the results in order. `write` resolves to `undefined` if the change is made, or to the reason
 * why not; an error about the one item becomes its result: gone if `getItem` does not find it either. Any other error
 * stops further writes, and is thrown when the writes in flight have ended and their results are yielded.
 */
export async function* oneByOne(
  changes: readonly TagChange[],
  write: (change: TagChange) => Promise<string | undefined>,
  getItem: (item: Item) => Promise<Item | undefined>,
  maxInFlight = MAX_IN_FLIGHT,
): AsyncGenerator<TagResult> {
  const limit = pLimit(maxInFlight);
  const errors: unknown[] = [];
  let isStopped = false;
  const writing = changes.map((change) =>
    limit(async () => {
      if (isStopped) return undefined;
      try {
        return await resultOf(change, write, getItem);
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
    // Also if the caller stops iterating.
    isStopped = true;
    await Promise.all(writing);
  }
  if (errors.length > 0) throw errors[0];
}

/** The result of one change. */
async function resultOf(
  change: TagChange,
  write: (change: TagChange) => Promise<string | undefined>,
  getItem: (item: Item) => Promise<Item | undefined>,
): Promise<TagResult> {
  const itemId = change.item.id;
  if (!isPathPart(itemId)) return { itemId, ok: false, reason: 'its id cannot be part of an address' };
  try {
    const reason = await write(change);
    return reason === undefined ? { itemId, ok: true } : { itemId, ok: false, reason };
  } catch (error) {
    if (!isAboutItem(error)) throw error;
    // A service that has no such call, or wants another body, answers like this, too.
    if (await isGone(change.item, getItem)) return goneResult(itemId);
    return { itemId, ok: false, reason: `the service answered ${error.status}` };
  }
}

async function isGone(item: Item, getItem: (item: Item) => Promise<Item | undefined>): Promise<boolean> {
  try {
    return (await getItem(item)) === undefined;
  } catch (error) {
    if (!isAboutItem(error)) throw error;
    return error.status === 404 || error.status === 410;
  }
}

/**
 * All tags of an item after a change, for a service whose write replaces them; `undefined` if the item has exactly these
 * already. `current`: its tags as read just before the write, so that a tag that the reader has added since the listing
 * stays; `normalizeTag`: see `withManagedTagNames`.
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
