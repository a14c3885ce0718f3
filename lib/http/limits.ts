import pLimit from 'p-limit';
import { Failure } from '../failure.ts';
import { systemClock } from './clock.ts';
import { describeRequest, type Request } from './request.ts';

/** Requests to one service at the same time: most services are small servers at home. */
export const MAX_IN_FLIGHT = 2;

/**
 * A `Request` of which at most `MAX_IN_FLIGHT` are under way, each from its first try to its last: one that waits
 * for a retry keeps its place, since more requests do not help a service in trouble. The others follow in order.
 */
export function limitConcurrency(request: Request): Request {
  const limit = pLimit(MAX_IN_FLIGHT);
  return (spec) => limit(() => request(spec));
}

/** A minute as the service may count it, with a second for calls that arrive early or late. */
const WINDOW_MS = 61_000;

export type RateLimited = {
  readonly request: Request;
  /** How long the next request would wait: milliseconds. */
  waitMs(): number;
};

/**
 * A `Request` that keeps to a service's limit on calls a minute: the first `callsPerMinute` are sent at once, and
 * each later one a minute after the one that many calls before it. A wait that ends after the deadline is not
 * begun: it rejects with an `unavailable` failure whose `retryAfterMs` is the wait.
 */
export function rateLimited(request: Request, callsPerMinute: number, clock = systemClock): RateLimited {
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
        const message = `${describeRequest(spec)}: the limit of ${callsPerMinute} calls a minute is reached`;
        throw new Failure('unavailable', message, { retryAfterMs: ms });
      }
      startedAt.push(clock.now() + ms);
      if (startedAt.length > callsPerMinute) startedAt.shift();
      if (ms > 0) await clock.wait(ms, spec.deadline);
      return request(spec);
    },
  };
}
