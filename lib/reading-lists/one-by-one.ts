import type { TagChange, TagResult } from '../core/item.ts';
import { MAX_IN_FLIGHT } from '../http/limits.ts';
import { isAboutItem } from './api-call.ts';
import type { Tell } from './reading-list.ts';

/** Changes of a service that takes one item a call. Enough for the writer to be busy while the next page comes. */
export const ONE_BY_ONE_BATCH = 20;

/**
 * Writes each change by itself, as many at a time as may be in flight, so that a listing between them waits for two
 * and not for all. Gives the results in order, and tells each as it comes. `write` gives `undefined` when the change
 * is made, or why it is not; an answer about the one item becomes its result; anything else rejects, once what is
 * under way has ended, and nothing further is begun.
 */
export async function oneByOne(
  changes: readonly TagChange[],
  write: (change: TagChange) => Promise<string | undefined>,
  tell: Tell = () => {},
): Promise<TagResult[]> {
  const results: TagResult[] = [];
  const rest = inOrder(changes);
  const writeSome = async () => {
    for (const [at, change] of rest) {
      const result = await resultOf(change, write);
      results[at] = result;
      tell([result]);
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: MAX_IN_FLIGHT }, writeSome));
  const failed = ended.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  return results;
}

/** A generator, since the loop that fails closes it, and so ends the others too. */
function* inOrder(changes: readonly TagChange[]): Generator<[at: number, change: TagChange]> {
  yield* changes.entries();
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
