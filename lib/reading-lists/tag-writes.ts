import pLimit from 'p-limit';
import { goneResult, type Item, type Tag, type TagChange, type TagResult } from '../core/item.ts';
import { Failure } from '../failure.ts';
import { MAX_IN_FLIGHT } from '../http/call-limiters.ts';
import { isServerError } from '../http/retry.ts';
import { isAboutItem, isPathPart, MAX_FAILED_IN_A_ROW } from './api-call.ts';

/** Batch size for a service with one item a call: enough to keep writing while the next page is read. */
export const ONE_BY_ONE_BATCH = 20;

/** How many writes in a row were answered with an error, or not in time; kept from batch to batch. */
export type FailedInARow = { count: number };

type OneByOneOptions = {
  /** Resolves to `undefined` if the change is made, or to the reason why not. */
  write(change: TagChange): Promise<string | undefined>;
  getItem(item: Item): Promise<Item | undefined>;
  /** Reads a page of the listing. */
  readPage(): Promise<unknown>;
  readonly failedInARow: FailedInARow;
  readonly maxInFlight?: number;
};

/**
 * Writes each change with its own call, at most `maxInFlight` at a time, so that a listing call waits for these writes
 * and not for all. Yields the results in order. An error about the one item becomes its result: gone if `getItem` does
 * not find it either. So does a 500, or silence, at each try, if `readPage` is answered; the `MAX_FAILED_IN_A_ROW`th is
 * thrown. Any other error stops further writes, and is thrown when the writes in flight have ended and their results are
 * yielded.
 */
export async function* oneByOne(
  changes: readonly TagChange[],
  { write, getItem, readPage, failedInARow, maxInFlight = MAX_IN_FLIGHT }: OneByOneOptions,
): AsyncGenerator<TagResult> {
  const limit = pLimit(maxInFlight);
  const errors: unknown[] = [];
  let isStopped = false;
  let reading: Promise<void> | undefined;
  const stop = (error: unknown) => {
    isStopped = true;
    errors.push(error);
  };

  const resultOf = async (change: TagChange): Promise<TagResult> => {
    try {
      const result = await tryWrite(change, { write, getItem });
      failedInARow.count = 0;
      return result;
    } catch (error) {
      failedInARow.count += 1;
      if (!mayBeAboutItem(error) || failedInARow.count >= MAX_FAILED_IN_A_ROW) throw error;
      if (!isStopped) {
        // Once for all writes that fail at a time.
        reading ??= readPage()
          .then(() => undefined, stop)
          .finally(() => {
            reading = undefined;
          });
        await reading;
      }
      return { itemId: change.item.id, ok: false, reason: 'the service did not confirm it' };
    }
  };

  const writing = changes.map((change) =>
    limit(async () => {
      if (isStopped) return undefined;
      try {
        return await resultOf(change);
      } catch (error) {
        stop(error);
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

/** The result of one change. Rejects with an error that is not about the item, or not for sure. */
async function tryWrite(
  change: TagChange,
  { write, getItem }: Pick<OneByOneOptions, 'write' | 'getItem'>,
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

/** Whether a service that is up may fail at this one item: it answers with an error, or not in time. */
export function mayBeAboutItem(error: unknown): error is Failure {
  return error instanceof Failure && (isServerError(error) || error.timedOut);
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
