import type { Failure } from '../../failure.ts';
import { type FullAt, lastDue, nextDue } from './full-at.ts';

/** When the runs of a list are. */
export type Schedule = {
  /** From the start of one run to that of the next: milliseconds. */
  readonly everyMs: number;
  /** When the whole list is due; absent: once, and never again. */
  readonly fullAt?: FullAt | undefined;
};

/** An interval is so much shorter or longer: many containers that were started together do not call together for ever. */
const JITTER = 0.1;
/** After the first failure in a row, and twice as much after each more: milliseconds. */
const FIRST_BACK_OFF_MS = 60_000;
/** A service that asks for a longer wait is asked again after this one; what it means may be a date: milliseconds. */
const MAX_RETRY_AFTER_MS = 86_400_000;

/** When a run was. */
export type Timing = {
  readonly startedAt: number;
  readonly endedAt: number;
  /** From 0 to 1. */
  readonly random: number;
};

/** When the next run of a list starts after one that ended well: milliseconds since 1970. */
export function nextStart({ everyMs, fullAt }: Schedule, { startedAt, endedAt, random }: Timing): number {
  const next = Math.max(endedAt, startedAt + jittered(everyMs, random));
  if (fullAt === undefined) return next;
  return Math.min(next, nextDue(fullAt, endedAt) + Math.round(everyMs * JITTER * random));
}

/**
 * When a run is tried again that failed, as the last of so many in a row: milliseconds since 1970. What passes with time
 * is tried again soon, then ever later up to the interval; what somebody has to set right, after the interval. Never
 * before the service said.
 */
export function nextTry(
  { kind, retryAfterMs = 0 }: Pick<Failure, 'kind' | 'retryAfterMs'>,
  inARow: number,
  { everyMs }: Schedule,
  { endedAt, random }: Timing,
): number {
  const isOurs = kind === 'settings' || kind === 'credentials';
  const backOffMs = isOurs ? everyMs : Math.min(everyMs, FIRST_BACK_OFF_MS * 2 ** (inARow - 1));
  return endedAt + Math.max(jittered(backOffMs, random), Math.min(retryAfterMs, MAX_RETRY_AFTER_MS));
}

/**
 * Whether a run that starts now is to be of the whole list: it never was, as far as is known, or has not been since it
 * was due, as where nothing ran at that time. `doneAt`: when the last such run started.
 */
export function isFullDue({ fullAt }: Schedule, doneAt: number | undefined, now: number): boolean {
  // A time to come is from a clock that was wrong.
  if (doneAt === undefined || doneAt > now) return true;
  return fullAt !== undefined && doneAt < lastDue(fullAt, now);
}

function jittered(ms: number, random: number): number {
  return Math.round(ms * (1 - JITTER + 2 * JITTER * random));
}
