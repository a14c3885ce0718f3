/**
 * The one element that holds the article, by rules alone: the element whose blocks are worth most, where running
 * text counts for an element and everything else a little against it.
 */
import type { BlockFacts, ElementFacts } from './block-facts.ts';
import { bitOf, bitsThatSay } from './block-rules.ts';
import type { Page } from './html-blocks.ts';

export type MainContainer = {
  /** Index in `Page.elements`; -1 for the whole page. */
  readonly element: number;
  readonly firstBlock: number;
  readonly lastBlock: number;
  /** The blocks in it that the rules let through, in order. */
  readonly counted: readonly number[];
  /** Their words. */
  readonly words: number;
};

/** What a word is worth to the element around it. Chosen on pages with known length, by site. */
const WORTH = { prose: 1, body: 1.25, boilerplateProse: -0.35, neutral: -0.1, linked: -0.3 };
/** A parent is taken instead if it adds more than this share of running text. */
const WORTHWHILE_CLIMB = 1.33;
const MIN_WORDS = 4;
const MAX_LINKED = 0.5;

const BODY = bitOf('body');
const BOILERPLATE = bitsThatSay('boilerplate');
/** Names too common around articles to be held against running text. */
const HARMLESS = bitOf('card') | bitOf('header') | bitOf('about') | bitOf('share');
const NOT_ARTICLE = BOILERPLATE & ~HARMLESS;

const worthOf = (block: BlockFacts, rules: number): number => {
  if (block.proseWords === 0)
    return (block.words - block.linkWords) * WORTH.neutral + block.linkWords * WORTH.linked;
  if (rules & NOT_ARTICLE && !(rules & BODY)) return block.proseWords * WORTH.boilerplateProse;
  return block.proseWords * (rules & BODY ? WORTH.body : WORTH.prose);
};

const mostWorth = (page: Page, blocks: readonly BlockFacts[], facts: readonly ElementFacts[]): number => {
  const worth = new Float64Array(page.elements.length);
  const add = (element: number, by: number): void => {
    if (element >= 0) worth[element] = (worth[element] ?? 0) + by;
  };
  for (const block of blocks) add(block.element, worthOf(block, facts[block.element]?.rules ?? 0));
  for (let at = worth.length - 1; at >= 0; at--) add(page.elements[at]?.parent ?? -1, worth[at] ?? 0);
  // Of two that are worth the same, the inner one.
  return worth.reduce((best, own, at) => (best < 0 || own >= (worth[best] ?? 0) ? at : best), -1);
};

const climb = (page: Page, facts: readonly ElementFacts[], from: number): number => {
  let best = from;
  for (let at = page.elements[from]?.parent ?? -1; at >= 0; at = page.elements[at]?.parent ?? -1) {
    if ((facts[at]?.rules ?? 0) & NOT_ARTICLE) break;
    if ((facts[at]?.proseWords ?? 0) > (facts[best]?.proseWords ?? 0) * WORTHWHILE_CLIMB) best = at;
  }
  return best;
};

/** Whether the rules let a block of the main container through. */
const isArticle = (block: BlockFacts, rules: number): boolean =>
  block.words >= MIN_WORDS && block.linkWords < block.words * MAX_LINKED && (rules & NOT_ARTICLE) === 0;

export const mainContainerOf = (
  page: Page,
  blocks: readonly BlockFacts[],
  facts: readonly ElementFacts[],
): MainContainer => {
  const element = climb(page, facts, mostWorth(page, blocks, facts));
  const own = facts[element];
  const firstBlock = own && own.blocks > 0 ? own.firstBlock : 0;
  const lastBlock = own && own.blocks > 0 ? own.firstBlock + own.blocks - 1 : blocks.length - 1;
  const given = own?.rules ?? 0;
  const counted: number[] = [];
  let words = 0;
  for (let at = firstBlock; at <= lastBlock; at++) {
    const block = blocks[at];
    if (!block || !isArticle(block, (facts[block.element]?.rules ?? 0) & ~given)) continue;
    counted.push(at);
    words += block.words;
  }
  return { element, firstBlock, lastBlock, counted, words };
};
