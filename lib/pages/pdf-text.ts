import { inflateSync } from 'node:zlib';
import type { Deadline } from '../deadline.ts';
import { systemClock } from '../http/clock.ts';

/** Longer than any article: what comes after would not change its band. */
const MAX_PAGES = 200;

/** For the whole document: milliseconds. Checked between two pages: reading one page cannot be interrupted. */
const MAX_MS = 5_000;

/** All compressed streams together. The library has no limit of its own, and inflates 100 MB a second. */
const MAX_INFLATED_BYTES = 100_000_000;

/** One compressed stream: a page of 16 MB takes about a second. */
const MAX_STREAM_BYTES = 16_000_000;

/**
 * The text of a PDF, pages and lines separated by line breaks, words that were hyphenated at a line's end joined.
 * `undefined` for what cannot be read: no PDF, a broken one, one with a password, a decompression bomb, or one that
 * is not done in time, because half a text would be called a quick read. Never throws for anything in the
 * bytes. The library (1.6 MB) is loaded at the first call.
 */
export async function pdfText(
  bytes: Uint8Array,
  deadline: Deadline,
  { now } = systemClock,
): Promise<string | undefined> {
  if (isBomb(bytes)) return undefined;
  const { getDocumentProxy } = await import('unpdf');
  const endsAt = now() + Math.min(MAX_MS, deadline.remainingMs());
  try {
    // A copy, because the library detaches the bytes that it is given, and takes no Buffer.
    const pdf = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 });
    try {
      const pages: string[] = [];
      for (let number = 1; number <= Math.min(pdf.numPages, MAX_PAGES); number++) {
        if (deadline.signal.aborted || now() > endsAt) return undefined;
        const page = await pdf.getPage(number);
        pages.push(linesOf((await page.getTextContent()).items));
        page.cleanup();
      }
      return pages.join('\n').replace(/(?<=\p{L})-\n(?=\p{Ll})/gu, '');
    } finally {
      await pdf.destroy();
    }
  } catch {
    return undefined;
  }
}

/** The text of the library's items: some end a line, some are marks without text. */
function linesOf(items: readonly object[]): string {
  return items
    .map((item) => ('str' in item ? `${item.str}${'hasEOL' in item && item.hasEOL ? '\n' : ''}` : ''))
    .join('');
}

/** Whether its streams, inflated one by one and as often as they were deflated, exceed the limits. */
function isBomb(bytes: Uint8Array): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let bytesLeft = MAX_INFLATED_BYTES;
  for (let at = file.indexOf('stream'); at !== -1; at = file.indexOf('stream', at)) {
    at += 'stream'.length;
    while (file[at] === 0x0d || file[at] === 0x0a) at += 1;
    let stream = file.subarray(at);
    // What zlib deflates begins with 0x78; `endstream` and other filters have it by chance at most.
    while (stream[0] === 0x78) {
      const inflated = inflateCapped(stream, Math.min(MAX_STREAM_BYTES, Math.max(1, bytesLeft)));
      if (inflated === 'too-large') return true;
      bytesLeft -= inflated.length;
      stream = inflated;
    }
  }
  return false;
}

/** Empty for what was not deflated after all. */
function inflateCapped(stream: Buffer, maxOutputLength: number): Buffer | 'too-large' {
  try {
    return inflateSync(stream, { maxOutputLength });
  } catch (error) {
    const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    return isTooLarge ? 'too-large' : Buffer.alloc(0);
  }
}
