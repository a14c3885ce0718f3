import { formatItems } from '../core/format-number.ts';
import { STOPPED_BECAUSE, type StopReason, type Summary } from '../core/summary.ts';
import { Failure } from '../failure.ts';
import { type Allowance, usedAfter } from './budget.ts';
import type { RunRequest } from './event.ts';

/** Runs in a row that continue another and get no further, after which none follows. */
const MAX_WITHOUT_PROGRESS = 2;
/** Runs that follow one another at most: with 2,000 changes each, a list of 400,000 items. */
const MAX_CONTINUATIONS = 200;
/** A longer wait is not waited for: within a week the full schedule comes round. Milliseconds. */
const MAX_WAIT_MS = 7 * 86_400_000;

/** What a run that stopped is to be continued by: the next run, and how long to wait for it at least. */
export type NextRun = { readonly request: RunRequest; readonly waitMs: number };

/** What stops a run that is to do more. */
const FOR_MORE: readonly unknown[] = ['limit', 'deadline', 'rate-limit', 'budget'] satisfies StopReason[];

/**
 * The run that continues one which stopped before its end. `undefined` where none is to follow: the run is complete, or
 * was asked for no more (a dry run, a limit of its own, Ctrl-C), or the reading list asks to wait for more than a week.
 * `allowance`: what the run could use of an hour; where that is used up, the next one waits until the hour is over. `now`:
 * the end of the run, in milliseconds since 1970.
 * Throws an `unavailable` failure where runs follow one another and get no further.
 */
export function nextRun(
  request: RunRequest,
  summary: Summary,
  { allowance, now = Date.now() }: { allowance?: Allowance | undefined; now?: number } = {},
): NextRun | undefined {
  const { stoppedBy, listed, retryAfterMs = 0 } = summary;
  const isForMore = stoppedBy !== undefined && FOR_MORE.includes(stoppedBy);
  if (!isForMore || request.dryRun || request.limit !== undefined || retryAfterMs > MAX_WAIT_MS)
    return undefined;
  const { continues: before, failingSince: _, ...asked } = request;
  const used = allowance && usedAfter(request, summary, { allowance, now });
  // The rest of an hour may not be enough to come to what is new; the next run has a whole one.
  const lack = used?.hadRestOnly ? 0 : 1;
  const continues = {
    runs: (before?.runs ?? 0) + 1,
    listed: Math.max(before?.listed ?? 0, listed),
    withoutProgress: before && !gotFurther(summary, before) ? before.withoutProgress + lack : 0,
    ...(used?.hour && { hour: used.hour }),
  };
  if (continues.withoutProgress === MAX_WITHOUT_PROGRESS)
    throw stuck(stoppedBy, continues.listed).after(summary);
  if (continues.runs > MAX_CONTINUATIONS) throw endless().after(summary);
  // Pages that were read again are not read once more: without a memory, each run would begin with the same ones.
  return {
    request: { ...asked, refetch: false, continues },
    waitMs: Math.max(retryAfterMs, used?.waitMs ?? 0),
  };
}

/** It changed an item, or decided about more items than any run before it. */
function gotFurther(
  { tagged, untagged, listed }: Summary,
  before: NonNullable<RunRequest['continues']>,
): boolean {
  return tagged + untagged > 0 || listed > before.listed;
}

function stuck(reason: StopReason, listed: number): Failure {
  return new Failure(
    'unavailable',
    `The run got no further, nor did the one before it: it stopped ${STOPPED_BECAUSE[reason]}, and decided about no more than ${formatItems(listed)}; none goes on by itself, and the next full run tries again`,
  );
}

function endless(): Failure {
  return new Failure(
    'unavailable',
    `The list is not done after ${MAX_CONTINUATIONS} runs that went on by themselves: does something else change the same tags, or is MAX_CHANGES very low? None goes on by itself, and the next full run tries again`,
  );
}
