/** How far to trust a count: what the estimators agree on, as one row of features. The order is the model's. */
import type { PageFacts } from './page-facts.ts';

const THRESHOLDS = [0.2, 0.35, 0.65, 0.8];
const log = (value: number): number => Math.log2(1 + value);

const wordsAbove = ({ blocks }: PageFacts, scores: Float64Array, threshold: number): number =>
  blocks.reduce((words, block, at) => ((scores[at] ?? 0) > threshold ? words + block.words : words), 0);

const expectedWords = ({ blocks }: PageFacts, scores: Float64Array): number =>
  blocks.reduce((words, block, at) => words + block.words * (scores[at] ?? 0), 0);

/**
 * @param first scores of the first look
 * @param second scores of the second
 * @param words what they come to
 */
export const pageLookOf = (
  facts: PageFacts,
  first: Float64Array,
  second: Float64Array,
  words: number,
): number[] => {
  const against = (other: number): number => Math.abs(log(other) - log(words));
  return [
    log(words),
    against(facts.main.words),
    Math.abs(facts.main.words - words),
    against(wordsAbove(facts, first, 0.5)),
    against(expectedWords(facts, second)),
    Math.abs(expectedWords(facts, second) - words),
    ...THRESHOLDS.map((threshold) => Math.abs(wordsAbove(facts, second, threshold) - words)),
    log(facts.blocks.length),
    facts.blocks.reduce((sum, block) => sum + block.words, 0) / Math.max(1, words),
  ];
};
