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
