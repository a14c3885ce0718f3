import { formatItems, formatNumber } from './format-number.ts';
import type { TagResult } from './item.ts';
import type { Decision } from './plan.ts';
import { reasonCounts } from './skip-labels.ts';

/** Maximum number of failed items that a summary lists; `failed.count` counts all of them. */
const MAX_NAMED_FAILURES = 20;

/** What a run does: tags the newest items, all of them, or those that the service has just named; or removes our tags. */
export type Mode = 'recent' | 'full' | 'items' | 'untag';

/** What stopped a run before it was complete. */
export type StopReason = 'deadline' | 'limit' | 'rate-limit' | 'budget' | 'interrupted' | 'failure';

/** The counts of a run, of items unless their name says otherwise. */
export type Tally = {
  /** Unread items (to untag: all items) that were decided about. */
  readonly listed: number;
  /** Those that there are in all, if the service reports it. */
  readonly total?: number;
  /** Items that got their tag. */
  readonly tagged: number;
  /** Items that only had managed tags removed. */
  readonly untagged: number;
  /** Items that had the right tags already. */
  readonly unchanged: number;
  /** Items not changed because their length is unknown, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Items that were deleted before their change was written: no failure. */
  readonly gone: number;
  /** Items whose change was not made or not confirmed; the first `MAX_NAMED_FAILURES` of them with id and reason. */
  readonly failed: {
    readonly count: number;
    readonly items: readonly { readonly id: string; readonly reason: string }[];
  };
  /**
   * What a run left at its limit on changes: `changes` known to be needed, and `unseen` unread items that it did not
   * decide about, if the service reports how many there are.
   */
  readonly left?: { readonly changes: number; readonly unseen?: number };
  /** `tagged`, by tag. */
  readonly byBand: Readonly<Record<string, number>>;
  /** Unread items with a managed tag at the end of the run, by tag, and their minutes in total. */
  readonly backlog: Readonly<Record<string, { readonly items: number; readonly minutes: number }>>;
};

/** The parts of a summary that are not counts of items. */
export type Ending = {
  readonly mode: Mode;
  /** True: nothing was written, and the counts are of what would have been. */
  readonly dryRun: boolean;
  /** HTTP requests sent to the reading list, retries included. */
  readonly requests: number;
  readonly durationMs: number;
  readonly stoppedBy?: StopReason;
  /** How long the reading list asked to wait, where a limit on calls stopped the run. */
  readonly retryAfterMs?: number;
  /** When a run begins by itself that continues this one: ISO 8601, UTC. Absent: the next full run continues. */
  readonly continuesAt?: string;
  /** A recent run that ended before the older items, as the newest needed no change. */
  readonly newestOnly?: true;
};

/** The result of a run. */
export type Summary = Ending &
  Tally & {
    /** The result in words, for people. */
    readonly message: string;
    /** False if the run stopped before it had done everything its mode asks for. */
    readonly complete: boolean;
  };

/** All counts 0. `tags` gives the order of bands in the result and its message. */
export function emptyTally(tags: readonly string[]): Tally {
  return {
    listed: 0,
    tagged: 0,
    untagged: 0,
    unchanged: 0,
    skipped: {},
    gone: 0,
    failed: { count: 0, items: [] },
    byBand: Object.fromEntries(tags.map((tag) => [tag, 0])),
    backlog: Object.fromEntries(tags.map((tag) => [tag, { items: 0, minutes: 0 }])),
  };
}

/** Counts decisions. Changes are counted by `addResults`, when their results are known. */
export function addDecisions(tally: Tally, decisions: readonly Decision[]): Tally {
  const skipped: Record<string, number> = { ...tally.skipped };
  for (const decision of decisions) {
    if (decision.kind === 'skip') skipped[decision.reason] = (skipped[decision.reason] ?? 0) + 1;
  }
  const kept = decisions.filter((decision) => decision.kind === 'keep');
  return {
    ...tally,
    listed: tally.listed + decisions.length,
    unchanged: tally.unchanged + kept.length,
    skipped,
    backlog: addBacklog(tally.backlog, kept),
  };
}

/** Counts rows of the listing that are not understood: there is no item to decide about. */
export function addOddRows(tally: Tally, rows: number): Tally {
  const skipped = { ...tally.skipped, 'not-understood': (tally.skipped['not-understood'] ?? 0) + rows };
  return { ...tally, listed: tally.listed + rows, skipped };
}

/** Counts decisions beyond the limit on changes. `total`: unread items in the list, if the service reports it. */
export function addRemaining(tally: Tally, overLimit: readonly Decision[], total: number | undefined): Tally {
  const known = overLimit.filter((decision) => decision.kind !== 'skip');
  const changes = (tally.left?.changes ?? 0) + known.filter(isChange).length;
  const before = tally.left ? tally.left.unseen : total === undefined ? undefined : total - tally.listed;
  const unseen = before === undefined ? {} : { unseen: Math.max(0, before - known.length) };
  return { ...tally, left: { changes, ...unseen } };
}

/** Counts the results of changes. `results` are in the order of `changes`. */
export function addResults(tally: Tally, changes: readonly Change[], results: readonly TagResult[]): Tally {
  const done = changes.filter((_, at) => results[at]?.ok);
  const failed = results.flatMap((result) =>
    result.ok || result.gone ? [] : [{ id: result.itemId, reason: result.reason }],
  );
  const byBand = { ...tally.byBand };
  for (const { add } of done) for (const tag of add) byBand[tag] = (byBand[tag] ?? 0) + 1;
  const tagged = done.filter((change) => change.add.length > 0).length;
  return {
    ...tally,
    tagged: tally.tagged + tagged,
    untagged: tally.untagged + done.length - tagged,
    gone: tally.gone + results.filter((result) => !result.ok && result.gone).length,
    failed: {
      count: tally.failed.count + failed.length,
      items: [...tally.failed.items, ...failed].slice(0, MAX_NAMED_FAILURES),
    },
    byBand,
    backlog: addBacklog(tally.backlog, done),
  };
}

