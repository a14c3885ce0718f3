import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from '../../lib/pocket-server/store.ts';
import { articles, environmentFor } from '../helpers/pocket.ts';
import { runIn } from '../helpers/run.ts';
import type { PocketProcess } from './pocket-process.ts';
import { proven } from './report.ts';

/** Three pages of a listing, and three writes. */
const ITEMS = 75;
/**
 * Longer than three retries take, which is 3.5 to 4.2 s; how long it really takes until the server answers is up to the
 * machine.
 */
const DOWN_MS = 5000;

/** When a server is killed: at which of its calls, and whether it has carried that one out. */
const MOMENTS: Readonly<Record<string, NonNullable<PocketProcess['hangsAt']>>> = {
  'in the middle of the listing': { endpoint: 'get', n: 2, done: false },
  'before it has carried out a write': { endpoint: 'send', n: 2, done: false },
  'after it has carried out a write, and before the answer': { endpoint: 'send', n: 2, done: true },
};

describe('a server that is killed, and back after some seconds', () => {
  let folder: string;
  let child: ChildProcess;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'restart-'));
  });
  afterEach(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  /** Starts the server, and resolves to its address. */
  async function start(options: PocketProcess): Promise<URL> {
    child = fork(resolve('test/faults/pocket-process.ts'), [JSON.stringify(options)]);
    const [{ url }] = await once(child, 'message');
    return new URL(url);
  }

  for (const [when, hangsAt] of Object.entries(MOMENTS)) {
    it(`does not end a run: ${when}`, async () => {
      const file = join(folder, 'list.db');
      const store = openStore(file);
      store.insert(articles(ITEMS, ['mine']));
      const url = await start({ file, port: 0, hangsAt });
      const waits: number[] = [];
      const onWait = (ms: number) => waits.push(ms);
      const running = runIn(environmentFor({ url: url.href }), { mode: 'full' }, { onWait });
      await once(child, 'message');
      child.kill('SIGKILL');
      await once(child, 'exit');
      await sleep(DOWN_MS);
      await start({ file, port: Number(url.port) });
      const { complete, tagged, failed } = await running;
      assert.deepEqual([complete, tagged, failed.count], [true, ITEMS, 0]);
      for (const { item_id, tags } of store.everything()) assert.equal(tags.length, 2, `${item_id}: ${tags}`);
      assert.ok(waits.length > 3, `told of ${waits.length} waits`);
      store.close();
      proven({ fault: `killed ${when}`, when: 'once', positions: 1, end: 'outlived' });
    });
  }
});
