import { setTimeout as sleep } from 'node:timers/promises';

/** Far longer than anything takes that a test waits for, on a busy machine. */
const LIMIT_MS = 180_000;

/** Waits for what another process does by itself. Throws where it has not happened after `limitMs`. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  { limitMs = LIMIT_MS, everyMs = 200 } = {},
): Promise<void> {
  const start = performance.now();
  while (!(await isSo())) {
    if (performance.now() - start > limitMs) throw new Error(`${what}: not after ${limitMs} ms`);
    await sleep(everyMs);
  }
}
