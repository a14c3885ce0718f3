import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';
import { type Answer, badRequest, internalError, refusal } from './answer.ts';
import { answerCall, type Endpoint } from './answer-call.ts';
import type { Credentials } from './credentials.ts';
import type { Fault, FaultyCall } from './faults.ts';
import { documentedLimits, type Limits, limiter } from './limits.ts';
import { oauthRoutes } from './oauth.ts';
import { type Params, readParams } from './params.ts';
import { type Era, type NamedAction, type Quirks, quirksOf } from './quirks.ts';
import type { Store } from './store.ts';

type HttpContext = Context<{ Bindings: HttpBindings }>;

/** One request, as the server saw it. */
export type Call = {
  readonly n: number;
  readonly endpoint: Endpoint;
  /** As sent, without the credentials. */
  readonly params: Params;
  /** Undefined: no answer was given. */
  readonly status: number | undefined;
  /** What `send` changed, also where the client was not told. */
  readonly carriedOut: readonly NamedAction[];
};

export type PocketServerOptions = {
  readonly store: Store;
  readonly credentials: Credentials;
  readonly host?: string;
  /** 0: any free one. */
  readonly port?: number;
  readonly era?: Era;
  readonly quirks?: Partial<Quirks>;
  /** Added to every answer. */
  readonly delayMs?: number;
  /** Enforced, and said in headers. Era A: by default those that Pocket documented; era B: none. */
  readonly limits?: Limits;
  /** Asked before each call; may also change the store, as a reader does meanwhile. */
  readonly fault?: (call: FaultyCall) => Fault | undefined;
  /** The latest so many calls are kept; 0 keeps none. */
  readonly callsKept?: number;
};

export type PocketServer = {
  /** With `/v3`. */
  readonly url: string;
  readonly calls: readonly Call[];
  /** How many calls there were, kept or not. */
  callCount(): number;
  /** Other credentials from now on: the old ones have expired. */
  setCredentials(credentials: Credentials): void;
  /** Ends every connection at once. The store stays open. */
  close(): Promise<void>;
};

/** Pocket's v3 API over HTTP, on a store. Rejects when the port is taken. */
export async function startPocketServer(options: PocketServerOptions): Promise<PocketServer> {
  const { store, era = 'B', delayMs = 0, callsKept = 10_000, host = '127.0.0.1', port = 0 } = options;
  const quirks = { ...quirksOf[era], ...options.quirks };
  const limits = options.limits ?? (era === 'A' ? documentedLimits : undefined);
  const closing = new AbortController();
  const calls: Call[] = [];
  let callCount = 0;
  let { credentials } = options;
  const pocket = { store, era, quirks, limit: limits && limiter(limits), credentials: () => credentials };

  function keep(call: Call): void {
    if (callsKept > 0) calls.push(call);
    if (calls.length > callsKept) calls.shift();
  }

  async function serve(endpoint: Endpoint, context: HttpContext): Promise<Response> {
    const { incoming } = context.env;
    callCount += 1;
    const n = callCount;
    const sent = await readParams(incoming);
    if (sent === 'too-large') return respond(refusal(413, 130, 'Request entity too large'), era);
    if (sent === 'unreadable') return respond(badRequest('Unreadable body', null), era);
    const { consumer_key: _key, access_token: _token, ...params } = sent;
    const fault = options.fault?.({ n, endpoint, body: params });
    const carriedOut: NamedAction[] = [];
    const asked = { endpoint, params: sent, carriedOut: (done: NamedAction) => carriedOut.push(done) };
    const answer = answerCall(pocket, asked, fault);
    keep({ n, endpoint, params, status: answer?.status, carriedOut });
    await pause(delayMs + (fault?.kind === 'slow' ? fault.delayMs : 0), closing.signal);
    if (answer) return respond(answer, era);
    if (fault?.kind === 'reset') incoming.socket.resetAndDestroy();
    // No answer: the client waits until it has enough.
    return RESPONSE_ALREADY_SENT;
  }

  const app = new Hono<{ Bindings: HttpBindings }>();
  app.on(['GET', 'POST'], '/v3/get', (context) => serve('get', context));
  app.on(['GET', 'POST'], '/v3/add', (context) => serve('add', context));
  app.on(['GET', 'POST'], '/v3/send', (context) => serve('send', context));
  app.route(
    '/',
    oauthRoutes(store, () => credentials.consumerKey),
  );
  app.notFound(() => respond({ status: 404, headers: {}, body: 'Not found' }, era));
  app.onError(() => respond(internalError(), era));

  const server = createAdaptorServer({ fetch: app.fetch, hostname: host }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host}:${address.port}/v3`,
    calls,
    callCount: () => callCount,
    setCredentials: (next) => {
      credentials = next;
    },
    close: () =>
      new Promise((resolve) => {
        closing.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => {});
}

const reasons: Readonly<Record<number, string>> = { 200: 'OK', 400: 'Bad Request', 403: 'Forbidden' };

function respond({ status, headers, body }: Answer, era: Era): Response {
  const text = typeof body === 'string';
  return new Response(text ? body : JSON.stringify(body), {
    status,
    headers: {
      'Content-Type': text ? 'text/html; charset=UTF-8' : 'application/json; charset=utf-8',
      'X-Source': 'Pocket',
      ...(era === 'A' && { Status: `${status} ${reasons[status] ?? ''}`.trim() }),
      ...headers,
    },
  });
}
