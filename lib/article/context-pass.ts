/**
 * The context pass of the scorer: a block's own first score beside those of the blocks around it, so that a
 * paragraph is judged with its section and a section as one. The order of features is the model's.
 */

import { groupsByMarkup } from './block-context.ts';
import { newFeatureRows } from './decision-trees.ts';
import type { PageFacts } from './page-facts.ts';

/** Weight of a block without words: not nothing, so that no sum is empty. */
const MIN_WEIGHT = 0.01;
const GENERATIONS = 5;
const NEIGHBOURS = [-3, -2, -1, 1, 2, 3];
const REACHES = [3, 8, 20];
/** A block with a higher score and more words is surely part of the article. */
const STRONG = { score: 0.7, words: 15 };
const UNSURE = { from: 0.2, to: 0.8 };
/** The distance from a strong block where there is none: log2 of words. */
const NO_DISTANCE = 15;
/** Room for a row: above the number of features. */
const MAX_ROW_WIDTH = 40;

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
  return scored.map((sum, at) => sum / Math.max(MIN_WEIGHT, weight[at] ?? 0));
};

/** The mean score of the blocks whose element and its parent have the same tags and classes. */
const meansOfAlike = (facts: PageFacts, scores: Float64Array, weights: Float64Array): number[] => {
  const scored: number[] = [];
  const weight: number[] = [];
  const groups = groupsByMarkup(facts);
  groups.forEach((group, at) => {
    scored[group] = (scored[group] ?? 0) + (scores[at] ?? 0) * (weights[at] ?? 0);
    weight[group] = (weight[group] ?? 0) + (weights[at] ?? 0);
  });
  return groups.map((group) => (scored[group] ?? 0) / (weight[group] ?? 1));
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

/** Words in blocks that are more likely part of the article than not, and in blocks with a score near neither end. */
const certaintyOf = (scores: Float64Array, weights: Float64Array) => {
  let likely = 0;
  let unsure = 0;
  scores.forEach((score, at) => {
    if (score > 0.5) likely += weights[at] ?? 0;
    if (score > UNSURE.from && score < UNSURE.to) unsure += weights[at] ?? 0;
  });
  return { likely, unsure };
};

const strongOf = ({ blocks }: PageFacts, scores: Float64Array) => {
  const isStrong = blocks.map((block, at) => (scores[at] ?? 0) > STRONG.score && block.words > STRONG.words);
  const first = isStrong.indexOf(true);
  return {
    first: Math.max(0, first),
    end: first < 0 ? blocks.length - 1 : isStrong.lastIndexOf(true),
    last: lastStrong(isStrong),
    next: nextStrong(isStrong),
  };
};

/** The features of all blocks, one row after another. @param scores of the first pass, 0 to 1 */
export const contextFeaturesOf = (facts: PageFacts, scores: Float64Array): Float64Array => {
  const { page, blocks } = facts;
  const weights = Float64Array.from(blocks, (block) => block.words + MIN_WEIGHT);
  const { scored, weight } = runningSums(scores, weights);
  const scoredUpTo = (at: number): number => scored[at] ?? 0;
  const weightUpTo = (at: number): number => weight[at] ?? 0;
  const totalScored = scoredUpTo(blocks.length) + MIN_WEIGHT;
  const inElement = meansOfElements(facts, scores, weights);
  const alike = meansOfAlike(facts, scores, weights);
  const strong = strongOf(facts, scores);
  const { likely, unsure } = certaintyOf(scores, weights);
  const rows = newFeatureRows(blocks.length * MAX_ROW_WIDTH);

  const putElements = (innermost: number): void => {
    let element = innermost;
    for (let generation = 0; generation < GENERATIONS; generation++) {
      rows.put(inElement[element] ?? 0);
      const parent = page.elements[element]?.parent ?? -1;
      if (parent >= 0) element = parent;
    }
  };
  const putNeighbours = (at: number): void => {
    for (const distance of NEIGHBOURS) rows.put(scores[at + distance] ?? 0);
    for (const reach of REACHES) {
      const from = Math.max(0, at - reach);
      const to = Math.min(blocks.length, at + reach + 1);
      rows.put((scoredUpTo(to) - scoredUpTo(from)) / (weightUpTo(to) - weightUpTo(from)));
    }
  };
  const putStrong = (at: number): void => {
    const before = strong.last[at] ?? -1;
    const after = strong.next[at] ?? -1;
    rows.put(signedLog(at - strong.first));
    rows.put(signedLog(at - strong.end));
    rows.put(before < 0 ? NO_DISTANCE : log(weightUpTo(at) - weightUpTo(before)));
    rows.put(after < 0 ? NO_DISTANCE : log(weightUpTo(after) - weightUpTo(at)));
  };

  blocks.forEach((block, at) => {
    rows.put(scores[at] ?? 0);
    rows.put(log(block.words));
    putElements(block.element);
    putNeighbours(at);
    putStrong(at);
    rows.put(alike[at] ?? 0);
    rows.put(scoredUpTo(at) / totalScored);
    rows.put(log(totalScored));
    rows.put(likely / totalScored);
    rows.put(unsure / totalScored);
    rows.put(totalScored / weightUpTo(blocks.length));
  });
  return rows.values();
};
