import assert from 'node:assert/strict';
import type { SkipReason } from '../../lib/core/skip-reason.ts';
import { type FetchPage, pageFetcher } from '../../lib/pages/fetch-page.ts';
import { type FakeInternet, fakeInternet } from '../helpers/fake-internet.ts';
import { type Attack, IPV4_SPELLINGS, IPV6_SPELLINGS, NAMES, URLS } from '../helpers/hostile-addresses.ts';
import { NO_DEADLINE } from '../helpers/pocket.ts';

/** Every address that a redirect may name, wherever it stands. */
const REDIRECTS: readonly Attack[] = [
  ['loopback', 'http://127.0.0.1/', 'not-public'],
  ['loopback in IPv6', 'http://[::1]/', 'not-public'],
  ['a private network', 'http://10.0.0.1/', 'not-public'],
  ['loopback, with the scheme of before', '//127.0.0.1/', 'not-public'],
  ['loopback, backslashes for slashes', '\\\\127.0.0.1\\', 'not-public'],
  ['a name of loopback', 'http://localhost/', 'not-public'],
  ['a name that has moved into the private network meanwhile', 'http://rebinding.test/', 'not-public'],
  ['a file', 'file:///etc/passwd', 'bad-scheme'],
  ['gopher', 'gopher://127.0.0.1:6379/_INFO', 'bad-scheme'],
  ['data', 'data:text/html,<p>words', 'bad-scheme'],
  ['another port of the same host', ':22/', 'gone'],
  ['another port in full', 'http://good.test:22/', 'bad-port'],
  ['a user name', 'http://good.test@127.0.0.1/', 'credentials-in-url'],
  ['a line break and a header in the path', '/%0d%0aX-Injected:%20yes', 'gone'],
  ['nothing that is a URL', 'http://', 'bad-url'],
  ['a very long URL', `/${'a'.repeat(20_000)}`, 'bad-url'],
];

const page = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nwords';

describe('Fetching a hostile URL', () => {
  let internet: FakeInternet;
  let fetchPage: FetchPage;

  beforeEach(async () => {
    internet = await fakeInternet();
    fetchPage = pageFetcher({ lookup: internet.lookup, route: internet.route });
  });
  afterEach(() => internet.close());

  async function refuses(url: string, reason: SkipReason) {
    const got = await fetchPage(url, NO_DEADLINE);
    assert.equal(got.ok ? 'a page' : got.reason, reason);
    assert.equal(internet.tripped(), 0, 'something connected to where nothing may connect');
  }

  describe('reaches no private address, however it is spelt in IPv4', () => {
    for (const [what, url, reason] of IPV4_SPELLINGS) it(what, () => refuses(url, reason));
  });

  describe('reaches no private address, however it is spelt in IPv6', () => {
    for (const [what, url, reason] of IPV6_SPELLINGS) it(what, () => refuses(url, reason));
  });

  describe('refuses URLs that want more than a page', () => {
    for (const [what, url, reason] of URLS) {
      it(what, async () => {
        await internet.serve('good.test', (socket) => socket.end(page));
        await refuses(url, reason);
      });
    }
  });

  describe('takes no longer a URL than servers do', () => {
    const long = (characters: number) => `http://good.test/${'x'.repeat(characters - 17)}`;
    const tooLong: [why: string, text: string][] = [
      ['as given', long(8001)],
      ['once it is encoded', `http://good.test/${'ä'.repeat(3000)}`],
      ['until it is put in order', `http://good.test/${'../'.repeat(4000)}`],
    ];
    beforeEach(() => internet.serve('good.test', (socket) => socket.end(page)));
    for (const [why, text] of tooLong) it(why, () => refuses(text, 'bad-url'));

    it('but one that is as long', async () =>
      assert.equal((await fetchPage(long(8000), NO_DEADLINE)).ok, true));
  });

  describe('reaches no private address behind a name', () => {
    for (const [what, url, reason, ...answers] of NAMES) {
      it(what, async () => {
        await internet.serve('public.test', (socket) => socket.end(page));
        const { hostname } = new URL(url);
        if (answers.length > 0) internet.name(hostname.replace(/\.$/, ''), ...answers);
        await refuses(url, reason);
      });
    }
  });

  describe('follows no redirect to what is refused', () => {
    for (const status of [301, 302, 303, 307, 308]) {
      for (const [what, location, reason] of status === 302 ? REDIRECTS : REDIRECTS.slice(0, 1)) {
        it(`${status} to ${what}`, async () => {
          internet.name('localhost', ['127.0.0.1']);
          internet.name('rebinding.test', ['127.0.0.1']);
          await internet.serve('good.test', (socket, request) =>
            socket.end(
              request.startsWith('GET / ')
                ? `HTTP/1.1 ${status} Moved\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`
                : 'HTTP/1.1 404 Not Found\r\n\r\n',
            ),
          );
          await refuses('http://good.test/', reason);
        });
      }
    }
  });
});
