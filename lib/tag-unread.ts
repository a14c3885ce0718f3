import { type ChangeWriter, changeWriter } from './change-writer.ts';
import { estimate } from './core/estimate.ts';
import type { Item } from './core/item.ts';
import { type Decision, type PlanRules, planItem, planUntag } from './core/plan.ts';
import {
  addDecisions,
  addResults,
  type Change,
  emptyTally,
  type Mode,
  type StopReason,
  type Tally,
} from './core/summary.ts';
import type { Deadline } from './deadline.ts';
import { Failure } from './failure.ts';
import type { ReadingList } from './reading-lists/reading-list.ts';

/** A recent run ends after this many pages in a row that needed nothing. */
const QUIET_PAGES = 3;

export type Run = {
  readonly list: ReadingList;
  readonly rules: PlanRules;
  /** The reader's own speed in English: words a minute. */
  readonly ownWordsPerMinute?: number;
  readonly mode: Mode;
  /** The most items that the run may change. */
  readonly limit?: number;
  /** When to stop reading, and, later, when the batch in hand has to be written. */
  readonly deadlines: { readonly reading: Deadline; readonly writing: Deadline };
  /** Walk on past pages that need nothing, because an earlier run was stopped behind them. */
  readonly goOn?: boolean;
  /** Told after each page. */
  readonly onPage?: (progress: Progress) => void;
};

export type Progress = {
  readonly listed: number;
  /** How many unread items there are, where the service says. */
  readonly total?: number;
  readonly decisions: readonly Decision[];
};

/** What a run counted, and what stopped it before its end. */
export type Outcome = { readonly tally: Tally; readonly stoppedBy?: StopReason };

/**
 * THE RUN: lists the unread items, estimates and plans each, and writes the changes in batches, reading the
 * next page while the last batch is being written. All of it may be repeated: a run that stops has lost nothing.
 * Rejects with a `Failure` where the reading list cannot be read or written.
 */
export async function tagUnread(run: Run): Promise<Outcome> {
  const { bands, beyond, videoTag } = run.rules;
  let tally = emptyTally([...bands.map(({ tag }) => tag), beyond, ...(videoTag ? [videoTag] : [])]);
  const writer = changeWriter(run.list, run.deadlines.writing, (changes, results) => {
    tally = addResults(tally, changes, results);
  });
  const look = (decisions: readonly Decision[], total: number | undefined) => {
    tally = addDecisions(tally, decisions);
    run.onPage?.({ listed: tally.listed, decisions, ...(total !== undefined && { total }) });
  };
  let stoppedBy: StopReason | undefined;
  try {
    stoppedBy = await stopOf(run, () => walk(run, writer, look));
  } finally {
    stoppedBy = (await stopOf(run, () => writer.end().then(() => undefined))) ?? stoppedBy;
  }
  return { tally, ...(stoppedBy && { stoppedBy }) };
}

async function walk(
  run: Run,
  writer: ChangeWriter,
  look: (decisions: readonly Decision[], total: number | undefined) => void,
): Promise<StopReason | undefined> {
  let planned = 0;
  let quietPages = 0;
  for await (const page of run.list.listUnread(run.deadlines.reading)) {
    const decisions = decide(run, page.items, planned);
    const changes = decisions.filter(isChange);
    look(decisions, page.total);
    await writer.add(changes);
    if (decisions.length < page.items.length) return 'limit';
    planned += changes.length;
    quietPages = changes.length > 0 ? 0 : quietPages + 1;
    if (run.mode === 'recent' && !run.goOn && quietPages === QUIET_PAGES) return undefined;
  }
  return undefined;
}

/** A decision for each item, as far as the limit on changes allows. */
function decide(run: Run, items: readonly Item[], planned: number): readonly Decision[] {
  const decisions = items.map((item) => decideItem(run, item));
  const changes = decisions.filter(isChange);
  const firstTooMany = run.limit === undefined ? undefined : changes[run.limit - planned];
  return firstTooMany ? decisions.slice(0, decisions.indexOf(firstTooMany)) : decisions;
}

function decideItem({ mode, rules, ownWordsPerMinute }: Run, item: Item): Decision {
  if (mode === 'untag') return planUntag(item, rules);
  return planItem(item, estimate(item, ownWordsPerMinute), rules);
}

function isChange(decision: Decision): decision is Change {
  return decision.kind === 'change';
}

/** What stopped some work before its end: the deadline, or a service that asks to be left alone for longer. */
async function stopOf(
  { deadlines }: Run,
  work: () => Promise<StopReason | undefined>,
): Promise<StopReason | undefined> {
  try {
    return (await work()) ?? (deadlines.writing.signal.aborted ? 'deadline' : undefined);
  } catch (error) {
    if (deadlines.reading.signal.aborted) return 'deadline';
    if (error instanceof Failure && error.retryAfterMs !== undefined) return 'rate-limit';
    throw error;
  }
}
