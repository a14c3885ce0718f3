import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { type FetchPage, type PageFetcherOptions, pageFetcher } from '../../lib/pages/fetch-page.ts';
import { type Behaviour, type FakeInternet, fakeInternet } from '../helpers/fake-internet.ts';
import { NO_DEADLINE } from '../helpers/pocket.ts';

const WORDS = '<p>Some words, and a few more: größer, 漢字.</p>';

/** A response as it goes over the wire. */
function response(status: string, headers: readonly string[] = [], body: Uint8Array | string = ''): Buffer {
  const bytes = Buffer.from(body);
  const head = [`HTTP/1.1 ${status}`, ...headers, `Content-Length: ${bytes.length}`, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), bytes]);
}

const page = response('200 OK', ['Content-Type: text/html'], WORDS);
const redirect = (location: string) => response('302 Found', [`Location: ${location}`]);

describe('Fetching a page', () => {
  let internet: FakeInternet;

  beforeEach(async () => {
    internet = await fakeInternet();
  });
  afterEach(async () => {
    await internet.close();
    assert.equal(internet.tripped(), 0);
  });

  function fetcher(options: PageFetcherOptions = {}): FetchPage {
    const { lookup, route } = internet;
    return pageFetcher({ lookup, route, ...options });
  }

  /** Fetches with a fetcher of its own; a page's bytes as text. */
  async function get(url: string, options?: PageFetcherOptions) {
    const got = await fetcher(options)(url, NO_DEADLINE);
    return got.ok ? { ...got, bytes: Buffer.from(got.bytes).toString() } : got;
  }

  /** Serves `host`; gives the requests that it saw. */
  async function serve(host: string, behaviour: Behaviour): Promise<string[]> {
    const requests: string[] = [];
    await internet.serve(host, (socket, request) => {
      requests.push(request);
      behaviour(socket, request);
    });
    return requests;
  }

  it('gives the bytes, the type and the character set', async () => {
    await serve('good.test', (s) =>
      s.write(response('200 OK', ['Content-Type: Text/HTML; charset="Shift_JIS"'], WORDS)),
    );
    assert.deepEqual(await get('http://good.test/a?b=c#d'), {
      ok: true,
      url: new URL('http://good.test/a?b=c#d'),
      bytes: WORDS,
      contentType: 'text/html',
      charset: 'Shift_JIS',
    });
  });

  it('says who sends the request, and nothing more', async () => {
    const requests = await serve('good.test', (s) => s.write(page));
    await get('http://good.test/a%20b?c=ü#d');
    const [line = '', ...headers] = requests.join('').trimEnd().split('\r\n');
    assert.equal(line, 'GET /a%20b?c=%C3%BC HTTP/1.1');
    assert.deepEqual(
      headers.map((header) => header.split(':')[0]),
      ['host', 'user-agent', 'accept', 'accept-encoding', 'Connection'],
    );
    assert.ok(headers.includes('host: good.test'));
    assert.ok(headers.some((header) => /^user-agent: readtime-tagger\/\d.* \(\+https:/.test(header)));
  });

  describe('decompresses', () => {
    const encodings: readonly (readonly [encoding: string, body: Uint8Array])[] = [
      ['gzip', zlib.gzipSync(WORDS)],
      ['GZIP', zlib.gzipSync(WORDS)],
      ['x-gzip', zlib.gzipSync(WORDS)],
      ['deflate', zlib.deflateSync(WORDS)],
      ['deflate', zlib.deflateRawSync(WORDS)],
      ['br', zlib.brotliCompressSync(WORDS)],
      ['zstd', zlib.zstdCompressSync(WORDS)],
      ['identity', Buffer.from(WORDS)],
      ['gzip', zlib.gzipSync(WORDS).subarray(0, -4)],
    ];
    for (const [at, [encoding, body]] of encodings.entries()) {
      it(`${encoding}, way ${at + 1}`, async () => {
        await serve('good.test', (s) =>
          s.write(response('200 OK', ['Content-Type: text/html', `Content-Encoding: ${encoding}`], body)),
        );
        const got = await get('http://good.test/');
        assert.equal(got.ok && got.bytes, WORDS);
      });
    }
  });

  it('takes a page of as many bytes as the limit, and none of one more', async () => {
    await serve('good.test', (s, request) =>
      s.write(response('200 OK', [], 'x'.repeat(request.startsWith('GET /fits') ? 1_000 : 1_001))),
    );
    const bounded = { limits: { maxBytes: 1_000 } };
    assert.equal((await get('http://good.test/fits', bounded)).ok, true);
    assert.deepEqual(await get('http://good.test/not', bounded), { ok: false, reason: 'too-large' });
  });

  describe('follows a redirect', () => {
    const redirects: readonly (readonly [why: string, location: string, end: string])[] = [
      ['in full', 'http://other.test/end', 'http://other.test/end'],
      ['by a path', '/end', 'http://good.test/end'],
      ['beside the page', 'end', 'http://good.test/a/end'],
      [
        'with bytes beyond ASCII, which are UTF-8',
        Buffer.from('/ü/end').toString('latin1'),
        'http://good.test/%C3%BC/end',
      ],
      ['to the other port that pages have', 'http://good.test:443/end', 'http://good.test:443/end'],
    ];
    for (const [why, location, end] of redirects) {
      it(why, async () => {
        const ends: string[] = [];
        const behaviour: Behaviour = (s, request) => {
          const [, path = '', host] = /^GET (\S*end) .*\r\nhost: (\S+)/s.exec(request) ?? [];
          if (host) ends.push(`http://${host}${path}`);
          s.write(host ? page : redirect(location));
        };
        await serve('good.test', behaviour);
        await serve('other.test', behaviour);
        assert.equal((await get('http://good.test/a/b')).ok, true);
        assert.deepEqual(ends, [end]);
      });
    }

    it('five times and no more', async () => {
      const requests = await serve('good.test', (s, r) => {
        const at = Number(/^GET \/(\d+)/.exec(r)?.[1]);
        s.write(at === 0 ? page : redirect(`/${at - 1}`));
      });
      assert.equal((await get('http://good.test/5')).ok, true);
      assert.deepEqual(await get('http://good.test/6'), { ok: false, reason: 'too-many-redirects' });
      assert.equal(requests.length, 6 + 6);
    });

    it('that a page asks a browser for, as any other: to no private address, and not without end', async () => {
      const refresh = (to: string) =>
        response('200 OK', [], `<meta http-equiv="refresh" content="0; url=${to}">`);
      await serve('good.test', (s, r) => {
        const at = Number(/^GET \/(\d+)/.exec(r)?.[1]);
        s.write(
          r.startsWith('GET /in') ? refresh('http://127.0.0.1/') : at === 0 ? page : refresh(`/${at - 1}`),
        );
      });
      assert.equal((await get('http://good.test/5')).ok, true);
      assert.deepEqual(await get('http://good.test/6'), { ok: false, reason: 'too-many-redirects' });
      assert.deepEqual(await get('http://good.test/in'), { ok: false, reason: 'not-public' });
    });

    it('between two hosts that point at each other at once, without a standstill', async () => {
      await serve('a.test', (s, r) =>
        s.write(r.startsWith('GET /end') ? page : redirect('http://b.test/end')),
      );
      await serve('b.test', (s, r) =>
        s.write(r.startsWith('GET /end') ? page : redirect('http://a.test/end')),
      );
      const fetchPage = fetcher();
      const both = ['http://a.test/', 'http://b.test/'].map((url) => fetchPage(url, NO_DEADLINE));
      assert.deepEqual(
        (await Promise.all(both)).map(({ ok }) => ok),
        [true, true],
      );
    });
  });

  it('keeps no cookies', async () => {
    const requests = await serve('good.test', (s, r) =>
      s.write(r.startsWith('GET /end') ? page : response('302 Found', ['Set-Cookie: a=b', 'Location: /end'])),
    );
    await get('http://good.test/');
    assert.equal(requests.length, 2);
    assert.doesNotMatch(requests.join(''), /cookie/i);
  });

  it('connects to the address that was checked, whatever the name says a moment later', async () => {
    await serve('rebinding.test', (s) => s.write(page));
    internet.name('rebinding.test', ['93.184.216.1'], ['127.0.0.1']);
    assert.equal((await get('http://rebinding.test/')).ok, true);
  });

  it('checks the address again for each connection', async () => {
    await serve('rebinding.test', (s) => s.end(page));
    internet.name('rebinding.test', ['93.184.216.1'], ['10.0.0.1']);
    const fetchPage = fetcher();
    assert.equal((await fetchPage('http://rebinding.test/', NO_DEADLINE)).ok, true);
    assert.deepEqual(await fetchPage('http://rebinding.test/', NO_DEADLINE), {
      ok: false,
      reason: 'not-public',
    });
  });

  it('reaches a public address in the URL', async () => {
    await serve('good.test', (s) => s.write(page));
    assert.equal((await get('http://93.184.216.1/')).ok, true);
  });

  describe('with exceptions', () => {
    let port: number;
    let allowHosts: readonly string[];
    beforeEach(async () => {
      port = await internet.serve('good.test', (s, r) => {
        const to = decodeURIComponent(/^GET \/\?to=(\S+)/.exec(r)?.[1] ?? '');
        s.write(to === '' ? page : redirect(to));
      });
      allowHosts = [`127.0.0.1:${port}`, 'not a host'];
    });

    it('reaches an allowed host at its port', async () => {
      assert.equal((await get(`http://127.0.0.1:${port}/`, { allowHosts })).ok, true);
    });

    it('reaches it in another spelling of the same', async () => {
      assert.equal((await get(`http://127.0.0.1:${port}/`, { allowHosts: [`0x7f.1:${port}`] })).ok, true);
    });

    for (const [why, to, reason] of [
      ['another port of it', 'http://127.0.0.1:22/', 'bad-port'],
      ['its usual port', 'http://127.0.0.1/', 'not-public'],
      ['another private host', 'http://10.0.0.1/', 'not-public'],
      ['another name of it', 'http://localhost/', 'not-public'],
    ] as const) {
      it(`does not follow it to ${why}`, async () => {
        internet.name('localhost', ['127.0.0.1']);
        const url = `http://127.0.0.1:${port}/?to=${encodeURIComponent(to)}`;
        assert.deepEqual(await get(url, { allowHosts }), { ok: false, reason });
      });
    }
  });

  describe('over https', () => {
    const pem = readFileSync(new URL('../fixtures/self-signed.pem', import.meta.url), 'utf8');
    const tls = { key: pem, cert: pem };
    const certificate = new X509Certificate(pem.slice(pem.indexOf('-----BEGIN CERTIFICATE')));
    const trusted = getCACertificates('default');
    afterEach(() => setDefaultCACertificates(trusted));

    it('trusts no certificate that no authority has signed', async () => {
      await internet.serve('hostile.test', (s) => s.write(page), tls);
      assert.deepEqual(await get('https://hostile.test/'), { ok: false, reason: 'untrusted' });
    });

    it('trusts one that is signed, for its own host alone', async () => {
      setDefaultCACertificates([certificate.toString()]);
      await internet.serve('hostile.test', (s) => s.write(page), tls);
      await internet.serve('other.test', (s) => s.write(page), tls);
      assert.equal((await get('https://hostile.test/')).ok, true);
      assert.deepEqual(await get('https://other.test/'), { ok: false, reason: 'untrusted' });
    });

    it('speaks no plain HTTP', async () => {
      await serve('good.test', (s) => s.end(page));
      assert.deepEqual(await get('https://good.test/'), { ok: false, reason: 'untrusted' });
    });

    it('ignores the environment: neither a proxy counts nor a switch that trusts every certificate', async () => {
      const proxy = await internet.serve('proxy.test', (s) => s.end(response('418 Proxied')));
      const plain = await internet.serve('plain.test', (s) => s.write(page));
      const secure = await internet.serve('secure.test', (s) => s.write(page), tls);
      const urls = [`http://127.0.0.1:${plain}/`, `https://127.0.0.1:${secure}/`];
      const script = `
        import { deadlineIn } from './lib/deadline.ts';
        import { pageFetcher } from './lib/pages/fetch-page.ts';
        const fetchPage = pageFetcher({ allowHosts: ['127.0.0.1:${plain}', '127.0.0.1:${secure}'] });
        for (const url of ${JSON.stringify(urls)}) {
          const got = await fetchPage(url, deadlineIn(60_000));
          console.log(got.ok || got.reason);
        }`;
      const [HTTP_PROXY, HTTPS_PROXY] = [`http://127.0.0.1:${proxy}`, `http://127.0.0.1:${proxy}`];
      const set = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY, HTTPS_PROXY, NODE_TLS_REJECT_UNAUTHORIZED: '0' };
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--no-warnings', '--input-type=module', '--eval', script],
        { env: { ...process.env, ...set, NO_PROXY: '', no_proxy: '' } },
      );
      assert.equal(stdout, 'true\nuntrusted\n');
    });
  });
});
