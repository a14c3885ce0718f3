import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { HttpBindings } from '@hono/node-server';
import { errorResponse, type PocketResponse } from './response.ts';
import type { Store } from './store.ts';

/** Parameters of a request: strings from a query or form, anything from JSON. */
export type Params = Readonly<Record<string, unknown>>;

/** Environment of Hono's handlers and middleware. */
export type PocketEnv = { Bindings: HttpBindings; Variables: { params: Params } };

export type Credentials = { readonly consumerKey: string; readonly accessToken: string };

/** Pocket's own limit. */
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
  // Parameters are ignored: clients send `charset=UTF8`, which is not a valid charset.
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
 * Reads query and body parameters. For the same name, a POST takes the body, a GET the query. A body without a content
 * type is ignored. `too-large`: over `MAX_BODY_BYTES`; `unreadable`: not valid for its content type.
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
/** Compares in constant time. */
const isSame = (a: string, b: string) => timingSafeEqual(digest(a), digest(b));

/** The error response for a missing or invalid consumer key; undefined if it is valid. */
export function checkKey({ consumer_key: key }: Params, expected: string): PocketResponse | undefined {
  if (typeof key !== 'string' || key === '') return errorResponse(400, 138, 'Missing consumer key.');
  return isSame(key, expected) ? undefined : errorResponse(403, 152, 'Invalid consumer key.');
}

/** The error response for an invalid consumer key or token (tokens granted by OAuth are valid, too); undefined if both are valid. */
export function checkCredentials(
  params: Params,
  { consumerKey, accessToken }: Credentials,
  store: Store,
): PocketResponse | undefined {
  const refused = checkKey(params, consumerKey);
  if (refused) return refused;
  const token = params.access_token;
  if (typeof token === 'string' && token !== '' && (isSame(token, accessToken) || store.hasToken(token)))
    return undefined;
  return errorResponse(401, 107, 'A valid access token is required to access the requested API endpoint.');
}
