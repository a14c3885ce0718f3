import type { Deadline } from '../deadline.ts';
import { Failure } from '../failure.ts';
import { systemClock } from './clock.ts';

/** The wait that a service asked for, shared by all requests to it. */
export type Cooldown = {
  /** Blocks requests for `ms` milliseconds from now. A longer wait in progress is not shortened. */
  start(ms: number): void;
  /** Time until it is over: milliseconds. */
  remainingMs(): number;
  /**
   * Resolves when it is over. Rejects at once with an `unavailable` failure of this message if the deadline comes
   * first, and with the signal's reason if it aborts during the wait.
   */
  wait(deadline: Deadline, message: string): Promise<void>;
};

export function cooldown(clock = systemClock): Cooldown {
  let endsAt = Number.NEGATIVE_INFINITY;
  const remainingMs = () => Math.max(0, Math.ceil(endsAt - clock.now()));
  return {
    start(ms) {
      endsAt = Math.max(endsAt, clock.now() + ms);
    },
    remainingMs,
    async wait(deadline, message) {
      for (let ms = remainingMs(); ms > 0; ms = remainingMs()) {
        if (ms >= deadline.remainingMs()) throw new Failure('unavailable', message, { retryAfterMs: ms });
        await clock.wait(ms, deadline);
      }
    },
  };
}

/** `Retry-After` (RFC 9110, 10.2.3) in milliseconds, given as seconds or as a date; `undefined` if absent or invalid. */
export function parseRetryAfter(value: string | undefined, nowMs = Date.now()): number | undefined {
  if (value === undefined || value.trim() === '') return undefined;
  const seconds = Number(value);
  const waitMs = Number.isNaN(seconds) ? Date.parse(value) - nowMs : seconds * 1000;
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}
