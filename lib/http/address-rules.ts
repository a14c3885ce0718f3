/** What an address that is somebody else's input may say, before it is looked up; `public-agents.ts` does the rest. */
import { isIP } from 'node:net';
import type { SkipReason } from '../core/skip-reason.ts';

/** Why an address is not called: a reason why a page is not read, too. */
type AddressProblem = Extract<SkipReason, 'bad-scheme' | 'credentials-in-url' | 'bad-port' | 'not-public'>;

/** In a clause, of the address of an account's service; and whether the operator of a stage can allow it. */
const PROBLEMS: Readonly<Record<AddressProblem, { clause: string; canBeAllowed: boolean }>> = {
  'bad-scheme': { clause: 'is neither http nor https', canBeAllowed: false },
  'credentials-in-url': { clause: 'holds a user name or a password', canBeAllowed: false },
  'bad-port': { clause: 'has a port that is neither 80 nor 443', canBeAllowed: true },
  'not-public': { clause: 'is not on the public internet', canBeAllowed: true },
};

/** An error to throw, whose code is the problem. */
export function addressError(problem: AddressProblem): Error & { readonly code: AddressProblem } {
  return Object.assign(new Error(problem), { code: problem });
}

/** Throws an address error unless a URL is of http or https, and without credentials. */
export function checkUrl({ protocol, username, password }: URL): void {
  if (protocol !== 'http:' && protocol !== 'https:') throw addressError('bad-scheme');
  if (username !== '' || password !== '') throw addressError('credentials-in-url');
}

/**
 * A sentence for an account's owner and for the operator, if a code is that of an address error; it names of the URL the
 * scheme, the host and the port, and not what the host resolved to.
 */
export function addressProblemIn(code: string, url: string): string | undefined {
  if (!isAddressProblem(code)) return undefined;
  const { clause, canBeAllowed } = PROBLEMS[code];
  const parsed = new URL(url);
  const exception = `, or let the operator of the stage add ${hostAndPort(parsed)} to the parameter accountsAllowHosts`;
  return [
    `The address "${parsed.protocol}//${parsed.host}" of the reading list was not called: it ${clause}`,
    `; give the account one such as https://list.example.com${canBeAllowed ? exception : ''}`,
  ].join('');
}

function isAddressProblem(code: string): code is AddressProblem {
  return Object.hasOwn(PROBLEMS, code);
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
