import type { Item } from '../core/item.ts';
import type { Decision } from '../core/plan.ts';
import {
  addDecisions,
  addLeft,
  addResults,
  type Change,
  emptyTally,
  type StopReason,
  type Tally,
} from '../core/summary.ts';
import { type Deadline, isInterrupted } from '../deadline.ts';
import { Failure } from '../failure.ts';
import type { ReadingList } from '../reading-lists/reading-list.ts';
import { type ChangeWriter, changeWriter } from './change-writer.ts';
import { type DecideContext, decideItem } from './decide-item.ts';

/** A recent run ends after this many pages in a row that needed nothing. */
const MAX_UNCHANGED_PAGES = 3;

export type Run = DecideContext & {
  readonly list: ReadingList;
  /** The most items that the run may change. */
  readonly limit?: number;
  /** At the limit, list on to count the changes that are left. */
  readonly countLeft?: boolean;
  /** When to stop reading, and, later, when the batch in hand has to be written. */
  readonly deadlines: { readonly reading: Deadline; readonly writing: Deadline };
  /** Walk on past pages that need nothing, because an earlier run was stopped behind them. */
  readonly skipEarlyStop?: boolean;
  /** Called with the counts so far, after each page and each written batch. */
  readonly onCount?: (tally: Tally) => void;
  /** Called after each page. */
  readonly onPage?: (progress: Progress) => void;
  /** Called with each item whose change was not carried out, or not confirmed. */
  readonly onItemFailed?: (itemId: string, reason: string) => void;
};

export type Progress = {
  readonly listed: number;
  /** How many unread items there are, where the service says. */
  readonly total?: number;
  readonly decisions: readonly Decision[];
};

/** What a run counted, what stopped it before its end, and whether it looked at every unread item. */
export type Outcome = {
  readonly tally: Tally;
  readonly stoppedBy?: StopReason;
  readonly wholeList: boolean;
};

/**
 * THE RUN: lists the unread items, estimates and plans each, and writes the changes in batches, reading the
 * next page while the last batch is being written. All of it may be repeated: a run that stops has lost nothing.
 * Rejects with a `Failure` where the reading list cannot be read or written; `onCount` has the counts up to then.
 */
export async function tagUnread(run: Run): Promise<Outcome> {
  const { bands, longestTag, videoTag } = run.rules;
  let tally = emptyTally([...bands.map(({ tag }) => tag), longestTag, ...(videoTag ? [videoTag] : [])]);
  const count = (next: Tally) => {
    tally = next;
    run.onCount?.(next);
  };
  const writer = changeWriter(run.list, run.deadlines.writing, (changes, results) => {
    count(addResults(tally, changes, results));
    for (const result of results) if (!result.ok) run.onItemFailed?.(result.itemId, result.reason);
  });
  const look: Look = ({ decisions, undone }, total) => {
    count(addDecisions(tally, decisions));
    if (undone.length > 0) {
      count(addLeft(tally, undone, total));
      if (decisions.length === 0) return;
    }
    run.onPage?.({ listed: tally.listed, decisions, ...(total !== undefined && { total }) });
  };
  let end: StopReason | 'quiet' | undefined;
  try {
    end = await stopOf(run.deadlines.reading, () => walk(run, writer, look));
  } finally {
    end = (await stopOf(run.deadlines.writing, () => finish(run, writer))) ?? end;
  }
  const stoppedBy = end === 'quiet' ? undefined : end;
  return { tally, wholeList: end === undefined, ...(stoppedBy && { stoppedBy }) };
}

/** What is decided of a page: as far as the limit on changes allows, and the rest. */
type Decided = { readonly decisions: readonly Decision[]; readonly undone: readonly Decision[] };

type Look = (decided: Decided, total: number | undefined) => void;

async function walk(run: Run, writer: ChangeWriter, look: Look): Promise<StopReason | 'quiet' | undefined> {
  let planned = 0;
  let isAtLimit = false;
  let quietPages = 0;
  for await (const page of run.list.listUnread(run.deadlines.reading)) {
    const decided: Decided = isAtLimit
      ? await leave(run, page.items)
      : await decide(run, page.items, planned);
    const changes = decided.decisions.filter(isChange);
    look(decided, page.total);
    await writer.add(changes);
    if (run.deadlines.reading.signal.aborted) return endOf(run.deadlines.reading);
    isAtLimit ||= decided.undone.length > 0;
    if (isAtLimit && !run.countLeft) return 'limit';
    planned += changes.length;
    quietPages = changes.length > 0 ? 0 : quietPages + 1;
    if (quietPages === MAX_UNCHANGED_PAGES && maySkipTheRest(run)) return 'quiet';
  }
  return isAtLimit ? 'limit' : undefined;
}

/** A recent run looks for what is new; older items are the full run's. */
function maySkipTheRest({ mode, skipEarlyStop }: Run): boolean {
  return mode === 'recent' && !skipEarlyStop;
}

/** A decision for each item that could be looked at, as far as the limit on changes allows. */
async function decide(run: Run, items: readonly Item[], planned: number): Promise<Decided> {
  const all = await Promise.all(items.map((item) => decideItem(run, item)));
  const decisions = all.filter((decision) => decision.kind !== 'skip' || decision.reason !== 'out-of-time');
  const firstTooMany = run.limit === undefined ? undefined : decisions.filter(isChange)[run.limit - planned];
  if (!firstTooMany) return { decisions, undone: [] };
  const cut = decisions.indexOf(firstTooMany);
  return { decisions: decisions.slice(0, cut), undone: decisions.slice(cut) };
}

/** What would be due behind the limit, as far as it can be told without reading pages. */
async function leave({ pages: _, ...run }: Run, items: readonly Item[]): Promise<Decided> {
  return { decisions: [], undone: await Promise.all(items.map((item) => decideItem(run, item))) };
}

function isChange(decision: Decision): decision is Change {
  return decision.kind === 'change';
}

/** Writes what is left of the plan. What was not answered in time has been counted as failed. */
async function finish({ deadlines }: Run, writer: ChangeWriter): Promise<StopReason | undefined> {
  await writer.end();
  return deadlines.writing.signal.aborted ? endOf(deadlines.writing) : undefined;
}

function endOf(deadline: Deadline): StopReason {
  return isInterrupted(deadline) ? 'interrupted' : 'deadline';
}

/** What ended some work: its own reason, its deadline, or a service that asks to be left alone for longer. */
async function stopOf<Reason extends string>(
  deadline: Deadline,
  work: () => Promise<Reason | undefined>,
): Promise<Reason | StopReason | undefined> {
  try {
    return await work();
  } catch (error) {
    if (deadline.signal.aborted) return endOf(deadline);
    if (error instanceof Failure && error.retryAfterMs !== undefined) return 'rate-limit';
    throw error;
  }
}
