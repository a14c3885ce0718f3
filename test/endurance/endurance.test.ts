import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { WarmState } from '../../lib/run/run.ts';
import { KINDS } from '../faults/kinds.ts';
import { attempt, startWorld } from '../faults/world.ts';
import type { Fault } from '../helpers/faults.ts';
import { articles, environmentFor, pocketWith } from '../helpers/pocket.ts';
import { runIn } from '../helpers/run.ts';

const MEGABYTE = 2 ** 20;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function held(): { heapBytes: number; files: number; sockets: number } {
  collectGarbage();
  const sockets = process.getActiveResourcesInfo().filter((name) => name.startsWith('TCPSocket')).length;
  return { heapBytes: process.memoryUsage().heapUsed, files: readdirSync('/proc/self/fd').length, sockets };
}

describe('endurance', () => {
  it('500 runs in one warm process against a changing list leave memory, sockets and files flat', async () => {
    const under = await pocketWith(articles(90), { keepsCalls: false });
    const warm: WarmState = {};
    const env = { ...environmentFor(under.server), LOG_LEVEL: 'SILENT' };
    let next = 1;
    const runOnce = async () => {
      const given_url = `https://example.com/new/${next}`;
      under.store.insert([{ given_url, word_count: 100 * (next % 20), time_added: 1_700_000_000 + next }]);
      under.store.change(next, { status: 1 });
      next += 1;
      const summary = await runIn(env, { mode: next % 10 === 0 ? 'full' : 'recent' }, { warm });
      assert.equal(summary.complete, true);
    };
    for (let at = 0; at < 100; at += 1) await runOnce();
    const early = held();
    for (let at = 100; at < 500; at += 1) await runOnce();
    const late = held();
    const grownBytes = late.heapBytes - early.heapBytes;
    console.log(`      after 100 runs: ${JSON.stringify(early)}; after 500: ${JSON.stringify(late)}`);
    // A leak of one page of the list for each run would be tens of megabytes.
    assert.ok(grownBytes < 4 * MEGABYTE, `${grownBytes} bytes more`);
    assert.ok(late.files <= early.files + 4 && late.sockets <= early.sockets + 4);
    await under.close();
  });

  it('100,000 items converge while 2 % of the calls fail, and the run says how many requests it took', async () => {
    const world = await startWorld(articles(100_000));
    const passing = KINDS.filter(({ once, fault }) => once === 'as if nothing' && fault.kind !== 'hang');
    let seed = Number(process.env.FAULT_SEED ?? Date.now() % 2 ** 31);
    console.log(`      seed ${seed} (FAULT_SEED=${seed} to see it again)`);
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647 || 1;
      return seed / 2_147_483_647;
    };
    world.fault = (): Fault | undefined =>
      random() < 0.02 ? passing[Math.floor(random() * passing.length)]?.fault : undefined;
    const { summary } = await attempt(world, { deadlineMs: 3_600_000 });
    console.log(`      ${summary?.message} ${summary?.requests} requests`);
    assert.deepEqual([summary?.complete, summary?.tagged], [true, 100_000]);
    assert.equal(summary?.requests, world.server.callCount());
    world.fault = () => undefined;
    assert.equal((await attempt(world, { deadlineMs: 3_600_000 })).carriedOut.size, 0);
    await world.close();
  });
});
