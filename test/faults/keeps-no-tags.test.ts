import assert from 'node:assert/strict';
import { proven } from './report.ts';
import { attempt, recovers, startWorld, undisturbed } from './world.ts';

describe('a server that says yes to tags and does not keep them', () => {
  it('is found out at the first batch, and written to no more', async () => {
    const { tags: right } = await undisturbed();
    const world = await startWorld();
    const before = world.tags();
    world.fault = ({ endpoint }) => (endpoint === 'send' ? { kind: 'forget' } : undefined);
    const { failure } = await attempt(world);
    assert.equal(failure?.kind, 'unexpected-response');
    assert.match(failure.message, /does the server keep tags\?$/);
    assert.deepEqual(world.tags(), before);
    const sends = world.server.calls.filter(({ endpoint }) => endpoint === 'send').length;
    // A batch of 30 items whose tags are swapped takes two requests.
    assert.ok(sends <= 2, `${sends} writes`);
    await recovers(world, right);
    await world.close();
    proven({ fault: 'tags accepted and not kept', when: 'always', positions: 1, end: 'unexpected-response' });
  });

  it('is found out by the next full run at the latest, where it begins to forget in the middle of one', async () => {
    const { tags: right, calls } = await undisturbed();
    let tried = 0;
    for (let n = 1; n <= calls; n += 1) {
      const world = await startWorld();
      world.fault = (call) => (call.n >= n && call.endpoint === 'send' ? { kind: 'forget' } : undefined);
      const first = await attempt(world, { forgets: true });
      const hasForgotten = JSON.stringify(world.tags()) !== JSON.stringify(right);
      if (hasForgotten) {
        tried += 1;
        const found = first.failure ?? (await attempt(world, { forgets: true })).failure;
        assert.equal(found?.kind, 'unexpected-response', `from call ${n} on`);
      }
      await recovers(world, right);
      await world.close();
    }
    assert.ok(tried > 2);
    const end = 'found out by the next run';
    proven({ fault: 'tags accepted and not kept', when: 'from there on', positions: tried, end });
  });

  it('costs a good server one request a run', async () => {
    const { calls } = await undisturbed();
    const world = await startWorld();
    await attempt(world);
    const gets = world.server.calls.filter(({ endpoint }) => endpoint === 'get').length;
    assert.equal(gets, 3 + 1);
    assert.equal(world.server.callCount(), calls);
    await world.close();
  });
});
