import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { refuse } from './refusal.ts';

const gunzip = promisify(zlib.gunzip);
const inflate = promisify(zlib.inflate);
const inflateRaw = promisify(zlib.inflateRaw);
const brotliDecompress = promisify(zlib.brotliDecompress);
const zstdDecompress = promisify(zlib.zstdDecompress);

type Decode = (body: Buffer, maxOutputLength: number) => Promise<Uint8Array>;

/** As browsers do: what could be read of a stream that lacks its end counts. */
const { Z_SYNC_FLUSH: finishFlush, ZSTD_d_windowLogMax } = zlib.constants;

const gzip: Decode = (body, maxOutputLength) => gunzip(body, { maxOutputLength, finishFlush });

const DECODERS: Readonly<Record<string, Decode>> = {
  identity: async (body) => body,
  gzip,
  'x-gzip': gzip,
  // Some servers send "deflate" without the zlib header that it must have; the header's low half byte is 8.
  deflate: (body, maxOutputLength) =>
    ((body[0] ?? 0) & 0x0f) === 8
      ? inflate(body, { maxOutputLength, finishFlush })
      : inflateRaw(body, { maxOutputLength, finishFlush }),
  br: (body, maxOutputLength) => brotliDecompress(body, { maxOutputLength }),
  // Without this a header of a few bytes can ask for 128 MB; 8 MB is the most on the web (RFC 9659).
  zstd: (body, maxOutputLength) =>
    zstdDecompress(body, { maxOutputLength, params: { [ZSTD_d_windowLogMax]: 23 } }),
};

/** What `readCapped` can decode, for `Accept-Encoding`. */
export const ENCODINGS = 'gzip, deflate, br, zstd';

/**
 * The body, decoded, of at most `mostBytes` both as sent and decoded. Throws `too-large` as soon as it is
 * known to be, and `bad-response` for an unknown encoding or several on top of each other.
 */
export async function readCapped(response: IncomingMessage, mostBytes: number): Promise<Uint8Array> {
  const encoding = response.headers['content-encoding']?.trim().toLowerCase() || 'identity';
  const decode = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding] : undefined;
  if (decode === undefined) throw refuse('bad-response');
  if (Number(response.headers['content-length']) > mostBytes) throw refuse('too-large');
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw refuse('too-large');
    chunks.push(chunk);
  }
  return bytes === 0 ? new Uint8Array() : decode(Buffer.concat(chunks, bytes), mostBytes);
}
