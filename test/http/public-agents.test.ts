import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { inspect } from 'node:util';
import type { PublicOnly } from '../../lib/http/public-agents.ts';
import { httpRequest } from '../../lib/http/request.ts';
import { withEnvironment } from '../helpers/environment.ts';
import { type Behaviour, type FakeInternet, fakeInternet } from '../helpers/fake-internet.ts';
import { IPV4_SPELLINGS, IPV6_SPELLINGS, NAMES, URLS } from '../helpers/hostile-addresses.ts';
import { NO_DEADLINE } from '../helpers/pocket.ts';
import { recordingClock } from '../helpers/recording-clock.ts';

const CLAUSES: Readonly<Record<string, RegExp>> = {
  'bad-scheme': /: it is neither http nor https; give the account one such as https:\/\/list\.example\.com$/,
  'credentials-in-url': /: it holds a user name or a password; give the account one such as [^,]+$/,
  'bad-port':
    /: it has a port that is neither 80 nor 443; give .*, or let .* add \S+:\d+ to .* accountsAllowHosts$/,
  'not-public':
    /: it is not on the public internet; give .*, or let .* add \S+:\d+ to .* accountsAllowHosts$/,
};

/** Answers and keeps the connection, or, with the header, closes it. */
const answer =
  (body: string, header = ''): Behaviour =>
  (socket) =>
    socket.write(`HTTP/1.1 200 OK\r\n${header}Content-Length: ${body.length}\r\n\r\n${body}`);

