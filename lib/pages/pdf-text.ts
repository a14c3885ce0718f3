import { inflateSync } from 'node:zlib';
import type { Deadline } from '../deadline.ts';
import { systemClock } from '../http/clock.ts';

/** Longer than any article: further pages would not change the band. */
const MAX_PDF_PAGES = 200;

/** For the whole document. Checked between pages: reading one page cannot be interrupted. */
const MAX_READ_MS = 5_000;

/** Of all compressed streams together. The library has no limit, and inflates 100 MB a second. */
const MAX_INFLATED_BYTES = 100_000_000;

/** Of one compressed stream: a page of 16 MB takes about a second. */
const MAX_STREAM_BYTES = 16_000_000;

/**
 * The text of a PDF, with line breaks between pages and lines, and words hyphenated at the end of a line joined.
 * `undefined` if it cannot be read: not a PDF, broken, encrypted, a decompression bomb, or not read in time, because
 * half a text would count as a quick read. Never rejects, whatever the bytes. The library (1.6 MB) is loaded at the
 * first call.
 */
export async function pdfText(
  bytes: Uint8Array,
  deadline: Deadline,
  { now } = systemClock,
): Promise<string | undefined> {
  if (isBomb(bytes)) return undefined;
  const { getDocumentProxy } = await import('unpdf');
  const endsAt = now() + Math.min(MAX_READ_MS, deadline.remainingMs());
  try {
    // A copy, because the library detaches the array and does not accept a Buffer.
    const pdf = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 });
    try {
      const pages: string[] = [];
      for (let number = 1; number <= Math.min(pdf.numPages, MAX_PDF_PAGES); number++) {
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

/** The text of the library's text items; some have no text, and some end a line. */
function linesOf(items: readonly object[]): string {
  return items
    .map((item) => ('str' in item ? `${item.str}${'hasEOL' in item && item.hasEOL ? '\n' : ''}` : ''))
    .join('');
}

/** Whether the streams, inflated one by one, and again if they are deflated several times, exceed the limits. */
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

/** The inflated stream; empty if it is not a deflated stream. */
function inflateCapped(stream: Buffer, maxOutputLength: number): Buffer | 'too-large' {
  try {
    return inflateSync(stream, { maxOutputLength });
  } catch (error) {
    const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    return isTooLarge ? 'too-large' : Buffer.alloc(0);
  }
}
