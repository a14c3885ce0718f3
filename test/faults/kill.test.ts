import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { environmentFor } from '../helpers/pocket.ts';
import { proven } from './report.ts';
import { recovers, settled, startWorld, type Tags, undisturbed } from './world.ts';

const KILLS = 10;
const TAG_ONCE = resolve('test/faults/tag-once.ts');

describe('a process that is killed', () => {
  let right: Tags;
  let calls: number;
  before(async () => {
    ({ tags: right, calls } = await undisturbed());
  });

  it('at any moment loses nothing that one run more does not put right', async () => {
    const seed = Number(process.env.FAULT_SEED ?? Date.now() % 2 ** 31);
    console.log(`      seed ${seed} (FAULT_SEED=${seed} to see it again)`);
    const moment = fc.record({
      n: fc.integer({ min: 1, max: calls }),
      afterMs: fc.integer({ min: 0, max: 8 }),
    });
    await fc.assert(
      fc.asyncProperty(moment, async ({ n, afterMs }) => {
        const world = await startWorld();
        const env = { ...environmentFor(world.server), RETIRED_TAGS: 'short', PATH: process.env.PATH };
        const child = fork(TAG_ONCE, { env, silent: true });
        world.fault = (call) => {
          if (call.n === n) setTimeout(() => child.kill('SIGKILL'), afterMs);
          // Slow enough for the kill to come in the middle of something.
          return { kind: 'slow', delayMs: 3 };
        };
        await once(child, 'exit');
        await settled(world.server);
        assert.ok(world.server.callCount() >= n, 'it was killed in the middle of its run');
        for (const [id, tags] of Object.entries(world.tags())) {
          for (const tag of right[id] ?? []) {
            const isOthers = !['a quick read', 'a medium read', 'a long read'].includes(tag);
            assert.ok(!isOthers || tags.includes(tag), `item ${id} lost "${tag}"`);
          }
        }
        await recovers(world, right);
        await world.close();
      }),
      { seed, numRuns: KILLS, endOnFailure: true },
    );
    proven({
      fault: 'kill -9',
      when: 'at a random moment',
      positions: KILLS,
      end: 'right after one run more',
    });
  });
});
