import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { Failure, systemMessage } from '../failure.ts';
import { isSameSecret } from '../secrets/same-secret.ts';

/** An event is a few ids and an address, which no browser takes if it is longer than this: bytes. */
const MAX_BODY_BYTES = 65_536;
/** For all of a request; Karakeep gives up after five seconds (its `WEBHOOK_TIMEOUT_SEC`): milliseconds. */
const REQUEST_TIMEOUT_MS = 10_000;
/** How often Node looks for requests that take too long: milliseconds. */
const CHECK_MS = 1000;
/** Karakeep sends one event at a time, unless it is told otherwise (its `WEBHOOK_NUM_WORKERS`). */
const MAX_CONNECTIONS = 100;

/** The webhook of one reading list. */
export type Hook = {
  /** Where its events are sent to, percent-encoded: `/karakeep`. */
  readonly paths: readonly string[];
  /** The token that each request has to have. Asked for with each of them, so that it can be rotated. */
  readonly getToken: () => Promise<string>;
  /** The id of the item that an event makes known; `undefined` for any other event. */
  readonly newItemIn: (event: unknown) => Promise<string | undefined>;
  readonly onItem: (id: string) => void;
  /** Called with each request whose token is missing or wrong. */
  readonly onRefused: () => void;
};

export type WebhookServer = {
  /** Without a path. */
  readonly url: string;
  /** Closes all connections at once. */
  close(): Promise<void>;
};

/** An address to listen on: a name, or an IP address without brackets. Port 0: any that is free. */
export type ListenAddress = { readonly host: string; readonly port: number };

type Env = { Variables: { hook: Hook } };

/**
 * Serves the webhooks. An event that makes an item known is answered with 202, any other with 204, both before anything
 * is done about it. Whoever has no token learns nothing but the paths. Rejects with a `Failure` where it cannot listen.
 */
export async function startWebhookServer(
  hooks: readonly Hook[],
  { host, port }: ListenAddress,
): Promise<WebhookServer> {
  const server = createAdaptorServer({
    fetch: webhookApp(hooks).fetch,
    hostname: host,
    serverOptions: {
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_MS,
    },
  }) as Server;
  server.maxConnections = MAX_CONNECTIONS;
  const named = host.includes(':') ? `[${host}]` : host;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  }).catch((error: NodeJS.ErrnoException) => {
    const why =
      error.code === 'EADDRINUSE' ? 'something else listens there; give another port' : systemMessage(error);
    throw new Failure('settings', `Cannot listen on ${named}:${port}: ${why}`);
  });
  return {
    url: `http://${named}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function webhookApp(hooks: readonly Hook[]): Hono<Env> {
  const byPath = new Map(hooks.flatMap((hook) => hook.paths.map((path) => [decoded(path), hook] as const)));
  const findHook: MiddlewareHandler<Env> = (context, next) => {
    const hook = byPath.get(decoded(context.req.path).replace(/(?<=.)\/$/, ''));
    if (hook === undefined) return Promise.resolve(context.text('There is no webhook here', 404));
    context.set('hook', hook);
    return next();
  };
  const onError = (context: Context) => context.text('This is too long for an event', 413);
  const app = new Hono<Env>();
  app.use(findHook);
  app.post('*', checkToken, bodyLimit({ maxSize: MAX_BODY_BYTES, onError }), takeEvent);
  app.all('*', (context) => context.text('Events are sent by POST', 405, { Allow: 'POST' }));
  app.onError((_, context) => context.text('The webhook failed', 500));
  return app;
}

/** Without any percent-encoding: hono has decoded the letters of a path, and left `%25` and the like as they are. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Before the body is read. Without the token itself, nobody can be let in. */
const checkToken: MiddlewareHandler<Env> = async (context, next) => {
  const { getToken, onRefused } = context.var.hook;
  const token = await getToken().catch(() => undefined);
  if (token === undefined) return context.text('The token cannot be read for now', 503);
  const [, given = ''] = /^Bearer +(\S+)\s*$/i.exec(context.req.header('Authorization') ?? '') ?? [];
  if (isSameSecret(given, token)) return next();
  onRefused();
  return context.text('The token is missing or wrong', 401, { 'WWW-Authenticate': 'Bearer' });
};

async function takeEvent(context: Context<Env>): Promise<Response> {
  const { newItemIn, onItem } = context.var.hook;
  const event = await context.req.json().catch(() => undefined);
  if (event === undefined) return context.text('This is not JSON', 400);
  const id = await newItemIn(event);
  if (id === undefined) return context.body(null, 204);
  onItem(id);
  return context.body(null, 202);
}
