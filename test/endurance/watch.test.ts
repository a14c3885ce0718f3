import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { runsOf } from '../../lib/cli/watch/run-list.ts';
import { watchLists } from '../../lib/cli/watch/watch-loop.ts';
import { withEnvironment } from '../helpers/environment.ts';
import { articles, environmentFor, pocketWith } from '../helpers/pocket.ts';

const [WARM_UP, RUNS] = [160, 360];
const MEGABYTE = 2 ** 20;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What a process holds; listeners are those of the process and of `stop`. */
async function held(stop: AbortSignal) {
  // Sockets that were closed are given back in the next turn.
  await turn();
  collectGarbage();
  const ofProcess = process.eventNames().map((name) => process.listenerCount(name));
  return {
    heapBytes: process.memoryUsage().heapUsed,
    files: readdirSync('/proc/self/fd').length,
    handles: process.getActiveResourcesInfo().filter((name) => name !== 'Immediate').length,
    listeners: ofProcess.reduce((sum, count) => sum + count, getEventListeners(stop, 'abort').length),
  };
}

describe('readtime watch', () => {
  const before = process.cwd();
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'readtime-'));
    writeFileSync(join(folder, '.env'), '');
    process.chdir(folder);
  });
  afterEach(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  });

  it(`leaves memory, files, handles and listeners flat over ${RUNS - WARM_UP} quick runs`, async () => {
    const under = await pocketWith(articles(90), { keepsCalls: false });
    const stop = new AbortController();
    const seen: Awaited<ReturnType<typeof held>>[] = [];
    let [now, runs] = [Date.UTC(2026, 6, 15, 12), 0];
    await withEnvironment({ ...environmentFor(under.server), LOG_LEVEL: 'SILENT' }, () => {
      const run = runsOf({ ...process.env }, { quiet: true });
      return watchLists([{ name: '', run }], {
        schedule: { everyMs: 60_000 },
        stop: stop.signal,
        record: { fullAt: () => undefined, endedWell() {} },
        report({ outcome }) {
          assert.ok('summary' in outcome && outcome.summary.complete);
          runs += 1;
          if (runs === RUNS) stop.abort();
        },
        clock: {
          now: () => now,
          async sleep(ms) {
            now += ms;
            if (runs === WARM_UP || runs === RUNS - 1) seen[runs] ??= await held(stop.signal);
          },
        },
      }).ended;
    });
    const [early, late] = [seen[WARM_UP], seen[RUNS - 1]];
    console.log(`      after ${WARM_UP} runs: ${JSON.stringify(early)}; at the end: ${JSON.stringify(late)}`);
    assert.ok(early && late);
    assert.equal(late.listeners, early.listeners);
    assert.ok(late.handles <= early.handles + 4 && late.files <= early.files + 4);
    // A leak of one page of the list for each run would be several megabytes.
    assert.ok(late.heapBytes - early.heapBytes < 2 * MEGABYTE);
    await under.close();
  });
});
