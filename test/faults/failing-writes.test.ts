import assert from 'node:assert/strict';
import type { Fault } from '../helpers/faults.ts';
import { SETUPS } from '../helpers/services/setups.ts';
import { proven } from './report.ts';
import { attempt, isWrite, recovers, startService, type Tags, undisturbed } from './service-world.ts';

/** So many changes, four in a round, that there are two batches: of 50, or of 20 where they are written one by one. */
const roundsOf = (name: string) => (name === 'readwise' ? 14 : 6);

const answer = (status: number, headers: Record<string, string> = {}): Fault => ({
  kind: 'answer',
  answer: { status, headers, body: {} },
});

type Trouble = {
  readonly name: string;
  readonly fault: Fault;
  readonly end: string;
  readonly isDone: boolean;
};

/** Those that take many items in one call: a call that fails says nothing of one item. */
const IN_BULK = ['pocket', 'readwise'];

/** Those that end the connection of one write as others answer 500. */
const HANG_UP = ['shiori'];

/** What befalls a write and all that follow, and whether the service may have done more than it told. */
const TROUBLES: readonly Trouble[] = [
  { name: '500', fault: answer(500), end: 'unavailable', isDone: false },
  {
    name: '503 with a Retry-After of an hour',
    fault: answer(503, { 'Retry-After': '3600' }),
    end: 'stopped',
    isDone: false,
  },
  {
    name: 'reset after the work was done',
    fault: { kind: 'reset', done: true },
    end: 'unavailable',
    isDone: true,
  },
];

for (const [name, setup] of Object.entries(SETUPS)) {
  describe(`writes to ${name} of which some fail`, () => {
    const rounds = roundsOf(name);
    let right: Tags;
    let writes: number;
    before(async () => {
      ({ tags: right, writes } = await undisturbed(setup, rounds));
    });

    it('count as far as they were done before, and no further', async () => {
      const positions = [...new Set([1, 2, Math.ceil(writes / 2), writes])];
      for (const trouble of TROUBLES) for (const k of positions) await failFrom(k, trouble);
      proven({
        fault: `${name}: 500, 503, reset, at a write`,
        when: 'from there on',
        positions: positions.length * TROUBLES.length,
        end: 'counted',
      });
    });

    const isOfOneWrite = (trouble: string) =>
      trouble === '500' || (trouble.startsWith('reset') && HANG_UP.includes(name));

    async function failFrom(k: number, { name: trouble, fault, end, isDone }: Trouble): Promise<void> {
      const world = await startService(setup, rounds);
      let seen = 0;
      world.server.fault = (call) => {
        if (isWrite(call)) seen += 1;
        return isWrite(call) && seen >= k ? fault : undefined;
      };
      try {
        const { ended, failure, told, carriedOut } = await attempt(world, right);
        // A service that fails at fewer than five writes after others, and answers a listing, has trouble with these items.
        const areOfItems = isOfOneWrite(trouble) && writes - k < 4 && !IN_BULK.includes(name);
        const met = failure?.kind ?? (ended?.stoppedBy ? 'stopped' : 'items failed');
        assert.equal(met, areOfItems ? 'items failed' : end, `${trouble} at write ${k}`);
        if (areOfItems) assert.ok(ended && ended.tally.failed.count > 0, 'none is said to have failed');
        if (!isDone) assert.deepEqual([...told].sort(), [...carriedOut].sort(), `at write ${k}`);
        if (k === writes) assert.ok(told.size > 0, 'nothing was told before the last write');
        await recovers(world, right);
      } finally {
        await world.close();
      }
    }
  });
}
