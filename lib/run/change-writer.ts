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
 * Writes changes in batches, one at a time and in order, while its caller reads on. `onWritten` hears what
 * became of each batch. A batch that is cut off by the deadline may or may not have been carried out, and so may one
 * that was tried again until the service asked to be left alone: its changes count as failed, and the next run sees
 * for itself; what was told before a failure counts. Both methods reject as `applyTags` does.
 */
export function changeWriter(
  list: ReadingList,
  deadline: Deadline,
  onWritten: (changes: readonly Change[], results: readonly TagResult[]) => void,
): ChangeWriter {
  let waiting: Change[] = [];
  let underWay: Promise<void> = Promise.resolve();

  async function write(batch: readonly Change[]): Promise<void> {
    const told = new Map<string, TagResult>();
    const tell = (results: readonly TagResult[]) => {
      for (const result of results) told.set(result.itemId, result);
    };
    try {
      onWritten(batch, await list.applyTags(batch, deadline, tell));
    } catch (error) {
      const isUnsure = deadline.signal.aborted || (error instanceof Failure && error.outcomeUnknown);
      const known = isUnsure ? batch : batch.filter(({ item }) => told.has(item.id));
      const reason = deadline.signal.aborted ? 'no answer in time' : 'the service did not confirm it';
      onWritten(
        known,
        known.map(({ item: { id } }) => told.get(id) ?? { itemId: id, ok: false, reason }),
      );
      if (!deadline.signal.aborted) throw error;
    }
  }

  async function begin(size: number): Promise<void> {
    await underWay;
    const batch = waiting.slice(0, size);
    waiting = waiting.slice(size);
    underWay = write(batch);
    // Whoever awaits `underWay` next hears of a rejection; until then it is not unhandled.
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
