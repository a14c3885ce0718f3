import axios, { AxiosError, type AxiosInstance } from 'axios';
import { checkUrl } from './address-rules.ts';
import { type Environment, proxyFor } from './proxy.ts';
import { type PublicOnly, publicAgents } from './public-agents.ts';

/** Maximum size of a response body: bytes. A page of 30 items takes under 1 MB. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;
/** Maximum depth of JSON. Services answer with under ten levels; millions take a gigabyte to parse. */
const MAX_JSON_LEVELS = 100;
/** Maximum number of values in JSON, however small. A page of 1,000 rows has about 30,000. */
const MAX_JSON_VALUES = 1_000_000;
/** How long an idle connection is kept open: milliseconds. As long as that of Node's own agents. */
const KEEP_ALIVE_MS = 5_000;

/**
 * axios as the tagger uses it. The bundle of the function has this file beside it, not in it: import it when the first
 * request is sent, or each start of the function pays for it. `idleTimeoutMs`: maximum time without a byte, in ms; `env`
 * names the proxies. With `publicOnly`, it calls public addresses only, without a proxy, and rejects with address errors.
 * Rejects with the code `BAD_PROXY` or `BAD_JSON` for what it finds wrong itself, with a clause as the message.
 */
export function axiosClient({
  idleTimeoutMs,
  env,
  publicOnly,
}: {
  idleTimeoutMs: number;
  env: Environment;
  publicOnly: PublicOnly | undefined;
}): AxiosInstance {
  const client = axios.create({
    timeout: idleTimeoutMs,
    maxContentLength: MAX_BODY_BYTES,
    // A redirect would send the credentials to another host.
    maxRedirects: 0,
    // No status is an error of axios: `classifyResponse` decides.
    validateStatus: null,
    headers: { Accept: 'application/json', 'User-Agent': 'readtime-tagger' },
    transformResponse: [checkJson, axios.defaults.transformResponse ?? []].flat(),
  });
  const agents = publicOnly && publicAgents({ ...publicOnly, keepAliveMs: KEEP_ALIVE_MS });
  client.interceptors.request.use((config) => {
    const { url = '' } = config;
    if (!agents) return { ...config, proxy: proxyFor(url, env) };
    checkUrl(new URL(url));
    return { ...config, proxy: false, httpAgent: agents['http:'], httpsAgent: agents['https:'] };
  });
  return client;
}

/** Refuses JSON that would take far more memory than it has bytes, before it is parsed. */
function checkJson(body: unknown): unknown {
  if (typeof body === 'string' && /^\s*[[{]/.test(body)) checkSize(body);
  return body;
}

function checkSize(json: string): void {
  let levels = 0;
  let values = 0;
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (character === '"') at = endOfString(json, at);
    else if (character === ']' || character === '}') levels -= 1;
    else if (character === '[' || character === '{') levels += 1;
    else if (character === ',') values += 1;
    if (levels > MAX_JSON_LEVELS)
      throw new AxiosError(`answered JSON of more than ${MAX_JSON_LEVELS} levels`, 'BAD_JSON');
    if (values > MAX_JSON_VALUES)
      throw new AxiosError(`answered JSON of more than ${MAX_JSON_VALUES} values`, 'BAD_JSON');
  }
}

/** Index of the quote that ends the string which begins at an index. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at;
}
