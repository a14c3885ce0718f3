import { type Decision, managedTags } from '../core/plan.ts';
import {
  addDecisions,
  addRemaining,
  addResults,
  emptyTally,
  isChange,
  type StopReason,
  type Tally,
} from '../core/summary.ts';
import type { ReadingList } from '../reading-lists/reading-list.ts';
import { changeWriter } from './change-writer.ts';
import { stopReasonOf, type TagUnreadOptions, timeoutReason } from './tag-unread.ts';

type ApplyOptions = Pick<TagUnreadOptions, 'rules' | 'deadlines' | 'onCount'> & {
  readonly decisions: readonly Decision[];
  /** Maximum number of items to change. */
  readonly limit?: number;
};

/**
 * Writes the changes among these decisions, without reading the list or planning again, so that exactly the plan that
 * was shown is written, up to the limit. No batch is begun after the first of the deadlines; the batch in hand ends by
 * the second. `onCount` is called with the counts after each result. Rejects with a `Failure` if the reading list cannot
 * be written.
 */
export async function applyPlan(
  list: ReadingList,
  {
    decisions,
    limit = Number.POSITIVE_INFINITY,
    rules,
    deadlines: { reading, writing },
    onCount,
  }: ApplyOptions,
): Promise<{ readonly tally: Tally; readonly stoppedBy?: StopReason }> {
  const retired = new Set(rules.retiredTags);
  const tags = managedTags(rules).filter((tag) => !retired.has(tag));
  let tally = addDecisions(emptyTally(tags), decisions);
  const changes = decisions.filter(isChange);
  const left = new Set(changes);
  const writer = changeWriter(list, writing, (change, result) => {
    left.delete(change);
    tally = addResults(tally, [change], [result]);
    onCount?.(tally);
  });
  const stoppedBy = await writeAll().catch((error) => stopReasonOf(error, writing));
  if (stoppedBy === undefined) return { tally };
  return { tally: addRemaining(tally, [...left], tally.listed), stoppedBy };

  async function writeAll(): Promise<StopReason | undefined> {
    let begun = 0;
    const within = changes.slice(0, limit);
    while (begun < within.length && !reading.signal.aborted) {
      await writer.add(within.slice(begun, begun + list.batchSize));
      begun += list.batchSize;
    }
    await writer.end();
    if (writing.signal.aborted) return timeoutReason(writing);
    if (begun < within.length) return timeoutReason(reading);
    return within.length < changes.length ? 'limit' : undefined;
  }
}
