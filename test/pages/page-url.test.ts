import assert from 'node:assert/strict';
import { allowedHosts, hostAndPort, hostOf, pageUrl, portOf } from '../../lib/pages/page-url.ts';

const long = (characters: number) => `http://a.example/${'x'.repeat(characters - 17)}`;

describe('pageUrl', () => {
  const none = new Set<string>();
  const good: [why: string, text: string, href: string][] = [
    ['http', 'http://a.example/x', 'http://a.example/x'],
    ['https', 'https://a.example', 'https://a.example/'],
    ['the usual port of http', 'https://a.example:80/', 'https://a.example:80/'],
    ['the usual port of https', 'http://a.example:443/', 'http://a.example:443/'],
    ['as long as servers take', long(8000), long(8000)],
  ];
  for (const [why, text, href] of good)
    it(`takes ${why}`, () => assert.equal(pageUrl(text, undefined, none).href, href));

  const bad: [why: string, text: string, reason: string][] = [
    ['no URL', 'nonsense', 'bad-url'],
    ['one that is longer', long(8001), 'bad-url'],
    ['one that becomes longer', `http://a.example/${'ä'.repeat(3000)}`, 'bad-url'],
    ['one that is longer until it is put in order', `http://a.example/${'../'.repeat(4000)}`, 'bad-url'],
    ['ftp', 'ftp://a.example/', 'bad-scheme'],
    ['a user', 'http://me@a.example/', 'credentials-in-url'],
    ['a password', 'http://:secret@a.example/', 'credentials-in-url'],
    ['another port', 'http://a.example:8080/', 'bad-port'],
  ];
  for (const [why, text, reason] of bad)
    it(`refuses ${why}`, () => assert.throws(() => pageUrl(text, undefined, none), { code: reason }));

  it('goes on from where it is', () =>
    assert.equal(pageUrl('../y', new URL('http://a.example/b/x'), none).href, 'http://a.example/y'));

  it('takes a port that is allowed', () =>
    assert.equal(pageUrl('http://a.example:8080/', undefined, new Set(['a.example:8080'])).port, '8080'));
});

describe('a host', () => {
  const hosts: [text: string, host: string, port: number, both: string][] = [
    ['http://A.example/', 'a.example', 80, 'a.example:80'],
    ['https://a.example./', 'a.example', 443, 'a.example.:443'],
    ['https://a.example:80/', 'a.example', 80, 'a.example:80'],
    ['http://[::1]:8080/', '::1', 8080, '[::1]:8080'],
    ['http://127.0.0.1/', '127.0.0.1', 80, '127.0.0.1:80'],
  ];
  for (const [text, host, port, both] of hosts) {
    it(`of ${text} is ${both}`, () => {
      const url = new URL(text);
      assert.deepEqual([hostOf(url), portOf(url), hostAndPort(url)], [host, port, both]);
    });
  }

  it('is allowed in any spelling, and left out where it is none', () =>
    assert.deepEqual(
      [...allowedHosts(['LOCALHOST:8080', 'b.example', 'a b', '[::1]:1'])],
      ['localhost:8080', 'b.example:80', '[::1]:1'],
    ));
});
