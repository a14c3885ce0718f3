import type { IncomingMessage } from 'node:http';
import { MIMEType, promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { pageError } from './page-error.ts';

/** A page of the open web. */
export type WebPage = {
  readonly ok: true;
  /** Where it was found, after all redirects. */
  readonly url: URL;
  /** The whole body, decompressed; to be decoded to text by `decodePage`. */
  readonly bytes: Uint8Array;
  /** One of `READABLE`: lower case, without parameters. */
  readonly contentType: string;
  /** From the `Content-Type` header. */
  readonly charset?: string;
};

/** What a response means: a page, a redirect, or a server error that is worth a retry. */
export type PageResponse = WebPage | { readonly redirectTo: string } | 'server-error';

const HTML = 'text/html';
const PDF = 'application/pdf';

/** Content types that may contain an article. */
const READABLE: ReadonlySet<string> = new Set([
  HTML,
  'application/xhtml+xml',
  'application/xml',
  'text/xml',
  'text/plain',
  'text/markdown',
  PDF,
]);

/** A page that sends the reader on does so at its beginning, and at once; one that only shows itself again is read. */
const MAX_REFRESH_BYTES = 10_000;
const MAX_REFRESH_DELAY_S = 5;
/** What is written in here is not what the page does. */
const NOT_MARKUP = /<!--.*?(?:-->|$)|<(noscript|script|style|template|textarea|title)\b.*?(?:<\/\1|$)/gis;
const REFRESH = /^\s*(\d{0,9})(?:\.[\d.]*)?\s*[;,]\s*(?:url\s*=\s*)?["']?\s*([^"'\s]{1,2000})/i;

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Reads a response, its body only if it is a page of at most `maxBytes`. Throws a page error if it is not a page. */
export async function readResponse(
  message: IncomingMessage,
  url: URL,
  maxBytes: number,
): Promise<PageResponse> {
  const { statusCode = 0, headers } = message;
  if (REDIRECTS.has(statusCode) && headers.location !== undefined) {
    // Node decodes headers as latin1, but hosts send UTF-8.
    return { redirectTo: Buffer.from(headers.location, 'latin1').toString() };
  }
  if (statusCode >= 500) return 'server-error';
  if (statusCode === 404 || statusCode === 410) throw pageError('gone');
  if (statusCode >= 400) throw pageError('refused');
  if (statusCode < 200 || statusCode > 299) throw pageError('bad-response');

  const type = contentTypeOf(headers['content-type'], url);
  if (!READABLE.has(type.essence)) throw pageError('not-a-page');
  const charset = type.params.get('charset');
  const bytes = await readBody(message, maxBytes);
  const contentType = isPdf(bytes) ? PDF : type.essence;
  const redirectTo = contentType === HTML ? refreshTarget(bytes, url) : undefined;
  if (redirectTo !== undefined) return { redirectTo };
  return { ok: true, url, bytes, contentType, ...(charset && { charset }) };
}

/** The declared type; HTML if there is none, and PDF for a download named `.pdf`. */
function contentTypeOf(declared: string | undefined, url: URL): MIMEType {
  const type = parseType(declared || HTML) ?? new MIMEType(HTML);
  const isDownload = /^(application|binary)\/(octet-stream|x-download|force-download)$/.test(type.essence);
  return isDownload && /\.pdf$/i.test(url.pathname) ? new MIMEType(PDF) : type;
}

function parseType(declared: string): MIMEType | undefined {
  try {
    return new MIMEType(declared);
  } catch {
    return undefined;
  }
}

function isPdf(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 5)).toString('latin1') === '%PDF-';
}

/** Where `<meta http-equiv="refresh">` leads, at once and to another page. */
function refreshTarget(bytes: Uint8Array, url: URL): string | undefined {
  const start = Buffer.from(bytes.subarray(0, MAX_REFRESH_BYTES)).toString().replaceAll(NOT_MARKUP, ' ');
  for (const [tag] of start.matchAll(/<meta\b[^<>]{0,3000}>/gi)) {
    if (!/\bhttp-equiv\s*=\s*["']?refresh\b/i.test(tag)) continue;
    const content = /\bcontent\s*=\s*(?:"([^"]*)"|'([^']*)')/i.exec(tag);
    const [, delay = '', target = ''] = REFRESH.exec(content?.[1] ?? content?.[2] ?? '') ?? [];
    const address = target.replaceAll('&amp;', '&');
    if (target === '' || Number(delay) > MAX_REFRESH_DELAY_S) return undefined;
    return URL.parse(address, url.href)?.href.split('#')[0] === url.href.split('#')[0] ? undefined : address;
  }
  return undefined;
}

type Decode = (body: Buffer, maxOutputLength: number) => Promise<Uint8Array>;

const gunzip = promisify(zlib.gunzip);
const inflate = promisify(zlib.inflate);
const inflateRaw = promisify(zlib.inflateRaw);
const brotliDecompress = promisify(zlib.brotliDecompress);
const zstdDecompress = promisify(zlib.zstdDecompress);

/** As browsers do: a compressed stream without its end is not an error. */
const { Z_SYNC_FLUSH: finishFlush, ZSTD_d_windowLogMax } = zlib.constants;

const gzip: Decode = (body, maxOutputLength) => gunzip(body, { maxOutputLength, finishFlush });

const DECODERS: Readonly<Record<string, Decode>> = {
  identity: async (body) => body,
  gzip,
  'x-gzip': gzip,
  // Some servers send "deflate" without the required zlib header, whose lower four bits are 8.
  deflate: (body, maxOutputLength) => {
    const hasHeader = ((body[0] ?? 0) & 0x0f) === 8;
    return (hasHeader ? inflate : inflateRaw)(body, { maxOutputLength, finishFlush });
  },
  br: (body, maxOutputLength) => brotliDecompress(body, { maxOutputLength }),
  // Limits the window to 8 MB, the maximum on the web (RFC 9659); otherwise a small header can demand 128 MB.
  zstd: (body, maxOutputLength) =>
    zstdDecompress(body, { maxOutputLength, params: { [ZSTD_d_windowLogMax]: 23 } }),
};

/** The encodings that `readBody` can decode. */
export const ACCEPT_ENCODING = 'gzip, deflate, br, zstd';

/**
 * The decompressed body, of at most `maxBytes` both before and after decompression. Throws `too-large` as soon as
 * either is exceeded, and `bad-response` for an unknown encoding or a combination of encodings.
 */
async function readBody(message: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const encoding = message.headers['content-encoding']?.trim().toLowerCase() || 'identity';
  const decode = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding] : undefined;
  if (decode === undefined) throw pageError('bad-response');
  if (Number(message.headers['content-length']) > maxBytes) throw pageError('too-large');
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw pageError('too-large');
    chunks.push(chunk);
  }
  return bytes === 0 ? new Uint8Array() : decode(Buffer.concat(chunks, bytes), maxBytes);
}
