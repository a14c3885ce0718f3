/** From scores to what is counted. */
import type { PageFacts } from './page-facts.ts';

/** A shorter block may well stand twice in an article. */
const MIN_REPEATED_WORDS = 10;

/**
 * ListSource blocks are counted, in order: those that score above `above`, but what is on the page twice (once for
 * small screens, once for large ones) is read once.
 */
export const countedBlocks = ({ blocks }: PageFacts, scores: Float64Array, above: number): number[] => {
  const seen = new Set<number>();
  return blocks.flatMap((block, at) => {
    if ((scores[at] ?? 0) <= above) return [];
    if (block.words < MIN_REPEATED_WORDS) return [at];
    if (seen.has(block.hash)) return [];
    seen.add(block.hash);
    return [at];
  });
};
