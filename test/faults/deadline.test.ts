import assert from 'node:assert/strict';
import { type Fault, faults } from '../helpers/faults.ts';
import { proven } from './report.ts';
import { attempt, recovers, startWorld, type Tags, undisturbed } from './world.ts';

const DEADLINE_MS = 400;

/** What the other side may do to keep a run waiting, each for longer than the run has. */
const delays: readonly (readonly [name: string, fault: Fault])[] = [
  ['no answer', { kind: 'hang' }],
  ['no answer, the work done', { kind: 'hang', done: true }],
  ['an answer that is slow', { kind: 'slow', delayMs: 60_000 }],
  ['500 after 500', faults.internalError()],
  ['a wait for an hour asked for', faults.maintenance(3600)],
  ['no calls left for an hour', faults.rateLimited(3600)],
  ['a Retry-After of a second, again and again', faults.maintenance(1)],
];

describe('a run ends before its deadline', () => {
  let right: Tags;
  let calls: number;
  before(async () => {
    ({ tags: right, calls } = await undisturbed());
  });

  for (const [name, fault] of delays) {
    it(`with ${name}, from any call on`, async () => {
      const tried = Array.from({ length: calls }, async (_, at) => {
        const world = await startWorld();
        world.fault = ({ n }) => (n > at ? fault : undefined);
        const startedAt = performance.now();
        const { summary, failure } = await attempt(world, { deadlineMs: DEADLINE_MS, idleTimeoutMs: 60_000 });
        // A busy machine may be late by seconds; each of these faults would take a minute or more.
        assert.ok(performance.now() - startedAt < 10_000, 'ended late');
        if (summary) assert.equal(summary.complete, false);
        else assert.equal(failure?.kind, 'unavailable');
        await recovers(world, right);
        await world.close();
      });
      await Promise.all(tried);
      proven({ fault: name, when: 'from there on', positions: calls, end: 'before the deadline' });
    });
  }

  it('with an address that does not answer', async () => {
    const world = await startWorld();
    await world.server.close();
    const { failure } = await attempt(world, { deadlineMs: DEADLINE_MS });
    assert.equal(failure?.kind, 'unavailable');
    world.store.close();
  });
});
