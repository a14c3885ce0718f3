import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { pageError } from './page-error.ts';

/** The limit of common servers (nginx and Apache: 8 kB for the request line). */
const MAX_URL_CHARACTERS = 8_000;

/** Public IPv6 addresses are assigned from this prefix (RFC 4291, 2.4); all others are special or unassigned. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** In a public range, but the metadata and wire server inside Azure's networks. */
const AZURE_WIRE_SERVER = '168.63.129.16';

/**
 * Parses a URL that may be fetched: http or https, port 80 or 443, no credentials. `allowed` has exceptions for other
 * ports, as `host:port`. Throws a page error with the reason if it may not.
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

/** The host name without a trailing dot, or the IP address without the brackets of IPv6. */
export function hostOf(url: URL): string {
  const name = url.hostname.replace(/^\[|\]$/g, '');
  return isIP(name) ? name : name.replace(/\.$/, '');
}

export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

/** `host:port` in canonical form: lower case, IPv6 in brackets, the port always present. */
export function hostAndPort(url: URL): string {
  return `${url.hostname}:${portOf(url)}`;
}

/** The entries of `PAGES_ALLOW_HOSTS` as `hostAndPort` writes them. An entry that is not a host is ignored. */
export function allowedHosts(entries: readonly string[]): ReadonlySet<string> {
  const urls = entries.map((entry) => URL.parse(`http://${entry}`));
  return new Set(urls.filter((url) => url !== null).map(hostAndPort));
}
