import { setTimeout as sleep } from 'node:timers/promises';
import type { Deadline } from '../deadline.ts';
import { Failure } from '../failure.ts';
import { describeRequest, type Request } from './request.ts';

/** Where time comes from: milliseconds, from any beginning. */
export type Clock = {
  now(): number;
  /** Rejects with the signal's reason once the deadline is over. */
  wait(ms: number, deadline: Deadline): Promise<void>;
};

export const systemClock: Clock = {
  now: () => performance.now(),
  async wait(ms, { signal }) {
    await sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
  },
};

/** A minute as the service may count it, with a second for calls that arrive early or late. */
const WINDOW_MS = 61_000;

export type RateLimited = {
  readonly request: Request;
  /** How long the next request would wait for its turn: milliseconds. */
  waitMs(): number;
};

/**
 * A `Request` that keeps to a service's limit on calls a minute: so many at once, and each further one when the
 * one so many calls before it is a minute old. A wait that does not fit into the deadline is not begun: it
 * rejects with an `unavailable` failure that says how long the wait would be.
 */
export function rateLimited(
  request: Request,
  callsPerMinute: number,
  clock: Clock = systemClock,
): RateLimited {
  const startedAt: number[] = [];
  const waitMs = () => {
    const before = startedAt.at(-callsPerMinute);
    return before === undefined ? 0 : Math.max(0, before + WINDOW_MS - clock.now());
  };
  return {
    waitMs,
    async request(spec) {
      const ms = waitMs();
      if (ms >= spec.deadline.remainingMs()) {
        const found = `${describeRequest(spec)}: the limit of ${callsPerMinute} calls a minute is reached`;
        throw new Failure('unavailable', found, { retryAfterMs: ms });
      }
      startedAt.push(clock.now() + ms);
      if (startedAt.length > callsPerMinute) startedAt.shift();
      if (ms > 0) await clock.wait(ms, spec.deadline);
      return request(spec);
    },
  };
}
