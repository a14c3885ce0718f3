import { promises as dns, type LookupAddress } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { isPublicAddress } from './address-check.ts';
import { addressError, allowedHosts, hostAndPort, hostOf, portOf } from './address-rules.ts';

/** Time before the next address of a host is tried: milliseconds. Node's default of 250 is too short for distant hosts. */
const ADDRESS_ATTEMPT_MS = 1_000;

/** Where to connect: one of the addresses, at the port. */
type Target = { readonly addresses: readonly LookupAddress[]; readonly port: number };

/** As Node calls it; its types want a socket beside an error. */
type Connected = (error: Error | null, socket?: Duplex | null) => void;

/** What restricts calls to the public internet. */
export type PublicOnly = {
  /** Exceptions, as `host:port`: neither their port nor their addresses are checked. */
  readonly allowHosts: readonly string[];
  /** Default: the system's resolver. */
  readonly lookup?: ((hostname: string) => Promise<readonly LookupAddress[]>) | undefined;
  /** For tests: replaces a target that has passed the check. */
  readonly route?: ((checked: Target) => Target) | undefined;
};

/**
 * Agents of http and https that connect to port 80 or 443 of the public internet only: every address of the host has to
 * be public, and the connection goes to one of the checked addresses, without a second look-up. So what is sent over a
 * connection that was kept open goes to a checked address, too. Nothing from the environment (proxies, TLS options) is
 * used. An idle connection is kept for `keepAliveMs` milliseconds. A request rejects with an address error, or with
 * Node's errors.
 *
 * @example
 * const agents = publicAgents({ allowHosts: ['nas.example:8080'], keepAliveMs: 1000 });
 * http.get(url, { agent: agents['http:'] });
 */
export function publicAgents({
  allowHosts,
  keepAliveMs,
  lookup = systemLookup,
  route = (target) => target,
}: PublicOnly & { readonly keepAliveMs: number }): Readonly<Record<'http:' | 'https:', http.Agent>> {
  const allowed = allowedHosts(allowHosts);

  async function resolveTarget(url: URL): Promise<Target> {
    const [host, port] = [hostOf(url), portOf(url)];
    const isAllowed = allowed.has(hostAndPort(url));
    if (!isAllowed && port !== 80 && port !== 443) throw addressError('bad-port');
    const family = isIP(host);
    const addresses = family === 0 ? await lookup(host) : [{ address: host, family }];
    if (addresses.length === 0) throw Object.assign(new Error('no address'), { code: 'ENOTFOUND' });
    if (!isAllowed && !addresses.every(({ address }) => isPublicAddress(address)))
      throw addressError('not-public');
    return route({ addresses, port });
  }

  function restrict(agent: http.Agent): http.Agent {
    const connect = agent.createConnection.bind(agent);
    agent.createConnection = (options, callback) => {
      const done = callback as Connected;
      const { host, port } = options;
      const url = new URL(`http://${isIP(host ?? '') === 6 ? `[${host}]` : host}:${port}`);
      resolveTarget(url)
        .then((target) => connect({ ...options, ...placeOf(url, target) }))
        .then((socket) => done(null, socket), done);
      return undefined;
    };
    return agent;
  }

  const options = {
    keepAlive: true,
    timeout: keepAliveMs,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
  };
  return {
    'http:': restrict(new http.Agent(options)),
    'https:': restrict(new https.Agent({ ...options, rejectUnauthorized: true })),
  };
}

function systemLookup(hostname: string): Promise<LookupAddress[]> {
  return dns.lookup(hostname, { all: true });
}

/** The options of a connection to one of the checked addresses. */
function placeOf(url: URL, { addresses, port }: Target): http.ClientRequestArgs {
  const host = hostOf(url);
  return {
    // Node does not call `lookup` for a literal address, so it gets the checked one here.
    host: isIP(host) ? addresses[0]?.address : host,
    port,
    lookup: (_host, _options, callback) => callback(null, [...addresses]),
  };
}
