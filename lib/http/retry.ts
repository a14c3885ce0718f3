import type { Deadline } from '../deadline.ts';
import { Failure } from '../failure.ts';
import type { Clock } from './clock.ts';

/**
 * Maximum number of retries of one request to a service that answers with an error, or has not answered once yet; pages
 * have their own (pages/fetch-page.ts).
 */
const MAX_RETRIES = 3;

/**
 * Maximum number of retries where a service that has answered before is down: it may be starting again. Where it is
 * silent, `MAX_RETRIES` take a minute, too.
 */
const MAX_RETRIES_WHILE_DOWN = 7;

/** No retry beyond `MAX_RETRIES` where a service has been down for so long, whichever request noticed: milliseconds. */
const MAX_OUTAGE_MS = 60_000;

/** Back-off before the first retry: milliseconds. The back-offs are 0.5, 1, 2, 4, 8, 16 and 32 s, about a minute. */
export const BACK_OFF_BASE_MS = 500;

/** Maximum share of a back-off added at random, so that requests that failed together are not retried together. */
const MAX_JITTER = 0.2;

type RetriedSpec = {
  readonly deadline: Deadline;
  /**
   * Maximum number of retries where the service is neither down nor rate-limits us, but fails this request: a 500, or
   * no answer in time.
   */
  readonly maxRetriesOfErrors?: number;
  /** The same where the connection ends without an answer, or a proxy says that it did. Default: as a service that is down. */
  readonly maxRetriesOfHangUps?: number;
};

/**
 * Wraps `send`, which sends requests to one service, so that it is called again after an `unavailable` failure (no
 * response, 429, 5xx, and what a service's `classifyResponse` adds to these). Any other failure is final. The wait before
 * a retry is what the service asked for, if that is one, else an exponential back-off; a wait that ends after the deadline
 * is not begun: then the failure is final.
 *
 * A service that has answered before and is down is tried for about a minute, so that one that restarts does not end a
 * run. One that has not answered yet may have a wrong address, which is told after `MAX_RETRIES`.
 *
 * Rejects with the last failure, with `outcomeUnknown` if the service may have carried out a try, and with the
 * signal's reason at the deadline.
 */
export function withRetries<Spec extends RetriedSpec, Response>(
  send: (spec: Spec) => Promise<Response>,
  { clock, backOffBaseMs }: { clock: Clock; backOffBaseMs: number },
): (spec: Spec) => Promise<Response> {
  const service = serviceState(clock);
  return async (spec) => {
    const { deadline } = spec;
    const waitAfter = retriesOf(spec, service, backOffBaseMs);
    let outcomeUnknown = false;
    for (;;) {
      try {
        const response = await send(spec);
        service.answered();
        return response;
      } catch (error) {
        deadline.signal.throwIfAborted();
        if (!(error instanceof Failure)) throw error;
        const { kind, message, status, retryAfterMs, timedOut } = error;
        // A service that asks for a wait has not carried out the request.
        outcomeUnknown ||= error.outcomeUnknown || (kind === 'unavailable' && retryAfterMs === undefined);
        const waitMs = waitAfter(error);
        if (waitMs === undefined)
          throw new Failure(kind, message, { status, retryAfterMs, timedOut, outcomeUnknown });
        await clock.wait(waitMs, deadline);
      }
    }
  };
}

/** What the requests to a service have found out about it, shared so that not each tries for a minute of its own. */
function serviceState(clock: Clock) {
  let hasAnswered = false;
  let downSince: number | undefined;
  return {
    answered() {
      hasAnswered = true;
      downSince = undefined;
    },
    /** How often a request may be sent again that found the service down. */
    maxRetriesWhileDown() {
      downSince ??= clock.now();
      return hasAnswered && clock.now() - downSince < MAX_OUTAGE_MS ? MAX_RETRIES_WHILE_DOWN : MAX_RETRIES;
    },
  };
}

/** For one request: the wait after each of its failures, before it is sent again; `undefined` if the failure is final. */
function retriesOf(
  { deadline, maxRetriesOfErrors = MAX_RETRIES, maxRetriesOfHangUps = Number.POSITIVE_INFINITY }: RetriedSpec,
  service: ReturnType<typeof serviceState>,
  backOffBaseMs: number,
): (failure: Failure) => number | undefined {
  const failures = { error: 0, down: 0 };
  return (failure) => {
    if (failure.kind !== 'unavailable') return undefined;
    const trouble = isServerError(failure) || failure.timedOut ? 'error' : 'down';
    const mostWhileDown = isHangUp(failure) ? maxRetriesOfHangUps : Number.POSITIVE_INFINITY;
    const maxRetries =
      trouble === 'error' ? maxRetriesOfErrors : Math.min(service.maxRetriesWhileDown(), mostWhileDown);
    failures[trouble] += 1;
    // Asked to come back at once, as where its clock is behind, we still leave it the time to start.
    const waitMs = failure.retryAfterMs || backOffMs(failures[trouble], backOffBaseMs);
    return failures[trouble] <= maxRetries && waitMs < deadline.remainingMs() ? waitMs : undefined;
  };
}

/** Whether a service that is up has answered with an error, such as a 500; not a proxy in front of one that is down. */
export function isServerError({ kind, status, retryAfterMs }: Failure): boolean {
  const isAnswer = kind === 'unavailable' && status !== undefined && retryAfterMs === undefined;
  return isAnswer && ![429, 502, 503, 504].includes(status);
}

/** Whether the connection ended without an answer, as far as is known: the service is down, or ends it itself. */
export function isHangUp({ kind, status, retryAfterMs, timedOut }: Failure): boolean {
  const isNone = status === undefined || status === 502;
  return kind === 'unavailable' && isNone && retryAfterMs === undefined && !timedOut;
}

/** The wait before a retry, counted from 1: twice the previous one, plus jitter. */
function backOffMs(retry: number, baseMs: number): number {
  return 2 ** (retry - 1) * baseMs * (1 + MAX_JITTER * Math.random());
}