/** A decision to change the tags of an item. */
export type Change = Extract<Decision, { kind: 'change' }>;

/** Whether a decision is to change the tags of its item. */
export function isChange(decision: Decision): decision is Change {
  return decision.kind === 'change';
}

function addBacklog(
  backlog: Tally['backlog'],
  decisions: readonly Exclude<Decision, { kind: 'skip' }>[],
): Tally['backlog'] {
  const sum = { ...backlog };
  for (const { tag, minutes = 0 } of decisions) {
    if (tag === undefined) continue;
    const { items, minutes: before } = sum[tag] ?? { items: 0, minutes: 0 };
    sum[tag] = { items: items + 1, minutes: before + minutes };
  }
  return sum;
}

/** Builds the summary of a run, with its message. */
export function summarise(tally: Tally, ending: Ending): Summary {
  return { message: sentence(tally, ending), complete: ending.stoppedBy === undefined, ...ending, ...tally };
}

function sentence(tally: Tally, ending: Ending): string {
  const { mode, dryRun } = ending;
  const looked = lookedAt(tally, ending);
  const changes = mode === 'untag' ? untaggedText(tally, looked, dryRun) : taggedText(tally, looked, dryRun);
  return [changes, othersText(tally, mode), unknownText(tally), stoppedText(tally, ending)]
    .filter(Boolean)
    .join(' ');
}

/** `120 unread items, of 3,000 in all`, `the newest 150 unread items`. */
function lookedAt({ listed, total = listed }: Tally, { mode, stoppedBy, newestOnly }: Ending): string {
  if (newestOnly) return `the newest ${itemsOf(listed, mode)}`;
  const ofAll = stoppedBy && listed < total ? `, of ${formatNumber(total)} in all` : '';
  return `${itemsOf(listed, mode)}${ofAll}`;
}

function taggedText(tally: Tally, looked: string, dryRun: boolean): string {
  const bands = Object.entries(tally.byBand).filter(([, items]) => items > 0);
  const counts = bands.map(([tag, items]) => `${formatNumber(items)} ${tag}`).join(', ');
  const verb = dryRun ? 'Would tag' : 'Tagged';
  const tagged = `${verb} ${formatNumber(tally.tagged)} of ${looked}${counts && `: ${counts}`}.`;
  const removed =
    tally.untagged > 0
      ? ` ${dryRun ? 'Would remove' : 'Removed'} a needless tag from ${formatNumber(tally.untagged)}.`
      : '';
  return tagged + removed;
}

function untaggedText({ untagged }: Tally, looked: string, dryRun: boolean): string {
  return `${dryRun ? 'Would remove' : 'Removed'} our tags from ${formatNumber(untagged)} of ${looked}.`;
}

function othersText({ unchanged, gone, failed }: Tally, mode: Mode): string {
  const parts = [
    unchanged > 0 && `${were(unchanged)} ${mode === 'untag' ? 'without them' : 'already right'}`,
    gone > 0 && `${were(gone)} deleted meanwhile`,
    failed.count > 0 && `${formatNumber(failed.count)} could not be changed`,
  ].filter(Boolean);
  return parts.length > 0 ? `${parts.join(', ')}.` : '';
}

function unknownText({ skipped }: Tally): string {
  const unknown = Object.values(skipped).reduce((sum, items) => sum + items, 0);
  if (unknown === 0) return '';
  return `${formatNumber(unknown)} ${unknown === 1 ? 'has' : 'have'} no known length: ${reasonCounts(skipped)}.`;
}

/** When or why a run stopped: a clause. */
export const STOPPED_BECAUSE: Readonly<Record<StopReason, string>> = {
  deadline: 'when its time was up',
  limit: 'at the limit on changes',
  interrupted: 'when asked to',
  failure: 'because something failed',
  'rate-limit': 'because the reading list allows no more calls for now',
  budget: 'because its calls for this hour are used up',
};

function stoppedText({ left }: Tally, { mode, stoppedBy, continuesAt }: Ending): string {
  if (stoppedBy === undefined) return '';
  // A recent run in a new process does not know of older items that remain, so a full run is needed.
  const next = continuesAt
    ? `it goes on by itself at ${continuesAt.slice(0, 16).replace('T', ' ')} UTC`
    : `the next ${mode === 'untag' ? 'such' : 'full'} run continues`;
  return `Stopped ${STOPPED_BECAUSE[stoppedBy]}${left ? remainingText(left, mode) : ''}; ${next}.`;
}

function remainingText({ changes, unseen }: NonNullable<Summary['left']>, mode: Mode): string {
  const due = `, with ${unseen === 0 ? '' : 'at least '}${formatNumber(changes)} more to change`;
  return unseen ? `${due} and ${itemsOf(unseen, mode)} not looked at` : due;
}

/** What the items of a run are called; untagging looks at all. */
const KINDS: Readonly<Record<Mode, string>> = { recent: 'unread', full: 'unread', items: 'new', untag: '' };

function itemsOf(items: number, mode: Mode): string {
  return formatItems(items, KINDS[mode]);
}

function were(items: number): string {
  return `${formatNumber(items)} ${items === 1 ? 'was' : 'were'}`;
}
