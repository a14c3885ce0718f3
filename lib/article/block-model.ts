/**
 * The learned scorer: how likely each block is of the article, and how far the sum can be trusted. Made by
 * `npm run train` (see scripts/train-blocks/README.md), which also writes `block-model.json`.
 */
import { featuresOf } from './block-features.ts';
import kept from './block-model.json' with { type: 'json' };
import { secondLookOf } from './context-pass.ts';
import type { PageFacts } from './page-facts.ts';
import { pageLookOf } from './page-look.ts';
import { loadTrees } from './trees.ts';

const scoreFirst = loadTrees(kept.first);
const scoreSecond = loadTrees(kept.second);
const scorePage = loadTrees(kept.page);

export type BlockScores = { readonly first: Float64Array; readonly second: Float64Array };

/** Likelihood of each block of being the article's, by itself and beside the others: 0 to 1. */
export const scoreBlocks = (facts: PageFacts): BlockScores => {
  const first = scoreFirst(featuresOf(facts));
  return { first, second: scoreSecond(secondLookOf(facts, first)) };
};

/** A block that scores above this is counted. */
export const COUNTED_ABOVE: number = kept.countedAbove;

/** How likely a count of words is within a minute of the truth: 0 to 1. */
export const confidenceIn = (facts: PageFacts, { first, second }: BlockScores, words: number): number =>
  scorePage(Float64Array.from(pageLookOf(facts, first, second, words)))[0] ?? 0;
