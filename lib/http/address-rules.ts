/** What an address that is somebody else's input may say, before it is looked up; `public-agents.ts` does the rest. */
import { isIP } from 'node:net';
import type { SkipReason } from '../core/skip-reason.ts';

/** Why an address is not called: a reason why a page is not read, too. */
type AddressProblem = Extract<
  SkipReason,
  'bad-scheme' | 'credentials-in-url' | 'bad-port' | 'not-public'
>;

/** An error to throw, whose code is the problem. */
export function addressError(problem: AddressProblem): Error & { readonly code: AddressProblem } {
  return Object.assign(new Error(problem), { code: problem });
}

/** Throws an address error unless a URL is of http or https, and without credentials. */
export function checkUrl({ protocol, username, password }: URL): void {
  if (protocol !== 'http:' && protocol !== 'https:') throw addressError('bad-scheme');
  if (username !== '' || password !== '') throw addressError('credentials-in-url');
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

/** `host:port` in canonical form: lower case, no trailing dot, IPv6 in brackets, the port always present. */
export function hostAndPort(url: URL): string {
  const host = hostOf(url);
  return `${isIP(host) === 6 ? `[${host}]` : host}:${portOf(url)}`;
}

/** Entries such as those of `PAGES_ALLOW_HOSTS`, as `hostAndPort` writes them. An entry that is not a host is ignored. */
export function allowedHosts(entries: readonly string[]): ReadonlySet<string> {
  const urls = entries.map((entry) => URL.parse(`http://${entry}`));
  return new Set(urls.filter((url) => url !== null).map(hostAndPort));
}
