import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { HttpBindings } from '@hono/node-server';
import { type Answer, refusal } from './answer.ts';
import type { Store } from './store.ts';

/** Parameters of a request: strings from a query or form, anything from JSON. */
export type Params = Readonly<Record<string, unknown>>;

/** What Hono's handlers and middleware run on. */
export type PocketEnv = { Bindings: HttpBindings; Variables: { params: Params } };

export type Credentials = { readonly consumerKey: string; readonly accessToken: string };

/** Pocket's own limit, raised twice in its last year. */
const MAX_BODY_BYTES = 35 * 1024 * 1024;

async function bodyOf(request: IncomingMessage): Promise<Buffer<ArrayBuffer> | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const isObject = (value: unknown): value is Params =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

async function bodyParams(type: string, body: Buffer<ArrayBuffer>): Promise<Params> {
  if (body.length === 0) return {};
  // Only the media type counts: clients send `charset=UTF8`, which is no charset.
  const mediaType = type.split(';')[0]?.trim().toLowerCase();
  if (mediaType === 'application/json') {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isObject(value) ? value : {};
  }
  if (mediaType === 'application/x-www-form-urlencoded')
    return Object.fromEntries(new URLSearchParams(body.toString('utf8')));
  if (mediaType === 'multipart/form-data') {
    const form = await new Response(body, { headers: { 'content-type': type } }).formData();
    return Object.fromEntries(form);
  }
  return {};
}

/**
 * Query and body merged; POST prefers the body, GET the query. A body whose type is not said is not read.
 * `too-large`: over 35 MB; `unreadable`: not what its content type says.
 */
export async function readParams(request: IncomingMessage): Promise<Params | 'too-large' | 'unreadable'> {
  const query = Object.fromEntries(new URL(request.url ?? '/', 'http://host').searchParams);
  const bytes = await bodyOf(request);
  if (bytes === undefined) return 'too-large';
  try {
    const body = await bodyParams(request.headers['content-type'] ?? '', bytes);
    return request.method === 'GET' ? { ...body, ...query } : { ...query, ...body };
  } catch {
    return 'unreadable';
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest();
/** Takes as long whether they differ early or late. */
const isSame = (a: string, b: string) => timingSafeEqual(digest(a), digest(b));

/** Why a consumer key is not accepted; undefined: it is. */
export function checkKey({ consumer_key: key }: Params, expected: string): Answer | undefined {
  if (typeof key !== 'string' || key === '') return refusal(400, 138, 'Missing consumer key.');
  return isSame(key, expected) ? undefined : refusal(403, 152, 'Invalid consumer key.');
}

/** Why a call is refused, by its key or its token, which may also be one that OAuth gave out; undefined: it is not. */
export function checkCredentials(
  params: Params,
  { consumerKey, accessToken }: Credentials,
  store: Store,
): Answer | undefined {
  const refused = checkKey(params, consumerKey);
  if (refused) return refused;
  const token = params.access_token;
  if (typeof token === 'string' && token !== '' && (isSame(token, accessToken) || store.hasToken(token)))
    return undefined;
  return refusal(401, 107, 'A valid access token is required to access the requested API endpoint.');
}
