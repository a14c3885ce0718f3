/**
 * The facts about a whole page, with the one element that holds the article by rules alone: the element whose
 * blocks score highest, where running text counts for an element and everything else a little against it.
 */
import {
  type BlockFacts,
  blockFactsOf,
  type ElementFacts,
  elementFactsOf,
  type MeasuredPage,
} from './block-facts.ts';
import { nameRuleBit, nameRuleBits } from './block-names.ts';
import { leftOutOf } from './left-out.ts';
import type { ParsedPage } from './parse-page.ts';

type MainContainer = {
  /** Index in `ParsedPage.elements`; -1 for the whole page. */
  readonly element: number;
  readonly firstBlock: number;
  readonly lastBlock: number;
  /** The blocks in it that count by the rules, in order. */
  readonly counted: readonly number[];
  /** Their words. */
  readonly words: number;
};

/** What a word adds to the score of the elements around it. Chosen on pages with known length, by site. */
const WORD_SCORES = { prose: 1, body: 1.25, boilerplateProse: -0.35, neutral: -0.1, linked: -0.3 };
/** A parent is taken instead if its running text is more than this many times as long. */
const MIN_CLIMB_GAIN = 1.33;
const MIN_BLOCK_WORDS = 4;
const MAX_LINK_SHARE = 0.5;

const BODY = nameRuleBit('body');
const BOILERPLATE = nameRuleBits('boilerplate');
/** Names too common around articles to say that running text is not one. */
const COMMON_AROUND_ARTICLES =
  nameRuleBit('card') | nameRuleBit('header') | nameRuleBit('about') | nameRuleBit('share');
const NOT_ARTICLE = BOILERPLATE & ~COMMON_AROUND_ARTICLES;

const scoreOf = (block: BlockFacts, rules: number): number => {
  if (block.proseWords === 0)
    return (block.words - block.linkWords) * WORD_SCORES.neutral + block.linkWords * WORD_SCORES.linked;
  if (rules & NOT_ARTICLE && !(rules & BODY)) return block.proseWords * WORD_SCORES.boilerplateProse;
  return block.proseWords * (rules & BODY ? WORD_SCORES.body : WORD_SCORES.prose);
};

const bestElement = (
  page: ParsedPage,
  blocks: readonly BlockFacts[],
  facts: readonly ElementFacts[],
): number => {
  const scores = new Float64Array(page.elements.length);
  const add = (element: number, by: number): void => {
    if (element >= 0) scores[element] = (scores[element] ?? 0) + by;
  };
  for (const block of blocks) add(block.element, scoreOf(block, facts[block.element]?.rules ?? 0));
  for (let at = scores.length - 1; at >= 0; at--) add(page.elements[at]?.parent ?? -1, scores[at] ?? 0);
  // Of two with the same score, the inner one.
  return scores.reduce((best, own, at) => (best < 0 || own >= (scores[best] ?? 0) ? at : best), -1);
};

const climbToParent = (page: ParsedPage, facts: readonly ElementFacts[], from: number): number => {
  let best = from;
  for (let at = page.elements[from]?.parent ?? -1; at >= 0; at = page.elements[at]?.parent ?? -1) {
    if ((facts[at]?.rules ?? 0) & NOT_ARTICLE) break;
    if ((facts[at]?.proseWords ?? 0) > (facts[best]?.proseWords ?? 0) * MIN_CLIMB_GAIN) best = at;
  }
  return best;
};

/** Whether a block of the main container counts by the rules. */
const isArticle = (block: BlockFacts, rules: number): boolean =>
  block.words >= MIN_BLOCK_WORDS &&
  block.linkWords < block.words * MAX_LINK_SHARE &&
  (rules & NOT_ARTICLE) === 0;

const mainContainerOf = (
  page: ParsedPage,
  blocks: readonly BlockFacts[],
  facts: readonly ElementFacts[],
): MainContainer => {
  const element = climbToParent(page, facts, bestElement(page, blocks, facts));
  const own = facts[element];
  const firstBlock = own && own.blocks > 0 ? own.firstBlock : 0;
  const lastBlock = own && own.blocks > 0 ? own.firstBlock + own.blocks - 1 : blocks.length - 1;
  const ownRules = own?.rules ?? 0;
  const counted: number[] = [];
  let words = 0;
  for (let at = firstBlock; at <= lastBlock; at++) {
    const block = blocks[at];
    if (!block || !isArticle(block, (facts[block.element]?.rules ?? 0) & ~ownRules)) continue;
    counted.push(at);
    words += block.words;
  }
  return { element, firstBlock, lastBlock, counted, words };
};

/** What is known about a page before a model scores it. */
export type PageFacts = MeasuredPage & {
  readonly main: MainContainer;
  /** For each block above 0 where the page's structure says that it is not to be counted: see `leftOutOf`. */
  readonly leftOut: Uint8Array;
};

/** Measures a page that was parsed. */
export const pageFactsOf = (page: ParsedPage): PageFacts => {
  const blocks = blockFactsOf(page);
  const elements = elementFactsOf(page, blocks);
  const leftOut = leftOutOf({ page, blocks, elements });
  return { page, blocks, elements, main: mainContainerOf(page, blocks, elements), leftOut };
};
