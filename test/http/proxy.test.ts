import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, request as forward, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { inspect } from 'node:util';
import { proxyFor } from '../../lib/http/proxy.ts';
import { httpRequest } from '../../lib/http/request.ts';
import { withEnvironment } from '../helpers/environment.ts';
import { NO_DEADLINE } from '../helpers/pocket.ts';
import { recordingClock } from '../helpers/recording-clock.ts';

const NO_PROXIES = Object.fromEntries(
  ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY']
    .flatMap((name) => [name, name.toLowerCase()])
    .map((name) => [name, '']),
);
const pem = readFileSync(new URL('../fixtures/self-signed.pem', import.meta.url), 'utf8');
const trusted = getCACertificates('default');

const portOf = (server: Server) => (server.address() as AddressInfo).port;
const listening = async <One extends Server>(server: One): Promise<One> => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return server;
};

describe('a proxy of the environment', () => {
  /** A service and a proxy in front of it, which leads there from any name; `refusal`: what the proxy answers instead. */
  let service: Server;
  let secure: Server;
  let proxy: Server;
  let asked: string[];
  let wanted: (string | undefined)[];
  let refusal: number | undefined;
  let reached: (string | undefined)[];

  beforeEach(async () => {
    [asked, wanted, reached, refusal] = [[], [], [], undefined];
    service = await listening(
      createServer((request, response) => {
        reached.push(request.headers.host);
        response.end('{"of":"service"}');
      }),
    );
    secure = await listening(
      createSecureServer({ key: pem, cert: pem }, (request, response) => {
        reached.push(request.headers.authorization);
        response.writeHead(request.url === '/forbidden' ? 403 : 200).end('{"of":"tls"}');
      }) as unknown as Server,
    );
    proxy = await listening(
      createServer((request, response) => {
        asked.push(`${request.method} ${request.url}`);
        wanted.push(request.headers['proxy-authorization']);
        if (refusal) return response.writeHead(refusal).end('of the proxy');
        const { pathname } = new URL(request.url ?? '');
        const target = { port: portOf(service), path: pathname, headers: request.headers };
        return request.pipe(forward(target, (answer) => answer.pipe(response)));
      }),
    );
    proxy.on('connect', (request, socket) => {
      asked.push(`CONNECT ${request.url}`);
      wanted.push(request.headers['proxy-authorization']);
      if (refusal) return socket.end(`HTTP/1.1 ${refusal} Refused\r\n\r\nof the proxy`);
      const onwards = connect(portOf(secure), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        onwards.pipe(socket).pipe(onwards);
      });
      socket.on('error', () => onwards.destroy());
      return onwards;
    });
    setDefaultCACertificates([pem.slice(pem.indexOf('-----BEGIN CERTIFICATE'))]);
  });
  afterEach(() => {
    setDefaultCACertificates(trusted);
    for (const server of [service, secure, proxy]) {
      server.close();
      server.closeAllConnections();
    }
  });

  const get = (url: string, env: Readonly<Record<string, string>>) => {
    const { request } = httpRequest({ clock: recordingClock() });
    const headers = { Authorization: 'Bearer hidden' };
    return withEnvironment({ ...NO_PROXIES, ...env }, () =>
      request({ method: 'GET', url, headers, deadline: NO_DEADLINE }),
    );
  };
  const at = (more = '') => `http://${more}127.0.0.1:${portOf(proxy)}`;
  const SECURE = 'https://hostile.test/list?key=hidden';

  const used: [why: string, url: string, env: () => Record<string, string>][] = [
    ['of http', 'http://karakeep.invalid/list', () => ({ HTTP_PROXY: at() })],
    [
      'where another variable is blank',
      'http://karakeep.invalid/list',
      () => ({ http_proxy: ' ', HTTP_PROXY: at() }),
    ],
    ['in lower case', 'http://karakeep.invalid/list', () => ({ http_proxy: at() })],
    ['for every scheme', 'http://karakeep.invalid/list', () => ({ ALL_PROXY: at() })],
    ['without a scheme', 'http://karakeep.invalid/list', () => ({ HTTP_PROXY: at().slice(7) })],
    ['of https', SECURE, () => ({ HTTPS_PROXY: at() })],
    ['of https in lower case', SECURE, () => ({ https_proxy: at() })],
    ['of https without a scheme', SECURE, () => ({ HTTPS_PROXY: at().slice(7) })],
    [
      'beside an exception for others',
      'http://karakeep.invalid/list',
      () => ({ HTTP_PROXY: at(), NO_PROXY: 'localhost,10.0.0.0/8,karakeep.invalid:8080,/,x/y,1.2.3.4/99' }),
    ],
  ];
  for (const [why, url, env] of used)
    it(`leads to a service that only it knows: ${why}`, async () => {
      const { body } = await get(url, env());
      const isSecure = url === SECURE;
      assert.deepEqual(body, { of: isSecure ? 'tls' : 'service' });
      assert.deepEqual(asked, [isSecure ? 'CONNECT hostile.test:443' : `GET ${url}`]);
      assert.deepEqual(reached, [isSecure ? 'Bearer hidden' : 'karakeep.invalid']);
    });

  const direct: [why: string, host: string, noProxy: string][] = [
    ['an address of this machine', '127.0.0.1', ''],
    ['this machine by name', 'localhost', ''],
    ['an address that NO_PROXY names', '127.0.0.1', '127.0.0.1'],
  ];
  for (const [why, host, NO_PROXY] of direct)
    it(`is not used for ${why}`, async () => {
      const env = { HTTP_PROXY: at(), http_proxy: at(), ALL_PROXY: at(), NO_PROXY };
      const { body } = await get(`http://${host}:${portOf(service)}/list`, env);
      assert.deepEqual([body, asked], [{ of: 'service' }, []]);
    });

  const excepted: [why: string, url: string, noProxy: string][] = [
    ['a name', 'http://karakeep.invalid/', 'karakeep.invalid'],
    ['a name among others', 'http://karakeep.invalid/', 'a.invalid, karakeep.invalid'],
    ['every name of a domain', 'http://a.karakeep.invalid/', '.karakeep.invalid'],
    ['a name at its port', 'http://karakeep.invalid:8080/', 'karakeep.invalid:8080'],
    ['everything', 'http://karakeep.invalid/', '*'],
  ];
  for (const [why, url, NO_PROXY] of excepted)
    it(`is not used for what NO_PROXY names: ${why}`, async () => {
      for (const name of ['NO_PROXY', 'no_proxy'])
        await assert.rejects(get(url, { HTTP_PROXY: at(), [name]: NO_PROXY }), {
          kind: 'unavailable',
          message: /: no answer \(\w+\); is the address right and the server up\?$/,
        });
      assert.deepEqual(asked, []);
    });

  const ranges: [url: string, noProxy: string, isDirect: boolean, why: string][] = [
    ['http://192.168.1.5:3000/', '192.168.0.0/16', true, 'a range'],
    ['http://192.169.1.5:3000/', '192.168.0.0/16', false, 'outside of it'],
    ['http://[fd00::5]/', 'localhost,fd00::/8', true, 'a range of IPv6'],
    ['http://[fc00::5]/', 'fd00::/8,10.0.0.0/8', false, 'outside of it'],
    ['http://[fd00::5]:3000/', 'FD00:0::5', true, 'an address of IPv6, as curl takes it'],
    ['http://[fd00::5]/', 'fd00::6', false, 'another address of IPv6'],
    ['http://[fd00::5]:3000/', '[fd00::5]:3000', true, 'an address of IPv6 at its port'],
    ['http://[fd00::5]/', '[fd00::5]:3000', false, 'at another port'],
    ['http://10.0.0.1:8080/', '10.0.0.1', true, 'an address, at every port'],
    ['http://192.168.1.5/', '192.168.1.0/33,192.168.1/24,192.168.1.0/-1,192.168.1.5/', false, 'no ranges'],
    ['http://nas.invalid:3000/', 'nas.invalid:80', false, 'another port'],
    ['https://nas.invalid/', 'NAS.invalid:443', true, 'the port of https, in capitals'],
    ['http://a.nas.invalid/', '*.nas.invalid', true, 'below a name'],
    ['http://a.nas.invalid/', 'nas.invalid', false, 'below a name that is meant alone'],
    ['http://a.nas.invalid/', 'b.invalid,  *', true, 'everything'],
    ['http://nas.invalid/', '0.0.0.0/0', false, 'a name, which only the proxy may know'],
    ['http://[::1]:3000/', '', true, 'this machine'],
    ['http://127.8.9.1:3000/', '', true, 'this machine'],
    ['http://pocket.localhost/', '', true, 'this machine'],
  ];
  for (const [url, NO_PROXY, isDirect, why] of ranges)
    it(`is ${isDirect ? 'not ' : ''}used for ${url} with NO_PROXY=${NO_PROXY} (${why})`, () =>
      assert.equal(proxyFor(url, { HTTP_PROXY: 'http://127.0.0.1:1', NO_PROXY }) === false, isDirect));

  it('is that of the environment which is given, not of the process', () =>
    withEnvironment(
      { ...NO_PROXIES, HTTP_PROXY: 'http://127.0.0.1:1', NO_PROXY: 'nas.invalid' },
      async () => {
        const env = { http_proxy: 'http://127.0.0.1:2' };
        assert.equal(proxyFor('http://karakeep.invalid/', {}), false);
        assert.deepEqual(proxyFor('http://nas.invalid/', env), {
          variable: 'http_proxy',
          protocol: 'http:',
          host: '127.0.0.1',
          port: 2,
        });
      },
    ));

  it('may have an address of IPv6, which Node takes without brackets', () =>
    assert.deepEqual(proxyFor('http://karakeep.invalid/', { HTTP_PROXY: 'http://[fd00::5]:3128' }), {
      variable: 'HTTP_PROXY',
      protocol: 'http:',
      host: 'fd00::5',
      port: 3128,
    }));

  it('gets the name and the password of its address, decoded, and the service does not', async () => {
    const env = { HTTP_PROXY: at('me%40work:p%3Ass%@'), HTTPS_PROXY: at('me%40work:p%3Ass%@') };
    await get('http://karakeep.invalid/list', { HTTP_PROXY: at('me%40work:p%3Ass@') });
    await get(SECURE, { HTTPS_PROXY: at('me%40work:p%3Ass@') });
    await get(SECURE, env);
    const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
    assert.deepEqual(wanted, [basic('me@work:p:ss'), basic('me@work:p:ss'), basic('me@work:p%3Ass%')]);
  });

  it('passes on what a service answers by TLS, also a refusal', async () => {
    const refused = get('https://hostile.test/forbidden', { HTTPS_PROXY: at() });
    await assert.rejects(refused, { kind: 'credentials', message: /forbidden: answered 403, credentials/ });
  });

  const failures: [
    why: string,
    status: number | undefined,
    proxyAt: () => string,
    kind: string,
    says: RegExp,
  ][] = [
    [
      'wants a password',
      407,
      () => at('me:hush@'),
      'settings',
      /proxy that HTTPS_PROXY names answered 407: it wants/,
    ],
    [
      'does not allow the host',
      403,
      () => at('me:hush@'),
      'settings',
      /HTTPS_PROXY names answered 403; does it allow/,
    ],
    [
      'says yes otherwise, and could speak for the service',
      201,
      at,
      'settings',
      /names answered 201; does it/,
    ],
    [
      'does not reach the service',
      502,
      () => at('me:hush@'),
      'unavailable',
      /HTTPS_PROXY names answered 502$/,
    ],
    ['has too many calls', 429, at, 'unavailable', /HTTPS_PROXY names answered 429$/],
    [
      'is down',
      undefined,
      () => 'http://me:hush@127.0.0.1:1',
      'unavailable',
      /\(ECONNREFUSED\) by the proxy that HTTPS_PROXY/,
    ],
    [
      'has no address',
      undefined,
      () => 'http://me:hush@[bad',
      'settings',
      /^HTTPS_PROXY: is not the address of an http proxy; give/,
    ],
    [
      'is no http proxy',
      undefined,
      () => 'socks5://me:hush@127.0.0.1:1080',
      'settings',
      /^HTTPS_PROXY: is not the address/,
    ],
  ];
  for (const [why, status, proxyAt, kind, says] of failures)
    it(`is named where it ${why}, without its password`, async () => {
      refusal = status;
      await assert.rejects(get(SECURE, { HTTPS_PROXY: proxyAt() }), (error: Error & { kind: string }) => {
        assert.deepEqual([error.kind, says.test(error.message)], [kind, true], error.message);
        assert.doesNotMatch(inspect(error, { depth: 10, showHidden: true }), /hush|hidden|of the proxy/);
        return true;
      });
      assert.deepEqual(reached, []);
    });

  it('is named for plain http, too, where it wants a password or is down', async () => {
    refusal = 407;
    const message = /^GET http:\/\/karakeep\.invalid\/list: the proxy that http_proxy names answered 407/;
    await assert.rejects(get('http://karakeep.invalid/list', { http_proxy: at() }), {
      kind: 'settings',
      message,
    });
    const down = get('http://karakeep.invalid/list', { ALL_PROXY: 'http://127.0.0.1:1' });
    await assert.rejects(down, { kind: 'unavailable', message: /by the proxy that ALL_PROXY names; is its/ });
  });
});
