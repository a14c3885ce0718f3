import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Deadline, deadlineIn } from '../../lib/deadline.ts';
import { Failure } from '../../lib/failure.ts';
import { httpRequest, type RequestSpec } from '../../lib/web/request.ts';

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
    const { request, sent } = httpRequest({ backOffMs: 1, silenceMs: 300 });
    return { answer: request({ method: 'GET', url, repeatable: true, deadline, ...over }), sent };
  };

  it('gives the status, the JSON and the headers', async () => {
    answer = (_, response) => response.setHeader('X-Left', '7').end('{"a":[1]}');
    const { status, body, header } = await get().answer;
    assert.deepEqual([status, body, header('x-left'), header('x-none')], [200, { a: [1] }, '7', undefined]);
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
    assert.equal((await get({ judge: () => undefined }).answer).status, 404);
  });
});
