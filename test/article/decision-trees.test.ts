import assert from 'node:assert/strict';
import { loadTrees } from '../../lib/article/decision-trees.ts';

/** One tree: column 1 <= 0.5 ? (column 0 <= 2 ? -1 : 0) : 3. A second one: always 0.5. */
const TREES = {
  width: 2,
  roots: '0 5',
  columns: '1 0 0 0 0 0',
  thresholds: '0.5 2 -1 0 3 0.5',
  skips: '4 2 0 0 0 0',
};
const logistic = (sum: number): number => 1 / (1 + Math.exp(-sum));

describe('loadTrees', () => {
  const rows: readonly (readonly [row: readonly [number, number], sum: number, reason: string])[] = [
    [[2, 0], -0.5, 'left and left: equal goes left'],
    [[2.1, 0], 0.5, 'left, then right'],
    [[0, 0.6], 3.5, 'right over a whole branch'],
    [[0, 0.5], -0.5, 'on the threshold'],
  ];
  for (const [row, sum, reason] of rows) {
    it(`scores ${JSON.stringify(row)} by the sum of its leaves: ${reason}`, () => {
      assert.deepEqual([...loadTrees(TREES)(Float64Array.from(row))], [logistic(sum)]);
    });
  }

  it('scores several rows as each by itself', () => {
    const score = loadTrees(TREES);
    const all = score(Float64Array.from(rows.flatMap(([row]) => [...row])));
    assert.deepEqual(
      [...all],
      rows.flatMap(([row]) => [...score(Float64Array.from(row))]),
    );
  });

  it('scores no rows', () => assert.equal(loadTrees(TREES)(new Float64Array()).length, 0));

  it('refuses rows of another width, and says what to do', () => {
    assert.throws(() => loadTrees(TREES)(new Float64Array(3)), /train the model again/);
  });
});
