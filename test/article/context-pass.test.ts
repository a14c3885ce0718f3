import assert from 'node:assert/strict';
import { contextFeaturesOf } from '../../lib/article/context-pass.ts';
import { pageFactsOf } from '../../lib/article/page-facts.ts';
import { parsePage } from '../../lib/article/parse-page.ts';

/** Where the order of features, which is the model's, has them. */
const ELEMENTS = 2;
const STRONG = 16;
/** Stands for "there is none". */
const NO_DISTANCE = 2 ** 15 - 1;

/** The rows of a page of paragraphs with as many words each, all in the body. */
const rowsOf = (words: readonly number[], scores: readonly number[]): readonly (readonly number[])[] => {
  const html = words.map((count) => `<p>${'word '.repeat(count)}</p>`).join('');
  const values = [...contextFeaturesOf(pageFactsOf(parsePage(html)), Float64Array.from(scores))];
  const width = values.length / words.length;
  return words.map((_, at) => values.slice(at * width, (at + 1) * width));
};

const unlogged = (value: number): number => Math.sign(value) * Math.round(2 ** Math.abs(value) - 1);

describe('the context pass', () => {
  /** Blocks since the first and the last strong one, words since the last and until the next. */
  type Strong = readonly [sinceFirst: number, sinceLast: number, wordsSince: number, wordsUntil: number];
  const rows: readonly (readonly [
    words: readonly number[],
    scores: readonly number[],
    strong: readonly Strong[],
    reason: string,
  ])[] = [
    [
      [16, 16],
      [0.1, 0.1],
      [
        [0, -1, NO_DISTANCE, NO_DISTANCE],
        [1, 0, NO_DISTANCE, NO_DISTANCE],
      ],
      'the first and the last block count where none is strong',
    ],
    [
      [31, 31, 31],
      [0.9, 0.1, 0.1],
      [
        [0, 0, 0, 0],
        [1, 1, 31, NO_DISTANCE],
        [2, 2, 62, NO_DISTANCE],
      ],
      'only the first block is',
    ],
    [
      [31, 31, 31],
      [0.1, 0.1, 0.9],
      [
        [-2, -2, NO_DISTANCE, 62],
        [-1, -1, NO_DISTANCE, 31],
        [0, 0, 0, 0],
      ],
      'only the last block is',
    ],
    [
      [16, 16],
      [0.7, 0.71],
      [
        [-1, -1, NO_DISTANCE, 16],
        [0, 0, 0, 0],
      ],
      'a score has to be above 0.7',
    ],
    [
      [15, 16],
      [0.9, 0.9],
      [
        [-1, -1, NO_DISTANCE, 15],
        [0, 0, 0, 0],
      ],
      'so has the block to be longer than 15 words',
    ],
  ];
  for (const [words, scores, strong, reason] of rows) {
    it(`says how far a block is from strong ones: ${reason}`, () => {
      assert.deepEqual(
        rowsOf(words, scores).map((row) => row.slice(STRONG, STRONG + 4).map(unlogged)),
        strong,
      );
    });
  }

  it('says the mean score of the elements around a block, the outermost again where there are no more', () => {
    assert.deepEqual(
      rowsOf([20, 20], [1, 0]).map((row) => row.slice(ELEMENTS, ELEMENTS + 5)),
      [
        [1, 0.5, 0.5, 0.5, 0.5],
        [0, 0.5, 0.5, 0.5, 0.5],
      ],
    );
  });
});
