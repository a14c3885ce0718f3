import assert from 'node:assert/strict';
import type { SkipReason } from '../../lib/core/skip-reason.ts';
import { type FetchPage, pageFetcher } from '../../lib/pages/fetch-page.ts';
import { type FakeInternet, fakeInternet } from '../helpers/fake-internet.ts';
import { NO_DEADLINE } from '../helpers/pocket.ts';

/** What it is, and why it must be refused. */
type Attack = readonly [what: string, url: string, reason: SkipReason];

const IPV4_SPELLINGS: readonly Attack[] = [
  ['loopback, where Lambda has its runtime API', 'http://127.0.0.1/', 'not-public'],
  ['loopback, not its first address', 'http://127.200.3.4/', 'not-public'],
  ['loopback, parts left out', 'http://127.1/', 'not-public'],
  ['loopback as one decimal number', 'http://2130706433/', 'not-public'],
  ['loopback as one hexadecimal number', 'http://0x7f000001/', 'not-public'],
  ['loopback as one octal number', 'http://017700000001/', 'not-public'],
  ['loopback in octal parts', 'http://0177.0.0.01/', 'not-public'],
  ['loopback in mixed bases', 'http://0x7f.0.0x0.01/', 'not-public'],
  ['loopback with a trailing dot', 'http://127.0.0.1./', 'not-public'],
  ['loopback in full-width digits', 'http://１２７.０.０.１/', 'not-public'],
  ['loopback in circled digits', 'http://①②⑦.⓪.⓪.①/', 'not-public'],
  ['loopback with ideographic full stops', 'http://127。0。0。1/', 'not-public'],
  ['loopback, percent-encoded', 'http://%31%32%37.0.0.1/', 'not-public'],
  ['loopback with a soft hyphen inside', 'http://127.0.0.\u00ad1/', 'not-public'],
  ['loopback over https', 'https://127.0.0.1/', 'not-public'],
  ['loopback, backslashes for slashes', 'http:\\\\127.0.0.1\\', 'not-public'],
  ['loopback, slashes left out', 'http:127.0.0.1', 'not-public'],
  ['loopback, spaces and line breaks around and inside', ' ht\ntp://127.0.\t0.1/ ', 'not-public'],
  ['this host', 'http://0.0.0.0/', 'not-public'],
  ['this host as 0', 'http://0/', 'not-public'],
  ['a private network of class A', 'http://10.0.0.1/', 'not-public'],
  ['the first private network of class B', 'http://172.16.0.1/', 'not-public'],
  ['the last private network of class B', 'http://172.31.255.255/', 'not-public'],
  ['a private network of class C', 'http://192.168.0.1/', 'not-public'],
  ['the metadata of AWS and others', 'http://169.254.169.254/latest/meta-data/', 'not-public'],
  ['the credentials of an ECS task', 'http://169.254.170.2/v2/credentials', 'not-public'],
  ['the metadata of Alibaba, in the carrier network', 'http://100.100.100.200/', 'not-public'],
  ['the metadata of Oracle', 'http://192.0.0.192/', 'not-public'],
  ['the wire server of Azure, public by number', 'http://168.63.129.16/', 'not-public'],
  ['the carrier network', 'http://100.64.0.1/', 'not-public'],
  ['a documentation network', 'http://203.0.113.1/', 'not-public'],
  ['a benchmarking network', 'http://198.19.255.255/', 'not-public'],
  ['the 6to4 relays', 'http://192.88.99.1/', 'not-public'],
  ['multicast', 'http://224.0.0.1/', 'not-public'],
  ['what is reserved', 'http://240.0.0.1/', 'not-public'],
  ['broadcast', 'http://255.255.255.255/', 'not-public'],
  ['a number that is no address', 'http://4294967296/', 'bad-url'],
];

/** That no other IPv6 address which carries an IPv4 one is public: see `isPublicAddress`. */
const IPV6_SPELLINGS: readonly Attack[] = [
  ['loopback', 'http://[::1]/', 'not-public'],
  ['loopback in full', 'http://[0000:0000:0000:0000:0000:0000:0000:0001]/', 'not-public'],
  ['this host', 'http://[::]/', 'not-public'],
  ['loopback, mapped', 'http://[::ffff:127.0.0.1]/', 'not-public'],
  ['loopback, mapped, in hexadecimal', 'http://[::ffff:7f00:1]/', 'not-public'],
  ['loopback through NAT64', 'http://[64:ff9b::127.0.0.1]/', 'not-public'],
  ['link-local', 'http://[fe80::1]/', 'not-public'],
  ['link-local with a zone', 'http://[fe80::1%25eth0]/', 'bad-url'],
  ['site-local', 'http://[fec0::1]/', 'not-public'],
  ['unique local', 'http://[fc00::1]/', 'not-public'],
  ['the metadata of AWS', 'http://[fd00:ec2::254]/', 'not-public'],
  ['multicast', 'http://[ff02::1]/', 'not-public'],
  ['documentation', 'http://[2001:db8::1]/', 'not-public'],
  ['the newer documentation', 'http://[3fff::1]/', 'not-public'],
  ['what is discarded', 'http://[100::1]/', 'not-public'],
  ['segment routing', 'http://[5f00::1]/', 'not-public'],
  ['what nobody has been given', 'http://[4000::1]/', 'not-public'],
];

