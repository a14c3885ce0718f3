import { once } from 'node:events';
import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export type AccountFront = {
  /** `host:port`, as `ACCOUNTS_ALLOW_HOSTS` takes it. */
  readonly host: string;
  /** The address of an account's service: calls to it go to `target`. */
  addressOf(account: string, target: string): string;
  /** The address of a page with an article that takes well under a minute to read. */
  pageOf(account: string, item: string): string;
  /** Every call, head and body as they came, by account. */
  readonly seen: ReadonlyMap<string, string[]>;
  close(): Promise<void>;
};

const PAGES = 'pages';

const SENTENCE = 'The first boats of the spring went out before the sun had reached the water of the bay. ';
const ARTICLE = `<!doctype html><html lang="en"><head><title>Boats</title><meta property="og:type" content="article"></head>
<body><article><h1>Boats</h1>${`<p>${SENTENCE.repeat(3)}</p>`.repeat(3)}</article></body></html>`;

/**
 * One host for the services of many accounts, each below a path of its own, as hosts of Docker do it. It keeps what came
 * for whom, so that a test can look for what is another's.
 */
export async function startAccountFront(): Promise<AccountFront> {
  const targets = new Map<string, URL>();
  const seen = new Map<string, string[]>();
  const server = createServer(async (request, response) => {
    const { method = 'GET', url = '', headers, rawHeaders } = request;
    const [, account = '', rest = ''] = /^\/([^/]+)(\/.*)?$/.exec(url) ?? [];
    if (account === PAGES) return response.writeHead(200, { 'content-type': 'text/html' }).end(ARTICLE);
    const target = targets.get(account);
    if (!target) return response.writeHead(404).end();
    const body = await text(request);
    seen.get(account)?.push([method, url, ...rawHeaders, body].join('\n'));
    const { hostname, port } = target;
    const passed = { ...headers, host: target.host, connection: 'close' };
    const onwards = send({ hostname, port, method, path: rest, headers: passed }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    onwards.on('error', () => response.destroy());
    response.on('close', () => onwards.destroy());
    return onwards.end(body);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    seen,
    addressOf(account, target) {
      targets.set(account, new URL(target));
      seen.set(account, []);
      const base = new URL(target).pathname.replace(/\/$/, '');
      return `http://${host}/${account}${base}`;
    },
    pageOf: (account, item) => `http://${host}/${PAGES}/${account}/${item}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
