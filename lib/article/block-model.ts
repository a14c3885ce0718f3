/**
 * The trained models: how likely each block is part of the article, which blocks are counted, and how far the
 * count can be trusted. `npm run train` (scripts/train/README.md) writes `block-model.json`.
 */
import { featuresOf } from './block-features.ts';
import model from './block-model.json' with { type: 'json' };
import { calibrated } from './calibration.ts';
import { contextFeaturesOf } from './context-pass.ts';
import { loadTrees, type ScoreRows } from './decision-trees.ts';
import type { PageFacts } from './page-facts.ts';

const scoreBlock = loadTrees(model.block);
const scoreInContext = loadTrees(model.context);

/** For each block 0 to 1: by itself, and beside the scores of the blocks around it. */
export type BlockScores = { readonly block: Float64Array; readonly context: Float64Array };

/** How likely each block is part of the article. */
export const scoreBlocks = (facts: PageFacts): BlockScores => {
  const block = scoreBlock(featuresOf(facts));
  return { block, context: scoreInContext(contextFeaturesOf(facts, block)) };
};

/** A block that scores above this is counted. */
export const COUNTED_ABOVE: number = model.countedAbove;

/** A shorter block may well stand twice in an article. */
const MIN_REPEATED_WORDS = 10;

/**
 * The indices of the blocks that are counted, in order: those that score above `threshold`, but what is on the
 * page twice (once for small screens, once for large ones) only once.
 */
export const countedBlocks = (
  { blocks, leftOut }: PageFacts,
  scores: Float64Array,
  threshold: number,
): number[] => {
  const seen = new Set<number>();
  return blocks.flatMap((block, at) => {
    if (leftOut[at] || (scores[at] ?? 0) <= threshold) return [];
    if (block.words < MIN_REPEATED_WORDS) return [at];
    if (seen.has(block.hash)) return [];
    seen.add(block.hash);
    return [at];
  });
};

const THRESHOLDS = [0.2, 0.35, 0.65, 0.8];
const log = (value: number): number => Math.log2(1 + value);

const wordsAbove = ({ blocks }: PageFacts, scores: Float64Array, threshold: number): number =>
  blocks.reduce((words, block, at) => ((scores[at] ?? 0) > threshold ? words + block.words : words), 0);

const expectedWords = ({ blocks }: PageFacts, scores: Float64Array): number =>
  blocks.reduce((words, block, at) => words + block.words * (scores[at] ?? 0), 0);

/**
 * What the estimators agree on, as one row of features; the order is the model's.
 * @param words what the scores come to
 * @internal
 */
export const confidenceFeaturesOf = (facts: PageFacts, scores: BlockScores, words: number): number[] => {
  const against = (other: number): number => Math.abs(log(other) - log(words));
  return [
    log(words),
    against(facts.main.words),
    Math.abs(facts.main.words - words),
    against(wordsAbove(facts, scores.block, 0.5)),
    against(expectedWords(facts, scores.context)),
    Math.abs(expectedWords(facts, scores.context) - words),
    ...THRESHOLDS.map((threshold) => Math.abs(wordsAbove(facts, scores.context, threshold) - words)),
    log(facts.blocks.length),
    facts.blocks.reduce((sum, block) => sum + block.words, 0) / Math.max(1, words),
  ];
};

let scoreConfidence: ScoreRows | undefined;

/** How likely a count of words is within a minute of the truth: 0 to 1. */
export const confidenceIn = (facts: PageFacts, scores: BlockScores, words: number): number => {
  scoreConfidence ??= loadTrees(model.confidence);
  return scoreConfidence(Float64Array.from(confidenceFeaturesOf(facts, scores, words)))[0] ?? 0;
};

/**
 * Where the trained models are less likely right than this, a second opinion counts: there it is right more often. Chosen
 * on the pages of the training; from 0.5 to 0.7 it makes a difference of one page in two hundred.
 */
export const SECOND_OPINION_BELOW = 0.6;

/** How likely a second opinion is right within a minute, by how likely the first one was: 0 to 1. */
export const confidenceInSecond = (first: number): number => calibrated(first, model.secondOpinion);
