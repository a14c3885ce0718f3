import type { Deadline } from '../deadline.ts';
import { Failure } from '../failure.ts';
import type { Clock } from './clock.ts';

/** Maximum number of retries of one request to a service; pages have their own (pages/fetch-page.ts). */
const MAX_RETRIES = 3;

/** Half of the back-off before the first retry: milliseconds. The back-offs are 0.4, 0.8 and 1.6 s. */
export const BACK_OFF_BASE_MS = 200;

/** Maximum share of a back-off added at random, so that requests that failed together are not retried together. */
const MAX_JITTER = 0.2;

type RetriedSpec = {
  readonly deadline: Deadline;
  /** Maximum number of retries where the service itself fails, and is neither down nor rate-limits us: a 500. */
  readonly maxRetriesOfErrors?: number;
};

/**
 * Wraps `send` so that it is called again after an `unavailable` failure (no response, 429, 5xx, and what a service's
 * `classifyResponse` adds to these), at most `MAX_RETRIES` times. Any other failure is final. The wait before a retry is
 * what the service asked for, unless it ends after the deadline: then the failure is final. If the service asked for
 * none, it is an exponential back-off.
 *
 * Rejects with the last failure, with `outcomeUnknown` if the service may have carried out a try, and with the
 * signal's reason at the deadline.
 */
export function withRetries<Spec extends RetriedSpec, Response>(
  send: (spec: Spec) => Promise<Response>,
  { clock, backOffBaseMs }: { clock: Clock; backOffBaseMs: number },
): (spec: Spec) => Promise<Response> {
  return async (spec) => {
    const { deadline } = spec;
    let outcomeUnknown = false;
    for (let retry = 1; ; retry++) {
      try {
        return await send(spec);
      } catch (error) {
        deadline.signal.throwIfAborted();
        if (!(error instanceof Failure)) throw error;
        const { kind, message, status, retryAfterMs } = error;
        // A service that asks for a wait has not carried out the request.
        outcomeUnknown ||= kind === 'unavailable' && retryAfterMs === undefined;
        if (!isWorthRetrying(error, retry, spec))
          throw new Failure(kind, message, { status, retryAfterMs, outcomeUnknown });
        await clock.wait(retryAfterMs ?? backOffMs(retry, backOffBaseMs), deadline);
      }
    }
  };
}

/** An answer that is not from a proxy in front of a service that is down. */
function isServerError({ status, retryAfterMs }: Failure): boolean {
  return status !== undefined && ![429, 502, 503, 504].includes(status) && retryAfterMs === undefined;
}

function isWorthRetrying(failure: Failure, retry: number, spec: RetriedSpec): boolean {
  const { kind, retryAfterMs = 0 } = failure;
  const { deadline, maxRetriesOfErrors = MAX_RETRIES } = spec;
  const maxRetries = isServerError(failure) ? maxRetriesOfErrors : MAX_RETRIES;
  return kind === 'unavailable' && retry <= maxRetries && retryAfterMs < deadline.remainingMs();
}

/** The wait before a retry, counted from 1: twice the previous one, plus jitter. */
function backOffMs(retry: number, baseMs: number): number {
  return 2 ** retry * baseMs * (1 + MAX_JITTER * Math.random());
}
