import type { IncomingMessage } from 'node:http';
import { MIMEType } from 'node:util';
import { readCapped } from './read-body.ts';
import { type RefusalReason, refuse } from './refusal.ts';

export type Page = {
  readonly ok: true;
  /** The whole body, decompressed. Its characters are still bytes: see `decodePage`. */
  readonly bytes: Uint8Array;
  /** Without parameters, in lower case: one of `READABLE`. */
  readonly contentType: string;
  /** As the HTTP header claims. */
  readonly charset?: string;
  /** The HTTP header `Content-Language`. */
  readonly contentLanguage?: string;
  /** Where the redirects ended. */
  readonly finalUrl: string;
};

/** What an answer means: a page, another place to look, or a fault that may pass. */
export type Step = Page | { readonly redirectTo: string } | 'server-error';

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

/** Reads an answer, its body only where it is a page. Throws the refusal where it is none. */
export async function stepFrom(answer: IncomingMessage, url: URL, mostBytes: number): Promise<Step> {
  const { statusCode = 0, headers } = answer;
  if (REDIRECTS.has(statusCode) && headers.location !== undefined) {
    // Header bytes reach us one character each, and what hosts write there is UTF-8.
    return { redirectTo: Buffer.from(headers.location, 'latin1').toString() };
  }
  if (statusCode >= 500) return 'server-error';
  if (statusCode < 200 || statusCode > 299) throw refuse(reasonOfStatus(statusCode));

  const type = typeOf(headers['content-type'], url);
  if (!READABLE.has(type.essence)) throw refuse('not-a-page');
  const charset = type.params.get('charset');
  const bytes = await readCapped(answer, mostBytes);
  return {
    ok: true,
    bytes,
    contentType: isPdf(bytes) ? PDF : type.essence,
    ...(charset && { charset }),
    ...(headers['content-language'] && { contentLanguage: headers['content-language'] }),
    finalUrl: url.href,
  };
}

function reasonOfStatus(status: number): RefusalReason {
  if (status === 404 || status === 410) return 'gone';
  return status >= 400 ? 'refused' : 'bad-response';
}

/** The declared type. Where there is none it is taken for HTML, and a download called `.pdf` for a PDF. */
function typeOf(declared: string | undefined, url: URL): MIMEType {
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
  return (
    Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(5, bytes.byteLength)).toString('latin1') === '%PDF-'
  );
}
