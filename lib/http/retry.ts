import type { Deadline } from '../deadline.ts';
import { Failure } from '../failure.ts';
import type { Clock } from './clock.ts';

/** A request is sent again at most this many times. */
const MAX_RETRIES = 3;

/** Half of the wait before the first retry: milliseconds. The waits are 0.4, 0.8 and 1.6 s. */
export const BACK_OFF_BASE_MS = 200;

/** Up to this share of a wait is added at random, so that requests that failed together are not sent together again. */
const MAX_JITTER = 0.2;

/**
 * Makes a request until it succeeds. Only an `unavailable` failure (no answer, 429, 5xx, and what else a service's
 * `classifyResponse` takes for one) is worth a retry, at most `MAX_RETRIES` times. The wait before it is as long as
 * the service says, and is not begun if it ends after the deadline; where the service says nothing, it is an
 * exponential back-off. Any other failure is final.
 *
 * Rejects with the last failure, `outcomeUnknown` if some try may have been carried out; with the signal's reason
 * once the deadline is over.
 */
export async function withRetries<T>(
  send: () => Promise<T>,
  { deadline, clock, backOffBaseMs }: { deadline: Deadline; clock: Clock; backOffBaseMs: number },
): Promise<T> {
  let outcomeUnknown = false;
  for (let retry = 1; ; retry++) {
    try {
      return await send();
    } catch (error) {
      deadline.signal.throwIfAborted();
      if (!(error instanceof Failure)) throw error;
      const { kind, message, status, retryAfterMs } = error;
      // A service that names a wait has done nothing yet.
      outcomeUnknown ||= kind === 'unavailable' && retryAfterMs === undefined;
      const isWorthRetrying =
        kind === 'unavailable' && retry <= MAX_RETRIES && (retryAfterMs ?? 0) < deadline.remainingMs();
      if (!isWorthRetrying) throw new Failure(kind, message, { status, retryAfterMs, outcomeUnknown });
      await clock.wait(retryAfterMs ?? backOffMs(retry, backOffBaseMs), deadline);
    }
  }
}

/** The wait before the given retry, counted from 1: twice the one before, and the jitter. */
function backOffMs(retry: number, baseMs: number): number {
  return 2 ** retry * baseMs * (1 + MAX_JITTER * Math.random());
}
