import { promises as dns, type LookupAddress } from 'node:dns';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { hostAndPort, hostOf, isPublicAddress, portOf } from './address-check.ts';
import { pageError } from './page-error.ts';
import { ACCEPT_ENCODING } from './page-response.ts';

/** With the address of this project, for operators of hosts. */
const USER_AGENT = 'readtime-tagger/0.1 (+https://github.com/readtime-tagger/readtime-tagger)';

const MAX_HEADER_BYTES = 64 * 1024;

/** Time before the next address of a host is tried: milliseconds. Node's default of 250 is too short for distant hosts. */
const ADDRESS_ATTEMPT_MS = 1_000;

type Lookup = (hostname: string) => Promise<readonly LookupAddress[]>;

/** Where to connect: one of the addresses, at the port. */
type Target = { readonly addresses: readonly LookupAddress[]; readonly port: number };

export type PageRequestOptions = {
  /** `host:port` of private hosts that may be reached. */
  readonly allowed: ReadonlySet<string>;
  /** How long an idle connection is kept open: milliseconds. */
  readonly keepAliveMs: number;
  /** Default: the system's resolver. */
  readonly lookup?: Lookup | undefined;
  /** For tests: replaces a target that has passed the check. */
  readonly route?: ((checked: Target) => Target) | undefined;
};

/**
 * Creates the function that sends a GET request and resolves when the response headers have arrived, the body unread.
 * It reaches the public internet only: every address of the host has to be public, and the connection goes to one of
 * the checked addresses, without a second look-up. Nothing from the environment (proxies, TLS options) or from
 * earlier responses (cookies) is used. Rejects with page errors and with Node's errors.
 */
export function pageRequest({
  allowed,
  keepAliveMs,
  lookup = systemLookup,
  route = (target) => target,
}: PageRequestOptions): (url: URL, signal: AbortSignal) => Promise<IncomingMessage> {
  const options = {
    keepAlive: true,
    timeout: keepAliveMs,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
  };
  const agents = {
    'http:': new http.Agent(options),
    'https:': new https.Agent({ ...options, rejectUnauthorized: true }),
  };

  async function resolveTarget(url: URL): Promise<Target> {
    const host = hostOf(url);
    const family = isIP(host);
    const addresses = family === 0 ? await lookup(host) : [{ address: host, family }];
    if (addresses.length === 0) throw pageError('no-such-host');
    const isAllowed = allowed.has(hostAndPort(url));
    if (!isAllowed && !addresses.every(({ address }) => isPublicAddress(address)))
      throw pageError('not-public');
    return route({ addresses, port: portOf(url) });
  }

  return async (url, signal) => {
    const target = await resolveTarget(url);
    signal.throwIfAborted();
    const agent = agents[url.protocol === 'https:' ? 'https:' : 'http:'];
    return sendGet(url, target, agent, signal).catch((error) => {
      // The host closed an idle connection just when it was reused: that says nothing about the page.
      if (error.onReusedConnection && !signal.aborted) return sendGet(url, target, agent, signal);
      throw error;
    });
  };
}

function systemLookup(hostname: string): Promise<LookupAddress[]> {
  return dns.lookup(hostname, { all: true });
}

function sendGet(
  url: URL,
  { addresses, port }: Target,
  agent: http.Agent,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const host = hostOf(url);
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).get({
      agent,
      // Node does not call `lookup` for a literal address, so it gets the checked one here.
      host: isIP(host) ? addresses[0]?.address : host,
      port,
      path: url.pathname + url.search,
      servername: isIP(host) ? '' : host,
      lookup: (_host, _options, callback) => callback(null, [...addresses]),
      setHost: false,
      headers: {
        host: url.host,
        'user-agent': USER_AGENT,
        accept: 'text/html, application/xhtml+xml, application/pdf, text/plain;q=0.9, */*;q=0.1',
        'accept-encoding': ACCEPT_ENCODING,
      },
      maxHeaderSize: MAX_HEADER_BYTES,
      insecureHTTPParser: false,
      signal,
    });
    request.on('response', resolve);
    // Without a listener Node closes the connection without an error.
    request.on('upgrade', (_response, socket) => {
      socket.destroy();
      reject(pageError('bad-response'));
    });
    request.on('error', (error) =>
      reject(Object.assign(error, { onReusedConnection: request.reusedSocket })),
    );
  });
}
