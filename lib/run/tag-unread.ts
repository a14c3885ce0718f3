import type { Item } from '../core/item.ts';
import type { Decision } from '../core/plan.ts';
import {
  addDecisions,
  addOddRows,
  addRemaining,
  addResults,
  emptyTally,
  isChange,
  type StopReason,
  type Tally,
} from '../core/summary.ts';
import { type Deadline, isInterrupted } from '../deadline.ts';
import { Failure } from '../failure.ts';
import type { ReadingList } from '../reading-lists/reading-list.ts';
import { CALLS_USED_UP } from './budget.ts';
import { type ChangeWriter, changeWriter } from './change-writer.ts';
import { type DecideContext, decideItem } from './decide-item.ts';

/** A recent run ends after this many pages in a row without a change. */
const MAX_UNCHANGED_PAGES = 3;

/** What a run works with, and whom it tells of its progress. */
export type TagUnreadOptions = DecideContext & {
  readonly list: ReadingList;
  /** Maximum number of items to change. */
  readonly limit?: number;
  /** At the limit, continue listing to count the changes that remain. */
  readonly countLeft?: boolean;
  /** When to stop reading, and, later, by when the current batch has to be written. */
  readonly deadlines: { readonly reading: Deadline; readonly writing: Deadline };
  /** Do not end after `MAX_UNCHANGED_PAGES`: an earlier run stopped before it had seen the older items. */
  readonly skipEarlyStop?: boolean;
  /** Called with the counts so far, after each page and each written batch. */
  readonly onCount?: (tally: Tally) => void;
  /** Called after each page. */
  readonly onPage?: (progress: Progress) => void;
  /** Called with each item whose change was not made or not confirmed. */
  readonly onItemFailed?: (itemId: string, reason: string) => void;
};

/** How far a run is, after a page of the list. */
export type Progress = {
  readonly listed: number;
  /** Number of unread items in the list, if the service reports it. */
  readonly total?: number;
  readonly decisions: readonly Decision[];
};

/** The counts of a run, what stopped it before the end of the list, and whether it decided about every unread item. */
export type RunResult = {
  readonly tally: Tally;
  readonly stoppedBy?: StopReason;
  /** How long the reading list asked to wait, where a limit on calls stopped the run. */
  readonly retryAfterMs?: number;
  readonly wholeList: boolean;
};

/** Why a run ends before the end of the list: something stopped it, or the last pages needed no change. */
type EndReason = StopReason | 'unchanged-pages';

/** The decisions about a page: those within the limit on changes, and those beyond it, which are only counted. */
type PlannedPage = { readonly decisions: readonly Decision[]; readonly overLimit: readonly Decision[] };

/** `odd`: rows of the page that are not understood. */
type OnPlanned = (page: PlannedPage, total: number | undefined, odd: number) => void;

/**
 * THE RUN: lists the unread items (to untag, all items), decides about each, and writes the changes in batches, reading
 * the next page while a batch is being written. Everything is repeatable: a run that stops has lost nothing.
 * Rejects with a `Failure` if the reading list cannot be read or written; `onCount` has the counts up to then.
 */
export async function tagUnread(run: TagUnreadOptions): Promise<RunResult> {
  const { bands, longestTag, videoTag } = run.rules;
  const { reading, writing } = run.deadlines;
  let tally = emptyTally([...bands.map(({ tag }) => tag), longestTag, ...(videoTag ? [videoTag] : [])]);
  const count = (next: Tally) => {
    tally = next;
    run.onCount?.(next);
  };
  const writer = changeWriter(run.list, writing, (change, result) => {
    count(addResults(tally, [change], [result]));
    if (!result.ok && !result.gone) run.onItemFailed?.(result.itemId, result.reason);
  });
  const onPlanned: OnPlanned = ({ decisions, overLimit }, total, odd) => {
    if (odd > 0) count(addOddRows(tally, odd));
    count({ ...addDecisions(tally, decisions), ...(total !== undefined && { total }) });
    if (overLimit.length > 0) count(addRemaining(tally, overLimit, total));
    if (decisions.length === 0 && overLimit.length > 0) return;
    run.onPage?.({ listed: tally.listed, decisions, ...(total !== undefined && { total }) });
  };
  let end: EndReason | undefined;
  let retryAfterMs: number | undefined;
  const stopAt = (deadline: Deadline) => (error: unknown) => {
    const reason = stopReasonOf(error, deadline);
    if (reason === 'rate-limit') retryAfterMs = Math.max(retryAfterMs ?? 0, waitOf(error));
    return reason;
  };
  try {
    end = await tagPages(run, writer, onPlanned).catch(stopAt(reading));
  } finally {
    end = (await writeRest(run, writer).catch(stopAt(writing))) ?? end;
  }
  const stoppedBy = end === 'unchanged-pages' ? undefined : end;
  return {
    tally,
    wholeList: end === undefined && run.mode !== 'items',
    ...(stoppedBy && { stoppedBy }),
    ...(retryAfterMs !== undefined && stoppedBy === 'rate-limit' && { retryAfterMs }),
  };
}

