import type { Context } from 'aws-lambda';
import { abortsAfter, abortWith, type Deadline, deadlineIn, type OnWait } from '../deadline.ts';
import type { Budget } from './budget.ts';

/** Reserved at the end of an invocation for returning the result: milliseconds. */
const RESULT_RESERVE_MS = 1000;
/** Reserved in addition for planning the run that continues this one: milliseconds, as scheduler.ts takes at most. */
const PLAN_RESERVE_MS = 5000;
/** The same for noting whether an account fails: milliseconds, as recent-schedule.ts takes at most. */
const NOTE_RESERVE_MS = 2000;
/** Reserved before that for writing the current batch, which may need a retry: milliseconds. */
const WRITE_RESERVE_MS = 10_000;
/** A run that nobody gave a time ends after this one: milliseconds. */
const MAX_RUN_MS = 3_600_000;

/** The part of Lambda's context that a run uses; at a terminal, `--max-minutes` takes its place. */
export type RemainingTime = Partial<Pick<Context, 'getRemainingTimeInMillis'>>;

/** Until when a run may read the list, and, later, finish a write; `endReading` ends the former at once. */
export type Deadlines = {
  readonly reading: Deadline;
  readonly writing: Deadline;
  readonly endReading: AbortController;
};

type DeadlineOptions = {
  readonly context?: RemainingTime | undefined;
  readonly stop?: AbortSignal | undefined;
  readonly onWait?: OnWait | undefined;
  /** Whether there has to be time to plan a run. */
  readonly planRun?: unknown;
  /** What is left of a budget. */
  readonly left?: Budget | undefined;
};

/** The deadlines of a run that begins now. */
export function deadlinesOf({ context, stop, onWait, planRun, left }: DeadlineOptions): Deadlines {
  const givenMs = context?.getRemainingTimeInMillis?.() ?? MAX_RUN_MS;
  const remainingMs = Math.min(givenMs, left?.ms ?? Number.POSITIVE_INFINITY);
  const reserveMs = RESULT_RESERVE_MS + (planRun ? PLAN_RESERVE_MS : 0) + (left ? NOTE_RESERVE_MS : 0);
  const writingMs = remainingMs - Math.min(reserveMs, remainingMs / 10);
  const readingMs = writingMs - Math.min(WRITE_RESERVE_MS, remainingMs / 3);
  const endReading = new AbortController();
  if (stop) abortWith(stop, endReading);
  // Who stops a run is told soon what it has changed, also if the service is down.
  const stopWriting = stop && abortsAfter(stop, WRITE_RESERVE_MS);
  return {
    reading: deadlineIn(readingMs, { stop: endReading.signal, onWait }),
    writing: deadlineIn(writingMs, { stop: stopWriting, onWait }),
    endReading,
  };
}
