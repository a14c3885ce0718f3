import { promises as dns, type LookupAddress } from 'node:dns';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { hostAndPort, hostOf, portOf } from './page-url.ts';
import { isPublicAddress } from './public-address.ts';
import { ENCODINGS } from './read-body.ts';
import { refuse } from './refusal.ts';

/** Who is asking, and where to complain. */
export const USER_AGENT = 'readtime-tagger/0.1 (+https://github.com/readtime-tagger/readtime-tagger)';

const MAX_HEADER_BYTES = 64 * 1024;

/** A connection is kept for the host's next page, which follows at once if there is one. */
const IDLE_MS = 1_000;

/** Milliseconds before the next of a host's addresses is tried. Node's own 250 cuts off distant hosts. */
const ADDRESS_ATTEMPT_MS = 1_000;

export type Lookup = (hostname: string) => Promise<readonly LookupAddress[]>;

/** The addresses that a connection may go to, and the port. */
export type Target = { readonly addresses: readonly LookupAddress[]; readonly port: number };

export type PageRequestOptions = {
  /** `host:port` that may be reached although private. */
  readonly allowed: ReadonlySet<string>;
  /** Default: the system's resolver. */
  readonly lookup?: Lookup | undefined;
  /** For tests: where to go instead of a target that has passed the check. */
  readonly route?: ((checked: Target) => Target) | undefined;
};

/** Asks for a page and gives the answer when its headers are there, its body unread. */
export type PageRequest = (url: URL, signal: AbortSignal) => Promise<IncomingMessage>;

/**
 * Requests that reach only the public internet. Every address of the host must be public, and the connection
 * goes to one of those very addresses: the name is not looked up a second time. Nothing from the environment
 * (proxies, TLS switches) or from earlier answers (cookies) has a say. Throws refusals and Node's errors.
 */
export function pageRequest({
  allowed,
  lookup = lookUp,
  route = (target) => target,
}: PageRequestOptions): PageRequest {
  const keep = {
    keepAlive: true,
    timeout: IDLE_MS,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
  };
  const agents = {
    http: new http.Agent(keep),
    https: new https.Agent({ ...keep, rejectUnauthorized: true }),
  };

  async function targetOf(url: URL): Promise<Target> {
    const host = hostOf(url);
    const family = isIP(host);
    const addresses = family === 0 ? await lookup(host) : [{ address: host, family }];
    if (addresses.length === 0) throw refuse('no-such-host');
    const free = allowed.has(hostAndPort(url));
    if (!free && !addresses.every(({ address }) => isPublicAddress(address))) throw refuse('not-public');
    return route({ addresses, port: portOf(url) });
  }

  return async (url, signal) => {
    const target = await targetOf(url);
    signal.throwIfAborted();
    const answer = () =>
      answerFrom(url, target, url.protocol === 'https:' ? agents.https : agents.http, signal);
    return answer().catch((error) => {
      // A kept connection that the host closed just then says nothing about the page.
      if (error.onKeptConnection && !signal.aborted) return answer();
      throw error;
    });
  };
}

function lookUp(hostname: string): Promise<LookupAddress[]> {
  return dns.lookup(hostname, { all: true });
}

function answerFrom(
  url: URL,
  { addresses, port }: Target,
  agent: http.Agent,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const host = hostOf(url);
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).get({
      agent,
      // Node looks up no literal address: it connects to what stands here.
      host: isIP(host) ? addresses[0]?.address : host,
      port,
      path: url.pathname + url.search,
      servername: isIP(host) ? '' : host,
      lookup: (_host, _options, found) => found(null, [...addresses]),
      setHost: false,
      headers: {
        host: url.host,
        'user-agent': USER_AGENT,
        accept: 'text/html, application/xhtml+xml, application/pdf, text/plain;q=0.9, */*;q=0.1',
        'accept-encoding': ENCODINGS,
      },
      maxHeaderSize: MAX_HEADER_BYTES,
      insecureHTTPParser: false,
      signal,
    });
    request.on('response', resolve);
    // Without a listener Node drops the connection and says nothing.
    request.on('upgrade', (_answer, socket) => {
      socket.destroy();
      reject(refuse('bad-response'));
    });
    request.on('error', (error) => reject(Object.assign(error, { onKeptConnection: request.reusedSocket })));
  });
}
