import pLimit from 'p-limit';
import { Failure } from '../failure.ts';
import { systemClock } from './clock.ts';
import { describeRequest, type Request, type RequestSpec } from './request.ts';

/** Maximum concurrent requests to a service whose adapter does not say another number: many are small servers at home. */
export const MAX_IN_FLIGHT = 2;

/**
 * A `Request` with at most `maxInFlight` calls in flight; the others wait in order. A call that waits for a retry
 * counts as in flight, since more requests do not help a service in trouble.
 */
export function limitConcurrency(request: Request, maxInFlight = MAX_IN_FLIGHT): Request {
  const limit = pLimit(maxInFlight);
  return (spec) => limit(() => request(spec));
}

/** A minute, and a second more because calls may arrive early or late. */
const WINDOW_MS = 61_000;

export type RateLimited = {
  readonly request: Request;
  /**
   * Waits until so many calls may be sent one after the other, without a wait between them; they count as sent, so send
   * them by the request that is not limited. `spec` is the first of them. Rejects as `request` does.
   */
  takeTurns(calls: number, spec: Pick<RequestSpec, 'method' | 'url' | 'deadline'>): Promise<void>;
};

/**
 * A `Request` that keeps a service's limit on calls a minute: at most `callsPerMinute` in any `WINDOW_MS`. If the wait
 * would end after the deadline, it rejects at once with an `unavailable` failure whose `retryAfterMs` is the wait.
 */
export function rateLimited(request: Request, callsPerMinute: number, clock = systemClock): RateLimited {
  const startedAt: number[] = [];
  const waitMs = (calls: number) => {
    const windowStart = startedAt.at(calls - 1 - callsPerMinute);
    return windowStart === undefined ? 0 : Math.max(0, windowStart + WINDOW_MS - clock.now());
  };
  const takeTurns: RateLimited['takeTurns'] = async (calls, spec) => {
    const ms = waitMs(calls);
    if (ms > 0 && ms >= spec.deadline.remainingMs()) {
      const message = `${describeRequest(spec)}: the limit of ${callsPerMinute} calls a minute is reached`;
      throw new Failure('unavailable', message, { retryAfterMs: ms });
    }
    startedAt.push(...Array<number>(calls).fill(clock.now() + ms));
    startedAt.splice(0, startedAt.length - callsPerMinute);
    if (ms > 0) await clock.wait(ms, spec.deadline);
  };
  return {
    takeTurns,
    async request(spec) {
      await takeTurns(1, spec);
      return request(spec);
    },
  };
}
