import assert from 'node:assert/strict';
import { readListenAddress } from '../../../lib/cli/watch/listen-address.ts';

describe('the address to listen on', () => {
  for (const [text, host, port, why] of [
    ['127.0.0.1:8484', '127.0.0.1', 8484, 'as the README has it'],
    ['8484', '127.0.0.1', 8484, 'a port alone is of this machine only'],
    [' 8484 ', '127.0.0.1', 8484, 'with blanks around it'],
    ['localhost:8484', 'localhost', 8484, 'a name'],
    ['0.0.0.0:8484', '0.0.0.0', 8484, 'from everywhere, since it is said'],
    ['[::1]:8484', '::1', 8484, 'IPv6'],
    ['[::]:8484', '::', 8484, 'from everywhere, by IPv6 too'],
    ['my-host.example.com:65535', 'my-host.example.com', 65_535, 'the highest port'],
    ['127.0.0.1:0', '127.0.0.1', 0, 'any port that is free'],
  ] as const)
    it(`is ${host} and ${port} for "${text}": ${why}`, () =>
      assert.deepEqual(readListenAddress(text), { host, port }));

  for (const [text, why] of [
    ['', 'nothing'],
    [':8484', 'does not say whether all addresses are meant'],
    ['*:8484', 'is not an address'],
    ['127.0.0.1', 'no port'],
    ['127.0.0.1:', 'no port'],
    ['127.0.0.1:65536', 'no such port'],
    ['127.0.0.1:-1', 'no such port'],
    ['::1:8484', 'where does the address end?'],
    ['http://127.0.0.1:8484', 'an address of the web'],
    ['127.0.0.1:8484/karakeep', 'with a path'],
    ['two words:8484', 'a blank inside'],
  ] as const)
    it(`is not "${text}": ${why}`, () =>
      assert.throws(() => readListenAddress(text), { message: /such as 127\.0\.0\.1:8484/ }));
});
