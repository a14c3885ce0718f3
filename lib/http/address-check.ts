import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Public IPv6 addresses are assigned from this prefix (RFC 4291, 2.4); all others are special or unassigned. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** In a public range, but the metadata and wire server inside Azure's networks. */
const AZURE_WIRE_SERVER = '168.63.129.16';

/**
 * Whether an IP address is on the public internet. False for private, loopback, link-local and metadata addresses,
 * multicast, documentation and test networks, and IPv6 addresses with an embedded IPv4 address (mapped, NAT64, 6to4,
 * Teredo), because a gateway would forward to that address. False also for text that is not an IP address.
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0 || address === AZURE_WIRE_SERVER) return false;
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv6 && !parsed.match(GLOBAL_UNICAST)) return false;
  return parsed.range() === 'unicast';
}
