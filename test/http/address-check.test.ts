import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isPublicAddress } from '../../lib/http/address-check.ts';

const ADDRESSES: readonly (readonly [why: string, address: string, isPublic: boolean])[] = [
  ['a public address', '93.184.216.34', true],
  ['the last before loopback', '126.255.255.255', true],
  ['the first after loopback', '128.0.0.0', true],
  ['the last before the private class B', '172.15.255.255', true],
  ['the first after the private class B', '172.32.0.0', true],
  ['the last before the carrier network', '100.63.255.255', true],
  ['the last of the carrier network', '100.127.255.255', false],
  ['the first after the carrier network', '100.128.0.0', true],
  ['the last before link-local', '169.253.255.255', true],
  ['the first after link-local', '169.255.0.0', true],
  ['the last before multicast', '223.255.255.255', true],
  ['the metadata server of Azure', '168.63.129.16', false],
  ['the last of what is reserved', '255.255.255.254', false],
  ['a public IPv6 address', '2606:2800:220:1:248:1893:25c8:1946', true],
  ['the first that is not given out', '4000::', false],
  ['the last before what is given out', '1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', false],
  ['a public address, mapped: no resolver says so honestly', '::ffff:93.184.216.34', false],
  ['a public address through NAT64', '64:ff9b::93.184.216.34', false],
  ['an address in octal, which no resolver writes', '0251.0376.0251.0376', false],
  ['an address in short', '127.1', false],
  ['an address with a port', '93.184.216.34:80', false],
  ['an address in brackets', '[2606:2800:220:1::1]', false],
  ['a name', 'good.test', false],
  ['nothing', '', false],
];

/** Prefixes that carry an IPv4 address inside, and where it stands. */
const CARRIERS: readonly (readonly [name: string, (hex: string) => string])[] = [
  ['compatible', (hex) => `::${hex}`],
  ['mapped', (hex) => `::ffff:${hex}`],
  ['translated', (hex) => `::ffff:0:${hex}`],
  ['NAT64', (hex) => `64:ff9b::${hex}`],
  ['local NAT64', (hex) => `64:ff9b:1:2:3:4:${hex}`],
  ['6to4', (hex) => `2002:${hex}::1`],
  ['Teredo', (hex) => `2001:0:${hex}::1`],
];

describe('isPublicAddress', () => {
  for (const [why, address, isPublic] of ADDRESSES) {
    it(`${isPublic ? 'is' : 'is not'} ${why}: ${address}`, () => {
      assert.equal(isPublicAddress(address), isPublic);
    });
  }

  for (const [name, carry] of CARRIERS) {
    it(`never carries an IPv4 address inside: ${name}`, () => {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0, max: 0xffff }), (high, low) => {
          assert.equal(isPublicAddress(carry(`${high.toString(16)}:${low.toString(16)}`)), false);
        }),
      );
    });
  }

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4Extended(), fc.ipV6(), fc.string()), (text) => {
        assert.equal(typeof isPublicAddress(text), 'boolean');
      }),
    );
  });
});
