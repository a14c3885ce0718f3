import { promises as dns, type LookupAddress } from 'node:dns';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { hostAndPort, hostOf, isPublicAddress, portOf } from './address-check.ts';
import { pageError } from './page-error.ts';
import { ACCEPT_ENCODING } from './page-response.ts';

/** Who sends the request, and where to complain. */
const USER_AGENT = 'readtime-tagger/0.1 (+https://github.com/readtime-tagger/readtime-tagger)';

const MAX_HEADER_BYTES = 64 * 1024;

/** Milliseconds before the next of a host's addresses is tried. Node's own 250 cuts off distant hosts. */
const ADDRESS_ATTEMPT_MS = 1_000;

type Lookup = (hostname: string) => Promise<readonly LookupAddress[]>;

/** The addresses that a connection may go to, and the port. */
type Target = { readonly addresses: readonly LookupAddress[]; readonly port: number };

export type PageRequestOptions = {
  /** `host:port` that may be reached although private. */
  readonly allowed: ReadonlySet<string>;
  /** How long an idle connection is kept: milliseconds. */
  readonly keepAliveMs: number;
  /** Default: the system's resolver. */
  readonly lookup?: Lookup | undefined;
  /** For tests: where to go instead of a target that has passed the check. */
  readonly route?: ((checked: Target) => Target) | undefined;
};

/**
 * Makes the function that sends a GET, and gives the response when its headers are there, its body unread.
 * It reaches only the public internet: every address of the host must be public, and the connection
 * goes to one of those very addresses: the name is not looked up a second time. Nothing from the environment
 * (proxies, TLS switches) or from earlier responses (cookies) is used. Throws page errors and Node's errors.
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
      // A kept connection that the host closed just then says nothing about the page.
      if (error.onKeptConnection && !signal.aborted) return sendGet(url, target, agent, signal);
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
      // Node does not look up a literal address: it connects to what stands here.
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
    request.on('error', (error) => reject(Object.assign(error, { onKeptConnection: request.reusedSocket })));
  });
}
