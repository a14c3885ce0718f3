import assert from 'node:assert/strict';
import { SETUPS } from '../helpers/services/setups.ts';
import type { RunEnd } from './kinds.ts';
import { proven } from './report.ts';
import { CLASSES, type ServiceFault } from './service-kinds.ts';
import { type Attempt, attempt, recovers, startService, type Tags, undisturbed } from './service-world.ts';

function endOf({ ended, failure }: Attempt): RunEnd {
  if (failure) return failure.kind;
  if (ended?.stoppedBy) return 'stopped';
  return ended && ended.tally.failed.count > 0 ? 'unsure' : 'as if nothing';
}

for (const [name, setup] of Object.entries(SETUPS)) {
  describe(`a fault at every call to ${name}`, () => {
    let right: Tags;
    let calls: number;
    before(async () => {
      ({ tags: right, calls } = await undisturbed(setup));
    });

    /** One run with the fault at call `n`, or at it and all that follow; then one without. How the first ended. */
    async function tryAt(fault: ServiceFault, n: number, lasting: boolean): Promise<RunEnd> {
      const world = await startService(setup);
      const hit = new Set<number>();
      world.server.fault = (call) => {
        if (lasting ? call.n < n : call.n !== n) return undefined;
        hit.add(call.n);
        return fault.of(name);
      };
      try {
        const run = await attempt(world, right);
        assert.ok(hit.size > 0, 'the fault was met');
        const requests = world.server.calls.filter((call) => hit.has(call.n));
        const same = Map.groupBy(requests, ({ method, path, query, json }) =>
          JSON.stringify([method, path, query.toString(), json]),
        );
        const most = Math.max(...[...same.values()].map(({ length }) => length));
        assert.ok(most <= fault.tries, `sent ${most} times`);
        const end = endOf(run);
        if (end === 'as if nothing') assert.deepEqual(world.tags(), right);
        await recovers(world, right);
        return end;
      } finally {
        await world.close();
      }
    }

    /** How a run ends with such a fault, except where it is better off. */
    function expectedOf(end: RunEnd, n: number, lasting: boolean): RunEnd {
      // The last call of all is the one that reads back: what comes of that alone is no trouble.
      if (n === calls) return 'as if nothing';
      // A token runs out by and by: it logs in again.
      const isMended = ['wallabag', 'shiori'].includes(name) && end === 'credentials' && !lasting && n > 1;
      return isMended ? 'as if nothing' : end;
    }

    for (const { name: faults, when, trials, end } of CLASSES) {
      it(`${faults}, ${when}: ${end}`, async () => {
        let positions = 0;
        for (const { fault, lasting } of trials) {
          for (let n = 1; n <= calls; n += 1) {
            const met = await tryAt(fault, n, lasting);
            assert.equal(met, expectedOf(end, n, lasting), `${fault.name} at ${n}`);
            if (met === end) positions += 1;
          }
        }
        proven({ fault: `${name}: ${faults}`, when, positions, end });
      });
    }
  });
}
