import assert from 'node:assert/strict';
import { allowedHosts, hostAndPort, hostOf, portOf } from '../../lib/http/address-rules.ts';

describe('hostAndPort', () => {
  const hosts: [text: string, host: string, port: number, both: string][] = [
    ['http://A.example/', 'a.example', 80, 'a.example:80'],
    ['https://a.example./', 'a.example', 443, 'a.example:443'],
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

  it('is the spelling of allowed hosts, and what is not a host is left out', () =>
    assert.deepEqual(
      [...allowedHosts(['LOCALHOST:8080', 'b.example', 'a b', '[::1]:1'])],
      ['localhost:8080', 'b.example:80', '[::1]:1'],
    ));
});
