import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** What the IPv6 internet is given out from (RFC 4291, 2.4); everything else is special or not yet used. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** Public by its number alone: the metadata and wire server inside Azure's networks. */
const AZURE_WIRE_SERVER = '168.63.129.16';

/**
 * Whether an IP address belongs to some host on the public internet. Not so: private, loopback, link-local
 * and metadata addresses, multicast, documentation and test networks, and every IPv6 form that carries an
 * IPv4 address inside (mapped, NAT64, 6to4, Teredo), because a gateway would send it on to that address.
 * Text that is no IP address is not public either.
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0 || address === AZURE_WIRE_SERVER) return false;
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv6 && !parsed.match(GLOBAL_UNICAST)) return false;
  return parsed.range() === 'unicast';
}
