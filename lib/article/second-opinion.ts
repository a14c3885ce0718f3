/**
 * A second opinion on which blocks are the article, for pages on which the trained models are in doubt. It knows nothing
 * of them: each paragraph gives credit to the elements around it, the nearer the more, and the element with the most
 * credit is the article, together with its siblings that have some. The idea is that of Readability (Arc90, 2009;
 * https://github.com/mozilla/readability), here on the numbers that are kept of a page; what each step is worth was
 * measured on pages with known length.
 */
import type { Element } from './block-builder.ts';
import { nameRuleBit, nameRuleBits } from './block-names.ts';
import type { PageFacts } from './page-facts.ts';

const ARTICLE = nameRuleBits('article');
const bitsOf = (names: string): number =>
  names.split(' ').reduce((bits, name) => bits | nameRuleBit(name), 0);
/** Elements called so are left out at first. */
const BESIDE_ARTICLE = bitsOf(
  'comments related navigation contents header footer sidebar share advertising newsletter account consent overlay',
);
/** Elements called so have less credit. */
const UNLIKE_ARTICLE = bitsOf('comments related footer sidebar share advertising newsletter product');
/** What is called otherwise, and holds more of the page's prose, is a wrapper of the article. */
const MIN_WRAPPER_PROSE_SHARE = 0.5;

const NAME_CREDIT = 25;
const TAG_CREDIT: Readonly<Record<string, number>> = {
  ...{ div: 5, pre: 3, td: 3, blockquote: 3 },
  ...{ address: -3, ol: -3, ul: -3, dl: -3, dd: -3, dt: -3, li: -3, form: -3 },
  ...{ h1: -5, h2: -5, h3: -5, h4: -5, h5: -5, h6: -5, th: -5 },
};
/** A shorter paragraph gives no credit: UTF-16 units. */
const MIN_PARAGRAPH = 25;
/** For each so many UTF-16 units a paragraph gives one more, up to `MAX_LENGTH_CREDIT`. */
const CREDITED_LENGTH = 100;
const MAX_LENGTH_CREDIT = 3;
/** How many elements around a paragraph get credit. */
const MAX_LEVELS = 8;
/** A parent is taken instead if it has more than this many times as much prose. */
const MIN_CLIMB_GAIN = 3;
/** A sibling belongs to the article from this share of its credit on; the same class gives it as much at once. */
const MIN_SIBLING_SHARE = 0.2;
const MIN_SIBLING_CREDIT = 10;

const NEVER_ARTICLE = new Set('aside form footer nav button dialog menu fieldset label head'.split(' '));
/** Parts of an article that are left out if they look like a box of links. */
const PARTS = new Set(['div', 'table', 'section']);
const HEADING = /^h[1-6]$/;
/** A part with so many commas is text. */
const MIN_TEXT_COMMAS = 10;
const MIN_PART_LENGTH = 25;
const MAX_LINK_SHARE = 0.2;
const MIN_HEADING_SHARE = 0.9;
/** An article with less text may be the wrong one: then nothing is left out by its name. UTF-16 units. */
const MIN_ARTICLE_LENGTH = 500;

/** Sums over all that is inside each element: UTF-16 units, and commas. */
type Sums = Readonly<Record<'length' | 'linkLength' | 'headingLength' | 'commas' | 'prose', Float64Array>>;

/** For each element 1 if its name, or that of one around it, says that it stands beside the article. */
const besideArticle = ({ page, elements }: PageFacts): Uint8Array => {
  const leftOut = new Uint8Array(page.elements.length);
  const allProse = elements[0]?.proseWords ?? 0;
  page.elements.forEach(({ parent, rules, tag }, at) => {
    const isBeside = (rules & BESIDE_ARTICLE) !== 0 && (rules & ARTICLE) === 0;
    const isWrapper =
      tag.name === 'article' ||
      tag.name === 'main' ||
      (elements[at]?.proseWords ?? 0) >= allProse * MIN_WRAPPER_PROSE_SHARE;
    leftOut[at] = leftOut[parent] || (isBeside && !isWrapper) ? 1 : 0;
  });
  return leftOut;
};

const sumsOf = (facts: PageFacts, leftOut: Uint8Array): Sums => {
  const numbers = () => new Float64Array(facts.page.elements.length);
  const sums: Sums = {
    length: numbers(),
    linkLength: numbers(),
    headingLength: numbers(),
    commas: numbers(),
    prose: numbers(),
  };
  facts.blocks.forEach(({ element, length, words, linkWords, commas, proseWords }, at) => {
    if (leftOut[element]) return;
    add(sums.length, element, length);
    add(sums.linkLength, element, (length * linkWords) / Math.max(1, words));
    if (facts.leftOut[at]) return;
    add(sums.commas, element, commas);
    add(sums.prose, element, proseWords);
  });
  addToParents(facts, sums);
  return sums;
};

const add = (numbers: Float64Array, at: number, by = 0): void => {
  numbers[at] = (numbers[at] ?? 0) + by;
};

/** Elements come after the ones around them. */
const addToParents = ({ page }: PageFacts, sums: Sums): void => {
  for (let at = page.elements.length - 1; at > 0; at--) {
    const own = page.elements[at];
    if (!own || own.parent < 0) continue;
    const { parent, tag } = own;
    add(sums.length, parent, sums.length[at]);
    add(sums.linkLength, parent, sums.linkLength[at]);
    add(sums.commas, parent, sums.commas[at]);
    add(sums.headingLength, parent, (HEADING.test(tag.name) ? sums.length : sums.headingLength)[at]);
    if (!NEVER_ARTICLE.has(tag.name)) add(sums.prose, parent, sums.prose[at]);
  }
};

