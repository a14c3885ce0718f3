import assert from 'node:assert/strict';
import { addressProblems } from '../../lib/deploy/address-problems.ts';
import { isLoopback } from '../../lib/http/proxy.ts';

/** A resolver of this test's own; it alone knows these names. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  'list.example.com': ['93.184.215.14', '2606:2800:21f:cb07:6820:80da:af6b:8b2c'],
  'home.example.com': ['192.168.1.20'],
  'nas.lan': ['10.0.0.7'],
  'both.example.com': ['93.184.215.14', 'fd00::7'],
  'box.tail1234.ts.net': ['100.101.102.103'],
  'box6.tail1234.ts.net': ['fd7a:115c:a1e0::1'],
  'open.tail1234.ts.net': ['93.184.215.14'],
  'me.example.com': ['127.0.0.1'],
};

function resolver() {
  const asked: string[] = [];
  const lookup = async (name: string) => {
    asked.push(name);
    const found = NAMES[name];
    if (!found) throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' });
    return found;
  };
  return { asked, lookup };
}

const problemsOf = (url: string, options: { isStandIn?: boolean; allowPrivate?: boolean } = {}) =>
  addressProblems(
    { POCKET_API_URL: url },
    { isStandIn: false, allowPrivate: false, lookup: resolver().lookup, ...options },
  );

describe('isLoopback', () => {
  const rows: [host: string, expected: boolean, why: string][] = [
    ['127.0.0.1', true, 'what `npm run pocket` says'],
    ['127.1.2.3', true, 'the whole network is'],
    ['localhost', true, 'by name'],
    ['pocket.localhost', true, 'RFC 6761'],
    ['[::1]', true, 'as a URL has it'],
    ['0.0.0.0', true, 'every address of this machine'],
    ['10.0.0.7', false, 'may be in the network of the function'],
    ['localhost.example', false, 'only ends like a name of its own'],
    ['127.example', false, 'a name'],
    ['[2001:db8::1]', false, 'anywhere'],
  ];
  for (const [host, expected, why] of rows)
    it(`${host}: ${expected} (${why})`, () => assert.equal(isLoopback(host), expected));
});

describe('addressProblems', () => {
  const good: [url: string, why: string][] = [
    ['https://list.example.com/v3', 'on the internet'],
    ['https://93.184.215.14/v3', 'a public address'],
    ['https://open.tail1234.ts.net/v3', 'a name of Tailscale that Funnel makes public'],
    ['https://nowhere.example.com/v3', 'a name without an address, of which the list’s own check tells'],
    ['a quick read:2, a long read', 'no address at all'],
  ];
  for (const [url, why] of good)
    it(`takes ${url} (${why})`, async () => assert.deepEqual(await problemsOf(url), []));

  const refused: [url: string, problem: RegExp, why: string][] = [
    ['http://127.0.0.1:8383/v3', /an address of this machine/, 'the Pocket of npm run pocket'],
    ['http://localhost:8383/v3', /an address of this machine/, 'the same by name'],
    ['http://192.168.1.20/v3', /is a private address \(192\.168\.1\.20\)/, 'a home network'],
    ['http://10.0.0.7:9090', /is a private address/, 'another'],
    ['http://172.16.0.1', /is a private address/, 'a third'],
    ['http://[fd00::7]/v3', /is a private address \(fd00::7\)/, 'IPv6'],
    ['http://169.254.169.254', /is a private address/, 'the metadata of a machine in AWS'],
    ['http://100.64.0.1', /is an address of Tailscale \(100\.64\.0\.1\)/, 'the first of Tailscale'],
    ['http://100.127.255.254', /is an address of Tailscale/, 'the last'],
    ['http://pi.local:8000', /is a \.local name of this network/, 'a name by multicast'],
    ['http://PI.LOCAL.:8000', /is a \.local name/, 'the same in capitals, with a full stop'],
    ['https://home.example.com', /is a name of a private address \(192\.168\.1\.20\)/, 'at home'],
    ['http://nas.lan', /is a name of a private address \(10\.0\.0\.7\)/, 'a name of a router'],
    ['https://both.example.com', /\(fd00::7\)/, 'one of its addresses is private'],
    ['https://me.example.com', /\(127\.0\.0\.1\)/, 'a name of this machine'],
    ['https://box.tail1234.ts.net', /a name of an address of Tailscale/, 'MagicDNS'],
    ['https://box6.tail1234.ts.net', /Tailscale Funnel makes it public, deploy with --allow/, 'its IPv6'],
  ];
  for (const [url, problem, why] of refused) {
    it(`refuses ${url} (${why})`, async () => {
      const problems = await problemsOf(url);
      assert.equal(problems.length, 1);
      assert.match(problems[0] ?? '', /^POCKET_API_URL: is /);
      assert.match(problems[0] ?? '', problem);
    });
  }

  it('takes what is private with --allow-private, but not this machine', async () => {
    const allowed = refused.filter(([, problem]) => !problem.source.includes('this machine'));
    for (const [url] of allowed) assert.deepEqual(await problemsOf(url, { allowPrivate: true }), [], url);
    assert.equal((await problemsOf('http://127.0.0.1/v3', { allowPrivate: true })).length, 1);
  });

  it('takes this machine where AWS is a stand-in on it, and no other private address', async () => {
    assert.deepEqual(await problemsOf('http://127.0.0.1/v3', { isStandIn: true }), []);
    assert.equal((await problemsOf('http://192.168.1.20/v3', { isStandIn: true })).length, 1);
  });

  it('looks up no name that ends in .local, which would ask every machine of the network', async () => {
    const { asked, lookup } = resolver();
    const options = { isStandIn: false, allowPrivate: false, lookup };
    await addressProblems({ A: 'http://pi.local', B: 'https://list.example.com' }, options);
    assert.deepEqual(asked, ['list.example.com']);
  });

  it('names each setting', async () => {
    const { lookup } = resolver();
    const options = { isStandIn: false, allowPrivate: false, lookup };
    const problems = await addressProblems({ A_URL: 'http://10.0.0.7', B_URL: 'http://nas.lan' }, options);
    assert.deepEqual(
      problems.map((problem) => problem.split(':')[0]),
      ['A_URL', 'B_URL'],
    );
  });
});
