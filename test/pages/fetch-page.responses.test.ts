import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import * as zlib from 'node:zlib';
import type { SkipReason } from '../../lib/core/skip-reason.ts';
import { pageFetcher } from '../../lib/pages/fetch-page.ts';
import { type FakeInternet, fakeInternet } from '../helpers/fake-internet.ts';
import { NO_DEADLINE } from '../helpers/pocket.ts';

const OK = 'HTTP/1.1 200 OK\r\n';
const ok = (headers: string, body = '') => `${OK}${headers}\r\n\r\n${body}`;
const HTML = 'Content-Type: text/html';
const CHUNKED = `${HTML}\r\nTransfer-Encoding: chunked`;
const length = (...lengths: number[]) =>
  [HTML, ...lengths.map((bytes) => `Content-Length: ${bytes}`)].join('\r\n');
const redirect = (...headers: string[]) => ['HTTP/1.1 302 Found', ...headers, '', ''].join('\r\n');
/** 8 MB of nothing, in a few kB. */
const BOMB = Buffer.alloc(8_000_000);

function encoded(encoding: string, body: Buffer) {
  return (socket: Socket) => {
    socket.write(ok(`${HTML}\r\nContent-Encoding: ${encoding}\r\nContent-Length: ${body.length}`));
    socket.write(body);
  };
}

/** Writes the same again and again until the client closes the connection. */
function forever(socket: Socket, begin: string, again: string, everyMs = 0) {
  socket.write(begin);
  const timer = setInterval(() => socket.write(again), everyMs);
  socket.on('close', () => clearInterval(timer));
}

/** Magic, no flags, the window's size (10 + 17 bits), one last block: 1,000 times the letter x (RFC 8878). */
const zstdWith128MbWindow = Buffer.from('28b52ffd0088431f0078', 'hex');

