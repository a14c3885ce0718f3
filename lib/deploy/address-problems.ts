import { promises as dns } from 'node:dns';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { isPublicAddress } from '../http/address-check.ts';
import { hostOf } from '../http/address-rules.ts';
import { isLoopback } from '../http/proxy.ts';

/** The addresses of a name; rejects where it has none. */
type Lookup = (name: string) => Promise<readonly string[]>;

export type AddressOptions = {
  /** AWS is a stand-in on this machine, so the reading list may be, too. */
  readonly isStandIn: boolean;
  /** The function is in a network of its own, from which private addresses can be reached. */
  readonly allowPrivate: boolean;
  /** Default: the system's resolver. */
  readonly lookup?: Lookup;
};

/**
 * A sentence for each setting that is an address which a function in AWS cannot reach, although this machine may. Names
 * are looked up, and nothing is sent to any of the addresses. A name that has no address is no problem here: the reading
 * list's own check says so.
 */
export async function addressProblems(
  environment: Readonly<Record<string, string>>,
  { isStandIn, allowPrivate, lookup = systemLookup }: AddressOptions,
): Promise<string[]> {
  const urls = Object.entries(environment).filter(
    ([, value]) => /^https?:/i.test(value) && URL.canParse(value),
  );
  const problems = await Promise.all(
    urls.map(async ([name, value]) => {
      const url = new URL(value);
      if (isLoopback(url.hostname))
        return isStandIn
          ? []
          : `${name}: is an address of this machine, which a function in AWS cannot reach; is it from .env?`;
      const found = allowPrivate ? undefined : await privateAddress(hostOf(url), lookup);
      return found === undefined
        ? []
        : `${name}: is ${found.what}, which this machine reaches, and a function in AWS does not; give it an address on the internet, or, where ${found.unless}, deploy with --allow-private`;
    }),
  );
  return problems.flat();
}

type Private = { readonly what: string; readonly unless: string };

const IN_VPC = 'the function is in a VPC that reaches it';

/** What makes the address of a host private, in words; `undefined` where it is public, or not known. */
async function privateAddress(host: string, lookup: Lookup): Promise<Private | undefined> {
  if (isIP(host)) return isPublicAddress(host) ? undefined : kindOf(host);
  // To look it up would be to ask every machine of this network.
  if (/\.local$/i.test(host)) return { what: 'a .local name of this network', unless: IN_VPC };
  const addresses = await lookup(host).catch(() => []);
  const found = addresses.find((address) => !isPublicAddress(address));
  if (found === undefined) return undefined;
  const { what, unless } = kindOf(found);
  return { what: `a name of ${what}`, unless };
}

function kindOf(address: string): Private {
  // Tailscale gives its machines addresses of 100.64.0.0/10 and of one prefix of its own.
  const isTailscale =
    ipaddr.parse(address).range() === 'carrierGradeNat' || /^fd7a:115c:a1e0:/i.test(address);
  return isTailscale
    ? { what: `an address of Tailscale (${address})`, unless: 'Tailscale Funnel makes it public' }
    : { what: `a private address (${address})`, unless: IN_VPC };
}

async function systemLookup(name: string): Promise<string[]> {
  return (await dns.lookup(name, { all: true })).map(({ address }) => address);
}
