import assert from 'node:assert/strict';
import { countedBlocks } from '../../lib/article/block-model.ts';
import { pageFactsOf } from '../../lib/article/page-facts.ts';
import { parsePage } from '../../lib/article/parse-page.ts';

/** `times` words that begin with `name`. */
const text = (name: string, times: number): string => [name, ...Array(times - 1).fill('word')].join(' ');

describe('countedBlocks', () => {
  const rows: readonly (readonly [texts: string[], scores: number[], counted: number[], reason: string])[] = [
    [[], [], [], 'nothing on an empty page'],
    [[text('one', 5), text('two', 5)], [0.9, 0.1], [0], 'what scores above, not below'],
    [[text('one', 5), text('two', 5)], [0.5, 0.51], [1], 'above is more than equal'],
    [[text('one', 5)], [], [], 'a block without a score is not counted'],
    [[text('one', 20), text('two', 20)], [0.9, 0.9], [0, 1], 'long blocks that differ, in order'],
    [[text('one', 20), text('two', 20), text('one', 20)], [0.9, 0.9, 0.9], [0, 1], 'a long block once'],
    [[text('one', 10), text('one', 10)], [0.9, 0.9], [0], 'ten words are long'],
    [[text('one', 9), text('one', 9)], [0.9, 0.9], [0, 1], 'a short block may well stand there twice'],
    [[text('one', 20), text('one', 20)], [0.1, 0.9], [1], 'the first that scores enough, not the first'],
  ];
  for (const [texts, scores, counted, reason] of rows) {
    it(`counts ${JSON.stringify(counted)} of ${texts.length} at ${JSON.stringify(scores)}: ${reason}`, () => {
      const facts = pageFactsOf(parsePage(texts.map((each) => `<p>${each}</p>`).join('')));
      assert.deepEqual(countedBlocks(facts, Float64Array.from(scores), 0.5), counted);
    });
  }
});
