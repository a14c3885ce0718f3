import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { hostOf } from '../http/address-rules.ts';
import { type PublicOnly, publicAgents } from '../http/public-agents.ts';
import { pageError } from './page-error.ts';
import { ACCEPT_ENCODING } from './page-response.ts';

/** With the address of this project, for operators of hosts. */
const USER_AGENT = 'readtime-tagger/0.1 (+https://github.com/readtime-tagger/readtime-tagger)';

const MAX_HEADER_BYTES = 64 * 1024;

export type PageRequestOptions = PublicOnly & {
  /** How long an idle connection is kept open: milliseconds. */
  readonly keepAliveMs: number;
};

/**
 * Creates the function that sends a GET request and resolves when the response headers have arrived, the body unread.
 * It reaches the public internet only (see `publicAgents`), and uses nothing from earlier responses (cookies). Rejects with
 * address errors, page errors and Node's errors.
 */
export function pageRequest(
  options: PageRequestOptions,
): (url: URL, signal: AbortSignal) => Promise<IncomingMessage> {
  const agents = publicAgents(options);
  return async (url, signal) => {
    const agent = agents[url.protocol === 'https:' ? 'https:' : 'http:'];
    return sendGet(url, agent, signal).catch((error) => {
      // The host closed an idle connection just when it was reused: that says nothing about the page.
      if (error.onReusedConnection && !signal.aborted) return sendGet(url, agent, signal);
      throw error;
    });
  };
}

function sendGet(url: URL, agent: http.Agent, signal: AbortSignal): Promise<IncomingMessage> {
  const host = hostOf(url);
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).get({
      agent,
      host,
      port: url.port, // as text: Node takes the number 0 for none
      path: url.pathname + url.search,
      servername: isIP(host) ? '' : host,
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
