import assert from 'node:assert/strict';
import fc from 'fast-check';
import { KINDS } from './kinds.ts';
import { proven } from './report.ts';
import { attempt, recovers, startWorld, type Tags, UNREAD, undisturbed } from './world.ts';

/** As many as fit into some seconds; `FAULT_PAIRS` for more. */
const PAIRS = Number(process.env.FAULT_PAIRS ?? 40);

describe('two faults in one run', () => {
  let right: Tags;
  let calls: number;
  before(async () => {
    ({ tags: right, calls } = await undisturbed());
  });

  it('lose nothing and make nothing up, whichever they are and wherever they come', async () => {
    const seed = Number(process.env.FAULT_SEED ?? Date.now() % 2 ** 31);
    console.log(`      seed ${seed} (FAULT_SEED=${seed} to see it again)`);
    const fault = fc.record({ kind: fc.constantFrom(...KINDS), n: fc.integer({ min: 1, max: calls + 3 }) });
    await fc.assert(
      fc.asyncProperty(fault, fault, async (one, two) => {
        const world = await startWorld();
        world.fault = ({ n, endpoint }) =>
          [one, two].find((at) => at.n === n && (!at.kind.only || at.kind.only === endpoint))?.kind.fault;
        const hangs = [one, two].some(({ kind }) => kind.fault.kind === 'hang');
        try {
          const { summary, lookedAt } = await attempt(world, hangs ? { idleTimeoutMs: 100 } : {});
          if (summary?.complete) assert.equal(lookedAt.size, UNREAD);
          await recovers(world, right);
        } finally {
          await world.close();
        }
      }),
      { seed, numRuns: PAIRS },
    );
    proven({
      fault: 'two of the above at random',
      when: 'once each',
      positions: PAIRS,
      end: 'lost nothing, made nothing up',
    });
  });
});
