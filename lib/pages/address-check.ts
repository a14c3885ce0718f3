import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { pageError } from './page-error.ts';

/** What common servers take (nginx and Apache: 8 kB for the request line). */
const MAX_URL_CHARACTERS = 8_000;

/** The part of IPv6 that addresses are assigned from (RFC 4291, 2.4); all others are special or not yet used. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** Public by its number alone: the metadata and wire server inside Azure's networks. */
const AZURE_WIRE_SERVER = '168.63.129.16';

/**
 * A URL that may be fetched, as far as its text says: http or https on port 80 or 443 without credentials.
 * `allowed` holds the exceptions to the ports, as `host:port`. Throws the page error.
 */
export function parsePageUrl(text: string, base: URL | undefined, allowed: ReadonlySet<string>): URL {
  const url = text.length <= MAX_URL_CHARACTERS ? URL.parse(text, base?.href) : null;
  if (url === null || url.href.length > MAX_URL_CHARACTERS) throw pageError('bad-url');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw pageError('bad-scheme');
  if (url.username !== '' || url.password !== '') throw pageError('credentials-in-url');
  const port = portOf(url);
  if (port !== 80 && port !== 443 && !allowed.has(hostAndPort(url))) throw pageError('bad-port');
  return url;
}

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

/** The host's name, or its address without IPv6's brackets. */
export function hostOf(url: URL): string {
  const name = url.hostname.replace(/^\[|\]$/g, '');
  return isIP(name) ? name : name.replace(/\.$/, '');
}

export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

/** `host:port` in the one spelling that URLs use: lower case, IPv6 in brackets, the port always there. */
export function hostAndPort(url: URL): string {
  return `${url.hostname}:${portOf(url)}`;
}

/** The setting `PAGES_ALLOW_HOSTS` in the spelling of `hostAndPort`. An entry that is not a host is left out. */
export function allowedHosts(entries: readonly string[]): ReadonlySet<string> {
  const urls = entries.map((entry) => URL.parse(`http://${entry}`));
  return new Set(urls.filter((url) => url !== null).map(hostAndPort));
}
