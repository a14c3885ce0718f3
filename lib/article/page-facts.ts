/**
 * The facts about a whole page, with the one element that holds the article by rules alone: the element whose
 * blocks score highest, where running text counts for an element and everything else a little against it.
 */
import { type BlockFacts, blockFactsOf, type ElementFacts, elementFactsOf } from './block-facts.ts';
import { nameRuleBit, nameRuleBits } from './block-names.ts';
import { leftOutOf } from './left-out.ts';
import { publicationOf } from './page-claims.ts';
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
export type PageFacts = {
  readonly page: ParsedPage;
  /** As `page.blocks`. */
  readonly blocks: readonly BlockFacts[];
  /** As `page.elements`. */
  readonly elements: readonly ElementFacts[];
  readonly main: MainContainer;
  /** For each block 1 where the page's structure says that it is not to be counted. */
  readonly leftOut: Uint8Array;
};

export const pageFactsOf = (page: ParsedPage): PageFacts => {
  const blocks = blockFactsOf(page);
  const elements = elementFactsOf(page, blocks);
  const leftOut = leftOutOf({ page, blocks, elements });
  return { page, blocks, elements, main: mainContainerOf(page, blocks, elements), leftOut };
};

const PRODUCT_META = /^(?:product:|og:price|og:availability)/;
const DATE_IN_PATH = /\/(?:19|20)\d\d\/?\d/;
const MAX_HYPHENS = 8;

const log = (value: number): number => Math.log2(1 + value);
const wordsIn = (text: string): number => text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
const bit = (value: boolean): number => (value ? 1 : 0);

/** What is counted, by the kind of element it stands in. */
const textFeaturesOf = ({ page, blocks, leftOut }: PageFacts, counted: readonly number[]) => {
  const wordsIn = { p: 0, li: 0, td: 0 };
  const parents = new Set<number>();
  let words = 0;
  for (const at of counted) {
    const block = blocks[at];
    const element = page.elements[block?.element ?? -1];
    if (!block || !element) continue;
    words += block.words;
    parents.add(element.parent);
    if (element.tag.name === 'p') wordsIn.p += block.words;
    else if (element.tag.name === 'li' || element.tag.name === 'dd') wordsIn.li += block.words;
    else if (element.tag.name === 'td' || element.tag.name === 'th') wordsIn.td += block.words;
  }
  // What is hidden, and notes, say nothing against the rest.
  const all = { words: 0, proseWords: 0 };
  blocks.forEach((block, at) => {
    if (leftOut[at]) return;
    all.words += block.words;
    all.proseWords += block.proseWords;
  });
  return {
    share: words / Math.max(1, all.words),
    allProse: all.proseWords / Math.max(1, all.words),
    p: wordsIn.p / Math.max(1, words),
    li: wordsIn.li / Math.max(1, words),
    td: wordsIn.td / Math.max(1, words),
    parents: log(parents.size),
    parentsPer: parents.size / Math.max(1, counted.length),
  };
};

const pathOf = (address: string): string | undefined => {
  try {
    return new URL(address, 'http://site.invalid').pathname;
  } catch {
    return undefined;
  }
};

/** What the address says that the page gives as its own. */
const addressFeaturesOf = (address: string) => {
  const path = address === '' ? undefined : pathOf(address);
  const last = path?.split('/').findLast((part) => part !== '') ?? '';
  return {
    root: bit(path !== undefined && last === ''),
    hyphens: Math.min(MAX_HYPHENS, last.match(/[-_]/g)?.length ?? 0),
    dateInPath: bit(path !== undefined && DATE_IN_PATH.test(path)),
  };
};

/**
 * The numbers by name.
 * @param counted indices of the blocks that are counted
 * @internal
 */
export const kindFeaturesOf = (facts: PageFacts, counted: readonly number[]): Record<string, number> => {
  const { page, blocks } = facts;
  const publication = publicationOf(page);
  const heading = blocks.findIndex(({ element }) => page.elements[element]?.tag.name === 'h1');
  return {
    ...textFeaturesOf(facts, counted),
    ...addressFeaturesOf(page.canonical || (page.metas.get('og:url') ?? '')),
    ogArticle: bit(publication.isArticleType),
    ldArticle: bit(publication.isArticleInJsonLd),
    ldOther: bit(publication.isOtherInJsonLd),
    pub: bit(publication.hasDate),
    author: bit(publication.hasAuthor),
    product: bit([...page.metas.keys()].some((key) => PRODUCT_META.test(key))),
    h1Words: log(wordsIn(page.blocks[heading]?.text ?? '')),
    button: log(page.elements.reduce((sum, { tag }) => sum + bit(tag.name === 'button'), 0)),
  };
};

/**
 * Weights of these numbers in a logistic regression, printed by `npm run train:kind` (scripts/train/README.md): what
 * pages of sites say of being an article, and nothing of their words.
 */
const KIND_WEIGHTS: Readonly<Record<string, number>> = {
  share: 4.31,
  allProse: -0.729,
  p: 1.68,
  li: 2.07,
  td: 10.2,
  parents: -0.436,
  parentsPer: -0.89,
  root: -2.3,
  hyphens: 0.0974,
  dateInPath: 1.33,
  ogArticle: 0.874,
  ldArticle: 1.98,
  ldOther: -1.81,
  pub: 0.364,
  author: 1.09,
  product: -4.39,
  h1Words: 0.42,
  button: -0.302,
};
const KIND_BIAS = -1.337;
/**
 * A page that is less likely an article gives no length: a short one, and a longer one. On sites that the weights were not
 * fitted to, 99 of 100 articles are likelier.
 */
const MIN_CHANCE = { short: 0.1, long: 0.2 };
/**
 * Two minutes, in English.
 * @internal
 */
export const SHORT_WORDS = 476;

/** Whether most of what is counted leads elsewhere, as teasers do. */
const isLinks = ({ blocks }: PageFacts, counted: readonly number[]): boolean => {
  const sumOf = (key: 'words' | 'linkWords'): number =>
    counted.reduce((sum, at) => sum + (blocks[at]?.[key] ?? 0), 0);
  return sumOf('linkWords') > sumOf('words') * MAX_LINK_SHARE;
};

/** How likely a page is an article: 0 to 1. @param counted indices of the blocks that are counted */
export const chanceOfArticle = (facts: PageFacts, counted: readonly number[]): number => {
  if (isLinks(facts, counted)) return 0;
  let sum = KIND_BIAS;
  for (const [name, value] of Object.entries(kindFeaturesOf(facts, counted)))
    sum += value * (KIND_WEIGHTS[name] ?? 0);
  return 1 / (1 + Math.exp(-sum));
};

/** Whether a page with so many words is so unlikely an article that it gives no length. */
export const isUnlikely = (chance: number, words: number): boolean =>
  chance < (words < SHORT_WORDS ? MIN_CHANCE.short : MIN_CHANCE.long);
