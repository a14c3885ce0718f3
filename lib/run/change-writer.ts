import type { TagResult } from '../core/item.ts';
import type { Change } from '../core/summary.ts';
import type { Deadline } from '../deadline.ts';
import { Failure } from '../failure.ts';
import type { ReadingList } from '../reading-lists/reading-list.ts';

export type ChangeWriter = {
  /** Takes changes. Resolves when each full batch is under way, before the last of them is answered. */
  add(changes: readonly Change[]): Promise<void>;
  /** Writes what is left, and resolves when all of it is answered. */
  end(): Promise<void>;
};

/**
 * Writes changes in batches, one at a time and in order, while its caller reads on. `onResult` is called with what
 * became of each change. A change without a result when the deadline cuts its batch off, or when the service limits
 * us while it is tried again, may or may not have been carried out: it counts as failed, and the next run sees for
 * itself. Both methods reject as `applyTags` does, but not at the deadline.
 */
export function changeWriter(
  list: ReadingList,
  deadline: Deadline,
  onResult: (change: Change, result: TagResult) => void,
): ChangeWriter {
  let waiting: Change[] = [];
  let underWay: Promise<void> = Promise.resolve();

  async function write(batch: readonly Change[]): Promise<void> {
    const unanswered = new Map(batch.map((change) => [change.item.id, change]));
    const answer = (result: TagResult) => {
      const change = unanswered.get(result.itemId);
      unanswered.delete(result.itemId);
      if (change) onResult(change, result);
    };
    try {
      for await (const result of list.applyTags(batch, deadline)) answer(result);
    } catch (error) {
      const reason = unknownReason(error, deadline);
      if (reason) for (const itemId of [...unanswered.keys()]) answer({ itemId, ok: false, reason });
      if (!deadline.signal.aborted) throw error;
    }
  }

  async function begin(size: number): Promise<void> {
    await underWay;
    const batch = waiting.slice(0, size);
    waiting = waiting.slice(size);
    underWay = write(batch);
    // The next `await underWay` rejects; until then the rejection is not unhandled.
    underWay.catch(() => undefined);
  }

  return {
    async add(changes) {
      waiting.push(...changes);
      while (waiting.length >= list.batchSize) await begin(list.batchSize);
    },
    async end() {
      while (waiting.length > 0) await begin(list.batchSize);
      await underWay;
    },
  };
}

/** Why nobody knows what became of the changes without a result; `undefined` where they were not made. */
function unknownReason(error: unknown, { signal }: Deadline): string | undefined {
  if (signal.aborted) return 'no answer in time';
  return error instanceof Failure && error.outcomeUnknown ? 'the service did not confirm it' : undefined;
}
