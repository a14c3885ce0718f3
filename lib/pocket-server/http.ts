import type { IncomingMessage } from 'node:http';
import type { HttpBindings } from '@hono/node-server';
import { isSameSecret } from '../secrets/same-secret.ts';
import type { Store } from './store.ts';

/** Parameters of a request: strings from a query or form, anything from JSON. */
export type Params = Readonly<Record<string, unknown>>;

/** Environment of Hono's handlers and middleware. */
export type PocketEnv = { Bindings: HttpBindings; Variables: { params: Params } };

/** The parameters of a request, or the response where they cannot be read. */
type ReadParams = { readonly params: Params } | { readonly refused: PocketResponse };

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

/** Brackets deeper than in `actions[0][tags][]` mean nothing here. */
const MAX_BRACKETS = 3;

type Nested = Map<string, Nested | string>;

/** A form with `actions[0][action]=archive` or `tags[]=a`, as PHP and its libraries write lists and objects. */
function nestedParams(form: URLSearchParams): Params {
  const params: Nested = new Map();
  for (const [name, value] of form) {
    const [, first = '', brackets = ''] = /^([^[]+)((?:\[[^[\]]*\])*)$/s.exec(name) ?? [];
    const path = [first, ...[...brackets.matchAll(/\[(.*?)\]/gs)].map(([, key = '']) => key)];
    if (!first || path.length > MAX_BRACKETS + 1) params.set(name, value);
    else setIn(params, path, value);
  }
  return Object.fromEntries([...params].map(([name, value]) => [name, plainOf(value)]));
}

function setIn(target: Nested, [name = '', ...rest]: readonly string[], value: string): void {
  const key = name === '' ? String(target.size) : name;
  if (rest.length === 0) {
    target.set(key, value);
    return;
  }
  const existing = target.get(key);
  const inner: Nested = existing instanceof Map ? existing : new Map();
  target.set(key, inner);
  setIn(inner, rest, value);
}

/** Numbered entries are a list. */
function plainOf(value: Nested | string): unknown {
  if (typeof value === 'string') return value;
  const entries = [...value].map(([key, one]) => [key, plainOf(one)] as const);
  const isList = entries.every(([key]) => /^\d+$/.test(key));
  return isList ? entries.map(([, one]) => one) : Object.fromEntries(entries);
}

async function bodyParams(type: string, body: Buffer<ArrayBuffer>): Promise<Params> {
  if (body.length === 0) return {};
  // Parameters are ignored: clients send `charset=UTF8`, which is not a valid charset.
  const mediaType = type.split(';')[0]?.trim().toLowerCase();
  if (mediaType === 'application/json') {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isObject(value) ? value : {};
  }
  if (mediaType === 'application/x-www-form-urlencoded')
    return nestedParams(new URLSearchParams(body.toString('utf8')));
  if (mediaType === 'multipart/form-data') {
    const form = await new Response(body, { headers: { 'content-type': type } }).formData();
    return Object.fromEntries(form);
  }
  return {};
}

/**
 * Reads query and body parameters. For the same name, a POST takes the body, a GET the query. A body without a content
 * type is ignored. Refuses one of over `MAX_BODY_BYTES`, or that is not valid for its content type.
 */
export async function readParams(request: IncomingMessage): Promise<ReadParams> {
  const query = Object.fromEntries(new URL(request.url ?? '/', 'http://host').searchParams);
  const bytes = await bodyOf(request);
  if (bytes === undefined) return { refused: errorResponse(413, 130, 'Request entity too large') };
  try {
    const body = await bodyParams(request.headers['content-type'] ?? '', bytes);
    return { params: request.method === 'GET' ? { ...body, ...query } : { ...query, ...body } };
  } catch (error) {
    // Pocket took malformed JSON for a fault of its own, with the parser's message.
    return { refused: internalError(error instanceof Error ? error.message : undefined) };
  }
}

/** The error response for a missing or invalid consumer key in a call of OAuth; undefined if it is valid. */
export function checkKey({ consumer_key: key }: Params, expected: string): PocketResponse | undefined {
  if (typeof key !== 'string' || key === '') return errorResponse(400, 138, 'Missing consumer key.');
  return isSameSecret(key, expected) ? undefined : errorResponse(403, 152, 'Invalid consumer key.');
}

/** 400 for a key or token that is empty or no text, or a key that is missing; undefined if there is none such. */
function malformed(params: Params, location: Location): PocketResponse | undefined {
  for (const name of ['access_token', 'consumer_key']) {
    const value = params[name];
    if (value === '') return invalidParam(location, name, value, `\`${name}\` cannot be empty`);
    const isMissingToken = value === undefined && name === 'access_token';
    if (typeof value !== 'string' && !isMissingToken) return invalidParam(location, name, value);
  }
  return undefined;
}

/**
 * The error response for an invalid consumer key or token (tokens granted by OAuth are valid, too); undefined if both are
 * valid. A refused token is the 401 that Pocket documented. Its last servers sent the error inside HTTP 200, which
 * clients take for an empty list or a change that was made.
 */
export function checkCredentials(
  params: Params,
  { consumerKey, accessToken }: Credentials,
  store: Store,
  location: Location,
): PocketResponse | undefined {
  const refused = malformed(params, location) ?? checkKey(params, consumerKey);
  if (refused) return refused;
  const token = params.access_token;
  if (typeof token === 'string' && (isSameSecret(token, accessToken) || store.hasToken(token)))
    return undefined;
  return errorResponse(401, 107, 'A valid access token is required to access the requested API endpoint.');
}

/** A response to a client. A string body is sent as HTML, anything else as JSON. */
export type PocketResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
};

export const ok = (body: unknown): PocketResponse => ({ status: 200, headers: {}, body });

/** An error as Pocket sends it: code and message in headers, `error` in the body. */
export function errorResponse(
  status: number,
  code: number,
  message: string,
  error = message,
): PocketResponse {
  const headers = { 'X-Error-Code': String(code), 'X-Error': message };
  return { status, headers, body: { error } };
}

/** Where Pocket looked for the parameters of a call first, and said that it had. */
export type Location = 'body' | 'query';

/** 400, code 130, as for everything that Pocket refused before it looked at the list. */
export const badRequest = (error: string): PocketResponse => errorResponse(400, 130, 'Bad request', error);

/** 400 for one parameter. Pocket repeated its value. */
export const invalidParam = (location: Location, path: string, value: unknown, message = 'Invalid value') =>
  badRequest(`${message}: ${JSON.stringify({ location, path, type: 'field', value })}`);

/** 500, code 198. `error` says more in the body. */
export const internalError = (error?: string): PocketResponse =>
  errorResponse(500, 198, 'Internal Server Error', error);

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** 404, as for every path and method that Pocket did not have. */
export function notFoundPage(method: string, path: string): PocketResponse {
  const what = `Cannot ${method} ${path}`.replaceAll(/[&<>"]/g, (character) => escapes[character] ?? '');
  const head = '<head>\n<meta charset="utf-8">\n<title>Error</title>\n</head>';
  const body = `<!DOCTYPE html>\n<html lang="en">\n${head}\n<body>\n<pre>${what}</pre>\n</body>\n</html>\n`;
  return { status: 404, headers: {}, body };
}

export function toResponse({ status, headers, body }: PocketResponse): Response {
  const isText = typeof body === 'string';
  return new Response(isText ? body : JSON.stringify(body), {
    status,
    headers: {
      'Content-Type': isText ? 'text/html; charset=UTF-8' : 'application/json; charset=utf-8',
      'X-Source': 'Pocket',
      ...headers,
    },
  });
}
