import assert from 'node:assert/strict';
import type { TagChange } from '../../lib/core/item.ts';
import { Failure } from '../../lib/failure.ts';
import { oneByOne } from '../../lib/reading-lists/one-by-one.ts';
import { anItem } from '../helpers/items.ts';

const changes = (count: number): TagChange[] =>
  Array.from({ length: count }, (_, at) => ({ item: anItem({ id: String(at) }), add: ['a'], remove: [] }));
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('oneByOne', () => {
  it('gives a result for each change, in order, whichever is done first', async () => {
    const results = await oneByOne(changes(9), async ({ item: { id } }) => {
      if (Number(id) % 2 === 0) await turn();
      if (id === '3') throw new Failure('unexpected-response', 'x', { status: 404 });
      if (id === '4') throw new Failure('unexpected-response', 'x', { status: 422 });
      return id === '5' ? 'not taken' : undefined;
    });
    assert.deepEqual(
      results.map((result) => (result.ok ? result.itemId : [result.itemId, result.reason])),
      [
        '0',
        '1',
        '2',
        ['3', 'no longer there'],
        ['4', 'the service answered 422'],
        ['5', 'not taken'],
        '6',
        '7',
        '8',
      ],
    );
  });

  it('gives no result for no change', async () => {
    assert.deepEqual(await oneByOne([], async () => undefined), []);
  });

  it('rejects where only the second of two is in trouble', async () => {
    const write = async ({ item: { id } }: TagChange) => {
      if (id === '1') throw new Failure('unavailable', 'x', { status: 503 });
      return undefined;
    };
    await assert.rejects(oneByOne(changes(2), write), { kind: 'unavailable' });
  });

  it('has no more than two under way', async () => {
    let underWay = 0;
    let most = 0;
    await oneByOne(changes(20), async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await turn();
      underWay -= 1;
      return undefined;
    });
    assert.equal(most, 2);
  });

  it('tells each result as it comes', async () => {
    const told: string[][] = [];
    const write = async ({ item: { id } }: TagChange) => (id === '1' ? 'not taken' : undefined);
    await oneByOne(changes(3), write, (results) =>
      told.push(results.map(({ itemId, ok }) => `${itemId} ${ok}`)),
    );
    assert.deepEqual(told, [['0 true'], ['1 false'], ['2 true']]);
  });

  it('rejects only when what was under way beside the failure is told', async () => {
    const told: string[] = [];
    const write = async ({ item: { id } }: TagChange) => {
      if (id === '0') throw new Failure('unavailable', 'x', { status: 503 });
      for (let at = 0; at < 5; at += 1) await turn();
      return undefined;
    };
    const tell = (results: readonly { itemId: string }[]) =>
      told.push(...results.map(({ itemId }) => itemId));
    await assert.rejects(oneByOne(changes(9), write, tell), { kind: 'unavailable' });
    assert.deepEqual(told, ['1']);
  });

  it('begins nothing more once the service is in trouble', async () => {
    let begun = 0;
    const write = async () => {
      begun += 1;
      await turn();
      throw new Failure('unavailable', 'x', { status: 503 });
    };
    await assert.rejects(oneByOne(changes(20), write), { kind: 'unavailable' });
    for (let at = 0; at < 10; at += 1) await turn();
    assert.equal(begun, 2);
  });
});