const linkShare = ({ length, linkLength }: Sums, at: number): number =>
  (linkLength[at] ?? 0) / Math.max(1, length[at] ?? 0);

/** What an element has before any paragraph gives it credit. */
const firstCredit = (byNames: boolean, { tag, rules }: Element): number => {
  const ofNames = (rules & ARTICLE ? NAME_CREDIT : 0) - (rules & UNLIKE_ARTICLE ? NAME_CREDIT : 0);
  return (TAG_CREDIT[tag.name] ?? 0) + (byNames ? ofNames : 0);
};

/** The credit of each element; `NaN` of those without any. */
const creditOf = (
  byNames: boolean,
  { page, blocks, elements, leftOut }: PageFacts,
  sums: Sums,
): Float64Array => {
  const credit = new Float64Array(page.elements.length).fill(Number.NaN);
  const give = (from: number, given: number): void => {
    let at = from;
    for (let level = 0; level < MAX_LEVELS; level++) {
      const around = page.elements[at];
      if (!around) return;
      if (Number.isNaN(credit[at])) credit[at] = firstCredit(byNames, around);
      add(credit, at, given / (level < 2 ? level + 1 : level * 3));
      at = around.parent;
    }
  };
  blocks.forEach(({ element, length, commas }, at) => {
    if (sums.length[element] === 0 || leftOut[at] || length < MIN_PARAGRAPH) return;
    // Text that is all of its element is a paragraph; else it is one without a tag, in that element.
    const from = elements[element]?.blocks === 1 ? (page.elements[element]?.parent ?? -1) : element;
    give(from, 2 + commas + Math.min(Math.floor(length / CREDITED_LENGTH), MAX_LENGTH_CREDIT));
  });
  return credit.map((own, at) => own * (1 - linkShare(sums, at)));
};

const isPage = (facts: PageFacts, at: number): boolean =>
  ['html', 'body'].includes(facts.page.elements[at]?.tag.name ?? '');

/** The element that holds most of the article, where it is not split over several. */
const mainElementOf = (facts: PageFacts, sums: Sums, credit: Float64Array): number => {
  const { elements } = facts.page;
  let main = credit.reduce(
    (best, own, at) => (own > (credit[best] ?? Number.NEGATIVE_INFINITY) ? at : best),
    -1,
  );
  const filled = new Uint32Array(elements.length);
  elements.forEach(({ parent }, at) => {
    if ((sums.length[at] ?? 0) > 0 && parent >= 0) filled[parent] = (filled[parent] ?? 0) + 1;
  });
  const parentOf = (at: number): number => elements[at]?.parent ?? -1;
  for (let at = parentOf(main); at >= 0 && !isPage(facts, at) && filled[at] === 1; at = parentOf(at))
    main = at;
  for (let at = parentOf(main); at >= 0 && !isPage(facts, at); at = parentOf(at))
    if ((sums.prose[at] ?? 0) > (sums.prose[main] ?? 0) * MIN_CLIMB_GAIN) main = at;
  return main;
};

/** Whether a part of an article is a box of links, or next to nothing. */
const isBox = ({ page }: PageFacts, sums: Sums, at: number): boolean => {
  if (!PARTS.has(page.elements[at]?.tag.name ?? '') || (sums.commas[at] ?? 0) >= MIN_TEXT_COMMAS)
    return false;
  const length = sums.length[at] ?? 0;
  const isHeading = (sums.headingLength[at] ?? 0) >= length * MIN_HEADING_SHARE;
  return (length < MIN_PART_LENGTH && !isHeading) || linkShare(sums, at) > MAX_LINK_SHARE;
};

/**
 * The indices of the blocks that are the article.
 * @param byNames whether names are taken as a sign, and boxes of links left out
 */
const articleBlocks = (facts: PageFacts, byNames: boolean): number[] => {
  const { page, blocks } = facts;
  const leftOut = byNames ? besideArticle(facts) : new Uint8Array(page.elements.length);
  const sums = sumsOf(facts, leftOut);
  const credit = creditOf(byNames, facts, sums);
  const main = mainElementOf(facts, sums, credit);
  if (main < 0) return blocks.flatMap((_, at) => (facts.leftOut[at] ? [] : [at]));
  const parent = page.elements[main]?.parent ?? -1;
  const share = (credit[main] ?? 0) * MIN_SIBLING_SHARE;
  const isSibling = (at: number): boolean => {
    if (page.elements[at]?.parent !== parent) return false;
    const bonus = page.elements[at]?.signature === page.elements[main]?.signature ? share : 0;
    return (credit[at] ?? 0) + bonus >= Math.max(MIN_SIBLING_CREDIT, share);
  };
  const isIn = new Uint8Array(page.elements.length);
  page.elements.forEach(({ parent: outer, tag }, at) => {
    const isRoot = at === main || (parent >= 0 && isSibling(at));
    const isLeftOut =
      leftOut[at] || NEVER_ARTICLE.has(tag.name) || (byNames && !isRoot && isBox(facts, sums, at));
    isIn[at] = (isRoot || isIn[outer]) && !isLeftOut ? 1 : 0;
  });
  return blocks.flatMap(({ element }, at) => (isIn[element] && !facts.leftOut[at] ? [at] : []));
};

/** The indices of the blocks that are the article by this opinion, in order. What is there twice is counted twice. */
export const secondOpinion = (facts: PageFacts): number[] => {
  const lengthOf = (counted: readonly number[]): number =>
    counted.reduce((sum, at) => sum + (facts.blocks[at]?.length ?? 0), 0);
  const byNames = articleBlocks(facts, true);
  if (lengthOf(byNames) >= MIN_ARTICLE_LENGTH) return byNames;
  const all = articleBlocks(facts, false);
  return lengthOf(all) > lengthOf(byNames) ? all : byNames;
};
