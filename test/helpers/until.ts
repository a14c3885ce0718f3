import { setTimeout as sleep } from 'node:timers/promises';

/** Far longer than anything takes that a test waits for, on a busy machine. */
const LIMIT_MS = 180_000;

/** Waits for what another process does by itself. Throws where it has not happened after `LIMIT_MS`. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const start = performance.now();
  while (!(await isSo())) {
    if (performance.now() - start > LIMIT_MS) throw new Error(`${what}: not after ${LIMIT_MS} ms`);
    await sleep(200);
  }
}
