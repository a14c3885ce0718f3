import type { TagResult } from '../core/item.ts';
import type { Change } from '../core/summary.ts';
import type { Deadline } from '../deadline.ts';
import { Failure } from '../failure.ts';
import type { ReadingList } from '../reading-lists/reading-list.ts';

export type ChangeWriter = {
  /** Queues changes. Resolves once every full batch has been sent, without waiting for the response to the last one. */
  add(changes: readonly Change[]): Promise<void>;
  /** Writes the changes still queued. Resolves when every change has a result. */
  end(): Promise<void>;
};

/**
 * Writes changes in batches, one batch at a time and in order, while the caller reads the next page. `onResult` is
 * called with the result of each change. If the deadline passes during a batch, or the service rate-limits a retry of
 * it, a change without a result may or may not have been made: it counts as failed, and the next run checks it again.
 * Both methods reject as `applyTags` does, except at the deadline.
 */
export function changeWriter(
  list: ReadingList,
  deadline: Deadline,
  onResult: (change: Change, result: TagResult) => void,
): ChangeWriter {
  let queued: Change[] = [];
  let writing: Promise<void> = Promise.resolve();

  async function write(batch: readonly Change[]): Promise<void> {
    const pending = new Map(batch.map((change) => [change.item.id, change]));
    const report = (result: TagResult) => {
      const change = pending.get(result.itemId);
      pending.delete(result.itemId);
      if (change) onResult(change, result);
    };
    try {
      for await (const result of list.applyTags(batch, deadline)) report(result);
    } catch (error) {
      const reason = unknownReason(error, deadline);
      if (reason) for (const itemId of [...pending.keys()]) report({ itemId, ok: false, reason });
      if (!deadline.signal.aborted) throw error;
    }
  }

  /** Starts a batch whenever `minSize` changes are queued, each after the one before. */
  async function add(changes: readonly Change[], minSize = list.batchSize): Promise<void> {
    queued.push(...changes);
    while (queued.length >= minSize) {
      await writing;
      const batch = queued.slice(0, list.batchSize);
      queued = queued.slice(list.batchSize);
      writing = write(batch);
      // The next `await writing` rejects; until then the rejection is not unhandled.
      writing.catch(() => undefined);
    }
  }

  return {
    add,
    async end() {
      await add([], 1);
      await writing;
    },
  };
}

/** Why it is unknown whether the changes without a result were made; `undefined` if they were not. */
function unknownReason(error: unknown, { signal }: Deadline): string | undefined {
  if (signal.aborted) return 'no answer in time';
  return error instanceof Failure && error.outcomeUnknown ? 'the service did not confirm it' : undefined;
}