describe('httpRequest to the address of an account', () => {
  let internet: FakeInternet;
  let lookedUp: string[];

  beforeEach(async () => {
    internet = await fakeInternet();
    lookedUp = [];
  });
  afterEach(async () => {
    await internet.close();
    assert.equal(internet.tripped(), 0, 'something connected to where nothing may connect');
  });

  const open = ({ allowHosts = [], ...more }: Partial<PublicOnly> = {}, timeoutMs?: number) => {
    const lookup: PublicOnly['lookup'] = (host) => {
      lookedUp.push(host);
      return internet.lookup(host);
    };
    const publicOnly = { allowHosts, lookup, route: internet.route, ...more };
    return httpRequest({
      publicOnly,
      clock: recordingClock(),
      ...(timeoutMs && { responseTimeoutMs: timeoutMs }),
    });
  };
  const get = (url: string, http = open()) =>
    http.request({ url, headers: { Authorization: 'Bearer hidden' }, deadline: NO_DEADLINE });
  /** Refuses once, without a word about what was found, or of the URL more than its origin. */
  async function refuses(url: string, reason: string, http = open()): Promise<void> {
    await assert.rejects(get(url, http), (error: Error & { kind: string }) => {
      assert.equal(error.kind, 'settings', error.message);
      assert.match(error.message, CLAUSES[reason] ?? /no such reason/);
      const { protocol, host } = new URL(url);
      assert.ok(error.message.startsWith(`The address "${protocol}//${host}" of the reading list was not`));
      return true;
    });
    assert.equal(http.sent(), 1, 'it was tried again');
  }

  it('calls a public address by its name, looked up once', async () => {
    const requests: string[] = [];
    await internet.serve('list.test', (socket, request) => {
      requests.push(request);
      answer('{"of":"list"}')(socket, request);
    });
    assert.deepEqual((await get('http://list.test/api?page=1')).body, { of: 'list' });
    assert.match(
      requests.join(''),
      /^GET \/api\?page=1 HTTP\/1\.1\r\n[\s\S]*Authorization: Bearer hidden\r\n[\s\S]*Host: list\.test\r\n/,
    );
    assert.deepEqual(lookedUp, ['list.test']);
  });

  it('calls a public address that is given by number, and looks nothing up', async () => {
    await internet.serve('list.test', answer('{"of":"list"}'));
    assert.deepEqual((await get('http://93.184.216.1/api')).body, { of: 'list' });
    assert.deepEqual(lookedUp, []);
  });

  describe('over https', () => {
    const pem = readFileSync(new URL('../fixtures/self-signed.pem', import.meta.url), 'utf8');
    const tls = { key: pem, cert: pem };
    const trusted = getCACertificates('default');
    afterEach(() => setDefaultCACertificates(trusted));

    it('calls a host by the certificate of its name, and no other', async () => {
      setDefaultCACertificates([pem.slice(pem.indexOf('-----BEGIN CERTIFICATE'))]);
      await internet.serve('hostile.test', answer('{"of":"tls"}'), tls);
      await internet.serve('other.test', answer('{"of":"other"}'), tls);
      assert.deepEqual((await get('https://hostile.test/api')).body, { of: 'tls' });
      await assert.rejects(get('https://other.test/api'), {
        kind: 'settings',
        message: /\(ERR_TLS_CERT_ALTNAME_INVALID\)/,
      });
    });

    it('trusts no certificate that no authority has signed', async () => {
      await internet.serve('hostile.test', answer('{"of":"tls"}'), tls);
      await assert.rejects(get('https://hostile.test/api'), { message: /\(DEPTH_ZERO_SELF_SIGNED_CERT\)/ });
    });

    it('refuses a name of a private address', async () => {
      internet.name('private.test', ['10.0.0.7']);
      await refuses('https://private.test/api', 'not-public');
    });
  });

  for (const [what, url, reason] of [...IPV4_SPELLINGS, ...IPV6_SPELLINGS, ...URLS]) {
    // What is no URL is refused when settings are read, which gives others in full.
    if (reason !== 'bad-url') it(`refuses ${what}: ${url}`, () => refuses(new URL(url).href, reason));
  }

  for (const [what, url, reason, ...answers] of NAMES) {
    it(`reaches no private address behind ${what}: ${url} is ${answers.join(' ') || 'nothing'}`, async () => {
      const { hostname } = new URL(url);
      await internet.serve('public.test', answer('{}'));
      if (answers.length > 0) internet.name(hostname.replace(/\.$/, ''), ...answers);
      if (reason !== 'no-such-host') return refuses(url, reason);
      const message = /^GET \S+: no answer \(ENOTFOUND\); is the address right and the server up\?$/;
      return assert.rejects(get(url), { kind: 'unavailable', message });
    });
  }

  it('says nothing of what was found, nor of the path, the query and the credentials', async () => {
    internet.name('private.test', ['10.0.0.7']);
    for (const url of ['https://private.test/path?key=hidden', 'http://admin:hidden@private.test:81/path'])
      await assert.rejects(get(url), (error: Error) => {
        assert.doesNotMatch(
          inspect(error, { depth: 10, showHidden: true }),
          /10\.0\.0\.7|hidden|\/path|admin/,
        );
        return true;
      });
  });

  describe('where a name has another address each time', () => {
    it('connects to the one that was checked', async () => {
      await internet.serve('public.test', answer('{"of":"public"}'));
      internet.name('rebinding.test', ['93.184.216.1'], ['127.0.0.1']);
      assert.deepEqual((await get('http://rebinding.test/')).body, { of: 'public' });
      assert.deepEqual(lookedUp, ['rebinding.test']);
    });

    it('sends what follows over the connection that was checked, and checks the next connection', async () => {
      let calls = 0;
      await internet.serve('public.test', (socket, request) => {
        calls += 1;
        answer('{"of":"public"}', calls === 2 ? 'Connection: close\r\n' : '')(socket, request);
      });
      internet.name('rebinding.test', ['93.184.216.1'], ['169.254.169.254']);
      const http = open();
      await get('http://rebinding.test/', http);
      await get('http://rebinding.test/', http);
      assert.deepEqual([calls, lookedUp], [2, ['rebinding.test']]);
      await assert.rejects(get('http://rebinding.test/', http), { kind: 'settings' });
      assert.deepEqual([calls, lookedUp.length], [2, 2]);
    });
  });

  it('sends nothing over a connection that somebody else has open', async () => {
    const port = await internet.serve('list.test', answer('{"of":"list"}'));
    const url = `http://127.0.0.1:${port}/api`;
    await httpRequest({ env: {} }).request({ url, deadline: NO_DEADLINE });
    await get(url, open({ allowHosts: [`127.0.0.1:${port}`] }));
    assert.equal(internet.open(), 2);
    await refuses(url, 'bad-port');
  });

  it('follows no redirect', async () => {
    const found = 'HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n';
    await internet.serve('list.test', (socket) => socket.write(found));
    await assert.rejects(get('http://list.test/'), { kind: 'unexpected-response', status: 302 });
  });

  it('does not wait for ever for a name server', async () => {
    const http = open({ lookup: () => new Promise(() => {}) }, 10);
    await assert.rejects(get('http://list.test/', http), { kind: 'unavailable', timedOut: true });
  });

  describe('with exceptions', () => {
    let port: number;
    beforeEach(async () => {
      port = await internet.serve('list.test', answer('{"of":"list"}'));
    });

    it('calls an allowed host at its port, in every spelling', async () => {
      const http = open({ allowHosts: [`127.0.0.1:${port}`, `NAS.test:${port}`, 'not a host'] });
      internet.name('nas.test', ['192.168.0.7']);
      for (const host of ['127.0.0.1', '0x7f.1', 'nas.test', 'nas.test.'])
        assert.deepEqual((await get(`http://${host}:${port}/`, http)).body, { of: 'list' }, host);
    });

    const others: [why: string, url: string, reason: string][] = [
      ['another port of it', 'http://127.0.0.1:22/', 'bad-port'],
      ['its usual port', 'http://127.0.0.1/', 'not-public'],
      ['another private host', 'http://10.0.0.1/', 'not-public'],
      ['another name of it', 'http://localhost/', 'not-public'],
    ];
    for (const [why, url, reason] of others)
      it(`refuses ${why}`, async () => {
        internet.name('localhost', ['127.0.0.1']);
        await refuses(url, reason, open({ allowHosts: [`127.0.0.1:${port}`] }));
      });
  });

  for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY'])
    it(`goes by no proxy, although ${name} names one`, async () => {
      const proxied: string[] = [];
      const proxy = await internet.serve('proxy.test', (socket, request) => {
        proxied.push(request);
        answer('{"of":"proxy"}')(socket, request);
      });
      await internet.serve('list.test', answer('{"of":"list"}'));
      const env = { HTTP_PROXY: '', http_proxy: '', ALL_PROXY: '', no_proxy: '', NO_PROXY: '' };
      await withEnvironment({ ...env, [name]: `http://127.0.0.1:${proxy}` }, async () => {
        assert.deepEqual((await get('http://list.test/')).body, { of: 'list' });
        assert.deepEqual(proxied, []);
        const { request } = httpRequest();
        const unrestricted = await request({ url: 'http://list.test/', deadline: NO_DEADLINE });
        assert.deepEqual([unrestricted.body, proxied.length], [{ of: 'proxy' }, 1]);
      });
    });
});
