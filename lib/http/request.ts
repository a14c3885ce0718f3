import type { AxiosError, AxiosInstance, AxiosRequestConfig, AxiosResponse } from 'axios';
import { abortWith, type Deadline } from '../deadline.ts';
import { Failure } from '../failure.ts';
import { addressProblemIn } from './address-rules.ts';
import { clockProblem, systemClock } from './clock.ts';
import { cooldown, parseRetryAfter } from './cooldown.ts';
import type { NamedProxy } from './proxy.ts';
import type { PublicOnly } from './public-agents.ts';
import { BACK_OFF_BASE_MS, withRetries } from './retry.ts';
import { sentenceIn } from './service-sentence.ts';

/** An HTTP response. `body` is the parsed JSON, or the text if it is not JSON. Header names are lower case. */
export type HttpResponse = {
  readonly status: number;
  readonly body: unknown;
  header(name: string): string | undefined;
};

/** One call to an API, by default a GET. It has to be repeatable, since `withRetries` may send it several times. */
export type RequestSpec = {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly deadline: Deadline;
  /** Maximum number of retries of a 500 or the like, and of no answer in time; few for what may fail for ever. */
  readonly maxRetriesOfErrors?: number;
  /** The same for no answer at all; few for a service that hangs up where others answer with an error. */
  readonly maxRetriesOfHangUps?: number;
  /**
   * The failure that a response stands for, for services that do not report all failures by HTTP status. An
   * `unavailable` failure is retried, any other is final. Default: `failureOfStatus`.
   */
  readonly classifyResponse?: (response: HttpResponse) => Failure | undefined;
};

/**
 * PORT: sends one request, with retries. Resolves to a response that `classifyResponse` accepts. Rejects with a
 * `Failure`: `unavailable` after the last try (with `retryAfterMs` if the service asked for a wait beyond the deadline),
 * else the failure of `classifyResponse`; with `outcomeUnknown` if the service may have carried the request out.
 * Rejects with the signal's reason at the deadline.
 */
export type Request = (spec: RequestSpec) => Promise<HttpResponse>;

/** A `Request`, and counts of what it has sent: `sent`, retries included, and `throttled`, refused by a limit on calls. */
export type HttpClient = {
  readonly request: Request;
  readonly sent: () => number;
  readonly throttled: () => number;
};

/** Maximum time without a byte from the service: milliseconds. */
const IDLE_TIMEOUT_MS = 15_000;
/**
 * Maximum time for a whole response, so that a byte now and then does not keep a run waiting: milliseconds. A page of
 * 1 MB at 1 Mbit/s takes 8 s.
 */
const RESPONSE_TIMEOUT_MS = 60_000;

/**
 * A `Request` to one service over axios; `sent` counts the requests, retries included, and `throttled` those refused
 * because of a rate limit; `env` names its proxy. With `publicOnly`, for an address that is somebody else's input, only
 * public addresses are called, and no proxy; a `settings` failure says so of another. When the service asks for a wait in
 * response to one request, no request is sent to it until the wait is over.
 */
export function httpRequest({
  env = process.env,
  publicOnly = undefined as PublicOnly | undefined,
  idleTimeoutMs = IDLE_TIMEOUT_MS,
  responseTimeoutMs = RESPONSE_TIMEOUT_MS,
  backOffBaseMs = BACK_OFF_BASE_MS,
  clock = systemClock,
} = {}): HttpClient {
  let sent = 0;
  let throttled = 0;
  let loading: Promise<AxiosInstance> | undefined;
  const shared = cooldown(clock);

  const send: Request = async (spec) => {
    const { method = 'GET', url, headers = {}, json, deadline } = spec;
    deadline.signal.throwIfAborted();
    // axios takes longer to load than everything else of a run, so it is loaded with the first request.
    loading ??= import('./axios-client.ts').then(({ axiosClient }) =>
      axiosClient({ idleTimeoutMs, env, publicOnly }),
    );
    const client = await loading;
    await shared.wait(deadline, `${describeRequest(spec)}: the service rate-limits us for now`);
    deadline.signal.throwIfAborted();
    sent += 1;
    const result = await withTimeLimit(responseTimeoutMs, deadline, (signal) =>
      client.request({ method, url, headers, data: json, signal }).then(
        (received) => resultOf(spec, received),
        // If the response body breaks off, a status that is a failure still counts.
        (error: AxiosError) =>
          failureIn(error.response && resultOf(spec, error.response)) ??
          (signal.aborted ? tooSlow(spec, responseTimeoutMs) : networkFailure(spec, error)),
      ),
    );
    if (!(result instanceof Failure)) return result;
    if (isThrottle(result)) throttled += 1;
    if (result.retryAfterMs) shared.start(result.retryAfterMs);
    throw result;
  };

  const request = withRetries(send, { clock, backOffBaseMs });
  return { request, sent: () => sent, throttled: () => throttled };
}

/** Calls `work` with a signal that aborts at the deadline, or after `ms` milliseconds. */
async function withTimeLimit<Result>(
  ms: number,
  { signal }: Deadline,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const end = new AbortController();
  const timer = setTimeout(() => end.abort(), ms);
  const keepOn = abortWith(signal, end);
  try {
    return await work(end.signal);
  } finally {
    clearTimeout(timer);
    keepOn();
  }
}

