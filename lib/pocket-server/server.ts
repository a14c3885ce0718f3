import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono, type MiddlewareHandler } from 'hono';
import { add } from './add.ts';
import { fetchUnread, get } from './get.ts';
import {
  type Credentials,
  checkCredentials,
  internalError,
  notFoundPage,
  type PocketEnv,
  readParams,
  toResponse,
} from './http.ts';
import { oauthRoutes } from './oauth.ts';
import { send } from './send.ts';
import type { Store } from './store.ts';

export type PocketServerOptions = {
  readonly store: Store;
  readonly credentials: Credentials;
  readonly host?: string;
  /** 0: any free port. */
  readonly port?: number;
  /** Web pages by name, served under `/pages/`, for lists whose items link to them. */
  readonly pages?: ReadonlyMap<string, string>;
  /** Wraps each get, add and send; `context.var.params` are set. */
  readonly middleware?: MiddlewareHandler<PocketEnv>;
};

export type PocketServer = {
  /** Base URL, including `/v3`. */
  readonly url: string;
  /** Replaces the credentials; the old ones are refused from now on. */
  setCredentials(credentials: Credentials): void;
  /** Closes all connections at once. The store stays open. */
  close(): Promise<void>;
};

/** `send_guid` was for devices that had no account yet; here it needs the token as well. */
const API_CALLS = { get, add, send, fetch: fetchUnread, send_guid: send };

const parseParams: MiddlewareHandler<PocketEnv> = async (context, next) => {
  const read = await readParams(context.env.incoming);
  if ('refused' in read) return toResponse(read.refused);
  context.set('params', read.params);
  return next();
};

const noMiddleware: MiddlewareHandler<PocketEnv> = (_, next) => next();

type AppOptions = Pick<PocketServerOptions, 'store' | 'pages' | 'middleware'> & {
  readonly credentials: () => Credentials;
};

/** All routes: the calls of the API, OAuth, and the web pages. A slash at the end of a path changes nothing. */
function pocketApp({ store, credentials, pages, middleware = noMiddleware }: AppOptions): Hono<PocketEnv> {
  const app = new Hono<PocketEnv>({ strict: false });
  for (const [name, answer] of Object.entries(API_CALLS)) {
    app.on(['GET', 'POST'], `/v3/${name}`, parseParams, middleware, ({ req, var: { params } }) => {
      const location = req.method === 'GET' ? 'query' : 'body';
      const refused = checkCredentials(params, credentials(), store, location);
      return toResponse(refused ?? answer(store, params, location));
    });
  }
  app.get('/pages/:name', (context) => {
    const page = pages?.get(context.req.param('name'));
    return page === undefined ? context.notFound() : context.html(page);
  });
  app.route(
    '/',
    oauthRoutes(store, () => credentials().consumerKey),
  );
  // Pocket let any page of the web read the answers. Here none may: no `Access-Control-Allow-Origin`.
  app.options('*', (context) => context.body(null, 204));
  app.notFound(({ req }) => toResponse(notFoundPage(req.method, req.path)));
  app.onError(() => toResponse(internalError()));
  return app;
}

/**
 * Starts a server with Pocket's v3 API, as Pocket's servers were in their last year, on a store. Rejects with Node's error
 * if the port is in use.
 */
export async function startPocketServer(options: PocketServerOptions): Promise<PocketServer> {
  const { host = '127.0.0.1', port = 0 } = options;
  let { credentials } = options;
  const app = pocketApp({ ...options, credentials: () => credentials });
  const server = createAdaptorServer({ fetch: app.fetch, hostname: host }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host}:${address.port}/v3`,
    setCredentials: (next) => {
      credentials = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
