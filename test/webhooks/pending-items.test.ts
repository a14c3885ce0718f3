import assert from 'node:assert/strict';
import { pendingItems } from '../../lib/webhooks/pending-items.ts';

const common = { dryRun: false, refetch: false };
const LIST = { ...common, mode: 'full' };
const items = (...ids: string[]) => ({ ...common, mode: 'items', ids });
const idsTo = (count: number) => Array.from({ length: count }, (_, at) => `b${at}`);

describe('items that a service has told of', () => {
  it('are taken once, each of them once', () => {
    const pending = pendingItems();
    for (const id of ['a', 'b', 'a', 'a']) pending.add(id);
    assert.deepEqual(pending.take(), items('a', 'b'));
    assert.equal(pending.take(), undefined);
  });

  it('are put back beside those that came meanwhile', () => {
    const pending = pendingItems();
    pending.add('a');
    const taken = pending.take();
    assert.ok(taken);
    pending.add('b');
    pending.add('a');
    pending.putBack(taken);
    assert.deepEqual(pending.take(), items('b', 'a'));
  });

  for (const [count, expected] of [
    [2000, items(...idsTo(2000))],
    [2001, LIST],
    [100_000, LIST],
  ] as const)
    it(`are ${expected === LIST ? 'a run over the list' : 'looked up'}, if they are ${count}`, () => {
      const pending = pendingItems();
      for (const id of idsTo(count)) pending.add(id);
      assert.deepEqual(pending.take(), expected);
      pending.add('next');
      assert.deepEqual(pending.take(), items('next'));
    });

  it('stay too many when they are put back', () => {
    const pending = pendingItems();
    for (const id of idsTo(2001)) pending.add(id);
    const taken = pending.take();
    assert.ok(taken);
    pending.putBack(taken);
    pending.add('next');
    assert.deepEqual(pending.take(), LIST);
  });

  it('are too many also where those that are put back make them so', () => {
    const pending = pendingItems();
    for (const id of idsTo(1200)) pending.add(id);
    const taken = pending.take();
    assert.ok(taken);
    for (const id of idsTo(1200)) pending.add(`other-${id}`);
    pending.putBack(taken);
    assert.deepEqual(pending.take(), LIST);
  });
});
