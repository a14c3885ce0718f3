/**
 * 1,000 pages of 100 kB over real sockets: pages a second, and memory while it goes on.
 * The server is a process of its own that answers after 50 ms. `npm run bench:fetch`
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { deadlineIn } from '../lib/deadline.ts';
import { pageFetcher } from '../lib/pages/fetch-page.ts';

const PAGES = 1_000;
const PAGE_BYTES = 100_000;
const DELAY_MS = 50;
/** 8 pages at once at 50 ms each: no more than 160 a second. */
const TARGET_PER_SECOND = 100;
const HOSTS = 50;
/** Runs one after the other, so that a leak would show. */
const ROUNDS = 10;
const MEGABYTE = 1024 * 1024;

if (process.argv[2] === 'serve') serve();
else await measure();

function serve() {
  const words = 'Nobody reads these words, which are here to be counted. ';
  const html = `<!doctype html><p>${words.repeat(PAGE_BYTES / words.length)}`.padEnd(PAGE_BYTES);
  const bodies = [Buffer.from(html), gzipSync(html)] as const;
  const server = createServer((request, response) => {
    const isGzip = request.url?.endsWith('gzip') ?? false;
    response.setHeader('content-type', 'text/html; charset=utf-8');
    if (isGzip) response.setHeader('content-encoding', 'gzip');
    setTimeout(() => response.end(bodies[isGzip ? 1 : 0]), DELAY_MS);
  });
  server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
}

async function measure() {
  const server = fork(import.meta.filename, ['serve']);
  const [{ port }] = await once(server, 'message');
  const hosts = Array.from({ length: HOSTS }, (_, at) => `host-${at}.test:${port}`);
  const lookup = async () => [{ address: '127.0.0.1', family: 4 }];
  const fetchPage = pageFetcher({ allowHosts: hosts, lookup });
  let slowest = Number.POSITIVE_INFINITY;
  for (let round = 1; round <= ROUNDS; round++) {
    const startedAt = performance.now();
    const urls = Array.from(
      { length: PAGES },
      (_, at) => `http://${hosts[at % HOSTS]}/${at}${at % 2 ? '?gzip' : ''}`,
    );
    const deadline = deadlineIn(60_000);
    const lengths = await Promise.all(
      urls.map(async (url) => {
        const got = await fetchPage(url, deadline);
        return got.ok ? got.bytes.length : got.reason;
      }),
    );
    const wrong = lengths.filter((length) => length !== PAGE_BYTES);
    if (wrong.length > 0) throw new Error(`${wrong.length} pages did not come: ${wrong[0]}`);
    const perSecond = PAGES / ((performance.now() - startedAt) / 1000);
    slowest = Math.min(slowest, perSecond);
    const { rss, heapUsed } = process.memoryUsage();
    const memory = `${Math.round(rss / MEGABYTE)} MB resident, ${Math.round(heapUsed / MEGABYTE)} MB heap`;
    console.log(`round ${round}: ${perSecond.toFixed(0)} pages a second, ${memory}`);
  }
  server.kill();
  console.log(`slowest ${slowest.toFixed(0)} pages a second, wanted ${TARGET_PER_SECOND}`);
  if (slowest < TARGET_PER_SECOND) process.exitCode = 1;
}
