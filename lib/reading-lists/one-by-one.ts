import pLimit from 'p-limit';
import type { TagChange, TagResult } from '../core/item.ts';
import { MOST_IN_FLIGHT } from '../web/in-flight.ts';
import { isAboutItem } from './service-call.ts';

/** Changes of a service that takes one item a call. Enough for the writer to be busy while the next page comes. */
export const ONE_BY_ONE_BATCH = 20;

/**
 * Writes each change by itself, as many at a time as may be in flight, so that a listing between them waits for two
 * and not for all, and gives the results in order. `write` gives `undefined` when
 * the change is made, or why it is not; an answer about the one item becomes its result; anything else rejects,
 * and nothing further is begun.
 */
export async function oneByOne(
  changes: readonly TagChange[],
  write: (change: TagChange) => Promise<string | undefined>,
): Promise<TagResult[]> {
  const limit = pLimit(MOST_IN_FLIGHT);
  const results = changes.map((change) => limit(() => resultOf(change, write)));
  try {
    return await Promise.all(results);
  } catch (error) {
    limit.clearQueue();
    throw error;
  }
}

/** What became of one change. */
export async function resultOf(
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