/** The response, or the failure that it stands for. */
function resultOf(spec: RequestSpec, received: AxiosResponse): HttpResponse | Failure {
  const { status, data, headers } = received;
  const header = (name: string) => {
    const value: unknown = headers[name];
    return value === undefined || value === null ? undefined : String(value);
  };
  const response = { status, body: data, header };
  const proxy = proxyThatAnswered(spec, received);
  if (proxy) return failureOfProxy(spec, proxy, status);
  const failure = spec.classifyResponse ? spec.classifyResponse(response) : failureOfStatus(spec, response);
  return failure ?? response;
}

function failureIn(result: HttpResponse | Failure | undefined): Failure | undefined {
  return result instanceof Failure ? result : undefined;
}

/** The variable of the proxy, if the answer is its own: it wants credentials, or has not connected to the service. */
function proxyThatAnswered(
  { url }: Described,
  { status, config, request }: AxiosResponse,
): string | undefined {
  // What comes from the service itself comes by TLS, which the proxy cannot speak in its place.
  const isOfService = status !== 407 && (url.startsWith('http:') || request?.socket?.encrypted);
  return isOfService ? undefined : proxyVariable(config);
}

/** The variable that names the proxy of a request, if it has one. */
function proxyVariable(config: Pick<AxiosRequestConfig, 'proxy'> | undefined): string | undefined {
  const { variable } = (config?.proxy || {}) as Partial<NamedProxy>;
  return variable;
}

function failureOfProxy(spec: Described, variable: string, status: number): Failure {
  const label = `${describeRequest(spec)}: the proxy that ${variable} names answered ${status}`;
  if (status === 407) {
    const text = `${label}: it wants a name and a password; put them before its host, as in http://NAME:PASSWORD@HOST:PORT, with % and its code for special characters`;
    return new Failure('settings', text, { status });
  }
  if (status === 429 || status >= 500) return new Failure('unavailable', label, { status });
  return new Failure('settings', `${label}; does it allow this host? NO_PROXY goes around it`, { status });
}

type Described = Pick<RequestSpec, 'method' | 'url'>;

/** `METHOD origin/path`: all of a request that may appear in a message. */
export function describeRequest({ method = 'GET', url }: Described): string {
  const { origin, pathname } = new URL(url);
  return `${method} ${origin}${pathname}`;
}

/** The failure for an HTTP status; `undefined` for 2xx. */
export function failureOfStatus(
  spec: Described,
  { status, header, body }: HttpResponse,
): Failure | undefined {
  if (status >= 200 && status < 300) return undefined;
  const label = `${describeRequest(spec)}: answered ${status}`;
  if (status === 401 || status === 403) {
    const said = status === 403 ? sentenceIn(body) : undefined;
    const quoted = said === undefined ? '' : `: "${said}"`;
    return new Failure('credentials', `${label}, credentials refused${quoted}`, { status });
  }
  const retryAfterMs = parseRetryAfter(header('retry-after'));
  if (status === 429 || status >= 500) return new Failure('unavailable', label, { status, retryAfterMs });
  return new Failure('unexpected-response', label, { status });
}

/** 429, or Pocket's 403 with limit headers, which its `classifyResponse` makes `unavailable`. */
function isThrottle({ kind, status }: Failure): boolean {
  return kind === 'unavailable' && (status === 429 || status === 403);
}

/** The failure for a response that was not complete in time. At the deadline, its signal's reason is thrown instead. */
function tooSlow(spec: Described, timeoutMs: number): Failure {
  const found = `the answer was not complete after ${Math.round(timeoutMs / 1000)} s`;
  return new Failure('unavailable', `${describeRequest(spec)}: ${found}`, { timedOut: true });
}

/**
 * The failure for no response, a broken one, or one that `axiosClient` refuses; for one that is too large with status
 * 413, so that the caller can ask for less. Of what axios says the message has the code only: the error holds the whole
 * request.
 */
function networkFailure(spec: RequestSpec, error: AxiosError): Failure {
  const { code = 'no answer', message, config } = error;
  const label = describeRequest(spec);
  const refused = code === 'BAD_PROXY' ? message : addressProblemIn(code, spec.url);
  if (refused) return new Failure('settings', refused);
  if (code === 'BAD_JSON') return new Failure('unexpected-response', `${label}: ${message}`);
  if (message.startsWith('maxContentLength')) {
    const text = `${label}: answered more than is read of one page`;
    return new Failure('unexpected-response', text, { status: 413 });
  }
  const problem = clockProblem(code) ?? problemOf(code);
  if (problem) return new Failure('settings', `${label}: no answer (${code}); ${problem}`);
  const variable = proxyVariable(config);
  const text = variable
    ? `${label}: no answer (${code}) by the proxy that ${variable} names; is its address right, and is it up?`
    : `${label}: ${reasonOf(code)}; is the address right and the server up?`;
  return new Failure('unavailable', text, { timedOut: code === 'ECONNABORTED' });
}

/** Why there is no response, in a clause: by the code of Node.js, of its HTTP parser or of its decompression. */
function reasonOf(code: string): string {
  if (code.startsWith('HPE_')) return `what answers does not speak HTTP (${code})`;
  return code.startsWith('Z_') ? `its compressed answer cannot be read (${code})` : `no answer (${code})`;
}

/** What is wrong, in a clause, if what answers cannot be spoken with: by the code of OpenSSL. */
function problemOf(code: string): string | undefined {
  if (/SELF_SIGNED|^UNABLE_TO_(GET|VERIFY)/.test(code))
    return 'this machine does not know who signed its certificate: name a file with that one in NODE_EXTRA_CA_CERTS';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return 'its certificate is for another host: is the host right?';
  return code === 'EPROTO' ? 'it does not speak https: is it http:// that it speaks?' : undefined;
}
