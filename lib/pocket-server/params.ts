import type { IncomingMessage } from 'node:http';

/** Parameters of a request: strings from a query or form, anything from JSON. */
export type Params = Readonly<Record<string, unknown>>;

/** Pocket's own limit, raised twice in its last year. */
const mostBodyBytes = 35 * 1024 * 1024;

async function bodyOf(request: IncomingMessage): Promise<Buffer<ArrayBuffer> | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > mostBodyBytes) return undefined;
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
