/**
 * What shows that a page is an article, and a whole one: how its text is built and what it says of itself, never what
 * its words mean.
 */
import { nameRuleBit } from './block-names.ts';
import { marksOf, type Publication, publicationOf } from './page-claims.ts';
import type { PageFacts } from './page-facts.ts';
import type { NonArticleEvidence } from './paywalls-and-error-pages.ts';

const PRODUCT_META = /^(?:product:|og:price|og:availability)/;
/** A year and the beginning of a month: `/2026/11/`, `/202611`. */
const DATE_IN_PATH = /\/(?:19|20)\d\d\/?\d/;
/** More of them say no more. */
const MAX_HYPHENS = 8;
const MAX_HEADING_CHARACTERS = 1000;

const log = (value: number): number => Math.log2(1 + value);
const bit = (value: boolean): number => (value ? 1 : 0);
const wordsIn = (text: string): number =>
  text.slice(0, MAX_HEADING_CHARACTERS).match(/[\p{L}\p{N}]+/gu)?.length ?? 0;

/** What the text stands in, by the name of its element. */
const TEXT_KINDS: Readonly<Record<string, 'paragraphs' | 'lists' | 'tables'>> = {
  p: 'paragraphs',
  li: 'lists',
  dd: 'lists',
  td: 'tables',
  th: 'tables',
};

/** What is counted, by the kind of element it stands in, and how much of the page that is. */
const textFeaturesOf = ({ page, blocks, leftOut }: PageFacts, counted: readonly number[]) => {
  const byKind = { paragraphs: 0, lists: 0, tables: 0 };
  const parents = new Set<number>();
  let words = 0;
  for (const at of counted) {
    const block = blocks[at];
    const element = page.elements[block?.element ?? -1];
    if (!block || !element) continue;
    words += block.words;
    parents.add(element.parent);
    const kind = TEXT_KINDS[element.tag.name];
    if (kind) byKind[kind] += block.words;
  }
  let allWords = 0;
  let proseWords = 0;
  blocks.forEach((block, at) => {
    // What is hidden, and notes, say nothing against the rest.
    if (leftOut[at]) return;
    allWords += block.words;
    proseWords += block.proseWords;
  });
  return {
    counted: words / Math.max(1, allWords),
    prose: proseWords / Math.max(1, allWords),
    inParagraphs: byKind.paragraphs / Math.max(1, words),
    inLists: byKind.lists / Math.max(1, words),
    inTables: byKind.tables / Math.max(1, words),
    parents: log(parents.size),
    parentsPerBlock: parents.size / Math.max(1, counted.length),
  };
};

/** What the address says that the page gives as its own. */
const addressFeaturesOf = (address: string) => {
  const path = address === '' ? undefined : URL.parse(address, 'http://site.invalid')?.pathname;
  const last = path?.split('/').findLast((part) => part !== '') ?? '';
  return {
    isRoot: bit(path !== undefined && last === ''),
    hyphens: Math.min(MAX_HYPHENS, last.match(/[-_]/g)?.length ?? 0),
    dateInPath: bit(path !== undefined && DATE_IN_PATH.test(path)),
  };
};

const buttonsOf = ({ page }: PageFacts): number =>
  page.elements.reduce((sum, { tag }) => sum + bit(tag.name === 'button'), 0);

/**
 * What tells an article from other pages, as numbers by name.
 * @param counted indices of the blocks that are counted
 * @internal
 */
export const kindFeaturesOf = (
  facts: PageFacts,
  counted: readonly number[],
  publication: Publication = publicationOf(facts.page),
) => {
  const { page, blocks } = facts;
  const heading = blocks.findIndex(({ element }) => page.elements[element]?.tag.name === 'h1');
  return {
    ...textFeaturesOf(facts, counted),
    ...addressFeaturesOf(page.canonical || (page.metas.get('og:url') ?? '')),
    openGraphArticle: bit(publication.isArticleType),
    jsonLdArticle: bit(publication.isArticleInJsonLd),
    jsonLdOther: bit(publication.isOtherInJsonLd),
    date: bit(publication.hasDate),
    author: bit(publication.hasAuthor),
    product: bit(page.metas.keys().some((key) => PRODUCT_META.test(key))),
    headingWords: log(wordsIn(page.blocks[heading]?.text ?? '')),
    buttons: log(buttonsOf(facts)),
  };
};

