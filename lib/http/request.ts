import type { AxiosError, AxiosInstance, AxiosResponse } from 'axios';
import type { Deadline } from '../deadline.ts';
import { Failure } from '../failure.ts';
import { systemClock } from './clock.ts';
import { cooldown, parseRetryAfter } from './cooldown.ts';
import { BACK_OFF_BASE_MS, withRetries } from './retry.ts';

/** What came back. `body` is the parsed JSON, or the text where it is not JSON. Header names are lower-case. */
export type HttpResponse = {
  readonly status: number;
  readonly body: unknown;
  header(name: string): string | undefined;
};

/** One call to an API. It must do no harm when it is sent twice: see `withRetries`. */
export type RequestSpec = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly deadline: Deadline;
  /**
   * What is wrong with a response, where the service has ways of its own to say so. An `unavailable` failure is
   * worth a retry; any other is final. By default the HTTP status decides: see `failureOfStatus`.
   */
  readonly classifyResponse?: (response: HttpResponse) => Failure | undefined;
};

/**
 * PORT: one exchange over HTTP. Resolves to a response that `classifyResponse` accepts. Rejects with a `Failure`:
 * `unavailable` after the last try (`retryAfterMs` where the service named a wait that the deadline does not
 * allow), else what `classifyResponse` made of the response; `outcomeUnknown` where the service may have carried it
 * out. Rejects with the signal's reason once the deadline is over.
 */
export type Request = (spec: RequestSpec) => Promise<HttpResponse>;

/** How long a service may send nothing: milliseconds. */
const IDLE_TIMEOUT_MS = 15_000;

/** The largest body read: bytes. A page of 30 items takes under 1 MB. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

/**
 * A `Request` to one service over axios, the number of requests it has sent, retries included, and how many of them
 * were refused because of a limit on calls. While the service has asked for a wait, nothing is sent to it,
 * whichever request it was that was told to wait.
 */
export function httpRequest({
  idleTimeoutMs = IDLE_TIMEOUT_MS,
  backOffBaseMs = BACK_OFF_BASE_MS,
  clock = systemClock,
} = {}): { request: Request; sent: () => number; throttled: () => number } {
  let sent = 0;
  let throttled = 0;
  let loading: Promise<AxiosInstance> | undefined;
  const shared = cooldown(clock);

  async function send(client: AxiosInstance, spec: RequestSpec): Promise<HttpResponse> {
    await shared.wait(spec.deadline, `${describeRequest(spec)}: the service rate-limits us for now`);
    spec.deadline.signal.throwIfAborted();
    sent += 1;
    const result = await exchange(client, spec);
    if (!(result instanceof Failure)) return result;
    if (isThrottle(result)) throttled += 1;
    if (result.retryAfterMs) shared.start(result.retryAfterMs);
    throw result;
  }

  const request: Request = async (spec) => {
    spec.deadline.signal.throwIfAborted();
    loading ??= createClient(idleTimeoutMs);
    const client = await loading;
    return withRetries(() => send(client, spec), { deadline: spec.deadline, clock, backOffBaseMs });
  };
  return { request, sent: () => sent, throttled: () => throttled };
}

/** axios takes longer to load than the rest of a run together, so it is imported when the first request is sent. */
async function createClient(idleTimeoutMs: number): Promise<AxiosInstance> {
  const { default: axios } = await import('axios');
  return axios.create({
    timeout: idleTimeoutMs,
    maxContentLength: MAX_BODY_BYTES,
    // A redirect would carry the credentials to wherever it points.
    maxRedirects: 0,
    // Every status is a response for `classifyResponse`.
    validateStatus: null,
    headers: { Accept: 'application/json', 'User-Agent': 'readtime-tagger' },
  });
}

/** Sends a request once. Of a response that broke off only a status that is a failure counts. */
function exchange(client: AxiosInstance, spec: RequestSpec): Promise<HttpResponse | Failure> {
  const { method, url, headers = {}, json, deadline } = spec;
  return client.request({ method, url, headers, data: json, signal: deadline.signal }).then(
    (answer) => {
      const response = toHttpResponse(answer);
      return classify(spec, response) ?? response;
    },
    (error: AxiosError) =>
      (error.response && classify(spec, toHttpResponse(error.response))) ?? networkFailure(spec, error),
  );
}

function toHttpResponse({ status, data, headers }: AxiosResponse): HttpResponse {
  const header = (name: string) => {
    const value: unknown = headers[name];
    return value === undefined || value === null ? undefined : String(value);
  };
  return { status, body: data, header };
}

function classify(spec: RequestSpec, response: HttpResponse): Failure | undefined {
  return spec.classifyResponse ? spec.classifyResponse(response) : failureOfStatus(spec, response);
}

type Described = Pick<RequestSpec, 'method' | 'url'>;

/** `METHOD origin/path`: all that may be said of a request. */
export function describeRequest({ method, url }: Described): string {
  const { origin, pathname } = new URL(url);
  return `${method} ${origin}${pathname}`;
}

/** The failure that an HTTP status alone stands for; `undefined` for 2xx. */
export function failureOfStatus(spec: Described, { status, header }: HttpResponse): Failure | undefined {
  if (status >= 200 && status < 300) return undefined;
  const label = `${describeRequest(spec)}: answered ${status}`;
  if (status === 401 || status === 403)
    return new Failure('credentials', `${label}, credentials refused`, { status });
  if (status === 429 || status >= 500) {
    const retryAfterMs = parseRetryAfter(header('retry-after'));
    return new Failure('unavailable', label, { status, retryAfterMs });
  }
  return new Failure('unexpected-response', label, { status });
}

/** Services say 429, and Pocket 403 with its limit headers, which `classifyResponse` tells from a refusal. */
function isThrottle({ kind, status }: Failure): boolean {
  return kind === 'unavailable' && (status === 429 || status === 403);
}

/**
 * No response, half of one, or more than is read: that is 413, so that the caller can ask for less. The message has
 * the error's code alone: the error itself holds the whole request.
 */
function networkFailure(spec: RequestSpec, { code = 'no answer', message }: AxiosError): Failure {
  const label = describeRequest(spec);
  if (message.startsWith('maxContentLength')) {
    const text = `${label}: answered more than is read of one page`;
    return new Failure('unexpected-response', text, { status: 413 });
  }
  const text = `${label}: no answer (${code}); is the address right and the server up?`;
  return new Failure('unavailable', text);
}
