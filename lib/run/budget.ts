import type { Summary } from '../core/summary.ts';
import type { HttpClient, Request } from '../http/request.ts';
import type { RunRequest } from './event.ts';

const HOUR_MS = 3_600_000;
/**
 * Of the calls of a run, so many are kept for writing what it has decided: a page of 100 items and the batch before it,
 * with two calls each, as most services take to replace a tag.
 */
const WRITE_RESERVE_CALLS = 250;
/** With less, no run goes on within the hour: it would end before it has seen what is new to it. */
const MIN_LEFT: Budget = { ms: 60_000, calls: 2 * WRITE_RESERVE_CALLS };

/**
 * What an account may use in an hour: so much its hourly runs, and as much again the full ones, together with those that
 * go on where a run stopped. `calls`: requests to the reading list, retries included.
 */
export type Budget = { readonly ms: number; readonly calls: number };

/** What has been used since an hour `began`, by a full run and those that go on where it stopped. */
type Hour = NonNullable<NonNullable<RunRequest['continues']>['hour']>;

/** What a run may use, and what the runs before it have used of the same hour. */
export type Allowance = { readonly budget: Budget; readonly left: Budget; readonly hour: Hour };

/** Why the signal of a deadline has aborted whose run has used up its calls. */
export const CALLS_USED_UP = new DOMException('The calls of this hour are used up', 'QuotaExceededError');

/** What a run may use that starts `now`, in milliseconds since 1970; `undefined` without a budget. */
export function allowanceOf(
  { continues }: RunRequest,
  budget: Budget | undefined,
  now: number,
): Allowance | undefined {
  if (!budget) return undefined;
  const sinceBegun = now - Date.parse(continues?.hour?.began ?? '');
  const isOver = !(sinceBegun >= 0 && sinceBegun < HOUR_MS);
  const none = { began: new Date(now).toISOString(), ms: 0, calls: 0 };
  const hour = (!isOver && continues?.hour) || none;
  const left = { ms: Math.max(0, budget.ms - hour.ms), calls: Math.max(0, budget.calls - hour.calls) };
  return { budget, left, hour };
}

/**
 * Ends the reading of a run by `end` when the calls that are left to it are used up but for those of the writes: what has
 * been decided is written all the same, so that no change stays half made.
 */
export function withinCalls(
  { request, sent }: Pick<HttpClient, 'request' | 'sent'>,
  left: Pick<Budget, 'calls'> | undefined,
  end: AbortController,
): Request {
  if (!left) return request;
  return (spec) => {
    if (sent() >= left.calls - WRITE_RESERVE_CALLS) end.abort(CALLS_USED_UP);
    return request(spec);
  };
}

/** What is used of the hour after a run, and when the next run of its chain may start. */
type UsedAfter = {
  /** Absent after an hourly run, which has a budget of its own: the next one begins an hour. */
  readonly hour?: Hour;
  /** Until the hour is over, if too little of it is left: milliseconds. */
  readonly waitMs: number;
  /** The run ended with the rest of an hour, some of which had been used before it. */
  readonly hadRestOnly: boolean;
};

/** `now`: the end of the run, in milliseconds since 1970. */
export function usedAfter(
  { mode, continues }: RunRequest,
  { durationMs, requests }: Pick<Summary, 'durationMs' | 'requests'>,
  { allowance, now }: { allowance: Allowance; now: number },
): UsedAfter {
  if (mode === 'recent' && !continues) return { waitMs: 0, hadRestOnly: false };
  const { budget, hour: before } = allowance;
  const hour = { ...before, ms: before.ms + durationMs, calls: before.calls + requests };
  const isUsedUp = budget.ms - hour.ms < MIN_LEFT.ms || budget.calls - hour.calls < MIN_LEFT.calls;
  const waitMs = isUsedUp ? Math.max(0, Date.parse(hour.began) + HOUR_MS - now) : 0;
  return { hour, waitMs, hadRestOnly: isUsedUp && before.ms > 0 };
}