type KindFeatures = ReturnType<typeof kindFeaturesOf>;

/**
 * Weights of these numbers in a logistic regression. `npm run train:kind` (scripts/train/README.md) fits them to pages of
 * known type, 973 articles and the others that would get a wrong tag, and prints them; a new fit moves them a little.
 */
const KIND_WEIGHTS: Readonly<KindFeatures> = {
  counted: 4.31,
  prose: -0.729,
  inParagraphs: 1.68,
  inLists: 2.07,
  inTables: 10.2,
  parents: -0.436,
  parentsPerBlock: -0.89,
  isRoot: -2.3,
  hyphens: 0.0974,
  dateInPath: 1.33,
  openGraphArticle: 0.874,
  jsonLdArticle: 1.98,
  jsonLdOther: -1.81,
  date: 0.364,
  author: 1.09,
  product: -4.39,
  headingWords: 0.42,
  buttons: -0.302,
};
const KIND_BIAS = -1.337;

const chanceBy = (features: KindFeatures): number => {
  let sum = KIND_BIAS;
  for (const name of Object.keys(KIND_WEIGHTS) as (keyof KindFeatures)[])
    sum += features[name] * KIND_WEIGHTS[name];
  return 1 / (1 + Math.exp(-sum));
};

/** With a larger share of linked words, what is counted are teasers. */
const MAX_LINK_SHARE = 0.5;
/** An offer stands at most this many blocks before or behind the last one that is counted. */
const MAX_BLOCKS_TO_OFFER = 3;
const BODY = nameRuleBit('body');

/** For each element 1 where it is, or is inside, one for articles, by its tag or its name. */
const articleElementsOf = ({ page, elements }: PageFacts): Uint8Array => {
  const isArticle = new Uint8Array(page.elements.length);
  page.elements.forEach(({ parent, tag }, at) => {
    const isNamed = tag.name === 'article' || ((elements[at]?.rules ?? 0) & BODY) !== 0;
    isArticle[at] = isNamed ? 1 : (isArticle[parent] ?? 0);
  });
  return isArticle;
};

/** What the whole page says of the counted text's being an article, and a whole one. */
export type ArticleEvidence = Pick<
  NonArticleEvidence,
  'marks' | 'buttons' | 'chance' | 'isInArticle' | 'hasOffer'
>;

/** @param counted indices of the blocks that are counted, in order */
export const articleEvidenceOf = (facts: PageFacts, counted: readonly number[]): ArticleEvidence => {
  const { page, blocks } = facts;
  const publication = publicationOf(page);
  const isArticle = articleElementsOf(facts);
  const sums = { words: 0, linkWords: 0, inArticle: 0 };
  for (const at of counted) {
    const { words = 0, linkWords = 0, element = -1 } = blocks[at] ?? {};
    sums.words += words;
    sums.linkWords += linkWords;
    if (isArticle[element]) sums.inArticle += words;
  }
  const isTeasers = sums.linkWords > sums.words * MAX_LINK_SHARE;
  const last = counted.at(-1) ?? 0;
  return {
    marks: marksOf(page, publication),
    buttons: buttonsOf(facts),
    chance: isTeasers ? 0 : chanceBy(kindFeaturesOf(facts, counted, publication)),
    isInArticle: counted.length > 0 && sums.inArticle * 2 > sums.words,
    hasOffer: page.offers.some((at) => at > 0 && Math.abs(at - last) <= MAX_BLOCKS_TO_OFFER),
  };
};
