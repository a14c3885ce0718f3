/**
 * The second look of the scorer: a block's own first score beside those of the blocks around it, so that a
 * paragraph is judged with its section and a section as one. The order of features is the model's.
 */
import type { PageFacts } from './block-features.ts';

/** Weight of a block without words: not nothing, so that no sum is empty. */
const LEAST_WEIGHT = 0.01;
const GENERATIONS = 5;
const NEIGHBOURS = [-3, -2, -1, 1, 2, 3];
const REACHES = [3, 8, 20];
/** A block that is surely of the article: score above, words above. */
const STRONG = { score: 0.7, words: 15 };
const UNSURE = { from: 0.2, to: 0.8 };
/** Stands for "there is none" where a distance is asked for: log2 of words. */
const NONE = 15;

const log = (value: number): number => Math.log2(1 + value);
const signedLog = (value: number): number => Math.sign(value) * log(Math.abs(value));

/** Sums of score x words and of words before each block, and over all at the end. */
const runningSums = (scores: Float64Array, weights: Float64Array) => {
  const scored = new Float64Array(scores.length + 1);
  const weight = new Float64Array(scores.length + 1);
  for (let at = 0; at < scores.length; at++) {
    const own = weights[at] ?? 0;
    scored[at + 1] = (scored[at] ?? 0) + (scores[at] ?? 0) * own;
    weight[at + 1] = (weight[at] ?? 0) + own;
  }
  return { scored, weight };
};

/** The mean score of all that is in each element. */
const meansOfElements = (
  { page, blocks }: PageFacts,
  scores: Float64Array,
  weights: Float64Array,
): Float64Array => {
  const scored = new Float64Array(page.elements.length);
  const weight = new Float64Array(page.elements.length);
  const add = (element: number, by: number, of: number): void => {
    if (element < 0) return;
    scored[element] = (scored[element] ?? 0) + by;
    weight[element] = (weight[element] ?? 0) + of;
  };
  blocks.forEach((block, at) => {
    add(block.element, (scores[at] ?? 0) * (weights[at] ?? 0), weights[at] ?? 0);
  });
  for (let at = scored.length - 1; at >= 0; at--) {
    add(page.elements[at]?.parent ?? -1, scored[at] ?? 0, weight[at] ?? 0);
  }
  return scored.map((sum, at) => sum / Math.max(LEAST_WEIGHT, weight[at] ?? 0));
};

/** The mean score of the blocks whose element and its parent have the same tags and classes. */
const meansOfAlike = ({ page, blocks }: PageFacts, scores: Float64Array, weights: Float64Array): number[] => {
  const sums = new Map<string, { scored: number; weight: number }>();
  const each = blocks.map((block, at) => {
    const element = page.elements[block.element];
    const key = `${element?.signature} ${page.elements[element?.parent ?? -1]?.signature}`;
    const sum = sums.get(key) ?? { scored: 0, weight: 0 };
    sums.set(key, sum);
    sum.scored += (scores[at] ?? 0) * (weights[at] ?? 0);
    sum.weight += weights[at] ?? 0;
    return sum;
  });
  return each.map(({ scored, weight }) => scored / weight);
};

/** For each block the nearest strong one at or before it, or -1. */
const lastStrong = (isStrong: readonly boolean[]): number[] => {
  let last = -1;
  return isStrong.map((strong, at) => {
    if (strong) last = at;
    return last;
  });
};

/** For each block the nearest strong one at or after it, or -1. */
const nextStrong = (isStrong: readonly boolean[]): number[] =>
  lastStrong(isStrong.toReversed())
    .toReversed()
    .map((at) => (at < 0 ? -1 : isStrong.length - 1 - at));

/** The features of all blocks, one row after another. @param scores of the first look, 0 to 1 */
export const secondLookOf = (facts: PageFacts, scores: Float64Array): number[] => {
  const { page, blocks } = facts;
  const weights = Float64Array.from(blocks, (block) => block.words + LEAST_WEIGHT);
  const { scored, weight } = runningSums(scores, weights);
  const totalScored = (scored.at(-1) ?? 0) + LEAST_WEIGHT;
  const total = weight.at(-1) ?? 0;
  const inElement = meansOfElements(facts, scores, weights);
  const alike = meansOfAlike(facts, scores, weights);
  const isStrong = blocks.map((block, at) => (scores[at] ?? 0) > STRONG.score && block.words > STRONG.words);
  const firstStrong = Math.max(0, isStrong.indexOf(true));
  const endStrong = isStrong.includes(true) ? isStrong.lastIndexOf(true) : blocks.length - 1;
  const last = lastStrong(isStrong);
  const next = nextStrong(isStrong);
  let sure = 0;
  let unsure = 0;
  scores.forEach((score, at) => {
    if (score > 0.5) sure += weights[at] ?? 0;
    if (score > UNSURE.from && score < UNSURE.to) unsure += weights[at] ?? 0;
  });
  const rows: number[] = [];
  blocks.forEach((block, at) => {
    rows.push(scores[at] ?? 0);
    let element = block.element;
    for (let generation = 0; generation < GENERATIONS; generation++) {
      rows.push(inElement[element] ?? 0);
      const parent = page.elements[element]?.parent ?? -1;
      if (parent >= 0) element = parent;
    }
    for (const distance of NEIGHBOURS) rows.push(scores[at + distance] ?? 0);
    for (const reach of REACHES) {
      const from = Math.max(0, at - reach);
      const to = Math.min(blocks.length, at + reach + 1);
      rows.push(((scored[to] ?? 0) - (scored[from] ?? 0)) / ((weight[to] ?? 0) - (weight[from] ?? 0)));
    }
    rows.push(
      alike[at] ?? 0,
      signedLog(at - firstStrong),
      signedLog(at - endStrong),
      (scored[at] ?? 0) / totalScored,
    );
    const before = last[at] ?? -1;
    const after = next[at] ?? -1;
    rows.push(before < 0 ? NONE : log((weight[at] ?? 0) - (weight[before] ?? 0)));
    rows.push(after < 0 ? NONE : log((weight[after] ?? 0) - (weight[at] ?? 0)));
    rows.push(log(totalScored), sure / totalScored, unsure / totalScored, totalScored / total);
  });
  return rows;
};
