import type { Deadline } from '../deadline.ts';
import { Failure } from '../failure.ts';
import { systemClock } from './clock.ts';

/** A wait that a service asked for, shared by all requests to it. */
export type Cooldown = {
  /** Lets nothing through for so long: milliseconds. A wait under way is never shortened. */
  start(ms: number): void;
  /** How long until it is over: milliseconds. */
  remainingMs(): number;
  /**
   * Resolves when it is over. Rejects at once with an `unavailable` failure of this message where the deadline
   * comes first, and with the signal's reason where that aborts meanwhile.
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

/** `Retry-After` (RFC 9110, 10.2.3) in milliseconds, from seconds or a date; `undefined` if it is neither. */
export function parseRetryAfter(value: string | undefined, nowMs = Date.now()): number | undefined {
  if (value === undefined || value.trim() === '') return undefined;
  const seconds = Number(value);
  const waitMs = Number.isNaN(seconds) ? Date.parse(value) - nowMs : seconds * 1000;
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}
