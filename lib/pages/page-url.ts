import { isIP } from 'node:net';
import { refuse } from './refusal.ts';

/** As long as common servers take (nginx and Apache: 8 kB for the request line). */
const MAX_URL_CHARACTERS = 8_000;

/**
 * A URL that may be fetched, as far as its text tells: http or https on port 80 or 443 without credentials.
 * `allowed` holds the exceptions to the ports, as `host:port`. Throws the refusal.
 */
export function pageUrl(text: string, base: URL | undefined, allowed: ReadonlySet<string>): URL {
  const url = text.length <= MAX_URL_CHARACTERS ? URL.parse(text, base?.href) : null;
  if (url === null || url.href.length > MAX_URL_CHARACTERS) throw refuse('bad-url');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refuse('bad-scheme');
  if (url.username !== '' || url.password !== '') throw refuse('credentials-in-url');
  const port = portOf(url);
  if (port !== 80 && port !== 443 && !allowed.has(hostAndPort(url))) throw refuse('bad-port');
  return url;
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

/** The setting `PAGES_ALLOW_HOSTS` in the spelling that `hostAndPort` gives. An entry that is no host is left out. */
export function allowedHosts(entries: readonly string[]): ReadonlySet<string> {
  const urls = entries.map((entry) => URL.parse(`http://${entry}`));
  return new Set(urls.filter((url) => url !== null).map(hostAndPort));
}
