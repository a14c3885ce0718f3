import assert from 'node:assert/strict';
import { countByBand, proposeBands, retiredTags } from '../../lib/core/propose-bands.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);
const limitsOf = (minutes: readonly number[]) =>
  proposeBands(minutes)?.bands.map(({ upToMinutes }) => upToMinutes);

describe('proposed bands', () => {
  const rows: [why: string, minutes: readonly number[], limits: number[] | undefined][] = [
    ['each of four gets a quarter', upTo(40), [10, 20, 30]],
    ['whatever the order', upTo(40).toReversed(), [10, 20, 30]],
    ['a number that four does not divide', upTo(41), [11, 21, 31]],
    ['too few lengths', upTo(19), undefined],
    ['enough lengths', upTo(20), [5, 10, 15]],
    ['two quarters are equally long', [...Array(20).fill(1), ...upTo(20)], [1, 10]],
    ['the longest is no limit, which nothing would be above', [...upTo(10), ...Array(30).fill(30)], [10]],
    ['all are equally long', Array(40).fill(7), undefined],
    ['nothing', [], undefined],
  ];
  for (const [why, minutes, limits] of rows) {
    it(`rise: ${why}`, () => assert.deepEqual(limitsOf(minutes), limits));
  }

  it('have names from the shortest to the longest, however many they are', () => {
    const four = proposeBands(upTo(40));
    const two = proposeBands([...upTo(10), ...Array(30).fill(30)]);
    assert.deepEqual(
      [four, two].map((bands) => bands && [...bands.bands.map(({ tag }) => tag), bands.longestTag]),
      [
        ['a quick read', 'a medium read', 'a long read', 'a very long read'],
        ['a quick read', 'a medium read'],
      ],
    );
  });

  it('are counted as items would fall into them', () => {
    const bands = { bands: [{ tag: 'short', upToMinutes: 2 }], longestTag: 'long' };
    assert.deepEqual(countByBand([1, 2, 3, 3, 4], bands), [
      { tag: 'short', items: 2 },
      { tag: 'long', items: 3 },
    ]);
  });

  it('retire the tags that they no longer have, and no tag that they have', () => {
    const rules = {
      bands: [{ tag: 'short', upToMinutes: 2 }],
      longestTag: 'long',
      retiredTags: ['old', 'tiny'],
    };
    const bands = { bands: [{ tag: 'tiny', upToMinutes: 1 }], longestTag: 'long' };
    assert.deepEqual(retiredTags(bands, rules), ['old', 'short']);
  });
});