const URLS: readonly Attack[] = [
  ['a file', 'file:///etc/passwd', 'bad-scheme'],
  ['gopher, which speaks to anything', 'gopher://127.0.0.1:6379/_FLUSHALL', 'bad-scheme'],
  ['ftp', 'ftp://good.test/', 'bad-scheme'],
  ['data', 'data:text/html,<p>words', 'bad-scheme'],
  ['script', 'javascript:alert(1)', 'bad-scheme'],
  ['a blob', 'blob:http://good.test/1', 'bad-scheme'],
  ['a web socket', 'ws://good.test/', 'bad-scheme'],
  ['a socket file', 'http+unix://%2Fvar%2Frun%2Fdocker.sock/', 'bad-scheme'],
  ['no scheme', '//good.test/', 'bad-url'],
  ['a path alone', '/etc/passwd', 'bad-url'],
  ['nothing', '', 'bad-url'],
  ['a host of nothing', 'http://', 'bad-url'],
  ['a NUL in the host', 'http://127.0.0.1%00.good.test/', 'bad-url'],
  ['a line break in the host', 'http://good.test%0d%0aHost:%20x/', 'bad-url'],
  ['a very long URL', `http://good.test/${'a'.repeat(100_000)}`, 'bad-url'],
  ['a URL that grows when it is encoded', `http://good.test/${'あ'.repeat(2_000)}`, 'bad-url'],
  ['a user name', 'http://admin@good.test/', 'credentials-in-url'],
  ['a password alone', 'http://:secret@good.test/', 'credentials-in-url'],
  ['a good host as the user name', 'http://good.test@127.0.0.1/', 'credentials-in-url'],
  ['a good host and port as user name and password', 'http://good.test:80@127.0.0.1/', 'credentials-in-url'],
  ['a private host as the user name', 'http://127.0.0.1%2f@good.test/', 'credentials-in-url'],
  ['a good host behind the fragment', 'http://127.0.0.1#@good.test/', 'not-public'],
  ['a good host behind a backslash', 'http://127.0.0.1\\@good.test/', 'not-public'],
  ['SSH', 'http://good.test:22/', 'bad-port'],
  ['mail', 'http://good.test:25/', 'bad-port'],
  ['Redis', 'http://good.test:6379/', 'bad-port'],
  [
    "the port of Lambda's runtime API",
    'http://127.0.0.1:9001/2018-06-01/runtime/invocation/next',
    'bad-port',
  ],
  ['port 0', 'http://good.test:0/', 'bad-port'],
  ['a port that 16 bits would fold to 80', 'http://good.test:65616/', 'bad-url'],
  ['two ports', 'http://good.test:80:22/', 'bad-url'],
];

const NAMES: readonly (readonly [...Attack, ...answers: (readonly string[])[]])[] = [
  ['the name of loopback', 'http://localhost/', 'not-public', ['127.0.0.1', '::1']],
  ['the same with a trailing dot', 'http://localhost./', 'not-public', ['127.0.0.1']],
  ['the same in capitals', 'http://LOCALHOST/', 'not-public', ['127.0.0.1']],
  ['the same in full-width letters', 'http://ｌｏｃａｌｈｏｓｔ/', 'not-public', ['127.0.0.1']],
  ['the name of the metadata', 'http://metadata.google.internal/', 'not-public', ['169.254.169.254']],
  ['a name in the local network', 'http://printer.local/', 'not-public', ['192.168.1.9']],
  ['a public name of loopback', 'http://127.0.0.1.nip.test/', 'not-public', ['127.0.0.1']],
  ['a name beyond ASCII', 'http://bücher.test/', 'not-public', ['10.0.0.1']],
  ['the same in punycode', 'http://xn--bcher-kva.test/', 'not-public', ['10.0.0.1']],
  ['a private address after a public one', 'http://mixed.test/', 'not-public', ['93.184.216.1', '10.0.0.1']],
  ['a private address before a public one', 'http://mixed.test/', 'not-public', ['10.0.0.1', '93.184.216.1']],
  [
    'a private IPv6 address beside a public IPv4 one',
    'http://mixed.test/',
    'not-public',
    ['93.184.216.1', '::1'],
  ],
  ['a mapped address', 'http://mapped.test/', 'not-public', ['::ffff:10.0.0.1']],
  ['an address with a zone', 'http://zone.test/', 'not-public', ['fe80::1%lo']],
  ['an address in octal', 'http://octal.test/', 'not-public', ['0177.0.0.1']],
  ['no address at all', 'http://empty.test/', 'no-such-host', []],
  ['a name that nobody knows', 'http://unknown.test/', 'no-such-host'],
];

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
