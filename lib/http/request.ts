import type { AxiosResponse } from 'axios';
import type { Deadline } from '../deadline.ts';
import { Failure } from '../failure.ts';
import type { AxiosClient } from './axios-client.ts';
import { cooldown } from './cooldown.ts';
import { retryAfterMs } from './retry-after.ts';

/** What came back. `body` is the parsed JSON, or the text where it is not JSON. Header names are lower-case. */
export type HttpResponse = {
  readonly status: number;
  readonly body: unknown;
  header(name: string): string | undefined;
};

export type RequestSpec = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Whether sending it twice does no harm. The verb does not tell: Pocket reads by POST. */
  readonly repeatable: boolean;
  readonly deadline: Deadline;
  /**
   * What is wrong with an answer, where the service has ways of its own to say so. An `unavailable` failure is
   * worth another try; any other is final. By default the HTTP status decides.
   */
  readonly classifyResponse?: (answer: HttpResponse) => Failure | undefined;
};

/**
 * PORT: one exchange over HTTP. Resolves to an answer that `classifyResponse` accepts. Rejects with a `Failure`:
 * `unavailable` after the last try (`retryAfterMs` where the other side named a wait that the deadline does
 * not allow), else what `classifyResponse` made of the answer; `outcomeUnknown` where an earlier try was not answered clearly.
 * Rejects with the signal's reason once the deadline is over.
 */
export type Request = (spec: RequestSpec) => Promise<HttpResponse>;

/** Half of the wait before the first retry: milliseconds. */
const FIRST_BACK_OFF_MS = 200;
/** How long the other side may be silent: milliseconds. */
const IDLE_TIMEOUT_MS = 15_000;

/**
 * A `Request` over axios to one service, the number of requests it has sent, repeats included, and how many of
 * them were refused because of a limit on calls. While the service has asked for a wait, nothing is sent to it,
 * whichever request it was that heard of it.
 */
export function httpRequest({ idleTimeoutMs = IDLE_TIMEOUT_MS, backOffMs = FIRST_BACK_OFF_MS } = {}): {
  request: Request;
  sent: () => number;
  throttled: () => number;
} {
  let sent = 0;
  let throttled = 0;
  const pause = cooldown();
  let loading: Promise<AxiosClient> | undefined;
  const load = async () => {
    const { axiosClient } = await import('./axios-client.ts');
    return axiosClient({
      idleTimeoutMs,
      backOffMs,
      onSent: () => {
        sent += 1;
      },
    });
  };

  const request: Request = async (spec) => {
    spec.deadline.signal.throwIfAborted();
    loading ??= load();
    const { client, isAxiosError, delayMs } = await loading;
    await pause.wait(spec.deadline, `${describeRequest(spec)}: the service asks to be left alone for now`);
    const classifyResponse = (response: AxiosResponse) => classify(spec, response);
    const failureOf = (error: unknown) =>
      isAxiosError(error)
        ? ((error.response && classifyResponse(error.response)) ?? networkFailure(spec, error))
        : networkFailure(spec);
    let outcomeUnknown = false;
    try {
      const response = await client.request({
        method: spec.method,
        url: spec.url,
        ...(spec.headers && { headers: spec.headers }),
        ...(spec.query && { params: spec.query }),
        ...(spec.json !== undefined && { data: spec.json }),
        signal: spec.deadline.signal,
        'axios-retry': {
          validateResponse: (response) => {
            const failure = classifyResponse(response);
            if (failure && isThrottle(failure)) throttled += 1;
            if (failure?.retryAfterMs) pause.start(failure.retryAfterMs);
            return failure === undefined;
          },
          retryCondition: (error) => {
            const failure = failureOf(error);
            // A service that names a wait has done nothing yet.
            outcomeUnknown ||= failure.kind === 'unavailable' && failure.retryAfterMs === undefined;
            return isWorthAnotherTry(spec, failure, pause.opensInMs());
          },
          retryDelay: (retry, error) => {
            const backOffMs = failureOf(error).retryAfterMs === undefined ? delayMs(retry) : 0;
            return Math.max(backOffMs, pause.opensInMs());
          },
        },
      });
      return answerOf(response);
    } catch (error) {
      spec.deadline.signal.throwIfAborted();
      const { kind, message, retryAfterMs, status } = failureOf(error);
      throw new Failure(kind, message, { retryAfterMs, status, outcomeUnknown });
    }
  };
  return { request, sent: () => sent, throttled: () => throttled };
}

/** `METHOD origin/path`: all that may be said of a request. */
export function describeRequest({ method, url }: Pick<RequestSpec, 'method' | 'url'>): string {
  const { origin, pathname } = new URL(url);
  return `${method} ${origin}${pathname}`;
}

/** The failure that an HTTP status alone stands for; `undefined` for 2xx. */
export function failureOfStatus(
  spec: Pick<RequestSpec, 'method' | 'url'>,
  { status, header }: HttpResponse,
): Failure | undefined {
  if (status >= 200 && status < 300) return undefined;
  const found = `${describeRequest(spec)}: answered ${status}`;
  if (status === 401 || status === 403)
    return new Failure('credentials', `${found}, credentials refused`, { status });
  if (status === 429 || status >= 500) {
    const waitMs = retryAfterMs(header('retry-after'));
    return new Failure('unavailable', found, {
      status,
      ...(waitMs !== undefined && { retryAfterMs: waitMs }),
    });
  }
  return new Failure('unexpected-response', found, { status });
}

function classify(spec: RequestSpec, response: AxiosResponse): Failure | undefined {
  const answer = answerOf(response);
  return spec.classifyResponse ? spec.classifyResponse(answer) : failureOfStatus(spec, answer);
}

function answerOf({ status, data, headers }: AxiosResponse): HttpResponse {
  const header = (name: string) => {
    const value: unknown = headers[name];
    return value === undefined || value === null ? undefined : String(value);
  };
  return { status, body: data, header };
}

/** Only a passing fault, of a request that may be repeated, and only if the wait ends before the deadline. */
function isWorthAnotherTry(
  { repeatable, deadline }: RequestSpec,
  { kind }: Failure,
  waitMs: number,
): boolean {
  return repeatable && kind === 'unavailable' && !deadline.signal.aborted && waitMs < deadline.remainingMs();
}

/** Services say 429, and Pocket 403 with its limit headers, which `classifyResponse` tells from a refusal. */
function isThrottle({ kind, status }: Failure): boolean {
  return kind === 'unavailable' && (status === 429 || status === 403);
}

/**
 * No answer, half of one, or more than is read: that is 413, so that it can be asked for in parts. Only the code
 * is told: the error itself holds the whole request.
 */
function networkFailure(spec: RequestSpec, { code = 'no answer', message = '' } = {}): Failure {
  if (message.startsWith('maxContentLength')) {
    const found = `${describeRequest(spec)}: answered more than is read of one page`;
    return new Failure('unexpected-response', found, { status: 413 });
  }
  return new Failure(
    'unavailable',
    `${describeRequest(spec)}: no answer (${code}); is the address right and the server up?`,
  );
}
