import { type Decision, managedTags, type PlanRules } from '../core/plan.ts';
import { addDecisions, addResults, type Change, emptyTally, type Tally } from '../core/summary.ts';
import { deadlineIn } from '../deadline.ts';
import type { ReadingList } from '../reading-lists/reading-list.ts';
import { changeWriter } from './change-writer.ts';

/**
 * Writes the changes among these decisions, without reading the list or planning again, so that exactly the plan that
 * was shown is written. `onWritten` is called after each result with the number of results so far. Rejects with a
 * `Failure` if the reading list cannot be written.
 */
export async function applyPlan(
  list: ReadingList,
  {
    decisions,
    rules,
    onWritten,
  }: { decisions: readonly Decision[]; rules: PlanRules; onWritten?: (written: number) => void },
): Promise<Tally> {
  const retired = new Set(rules.retiredTags);
  const tags = managedTags(rules).filter((tag) => !retired.has(tag));
  let tally = addDecisions(emptyTally(tags), decisions);
  let written = 0;
  const writer = changeWriter(list, deadlineIn(Number.POSITIVE_INFINITY), (change, result) => {
    tally = addResults(tally, [change], [result]);
    written += 1;
    onWritten?.(written);
  });
  const changes = decisions.filter((decision): decision is Change => decision.kind === 'change');
  await writer.add(changes);
  await writer.end();
  return tally;
}
