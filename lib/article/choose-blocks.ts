import { countWords, type WordCount } from '../core/count-words.ts';
import { type ArticleEvidence, articleEvidenceOf } from './article-evidence.ts';
import type { BlockFacts } from './block-facts.ts';
import {
  COUNTED_ABOVE,
  confidenceIn,
  confidenceInSecond,
  countedBlocks,
  SECOND_OPINION_BELOW,
  scoreBlocks,
} from './block-model.ts';
import { pageFactsOf } from './page-facts.ts';
import type { ParsedPage } from './parse-page.ts';
import { secondOpinion } from './second-opinion.ts';

/** Fewer words are no text. */
export const MIN_TEXT_WORDS = 50;
/** A page with more blocks is no article but a list of everything: rules alone choose, which are quicker. @internal */
export const MAX_SCORED_BLOCKS = 4000;
/** The rules alone are right within a minute on about 55 % of pages that are no articles. */
const UNSCORED_CONFIDENCE = 0.55;

const NO_WORDS: WordCount = { words: 0, cjkCharacters: 0, cjkWords: 0 };

const sum = (a: WordCount, b: WordCount): WordCount => ({
  words: a.words + b.words,
  cjkCharacters: a.cjkCharacters + b.cjkCharacters,
  cjkWords: a.cjkWords + b.cjkWords,
});

/** Which blocks are the article's, and how far to trust that. */
export type ChosenBlocks = {
  readonly counted: readonly number[];
  readonly count: WordCount;
  readonly confidence: number;
  /** The blocks by the second best choice. */
  readonly otherwise: readonly number[];
  readonly evidence: ArticleEvidence;
  /** See `leftOutOf`. */
  readonly leftOut: Uint8Array;
  /** The trained models are not sure of it, or were not asked. */
  readonly isDoubtful: boolean;
};

/** @param facts of the blocks, where they are at hand: most blocks are counted already */
export const countBlocks = (
  { blocks }: ParsedPage,
  chosen: readonly number[],
  facts: readonly BlockFacts[] = [],
): WordCount =>
  chosen.reduce((count, at) => {
    const words = facts[at]?.isExact ? facts[at].words : undefined;
    return sum(count, words === undefined ? countWords(blocks[at]?.text ?? '') : { ...NO_WORDS, words });
  }, NO_WORDS);

/** Chooses by the trained models; where they are in doubt, by the second opinion. */
export const chooseBlocks = (page: ParsedPage): ChosenBlocks => {
  const facts = pageFactsOf(page);
  const byRules = facts.main.counted;
  const { leftOut } = facts;
  if (page.blocks.length > MAX_SCORED_BLOCKS) {
    return {
      counted: byRules,
      count: countBlocks(page, byRules, facts.blocks),
      confidence: UNSCORED_CONFIDENCE,
      otherwise: byRules,
      evidence: articleEvidenceOf(facts, byRules),
      leftOut,
      isDoubtful: true,
    };
  }
  const scores = scoreBlocks(facts);
  const counted = countedBlocks(facts, scores.context, COUNTED_ABOVE);
  const count = countBlocks(page, counted, facts.blocks);
  const confidence = confidenceIn(facts, scores, count.words);
  // Of what the models choose, in doubt too: it was learned from that.
  const evidence = articleEvidenceOf(facts, counted);
  // Of a page on which they find nothing, the models know nothing.
  const trust = count.words > 0 ? confidence : 0;
  const isDoubtful = trust < SECOND_OPINION_BELOW;
  const first = { counted, count, confidence, otherwise: byRules, evidence, leftOut, isDoubtful };
  if (!isDoubtful) return first;
  const second = secondOpinion(facts);
  const secondCount = countBlocks(page, second, facts.blocks);
  // A few words beside nothing are no text.
  if (secondCount.words < (count.words > 0 ? 1 : MIN_TEXT_WORDS)) return first;
  return {
    counted: second,
    count: secondCount,
    // The page may be no article at all.
    confidence: confidenceInSecond(trust) * evidence.chance,
    otherwise: counted,
    evidence,
    leftOut,
    isDoubtful,
  };
};