const RESPONSES: readonly (readonly [what: string, reason: SkipReason, (socket: Socket) => void])[] = [
  ['a header of 100 kB', 'headers-too-large', (s) => s.write(ok(`X: ${'x'.repeat(100_000)}`))],
  ['10,000 headers', 'headers-too-large', (s) => s.write(ok('X: some words\r\n'.repeat(10_000)))],
  ['headers without end', 'headers-too-large', (s) => forever(s, OK, 'X: y\r\n'.repeat(2_000))],
  ['headers without end, slowly', 'timed-out', (s) => forever(s, OK, 'X: y\r\n', 20)],
  ['provisional responses', 'timed-out', (s) => forever(s, '', 'HTTP/1.1 100 Continue\r\n\r\n', 20)],
  ['a gzip bomb', 'too-large', encoded('gzip', zlib.gzipSync(BOMB))],
  [
    'a gzip bomb in many members',
    'too-large',
    encoded('gzip', Buffer.concat(Array(90).fill(zlib.gzipSync(BOMB.subarray(0, 60_000))))),
  ],
  ['a deflate bomb', 'too-large', encoded('deflate', zlib.deflateSync(BOMB))],
  ['a deflate bomb without the zlib header', 'too-large', encoded('deflate', zlib.deflateRawSync(BOMB))],
  [
    'a brotli bomb',
    'too-large',
    encoded('br', zlib.brotliCompressSync(BOMB, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } })),
  ],
  ['a zstd bomb', 'too-large', encoded('zstd', zlib.zstdCompressSync(BOMB))],
  ['a zstd window of 128 MB', 'bad-response', encoded('zstd', zstdWith128MbWindow)],
  ['gzip within gzip', 'bad-response', encoded('gzip, gzip', zlib.gzipSync(zlib.gzipSync(BOMB)))],
  ['an encoding of its own', 'bad-response', encoded('x-bomb', BOMB.subarray(0, 10))],
  ['an encoding named as every object has it', 'bad-response', encoded('constructor', BOMB.subarray(0, 10))],
  ...(['gzip', 'zstd', 'br'] as const).map(
    (encoding) =>
      [`${encoding} that is none`, 'bad-response', encoded(encoding, Buffer.from('none'))] as const,
  ),
  ['a body of 1 TB', 'too-large', (s) => s.write(ok(length(1000000000000), 'words'))],
  ['a body without end', 'too-large', (s) => forever(s, ok(HTML), 'words '.repeat(50_000))],
  [
    'a body without end, in chunks',
    'too-large',
    (s) => forever(s, ok(CHUNKED), `10000\r\n${'x'.repeat(65_536)}\r\n`),
  ],
  ['a body without end, slowly', 'timed-out', (s) => forever(s, ok(HTML), 'words ', 20)],
  ['chunk extensions without end', 'unreachable', (s) => forever(s, ok(CHUNKED, '5;'), 'x'.repeat(9_000))],
  ['trailers without end', 'unreachable', (s) => forever(s, ok(CHUNKED, '0\r\n'), 'X: y\r\n'.repeat(2_000))],
  ['silence', 'timed-out', () => {}],
  ['silence after the headers', 'timed-out', (s) => s.write(ok(length(10)))],
  ['less than the length it claims, and an end', 'unreachable', (s) => s.end(ok(length(1000), 'few words'))],
  ['a length below zero', 'bad-response', (s) => s.end(ok(length(-1), 'words'))],
  ['two lengths', 'bad-response', (s) => s.end(ok(length(5, 6), 'words'))],
  ['a length and chunks', 'bad-response', (s) => s.end(ok(`${CHUNKED}\r\nContent-Length: 5`, 'words'))],
  ['a chunk beyond counting', 'unreachable', (s) => s.end(ok(CHUNKED, 'fffffffffffffffff\r\nwords'))],
  ['HTTP/0.9: a body and nothing else', 'bad-response', (s) => s.end('<p>words</p>')],
  ['the greeting of an SSH server', 'bad-response', (s) => s.end('SSH-2.0-OpenSSH_9.9\r\n')],
  ['an HTTP version of its own', 'bad-response', (s) => s.end('HTTP/9.9 200 OK\r\n\r\nwords')],
  ['a status of its own', 'bad-response', (s) => s.end('HTTP/1.1 99999 OK\r\n\r\nwords')],
  ['a NUL among the headers', 'bad-response', (s) => s.end(ok(`X: a\0b\r\n${HTML}`, 'words'))],
  [
    'a bare carriage return among the headers',
    'bad-response',
    (s) => s.end(ok(`X: a\rLocation: http://127.0.0.1/\r\n${HTML}`, 'words')),
  ],
  [
    'another protocol',
    'bad-response',
    (s) => s.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
  ],
  ['an end before any response', 'unreachable', (s) => s.end()],
  ['a broken connection', 'unreachable', (s) => s.resetAndDestroy()],
  ['a video without end', 'not-a-page', (s) => forever(s, ok('Content-Type: video/mp4'), 'x'.repeat(60_000))],
  ['a program', 'not-a-page', (s) => s.end(ok('Content-Type: application/octet-stream', 'words'))],
  ['a redirect to nowhere', 'bad-response', (s) => s.end(redirect('Content-Length: 0'))],
  ['a redirect to itself', 'too-many-redirects', (s) => s.end(redirect('Location: /', 'Content-Length: 0'))],
  [
    'a redirect that a line break splits off',
    'gone',
    (s) => s.end('HTTP/1.1 404 No\r\nX: y\r\nLocation: http://127.0.0.1/\r\n\r\n'),
  ],
  [
    'a redirect with a bomb for its body',
    'too-many-redirects',
    (s) => forever(s, redirect('Location: /'), 'x'.repeat(60_000)),
  ],
];

describe('Fetching a hostile response', () => {
  let internet: FakeInternet;
  beforeEach(async () => {
    internet = await fakeInternet();
  });
  afterEach(() => internet.close());

  for (const [what, reason, behaviour] of RESPONSES) {
    it(what, async () => {
      // Short only where the time-out is what is tested: a slow machine has to get to the other reasons.
      const times = reason === 'timed-out' ? { headersMs: 150, totalMs: 300 } : {};
      const limits = { ...times, retryDelayMs: 1 };
      const fetchPage = pageFetcher({ lookup: internet.lookup, route: internet.route, limits });
      await internet.serve('hostile.test', behaviour);
      const got = await fetchPage('http://hostile.test/', NO_DEADLINE);
      assert.equal(got.ok ? 'a page' : got.reason, reason);
      assert.equal(internet.tripped(), 0, 'something connected to where nothing may connect');
    });
  }
});
