import type { IncomingMessage } from 'node:http';
import { MIMEType, promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { pageError } from './page-error.ts';

/** A page of the open web. */
export type WebPage = {
  readonly ok: true;
  /** The whole body, decompressed. Its characters are still bytes: see `decodePage`. */
  readonly bytes: Uint8Array;
  /** Without parameters, in lower case: one of `READABLE`. */
  readonly contentType: string;
  /** As the HTTP header claims. */
  readonly charset?: string;
};

/** What a response means: a page, another place to look, or a fault that may pass. */
export type PageResponse = WebPage | { readonly redirectTo: string } | 'server-error';

const HTML = 'text/html';
const PDF = 'application/pdf';

/** Content types that can hold an article. */
const READABLE: ReadonlySet<string> = new Set([
  HTML,
  'application/xhtml+xml',
  'application/xml',
  'text/xml',
  'text/plain',
  'text/markdown',
  PDF,
]);

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Reads a response, its body only where it is a page. Throws the page error where it is none. */
export async function readResponse(
  message: IncomingMessage,
  url: URL,
  maxBytes: number,
): Promise<PageResponse> {
  const { statusCode = 0, headers } = message;
  if (REDIRECTS.has(statusCode) && headers.location !== undefined) {
    // Node gives each byte of a header as one character, and what hosts send there is UTF-8.
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
  return { ok: true, bytes, contentType, ...(charset && { charset }) };
}

/** The declared type; HTML where there is none, and PDF for a download called `.pdf`. */
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

type Decode = (body: Buffer, maxOutputLength: number) => Promise<Uint8Array>;

const gunzip = promisify(zlib.gunzip);
const inflate = promisify(zlib.inflate);
const inflateRaw = promisify(zlib.inflateRaw);
const brotliDecompress = promisify(zlib.brotliDecompress);
const zstdDecompress = promisify(zlib.zstdDecompress);

/** As browsers do: what could be read of a stream that lacks its end counts. */
const { Z_SYNC_FLUSH: finishFlush, ZSTD_d_windowLogMax } = zlib.constants;

const gzip: Decode = (body, maxOutputLength) => gunzip(body, { maxOutputLength, finishFlush });

const DECODERS: Readonly<Record<string, Decode>> = {
  identity: async (body) => body,
  gzip,
  'x-gzip': gzip,
  // Some servers send "deflate" without the zlib header that it must have; the header's low half byte is 8.
  deflate: (body, maxOutputLength) => {
    const hasHeader = ((body[0] ?? 0) & 0x0f) === 8;
    return (hasHeader ? inflate : inflateRaw)(body, { maxOutputLength, finishFlush });
  },
  br: (body, maxOutputLength) => brotliDecompress(body, { maxOutputLength }),
  // Without this a header of a few bytes can ask for 128 MB; 8 MB is the most on the web (RFC 9659).
  zstd: (body, maxOutputLength) =>
    zstdDecompress(body, { maxOutputLength, params: { [ZSTD_d_windowLogMax]: 23 } }),
};

/** What `readBody` can decode. */
export const ACCEPT_ENCODING = 'gzip, deflate, br, zstd';

/**
 * The body, decoded, of at most `maxBytes` both as sent and decoded. Throws `too-large` as soon as that is
 * known, and `bad-response` for an unknown encoding or several on top of each other.
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
