import assert from 'node:assert/strict';
import { type Fault, faults } from '../helpers/faults.ts';
import { proven } from './report.ts';
import { attempt, type Hurry, recovers, startWorld, type Tags, undisturbed } from './world.ts';

/** A timer may be early by a part of a millisecond, and the clock of the test is not that of the timer. */
const EARLY_MS = 2;

/** When the server got each call of a run in which some calls go wrong: milliseconds. */
async function arrivals(faultAt: (n: number) => Fault | undefined, right: Tags, hurry: Hurry = {}) {
  const world = await startWorld();
  const times: number[] = [];
  world.fault = ({ n }) => {
    times.push(performance.now());
    return faultAt(n);
  };
  try {
    const run = await attempt(world, hurry);
    if (run.summary?.complete) assert.deepEqual(world.tags(), right);
    await recovers(world, right);
    return { run, times };
  } finally {
    await world.close();
  }
}

describe('a wait in a run', () => {
  let right: Tags;
  let calls: number;
  before(async () => {
    ({ tags: right, calls } = await undisturbed());
  });

  const asked: Readonly<Record<string, Fault>> = {
    '503 with a Retry-After of a second': faults.maintenance(1),
    '403, the limit reached for a second': faults.rateLimited(1),
  };
  for (const [name, fault] of Object.entries(asked)) {
    it(`${name}: nothing more is sent before it is over, but what was on its way`, async () => {
      const tried = Array.from({ length: calls }, async (_, at) => {
        const { run, times } = await arrivals((n) => (n === at + 1 ? fault : undefined), right);
        assert.equal(run.summary?.complete, true);
        const opensAt = (times[at] ?? 0) + 1000 - EARLY_MS;
        const early = times.slice(at + 1).filter((time) => time < opensAt);
        assert.ok(early.length <= 1, `after call ${at + 1}: ${early.length} calls too early`);
        assert.equal(times.length, calls + 1);
      });
      await Promise.all(tried);
      proven({ fault: name, when: 'once', positions: calls, end: 'waited for' });
    });
  }

  it('is longer from try to try where the service names none: at least 0.5, 1 and 2 s', async () => {
    const { run, times } = await arrivals(() => faults.internalError(), right, { usualBackOff: true });
    assert.equal(run.failure?.kind, 'unavailable');
    const waits = times.slice(1).map((time, at) => time - (times[at] ?? 0) + EARLY_MS);
    assert.equal(waits.length, 3);
    for (const [at, leastMs] of [500, 1000, 2000].entries()) {
      assert.ok((waits[at] ?? 0) >= leastMs, `${waits[at]} ms before try ${at + 2}`);
    }
    proven({ fault: '500 after 500, by the clock', when: 'always', positions: 1, end: 'waited for' });
  });
});
