import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Deadline, deadlineIn } from '../../lib/deadline.ts';
import { Failure } from '../../lib/failure.ts';
import { failureOfStatus, httpRequest, type RequestSpec } from '../../lib/http/request.ts';

const UNHURRIED = deadlineIn(Number.POSITIVE_INFINITY);

describe('httpRequest', () => {
  let server: Server;
  let answer: (request: IncomingMessage, response: ServerResponse, n: number) => void;
  let received: number;
  let url: string;

  beforeEach(async () => {
    received = 0;
    server = createServer((request, response) => {
      received += 1;
      answer(request, response, received);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/list?key=hidden`;
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  const get = (over: Partial<RequestSpec> = {}, deadline: Deadline = UNHURRIED) => {
    const { request, sent, throttled } = httpRequest({ backOffMs: 1, idleTimeoutMs: 300 });
    return { answer: request({ method: 'GET', url, repeatable: true, deadline, ...over }), sent, throttled };
  };

  it('gives the status, the JSON and the headers', async () => {
    answer = (_, response) => response.setHeader('X-Left', '7').end('{"a":[1]}');
    const { status, body, header } = await get().answer;
    assert.deepEqual([status, body, header('x-left'), header('x-none')], [200, { a: [1] }, '7', undefined]);
  });

  it('sends what it is told to, says who it is, and asks for JSON', async () => {
    let got: IncomingMessage | undefined;
    answer = (request, response) => {
      got = request;
      response.end('{}');
    };
    await get({ url: new URL('/list', url).href, query: { a: 'b c' }, headers: { 'X-Mine': 'yes' } }).answer;
    assert.ok(got);
    assert.deepEqual([got.method, got.url], ['GET', '/list?a=b+c']);
    const { accept, 'user-agent': agent, 'x-mine': mine } = got.headers;
    assert.deepEqual([accept, agent, mine], ['application/json', 'readtime-tagger', 'yes']);
  });

  it('counts the answers that were refused because of a limit on calls, and no others', async () => {
    const statuses = [429, 500, 429, 200];
    answer = (_, response, n) => response.writeHead(statuses[n - 1] ?? 200).end('{}');
    const { answer: given, sent, throttled } = get();
    await given;
    assert.deepEqual([sent(), throttled()], [4, 2]);
  });

  it('counts what a service’s own judgement takes for a limit, and not what it takes for a refusal', async () => {
    answer = (_, response) => response.writeHead(403).end('{}');
    const { answer: limited, throttled } = get({
      repeatable: false,
      classifyResponse: ({ status }) => new Failure('unavailable', 'limit', { status }),
    });
    await assert.rejects(limited);
    assert.equal(throttled(), 1);
    const { answer: refused, throttled: none } = get();
    await assert.rejects(refused, { kind: 'credentials' });
    assert.equal(none(), 0);
  });

  it('reads an answer of some size', async () => {
    answer = (_, response) => response.end(JSON.stringify('x'.repeat(100_000)));
    assert.equal(String((await get().answer).body).length, 100_000);
  });

  /** With a back-off of minutes, a request that backs off gets nowhere within this. */
  const patient = (deadline: Deadline) =>
    httpRequest({ backOffMs: 600_000 }).request({ method: 'GET', url, repeatable: true, deadline });

  it('backs off where it is not told how long to wait', async () => {
    const stop = new AbortController();
    answer = (_, response) => {
      response.writeHead(500).end('{}');
      setTimeout(() => stop.abort(new Error('enough')), 100);
    };
    await assert.rejects(patient(deadlineIn(Number.POSITIVE_INFINITY, stop.signal)), { message: 'enough' });
    assert.equal(received, 1);
  });

  it('waits no longer than it is told to', async () => {
    answer = (_, response, n) => response.writeHead(n === 1 ? 503 : 200, { 'Retry-After': '0' }).end('{}');
    assert.equal((await patient(deadlineIn(5000))).status, 200);
  });

  const tries: [why: string, first: number, outcomeUnknown: boolean][] = [
    ['a fault, then a long wait', 500, true],
    ['a long wait', 503, false],
    ['a refusal', 403, false],
  ];
  for (const [why, first, outcomeUnknown] of tries)
    it(`${outcomeUnknown ? 'says that it may have been carried out' : 'knows that nothing was done'}: ${why}`, async () => {
      answer = (_, response, n) => {
        const status = n === 1 ? first : 503;
        response.writeHead(status, status === 503 ? { 'Retry-After': '3600' } : {}).end('{}');
      };
      await assert.rejects(get({}, deadlineIn(5000)).answer, { outcomeUnknown });
    });

  it('says which request a service has asked to be left alone by', async () => {
    const { request } = httpRequest();
    const spec = { method: 'GET', url, repeatable: true, deadline: deadlineIn(5000) } as const;
    answer = (_, response) => response.writeHead(503, { 'Retry-After': '3600' }).end('{}');
    await assert.rejects(request(spec), { kind: 'unavailable' });
    const message = `GET ${new URL(url).origin}/list: the service asks to be left alone for now`;
    await assert.rejects(request(spec), { kind: 'unavailable', message });
    assert.equal(received, 1);
  });

  it('reads no more of an answer than 32 MB, and says so as 413, so that it can be asked for in parts', async () => {
    const mostBytes = 32 * 1024 * 1024;
    const message = `GET ${new URL(url).origin}/list: answered more than is read of one page`;
    answer = (_, response) => response.end(Buffer.alloc(mostBytes + 1, '1'));
    await assert.rejects(get().answer, { kind: 'unexpected-response', status: 413, message });
    assert.equal(received, 1);
    answer = (_, response) => response.end(Buffer.alloc(mostBytes, ' '));
    assert.equal((await get().answer).status, 200);
  });

  it('says that no answer came, and what to look at', async () => {
    answer = (request) => request.socket.destroy();
    const asked = get({ repeatable: false }).answer;
    await assert.rejects(asked, {
      kind: 'unavailable',
      message: `GET ${new URL(url).origin}/list: no answer (ECONNRESET); is the address right and the server up?`,
    });
  });

  it('gives the text where it is not JSON', async () => {
    answer = (_, response) => response.end('<html>');
    assert.equal((await get().answer).body, '<html>');
  });

  it('does not repeat what may not be repeated', async () => {
    answer = (_, response) => response.writeHead(503).end();
    await assert.rejects(get({ method: 'POST', json: {}, repeatable: false }).answer, {
      kind: 'unavailable',
      status: 503,
    });
    assert.equal(received, 1);
  });

  it('repeats a passing fault with the same body, and counts every request', async () => {
    const bodies: string[] = [];
    answer = (request, response, n) => {
      let body = '';
      request
        .on('data', (chunk) => (body += chunk))
        .on('end', () => {
          bodies.push(body);
          response.writeHead(n < 3 ? 500 : 200).end('{}');
        });
    };
    const { answer: given, sent } = get({ method: 'POST', json: { a: 1 } });
    await given;
    assert.deepEqual(bodies, ['{"a":1}', '{"a":1}', '{"a":1}']);
    assert.equal(sent(), 3);
  });

  it('waits as long as Retry-After says', async () => {
    const times: number[] = [];
    answer = (_, response, n) => {
      times.push(performance.now());
      response.writeHead(n === 1 ? 429 : 200, { 'Retry-After': '1' }).end('{}');
    };
    await get().answer;
    const [first = 0, second = 0] = times;
    assert.ok(second - first >= 990, `${second - first} ms`);
  });

  it('reads Retry-After as a date, too', async () => {
    answer = (_, response) =>
      response.writeHead(503, { 'Retry-After': new Date(Date.now() + 3_600_000).toUTCString() }).end();
    await assert.rejects(get({}, deadlineIn(5000)).answer, (error) => {
      assert.ok(error instanceof Failure && error.retryAfterMs !== undefined);
      return Math.abs(error.retryAfterMs - 3_600_000) < 5000;
    });
  });

  it('does not begin a wait that the deadline does not allow', async () => {
    answer = (_, response) => response.writeHead(429, { 'Retry-After': '60' }).end();
    await assert.rejects(get({}, deadlineIn(5000)).answer, { kind: 'unavailable', retryAfterMs: 60_000 });
    assert.equal(received, 1);
  });

  it('rejects with the signal’s reason when the deadline is over', async () => {
    answer = () => undefined;
    await assert.rejects(get({}, deadlineIn(50)).answer, { name: 'TimeoutError' });
    assert.equal(received, 1);
  });

  it('sends nothing once the deadline is over', async () => {
    const { signal } = deadlineIn(0);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    await assert.rejects(get({}, { signal, remainingMs: () => 0 }).answer, { name: 'TimeoutError' });
    assert.equal(received, 0);
  });

  it('follows no redirect, which would carry the credentials away', async () => {
    answer = (_, response) => response.writeHead(302, { Location: url }).end();
    await assert.rejects(get().answer, { kind: 'unexpected-response', status: 302 });
    assert.equal(received, 1);
  });

  it('tells the method and the path of what failed, and neither query, headers nor body', async () => {
    answer = (_, response) => response.writeHead(400).end('{"echo":"hidden"}');
    const failing = get({
      method: 'POST',
      json: { secret: 'hidden' },
      headers: { Authorization: 'hidden' },
    }).answer;
    await assert.rejects(failing, (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.message, `POST ${new URL(url).origin}/list: answered 400`);
      return !JSON.stringify(error, Object.getOwnPropertyNames(error)).includes('hidden');
    });
  });

  it('judges by the status unless told otherwise', async () => {
    answer = (_, response) => response.writeHead(401).end();
    await assert.rejects(get().answer, { kind: 'credentials' });
    answer = (_, response) => response.writeHead(404).end('{}');
    assert.equal((await get({ classifyResponse: () => undefined }).answer).status, 404);
  });
});

describe('failureOfStatus', () => {
  const rows: [status: number, kind: Failure['kind'] | undefined, said: string][] = [
    [199, 'unexpected-response', 'answered 199'],
    [200, undefined, ''],
    [299, undefined, ''],
    [300, 'unexpected-response', 'answered 300'],
    [401, 'credentials', 'answered 401, credentials refused'],
    [403, 'credentials', 'answered 403, credentials refused'],
    [404, 'unexpected-response', 'answered 404'],
    [428, 'unexpected-response', 'answered 428'],
    [429, 'unavailable', 'answered 429'],
    [499, 'unexpected-response', 'answered 499'],
    [500, 'unavailable', 'answered 500'],
  ];
  for (const [status, kind, said] of rows) {
    it(`${status}: ${kind ?? 'none'}`, () => {
      const answer = { status, body: '', header: () => undefined };
      const found = failureOfStatus({ method: 'GET', url: 'http://x/y' }, answer);
      assert.deepEqual(
        found && { ...found, message: found.message },
        kind && {
          name: 'Failure',
          kind,
          status,
          message: `GET http://x/y: ${said}`,
          retryAfterMs: undefined,
          outcomeUnknown: false,
        },
      );
    });
  }
});
