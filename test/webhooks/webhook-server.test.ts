import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { SERVICES } from '../../lib/reading-lists/services.ts';
import { type Hook, startWebhookServer, type WebhookServer } from '../../lib/webhooks/webhook-server.ts';
import { fakeItems } from '../helpers/services/fake-service.ts';
import { type KarakeepOperation, karakeepWebhook } from '../helpers/services/karakeep-webhook.ts';

const TOKEN = 'f00d5eed'.repeat(8);
const LOOPBACK = { host: '127.0.0.1', port: 0 };
const CRAWLED = JSON.stringify({ jobId: '1', bookmarkId: 'b1', operation: 'crawled', type: 'link' });
const EVENT = { method: 'POST', body: CRAWLED, headers: { Authorization: `Bearer ${TOKEN}` } };

describe('the server of webhooks', () => {
  let server: WebhookServer;
  let taken: string[];
  let refused: number;
  const hookAt = (paths: readonly string[], more: Partial<Hook> = {}): Hook => ({
    paths,
    getToken: async () => TOKEN,
    newItemIn: SERVICES.karakeep.newItemIn ?? (async () => undefined),
    onItem: (id) => taken.push(id),
    onRefused: () => {
      refused += 1;
    },
    ...more,
  });
  const start = async (...hooks: Hook[]) => {
    taken = [];
    refused = 0;
    server = await startWebhookServer(hooks, LOOPBACK);
  };
  afterEach(() => server.close());

  const operations: [operation: KarakeepOperation, type: string, isTaken: boolean, why: string][] = [
    ['crawled', 'link', true, 'its text is there'],
    ['created', 'link', false, 'its text is not there yet, and another event tells of it'],
    ['created', 'text', true, 'nothing is crawled'],
    ['created', 'asset', true, 'nothing is crawled'],
    ['edited', 'link', false, 'a run of ours may be why'],
    ['ai tagged', 'link', false, 'it is known by then'],
    ['deleted', 'link', false, 'there is nothing to tag'],
  ];
  for (const [operation, type, isTaken, why] of operations)
    it(`${isTaken ? 'takes' : 'passes over'} "${operation}" of a ${type}: ${why}`, async () => {
      await start(hookAt(['/']));
      const [item] = fakeItems(1, { row: { content: { type } } });
      assert.ok(item);
      const webhook = karakeepWebhook({ url: `${server.url}/`, token: TOKEN });
      assert.deepEqual(await webhook.send(item, operation), [isTaken ? 202 : 204]);
      assert.deepEqual(taken, isTaken ? [item.id] : []);
    });

  const authorization = (value: string) => ({ headers: { Authorization: value } });
  const body = (text: string) => ({ body: text });
  const json = (value: unknown) => body(JSON.stringify(value));
  const requests: [why: string, change: RequestInit & { path?: string }, status: number][] = [
    ['as Karakeep sends it', {}, 202],
    ['with a slash at the end of the path', { path: '/karakeep/' }, 202],
    ['with a query', { path: '/karakeep?a=b' }, 202],
    ['with the scheme in small letters, as RFC 9110 allows', authorization(`bearer ${TOKEN}`), 202],
    ['without a token', { headers: {} }, 401],
    ['with another token', authorization(`Bearer ${TOKEN.replace('f', 'e')}`), 401],
    ['with the beginning of the token', authorization(`Bearer ${TOKEN.slice(0, -1)}`), 401],
    ['with more than the token', authorization(`Bearer ${TOKEN}0`), 401],
    ['with an empty token', authorization('Bearer '), 401],
    ['with the token of another scheme', authorization(`Basic ${TOKEN}`), 401],
    ['with the token as its scheme', authorization(TOKEN), 401],
    ['by GET', { method: 'GET', body: null }, 405],
    ['by PUT', { method: 'PUT' }, 405],
    ['by OPTIONS, as a page in a browser asks first', { method: 'OPTIONS', body: null }, 405],
    ['to another path', { path: '/other' }, 404],
    ['to a path below', { path: '/karakeep/more' }, 404],
    ['to a path by GET that nobody has', { path: '/', method: 'GET', body: null }, 404],
    ['that is not JSON', body('operation=crawled'), 400],
    ['that is empty', body(''), 400],
    ['that is JSON and no object', json(['crawled']), 204],
    ['that is null', json(null), 204],
    ['of a service that is not this one', json({ event_type: 'reader.any_document.created', id: 'x' }), 204],
    ['of an operation that is new', json({ bookmarkId: 'b1', operation: 'summarized' }), 204],
    ['without an operation', json({ bookmarkId: 'b1' }), 204],
    ['without an id', json({ operation: 'crawled' }), 204],
    ['with an id that is a number', json({ bookmarkId: 5, operation: 'crawled' }), 204],
    ['with an id that leads to another path', json({ bookmarkId: '..', operation: 'crawled' }), 204],
    ['with an empty id', json({ bookmarkId: '', operation: 'crawled' }), 204],
    ['with an id that no Karakeep has', json({ bookmarkId: 'x'.repeat(101), operation: 'crawled' }), 204],
    ['of 64 KiB', body(CRAWLED.padEnd(65_536)), 202],
    ['of more than that', body(CRAWLED.padEnd(65_537)), 413],
    ['of much more, without a token', { headers: {}, ...body(CRAWLED.padEnd(5_000_000)) }, 401],
  ];
  for (const [why, { path = '/karakeep', ...change }, status] of requests)
    it(`answers ${status} to an event ${why}`, async () => {
      await start(hookAt(['/karakeep']));
      const response = await fetch(`${server.url}${path}`, { ...EVENT, ...change });
      assert.equal(response.status, status);
      assert.deepEqual(taken, status === 202 ? ['b1'] : []);
      assert.equal(refused, status === 401 ? 1 : 0);
      const said = await response.text();
      assert.ok(!said.includes('b1') && !said.includes(TOKEN.slice(0, 8)), said);
    });

  /** Writes to the server as it is, and returns all that comes back until the connection ends. */
  async function exchange(write: (socket: ReturnType<typeof connect>) => void): Promise<string> {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    const received: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => received.push(chunk));
    socket.on('error', () => {});
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await once(socket, 'connect');
    write(socket);
    await closed;
    return Buffer.concat(received).toString();
  }
  const head = (...lines: string[]) =>
    ['POST / HTTP/1.1', 'Host: localhost', `Authorization: Bearer ${TOKEN}`, ...lines, '', ''].join('\r\n');

  it('answers 413 to a body in chunks that does not end, and reads no further', async () => {
    await start(hookAt(['/']));
    const chunk = `4000\r\n${' '.repeat(0x4000)}\r\n`;
    let sent = 0;
    const answer = await exchange((socket) => {
      socket.write(head('Transfer-Encoding: chunked', 'Connection: close') + chunk.repeat(5));
      const more = () => {
        while (!socket.destroyed && socket.write(chunk)) sent += 1;
      };
      socket.on('drain', more);
      // What has come is lost where the connection is reset while more is written.
      socket.once('data', more);
    });
    assert.match(answer, /^HTTP\/1\.1 413 /);
    assert.deepEqual(taken, []);
    assert.ok(sent < 10_000, `${sent} chunks were read`);
  });

  it('believes no length: a short body that says it is long is not taken', async () => {
    await start(hookAt(['/']));
    const answer = await exchange((socket) => {
      socket.write(`${head('Content-Length: 99999999', 'Connection: close')}${CRAWLED}`);
    });
    assert.match(answer, /^HTTP\/1\.1 413 /);
    assert.deepEqual(taken, []);
  });

  for (const [what, text] of [
    ['body', `${head('Content-Length: 60')}{"bookmarkId":`],
    ['head', 'POST / HTTP/1.1\r\nHost: local'],
  ] as const)
    it(`ends a connection whose ${what} does not come, and goes on with others`, async () => {
      await start(hookAt(['/']));
      const slow = exchange((socket) => socket.write(text));
      assert.equal((await fetch(server.url, EVENT)).status, 202);
      assert.match(await slow, /^HTTP\/1\.1 408 /);
      assert.deepEqual(taken, ['b1']);
    });

  it('takes no event whose sender hangs up half-way', async () => {
    await start(hookAt(['/']));
    await exchange((socket) => {
      socket.write(`${head('Content-Length: 99')}${CRAWLED}`, () => socket.destroy());
    });
    assert.equal((await fetch(server.url, EVENT)).status, 202);
    assert.deepEqual(taken, ['b1']);
  });

  it('keeps the lists apart, each with its own token', async () => {
    const ben: string[] = [];
    await start(
      hookAt(['/anna']),
      hookAt(['/ben'], { getToken: async () => 'another', onItem: (id) => ben.push(id) }),
    );
    assert.equal((await fetch(`${server.url}/ben`, EVENT)).status, 401);
    const withToken = { ...EVENT, headers: { Authorization: 'Bearer another' } };
    assert.equal((await fetch(`${server.url}/ben`, withToken)).status, 202);
    assert.equal((await fetch(`${server.url}/`, EVENT)).status, 404);
    assert.deepEqual([taken, ben], [[], ['b1']]);
  });

  const names: [name: string, why: string][] = [
    ['jürgen', 'letters of other languages'],
    ['anna smith', 'a space'],
    ['家/anna.env', 'a slash, which is that of a path'],
    ['50% [a] {b}', 'characters that addresses do without'],
    ['a%20b', 'what is like an encoding'],
  ];
  for (const [name, why] of names)
    it(`finds a list by a name with ${why}`, async () => {
      await start(
        hookAt([`/${encodeURIComponent(name)}`]),
        hookAt(['/a b'], { onItem: () => assert.fail() }),
      );
      const response = await fetch(`${server.url}/${encodeURIComponent(name)}`, EVENT);
      assert.deepEqual([response.status, taken], [202, ['b1']]);
    });

  it('takes a token that was rotated, and lets nobody in while it cannot be read', async () => {
    let token: string | Error = TOKEN;
    const getToken = async () => {
      if (token instanceof Error) throw token;
      return token;
    };
    await start(hookAt(['/'], { getToken }));
    assert.equal((await fetch(server.url, EVENT)).status, 202);
    token = 'rotated';
    assert.equal((await fetch(server.url, EVENT)).status, 401);
    token = new Error(`the store is down, and ${TOKEN} is a secret`);
    const response = await fetch(server.url, EVENT);
    assert.equal(response.status, 503);
    assert.doesNotMatch(await response.text(), /f00d|store/);
    assert.deepEqual(taken, ['b1']);
  });

  it('answers 500 where taking the event fails, and goes on', async () => {
    await start(
      hookAt(['/'], {
        onItem: () => {
          throw new Error(TOKEN);
        },
      }),
    );
    const response = await fetch(server.url, EVENT);
    assert.deepEqual([response.status, await response.text()], [500, 'The webhook failed']);
  });

  it('says in one sentence that a port is in use', async () => {
    await start(hookAt(['/']));
    const port = Number(new URL(server.url).port);
    await assert.rejects(startWebhookServer([], { host: '127.0.0.1', port }), {
      kind: 'settings',
      message: `Cannot listen on 127.0.0.1:${port}: something else listens there; give another port`,
    });
  });

  it('says so of an address that is not of this machine', async () => {
    await start(hookAt(['/']));
    await assert.rejects(startWebhookServer([], { host: '192.0.2.1', port: 80 }), {
      kind: 'settings',
      message: /^Cannot listen on 192\.0\.2\.1:80: /,
    });
  });

  it('ends at once, also with a connection that is kept open', async () => {
    await start(hookAt(['/']));
    assert.equal((await fetch(server.url, EVENT)).status, 202);
    await server.close();
    await assert.rejects(fetch(server.url, EVENT));
  });
});