async function tagPages(
  run: TagUnreadOptions,
  writer: ChangeWriter,
  onPlanned: OnPlanned,
): Promise<EndReason | undefined> {
  const { reading } = run.deadlines;
  // Most items that ever got a tag of ours are archived by now.
  const pages = run.mode === 'untag' ? run.list.listAll(reading) : run.list.listUnread(reading);
  let changesPlanned = 0;
  let unchangedPages = 0;
  let isAtLimit = false;
  for await (const { items, total, odd = 0 } of pages) {
    const page: PlannedPage = isAtLimit
      ? await planOverLimit(run, items)
      : await planPage(run, items, changesPlanned);
    const changes = page.decisions.filter(isChange);
    onPlanned(page, total, odd);
    await writer.add(changes);
    if (reading.signal.aborted) return timeoutReason(reading);
    isAtLimit ||= page.overLimit.length > 0;
    if (isAtLimit && !run.countLeft) return 'limit';
    changesPlanned += changes.length;
    unchangedPages = changes.length > 0 ? 0 : unchangedPages + 1;
    if (unchangedPages === MAX_UNCHANGED_PAGES && mayStopEarly(run)) return 'unchanged-pages';
  }
  return isAtLimit ? 'limit' : undefined;
}

/** A recent run is for new items; the full run covers older ones. */
function mayStopEarly({ mode, skipEarlyStop }: TagUnreadOptions): boolean {
  return mode === 'recent' && !skipEarlyStop;
}

/** Decides about each item of a page. Items whose web page there was no time to read are left out. */
async function planPage(
  run: TagUnreadOptions,
  items: readonly Item[],
  changesPlanned: number,
): Promise<PlannedPage> {
  const all = await Promise.all(items.map((item) => decideItem(run, item)));
  const decisions = all.filter((decision) => decision.kind !== 'skip' || decision.reason !== 'out-of-time');
  const firstOver =
    run.limit === undefined ? undefined : decisions.filter(isChange)[run.limit - changesPlanned];
  if (!firstOver) return { decisions, overLimit: [] };
  const cut = decisions.indexOf(firstOver);
  return { decisions: decisions.slice(0, cut), overLimit: decisions.slice(cut) };
}

/** Decides about the items beyond the limit, to count them, without reading web pages, or anything again. */
async function planOverLimit(
  { pages: _, refetch: __, ...run }: TagUnreadOptions,
  items: readonly Item[],
): Promise<PlannedPage> {
  return { decisions: [], overLimit: await Promise.all(items.map((item) => decideItem(run, item))) };
}

/** Writes the remaining changes. Changes without a result at the deadline have been counted as failed. */
async function writeRest(
  { deadlines }: TagUnreadOptions,
  writer: ChangeWriter,
): Promise<StopReason | undefined> {
  await writer.end();
  return deadlines.writing.signal.aborted ? timeoutReason(deadlines.writing) : undefined;
}

/** Why a run ends at this deadline. */
export function timeoutReason(deadline: Deadline): StopReason {
  if (deadline.signal.reason === CALLS_USED_UP) return 'budget';
  return isInterrupted(deadline) ? 'interrupted' : 'deadline';
}

/** Why an error ends a run early: its deadline, or a service that rate-limits us for longer. Throws any other error. */
export function stopReasonOf(error: unknown, deadline: Deadline): StopReason {
  if (deadline.signal.aborted) return timeoutReason(deadline);
  // A write had waited for a login that reading began.
  if (error === CALLS_USED_UP) return 'budget';
  if (error instanceof Failure && error.retryAfterMs !== undefined) return 'rate-limit';
  throw error;
}

/** The wait that a service asked for: milliseconds, and a number that JSON has. */
function waitOf(error: unknown): number {
  const asked = error instanceof Failure ? error.retryAfterMs : undefined;
  return Math.min(asked ?? 0, Number.MAX_SAFE_INTEGER);
}
