import { inflateSync } from 'node:zlib';
import type { Deadline } from '../deadline.ts';

/** Longer than any article; what is left out would not change its band. */
const MAX_PAGES = 200;

/** For the whole document. It is looked at between two pages: a page itself cannot be broken off. */
const MAX_MS = 5_000;

/** All compressed streams together. The library inflates 100 MB a second and asks nobody. */
const MAX_INFLATED_BYTES = 100_000_000;

/** One compressed stream: a page of 16 MB takes about a second. */
const MAX_STREAM_BYTES = 16_000_000;

/**
 * The text of a PDF, pages and lines separated by line breaks, words that were divided at a line's end made
 * whole. `undefined` for what cannot be read: no PDF, a broken one, one with a password, a bomb, or one that
 * is not done in time, because half a text would be called a quick read. Never throws for anything in the
 * bytes. The library (1.6 MB) is loaded at the first call.
 */
export async function pdfText(bytes: Uint8Array, deadline: Deadline): Promise<string | undefined> {
  if (isBomb(bytes)) return undefined;
  const { getDocumentProxy } = await import('unpdf');
  const endsAt = performance.now() + Math.min(MAX_MS, deadline.remainingMs());
  try {
    // A copy, because the library takes the bytes away from their owner; it refuses a Buffer.
    const pdf = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 });
    try {
      const pages: string[] = [];
      for (let number = 1; number <= Math.min(pdf.numPages, MAX_PAGES); number++) {
        if (deadline.signal.aborted || performance.now() > endsAt) return undefined;
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

/** Runs of text as the library gives them: some end a line, some (marks without text) are none. */
function linesOf(items: readonly object[]): string {
  return items
    .map((item) => ('str' in item ? `${item.str}${'hasEOL' in item && item.hasEOL ? '\n' : ''}` : ''))
    .join('');
}

/** Whether its streams, inflated one by one and as often as they were deflated, are more than they may be. */
function isBomb(bytes: Uint8Array): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let left = MAX_INFLATED_BYTES;
  for (let at = file.indexOf('stream'); at !== -1; at = file.indexOf('stream', at)) {
    at += 'stream'.length;
    while (file[at] === 0x0d || file[at] === 0x0a) at += 1;
    let stream = file.subarray(at);
    // 0x78 begins whatever zlib deflates; `endstream` and other filters have it by chance at most.
    while (stream[0] === 0x78) {
      const more = inflated(stream, Math.min(MAX_STREAM_BYTES, Math.max(1, left)));
      if (more === 'too-large') return true;
      left -= more.length;
      stream = more;
    }
  }
  return false;
}

/** Nothing for what was not deflated after all. */
function inflated(stream: Buffer, maxOutputLength: number): Buffer | 'too-large' {
  try {
    return inflateSync(stream, { maxOutputLength });
  } catch (error) {
    const isMore = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    return isMore ? 'too-large' : Buffer.alloc(0);
  }
}
