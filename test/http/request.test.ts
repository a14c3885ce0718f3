import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server as NetServer } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { Failure } from '../../lib/failure.ts';
import { failureOfStatus, httpRequest, type RequestSpec } from '../../lib/http/request.ts';
import { NO_DEADLINE } from '../helpers/pocket.ts';
import { endsIn, recordingClock } from '../helpers/recording-clock.ts';

describe('httpRequest', () => {
  let server: Server;
  let answer: (request: IncomingMessage, response: ServerResponse, n: number) => void;
  let received: number;
  let url: string;
  let clock: ReturnType<typeof recordingClock>;
  let http: ReturnType<typeof httpRequest>;

  beforeEach(async () => {
    received = 0;
    server = createServer((request, response) => {
      received += 1;
      answer(request, response, received);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/list?key=hidden`;
    clock = recordingClock();
    http = httpRequest({ clock });
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  const get = (spec: Partial<RequestSpec> = {}) =>
    http.request({ method: 'GET', url, deadline: NO_DEADLINE, ...spec });
  const always = (status: number, headers: Record<string, string> = {}) => {
    answer = (_, response) => response.writeHead(status, headers).end('{}');
  };
  const label = (method = 'GET') => `${method} ${new URL(url).origin}/list`;

  it('gives the status, the JSON and the headers', async () => {
    answer = (_, response) => response.setHeader('X-Left', '7').end('{"a":[1]}');
    const { status, body, header } = await get();
    assert.deepEqual([status, body, header('x-left'), header('x-none')], [200, { a: [1] }, '7', undefined]);
  });

  it('gives the text where it is not JSON', async () => {
    answer = (_, response) => response.end('<html>');
    assert.equal((await get()).body, '<html>');
  });

  it('sends the URL and the headers as given, says who it is, and asks for JSON', async () => {
    let got: IncomingMessage | undefined;
    answer = (request, response) => {
      got = request;
      response.end('{}');
    };
    await get({ headers: { 'X-Mine': 'yes' } });
    assert.ok(got);
    assert.deepEqual([got.method, got.url], ['GET', '/list?key=hidden']);
    const { accept, 'user-agent': agent, 'x-mine': mine } = got.headers;
    assert.deepEqual([accept, agent, mine], ['application/json', 'readtime-tagger', 'yes']);
  });

  it('sends the same body again after a fault that passes, and counts every request', async () => {
    const bodies: string[] = [];
    answer = async (request, response, n) => {
      bodies.push(Buffer.concat(await request.toArray()).toString());
      response.writeHead(n < 3 ? 500 : 200).end('{}');
    };
    await get({ method: 'POST', json: { a: 1 } });
    assert.deepEqual(bodies, ['{"a":1}', '{"a":1}', '{"a":1}']);
    assert.deepEqual([http.sent(), clock.waits.length], [3, 2]);
  });

  it('counts the responses that were refused because of a limit on calls, and no others', async () => {
    const statuses = [429, 500, 429, 200];
    answer = (_, response, n) => response.writeHead(statuses[n - 1] ?? 200).end('{}');
    await get();
    assert.deepEqual([http.sent(), http.throttled()], [4, 2]);
  });

  it('counts what a service’s own classification takes for a limit, and not what it takes for a refusal', async () => {
    always(403);
    await assert.rejects(get(), { kind: 'credentials' });
    assert.equal(http.throttled(), 0);
    const classifyResponse: RequestSpec['classifyResponse'] = ({ status }) =>
      new Failure('unavailable', 'limit', { status });
    await assert.rejects(get({ classifyResponse }), { kind: 'unavailable' });
    assert.equal(http.throttled(), 4);
  });

  it('classifies by the status unless the service has its own way', async () => {
    always(404);
    await assert.rejects(get(), { kind: 'unexpected-response' });
    assert.equal((await get({ classifyResponse: () => undefined })).status, 404);
  });

  describe('where a service asks for a wait', () => {
    it('waits as long as Retry-After says', async () => {
      answer = (_, response, n) => response.writeHead(n === 1 ? 429 : 200, { 'Retry-After': '7' }).end('{}');
      await get();
      assert.deepEqual(clock.waits, [7000]);
    });

    it('sends no retry before a wait is over that another request was asked for meanwhile', async () => {
      const spec = { method: 'GET', url, deadline: endsIn(5000) } as const;
      clock = recordingClock(() => clock.waits.length === 1 && http.request(spec).catch(() => undefined));
      http = httpRequest({ clock });
      const statuses = [500, 429, 200];
      answer = (_, response, n) => {
        const headers = n === 2 ? { 'Retry-After': '60' } : {};
        response.writeHead(statuses[n - 1] ?? 200, headers).end('{}');
      };
      await get();
      assert.deepEqual([clock.waits.slice(1), received], [[60_000], 3]);
    });

    it('reads Retry-After as a date, too', async () => {
      always(503, { 'Retry-After': new Date(Date.now() + 3_600_000).toUTCString() });
      const error = await get({ deadline: endsIn(5000) }).catch((error) => error);
      // The date is in whole seconds, and time has passed since it was made.
      assert.ok(error.retryAfterMs > 3_000_000 && error.retryAfterMs <= 3_600_000, error);
    });

    it('sends nothing more, not even another request, where the deadline does not allow the wait', async () => {
      always(429, { 'Retry-After': '60' });
      const failure = { kind: 'unavailable', retryAfterMs: 60_000 };
      const deadline = endsIn(5000);
      await assert.rejects(get({ deadline }), { ...failure, message: `${label()}: answered 429` });
      const message = `${label('PUT')}: the service rate-limits us for now`;
      await assert.rejects(get({ method: 'PUT', deadline }), { ...failure, message });
      assert.deepEqual([received, clock.waits], [1, []]);
    });
  });

  it('says which request had no response, and what to look at', async () => {
    answer = (request) => request.socket.destroy();
    const message = `${label()}: no answer (ECONNRESET); is the address right and the server up?`;
    await assert.rejects(get(), { kind: 'unavailable', message, outcomeUnknown: true });
    assert.equal(received, 4);
  });

  for (const [bytes, clause] of [
    ['\0\0\0', 'what answers does not speak HTTP (HPE_INVALID_CONSTANT)'],
    [
      'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}',
      'its compressed answer cannot be read (Z_DATA_ERROR)',
    ],
  ] as const)
    it(`says of what it cannot read: ${clause}`, async () => {
      answer = (request) => request.socket.end(bytes);
      const message = `${label()}: ${clause}; is the address right and the server up?`;
      await assert.rejects(get(), { kind: 'unavailable', message });
    });

  it('takes a server that sends nothing for one that is down', async () => {
    http = httpRequest({ clock, idleTimeoutMs: 20 });
    answer = () => undefined;
    await assert.rejects(get(), {
      kind: 'unavailable',
      message: /no answer \(ECONNABORTED\)/,
      timedOut: true,
    });
    assert.equal(http.sent(), 4);
  });

  it('does not wait for ever for a body that comes byte by byte', async () => {
    http = httpRequest({ clock, responseTimeoutMs: 50 });
    const dripping: NodeJS.Timeout[] = [];
    answer = (_, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      dripping.push(setInterval(() => response.write(' '), 5));
    };
    const message = /: the answer was not complete after \d+ s$/;
    await assert.rejects(get(), { kind: 'unavailable', message, timedOut: true, outcomeUnknown: true });
    for (const timer of dripping) clearInterval(timer);
    // On a busy machine the time for a try may be over before the server has it.
    assert.equal(http.sent(), 4);
  });

  it('treats half a response as no response', async () => {
    answer = (_, response, n) => {
      if (n > 1) response.end('{"a":1}');
      else response.writeHead(200, { 'Content-Length': 100 }).write('{"a":', () => response.destroy());
    };
    assert.deepEqual([(await get()).body, received], [{ a: 1 }, 2]);
  });

  it('reads no more of a response than 32 MB, and says so as 413, so that the caller asks for less', async () => {
    const maxBytes = 32 * 1024 * 1024;
    answer = (_, response) => response.end(Buffer.alloc(maxBytes + 1, '1'));
    const message = `${label()}: answered more than is read of one page`;
    await assert.rejects(get(), { kind: 'unexpected-response', status: 413, message });
    assert.equal(received, 1);
    answer = (_, response) => response.end(Buffer.alloc(maxBytes, ' '));
    assert.equal((await get()).status, 200);
  });

  const hundred = (open: string, close: string, inside = '1') =>
    `${open.repeat(100)}${inside}${close.repeat(100)}`;
  const sizes: [why: string, body: string, problem: string | undefined][] = [
    ['100 levels', hundred('[', ']'), undefined],
    ['101 levels', hundred('[', ']', '[]'), 'levels'],
    ['ten million levels', `${'['.repeat(1e7)}${']'.repeat(1e7)}`, 'levels'],
    ['ten million levels without an end', `  ${'['.repeat(1e7)}`, 'levels'],
    ['101 levels of objects', hundred('{"a":', '}', '{}'), 'levels'],
    ['many objects beside each other', `[${'[{}],'.repeat(500)}{}]`, undefined],
    ['brackets in strings', JSON.stringify({ '[': `"${'['.repeat(200)}\\`, b: '{"\\' }), undefined],
    ['a string without an end', `["${'['.repeat(200)}`, undefined],
    ['a text that is no JSON', `<p>${'['.repeat(200)}`, undefined],
    ['ten million empty objects', `[${'{},'.repeat(1e7)}{}]`, 'values'],
    ['a million numbers', `[${'1,'.repeat(1e6)}1]`, undefined],
  ];
  for (const [why, body, problem] of sizes)
    it(`${problem ? 'refuses, without another try,' : 'takes'} ${why}`, async () => {
      answer = (_, response) => response.end(body);
      if (problem === undefined) assert.equal((await get()).status, 200);
      else {
        const message = new RegExp(`^${label()}: answered JSON of more than \\d+ ${problem}$`);
        await assert.rejects(get(), { kind: 'unexpected-response', message });
      }
      assert.equal(received, 1);
    });

  it('rejects with the signal’s reason when the deadline is over', async () => {
    const stop = new AbortController();
    answer = () => stop.abort(new Error('over'));
    const deadline = { signal: stop.signal, remainingMs: () => 60_000 };
    await assert.rejects(get({ deadline }), { message: 'over' });
    assert.equal(received, 1);
  });

  it('sends nothing once the deadline is over', async () => {
    const deadline = { signal: AbortSignal.abort(new Error('over')), remainingMs: () => 0 };
    await assert.rejects(get({ deadline }), { message: 'over' });
    assert.deepEqual([received, http.sent()], [0, 0]);
  });

  it('follows no redirect, which would carry the credentials away', async () => {
    always(302, { Location: url });
    await assert.rejects(get(), { kind: 'unexpected-response', status: 302 });
    assert.equal(received, 1);
  });

  it('names the method and the path of what failed, and neither query, headers nor body', async () => {
    answer = (_, response) => response.writeHead(400).end('{"echo":"hidden"}');
    const spec = { json: { secret: 'hidden' }, headers: { Authorization: 'hidden' } };
    await assert.rejects(get({ method: 'POST', ...spec }), (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.message, `${label('POST')}: answered 400`);
      return !JSON.stringify(error, Object.getOwnPropertyNames(error)).includes('hidden');
    });
  });
});

describe('httpRequest over TLS', () => {
  const trusted = getCACertificates('default');
  afterEach(() => setDefaultCACertificates(trusted));

  const rows: [file: string, message: RegExp][] = [
    [
      'not-yet-valid',
      /CERT_NOT_YET_VALID\); the certificate is not valid yet; the clock of this machine says 20/,
    ],
    ['expired', /CERT_HAS_EXPIRED\); the certificate has expired, if the clock of this machine is right/],
  ];
  for (const [file, message] of rows) {
    it(`asks for the clock, once, where the certificate is ${file}`, async () => {
      const pem = readFileSync(new URL(`../fixtures/${file}.pem`, import.meta.url), 'utf8');
      setDefaultCACertificates([pem.slice(pem.indexOf('-----BEGIN CERTIFICATE'))]);
      const server = createSecureServer({ key: pem, cert: pem }, (_, response) => response.end('{}'));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const http = httpRequest({ clock: recordingClock() });
      const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/list`;
      try {
        const sending = http.request({ method: 'GET', url, deadline: NO_DEADLINE });
        await assert.rejects(sending, { kind: 'settings', message });
        assert.equal(http.sent(), 1);
      } finally {
        server.close();
      }
    });
  }
});

describe('httpRequest to what it cannot speak with', () => {
  const pem = readFileSync(new URL('../fixtures/self-signed.pem', import.meta.url), 'utf8');
  const plain = () => createServer((_, response) => response.end('{}'));
  const rows: [what: string, scheme: string, server: () => NetServer, message: RegExp][] = [
    [
      'a certificate that nobody known has signed',
      'https',
      () => createSecureServer({ key: pem, cert: pem }),
      /\(DEPTH_ZERO_SELF_SIGNED_CERT\); this machine does not know who signed its certificate: .*NODE_EXTRA_CA_CERTS$/,
    ],
    ['http, asked for https', 'https', plain, /\(EPROTO\); it does not speak https/],
  ];
  for (const [what, scheme, start, message] of rows) {
    it(`says so, once: ${what}`, async () => {
      const server = start();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const http = httpRequest({ clock: recordingClock() });
      const url = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/list`;
      try {
        await assert.rejects(http.request({ url, deadline: NO_DEADLINE }), { kind: 'settings', message });
        assert.equal(http.sent(), 1);
      } finally {
        server.close();
      }
    });
  }

  it('knows a certificate of another host', async () => {
    const certificate = pem.slice(pem.indexOf('-----BEGIN CERTIFICATE'));
    const trusted = getCACertificates('default');
    setDefaultCACertificates([certificate]);
    const server = createSecureServer({ key: pem, cert: pem });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/list`;
    try {
      await assert.rejects(httpRequest({ clock: recordingClock() }).request({ url, deadline: NO_DEADLINE }), {
        kind: 'settings',
        message: /\(ERR_TLS_CERT_ALTNAME_INVALID\); its certificate is for another host/,
      });
    } finally {
      setDefaultCACertificates(trusted);
      server.close();
    }
  });
});

describe('failureOfStatus', () => {
  const rows: [status: number, kind: Failure['kind'] | undefined, text: string][] = [
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
  for (const [status, kind, text] of rows) {
    it(`${status}: ${kind ?? 'none'}`, () => {
      const response = { status, body: '', header: () => undefined };
      const failure = failureOfStatus({ method: 'GET', url: 'http://x/y' }, response);
      assert.deepEqual(
        failure && [failure.kind, failure.status, failure.message],
        kind && [kind, status, `GET http://x/y: ${text}`],
      );
      assert.equal(failure?.retryAfterMs, undefined);
    });
  }

  const sentences: [why: string, body: unknown, shown: string][] = [
    [
      'plain text, as of Karakeep',
      'API key is missing required scope: bookmarks:readwrite',
      '"API key is missing required scope: bookmarks:readwrite"',
    ],
    ['a message in JSON', { status: 403, message: 'The token may not write' }, '"The token may not write"'],
    ['another field of JSON', { detail: 'Not allowed' }, '"Not allowed"'],
    ['the error of JSON', { error: 'Forbidden' }, '"Forbidden"'],
    ['an error object', { error: { code: 403, message: 'Premium only' } }, '"Premium only"'],
    ['as Raindrop says it', { result: false, errorMessage: 'No access' }, '"No access"'],
    ['control characters and quotes', 'No\u001B[31m "rights"\r\n here\u202E', `"No [31m 'rights' here"`],
    ['200 characters', `${'no '.repeat(66)}no`, `"${'no '.repeat(66)}no"`],
    ['more than that', `${'no '.repeat(66)}not`, ''],
    ['a page of HTML', '<h1>Forbidden</h1>', ''],
    ['JSON that was sent as text', '{"token":"abc"}', ''],
    ['what may be a token', 'Key ak2_0123456789abcdef has no rights', ''],
    ['19 characters', 'Key ak2_0123456789abcde is none', '"Key ak2_0123456789abcde is none"'],
    ['fields that nobody knows', { token: 'abc', message: 5 }, ''],
    ['nothing', '', ''],
    ['null', null, ''],
  ];
  for (const [why, body, shown] of sentences) {
    it(`403: ${shown ? 'repeats' : 'does not repeat'} ${why}`, () => {
      const failure = failureOfStatus(
        { method: 'GET', url: 'http://x/y' },
        { status: 403, body, header: () => undefined },
      );
      assert.equal(
        failure?.message,
        `GET http://x/y: answered 403, credentials refused${shown && `: ${shown}`}`,
      );
    });
  }

  it('repeats no sentence of a 401, which is about the token itself', () => {
    const response = { status: 401, body: 'Unknown token abc', header: () => undefined };
    const failure = failureOfStatus({ method: 'GET', url: 'http://x/y' }, response);
    assert.equal(failure?.message, 'GET http://x/y: answered 401, credentials refused');
  });
});
