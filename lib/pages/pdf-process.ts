/**
 * The process that `pdfText` starts: a PDF on standard input, its text on standard output, after an empty line that says
 * that the library is loaded. It is a process, and no thread, because a heap that is full ends the whole process, and
 * because a thread has no limit on buffers, which is where a PDF is decompressed.
 */
import { buffer } from 'node:stream/consumers';
import { Worker } from 'node:worker_threads';

/** Longer than any article: further pages would not change the band. */
const MAX_PDF_PAGES = 200;

/**
 * Since the start, when Node has 20 MB of its own, and later maps 12 MB more of files, which it shares with the process
 * that started this one: 96 MB in all. A paper of 250 kB takes 50 MB, most of it for the library.
 */
const MAX_GROWTH_BYTES = 88_000_000;

/** In case that nobody is left to end this process. */
const MAX_LIFE_MS = 60_000;

/** Looks at the memory from a thread of its own, since decompressing leaves no time for timers. */
const WATCHER = `
  const { workerData } = require('node:worker_threads');
  const end = () => process.kill(process.pid, 'SIGKILL');
  setInterval(() => process.memoryUsage.rss() > workerData.maxBytes && end(), 10);
  setTimeout(end, workerData.maxLifeMs);
`;

async function main(): Promise<void> {
  const maxBytes = process.memoryUsage.rss() + MAX_GROWTH_BYTES;
  new Worker(WATCHER, { eval: true, workerData: { maxBytes, maxLifeMs: MAX_LIFE_MS } }).unref();
  const { getDocumentProxy, getResolvedPDFJS } = await import('unpdf');
  await getResolvedPDFJS();
  process.stdout.write('\n');
  const pdf = await getDocumentProxy(new Uint8Array(await buffer(process.stdin)), { verbosity: 0 });
  const pages: string[] = [];
  for (let number = 1; number <= Math.min(pdf.numPages, MAX_PDF_PAGES); number++) {
    const page = await pdf.getPage(number);
    pages.push(linesOf((await page.getTextContent()).items));
    page.cleanup();
  }
  process.stdout.write(pages.join('\n'), () => process.exit());
}

/** The text of the library's text items; some have no text, and some end a line. */
function linesOf(items: readonly object[]): string {
  return items
    .map((item) => ('str' in item ? `${item.str}${'hasEOL' in item && item.hasEOL ? '\n' : ''}` : ''))
    .join('');
}

main().catch(() => process.exit(1));
