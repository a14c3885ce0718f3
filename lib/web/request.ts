import axios, { type AxiosResponse, isAxiosError } from 'axios';
import axiosRetry, { exponentialDelay } from 'axios-retry';
import type { Deadline } from '../deadline.ts';
import { Failure } from '../failure.ts';
import { retryAfterMs } from './retry-after.ts';

/** What came back. `body` is the parsed JSON, or the text where it is not JSON. Header names are lower-case. */
export type Answer = {
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
  readonly judge?: (answer: Answer) => Failure | undefined;
};

/**
 * PORT: one exchange over HTTP. Resolves to an answer that `judge` accepts. Rejects with a `Failure`:
 * `unavailable` after the last try (`retryAfterMs` where the other side named a wait that the deadline does
 * not allow), else what `judge` made of the answer. Rejects with the signal's reason once the deadline is over.
 */
export type Request = (spec: RequestSpec) => Promise<Answer>;

/** A passing fault is sent again this many times: after 0.4, 0.8 and 1.6 s, or when the service says. */
const RETRIES = 3;
const FIRST_BACK_OFF_MS = 200;
/** How long the other side may be silent: milliseconds. */
const SILENCE_MS = 15_000;
/** The largest body read: bytes. A page of 30 items takes under 1 MB. */
const BODY_LIMIT_BYTES = 32 * 1024 * 1024;

/** A `Request` over axios, and the number of requests it has sent, repeats included. */
export function httpRequest({ silenceMs = SILENCE_MS, backOffMs = FIRST_BACK_OFF_MS } = {}): {
  request: Request;
  sent: () => number;
} {
  let sent = 0;
  const client = axios.create({
    timeout: silenceMs,
    maxContentLength: BODY_LIMIT_BYTES,
    // A redirect would carry the credentials to wherever it points.
    maxRedirects: 0,
    headers: { Accept: 'application/json', 'User-Agent': 'readtime-tagger' },
  });
  axiosRetry(client, { retries: RETRIES, shouldResetTimeout: true });
  client.interceptors.request.use((config) => {
    sent += 1;
    return config;
  });

  const request: Request = async (spec) => {
    spec.deadline.signal.throwIfAborted();
    const judge = (response: AxiosResponse) => judgement(spec, response);
    const failureOf = (error: unknown) =>
      (isAxiosError(error) && error.response && judge(error.response)) || networkFailure(spec, error);
    try {
      const response = await client.request({
        method: spec.method,
        url: spec.url,
        ...(spec.headers && { headers: spec.headers }),
        ...(spec.query && { params: spec.query }),
        ...(spec.json !== undefined && { data: spec.json }),
        signal: spec.deadline.signal,
        'axios-retry': {
          validateResponse: (response) => judge(response) === undefined,
          retryCondition: (error) => isWorthAnotherTry(spec, failureOf(error)),
          retryDelay: (retry, error) =>
            failureOf(error).retryAfterMs ?? exponentialDelay(retry, undefined, backOffMs),
        },
      });
      return answerOf(response);
    } catch (error) {
      spec.deadline.signal.throwIfAborted();
      throw failureOf(error);
    }
  };
  return { request, sent: () => sent };
}

/** `METHOD origin/path`: all that may be said of a request. */
export function describeRequest({ method, url }: Pick<RequestSpec, 'method' | 'url'>): string {
  const { origin, pathname } = new URL(url);
  return `${method} ${origin}${pathname}`;
}

/** The failure that an HTTP status alone stands for; `undefined` for 2xx. */
export function failureOfStatus(
  spec: Pick<RequestSpec, 'method' | 'url'>,
  { status, header }: Answer,
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

function judgement(spec: RequestSpec, response: AxiosResponse): Failure | undefined {
  const answer = answerOf(response);
  return spec.judge ? spec.judge(answer) : failureOfStatus(spec, answer);
}

function answerOf({ status, data, headers }: AxiosResponse): Answer {
  const header = (name: string) => {
    const value: unknown = headers[name];
    return value === undefined || value === null ? undefined : String(value);
  };
  return { status, body: data, header };
}

/** Only a passing fault, of a request that may be repeated, and only if the wait ends before the deadline. */
function isWorthAnotherTry(
  { repeatable, deadline }: RequestSpec,
  { kind, retryAfterMs = 0 }: Failure,
): boolean {
  return (
    repeatable && kind === 'unavailable' && !deadline.signal.aborted && retryAfterMs < deadline.remainingMs()
  );
}

/** No answer, half of one, or more than is read: that is 413, so that it can be asked for in parts. Only the code is told: the error itself holds the whole request. */
function networkFailure(spec: RequestSpec, error: unknown): Failure {
  if (isAxiosError(error) && error.message.startsWith('maxContentLength')) {
    const found = `${describeRequest(spec)}: answered more than ${BODY_LIMIT_BYTES} bytes`;
    return new Failure('unexpected-response', found, { status: 413 });
  }
  const code = isAxiosError(error) && error.code ? error.code : 'no answer';
  return new Failure(
    'unavailable',
    `${describeRequest(spec)}: no answer (${code}); is the address right and the server up?`,
  );
}
