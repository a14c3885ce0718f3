/** What is around each block of a page: headings, neighbours, repetition, position. Each in one pass. */
import { type BlockFacts, MIN_MAIN_PROSE_SHARE } from './block-facts.ts';
import { matchPhrases } from './block-phrases.ts';
import type { PageFacts } from './page-facts.ts';

/** Elements that matter wherever they are around a block. */
export const ANCESTOR_TAGS =
  'article main header footer aside nav form table li figure blockquote details section button dialog'.split(
    ' ',
  );
const ancestorTagBits = new Map(ANCESTOR_TAGS.map((name, at) => [name, 1 << at]));
/** The bits of `article` and `main`: any other tag around most of the running text is only a wrapper. */
const ARTICLE_OR_MAIN = 0b11;
const WINDOW_BLOCKS = 4;
/** The distance, in blocks or words, from what a page does not have. */
const NO_DISTANCE = 1000;
/** Steps out of the main container are counted up to this. */
const MAX_STEPS_FROM_MAIN = 8;

export type BlockSums = { words: number; linkWords: number; proseWords: number; blocks: number };

const emptySums = (): BlockSums => ({ words: 0, linkWords: 0, proseWords: 0, blocks: 0 });

const add = (to: BlockSums, block: BlockFacts): void => {
  to.words += block.words;
  to.linkWords += block.linkWords;
  to.proseWords += block.proseWords;
  to.blocks++;
};

/** Sums over all blocks before each, and at the end over all. */
const runningSums = (blocks: readonly BlockFacts[]): BlockSums[] => {
  const running = emptySums();
  const sums = blocks.map((block) => {
    const before = { ...running };
    add(running, block);
    return before;
  });
  return [...sums, running];
};

const ancestorTagsOf = ({ page, elements }: PageFacts, proseWords: number): Int32Array => {
  const bits = new Int32Array(page.elements.length);
  page.elements.forEach((element, at) => {
    const tag = ancestorTagBits.get(element.tag.name) ?? 0;
    const isMost = (elements[at]?.proseWords ?? 0) > proseWords * MIN_MAIN_PROSE_SHARE;
    bits[at] = (bits[element.parent] ?? 0) | (isMost ? tag & ARTICLE_OR_MAIN : tag);
  });
  return bits;
};

/** For each element the number of the outermost `<article>` around it, from 1, else 0; and its running text. */
const outermostArticles = ({ page, elements }: PageFacts) => {
  const numbers = new Int32Array(page.elements.length);
  const proseWords = [0];
  page.elements.forEach((element, at) => {
    const outer = numbers[element.parent] ?? 0;
    numbers[at] = outer;
    if (outer > 0 || element.tag.name !== 'article') return;
    numbers[at] = proseWords.length;
    proseWords.push(elements[at]?.proseWords ?? 0);
  });
  return { numbers, proseWords };
};

const HEADING = /^h[1-6]$/;
const MAX_HEADING_CHARACTERS = 300;
const MIN_TITLE_CHARACTERS = 10;

export type Heading = {
  /** Bits of `PHRASE_RULES`. */
  readonly phrases: number;
  /** 1 to 6; 0 before the first heading. */
  readonly level: number;
  readonly wordsSince: number;
  readonly isTitle: boolean;
  /** Its own block. */
  readonly at: number;
};

const normalized = (text: string): string =>
  text.slice(0, MAX_HEADING_CHARACTERS).toLowerCase().replaceAll(/\s+/g, ' ').trim();

/** The heading each block stands under, and how far from it. */
const headingsOf = ({ page, blocks }: PageFacts): Heading[] => {
  const title = normalized(page.title);
  let current: Heading = { phrases: 0, level: 0, wordsSince: 0, isTitle: false, at: -1 };
  return blocks.map((block, at) => {
    const name = page.elements[block.element]?.tag.name ?? '';
    if (HEADING.test(name)) {
      const text = normalized(page.blocks[at]?.text ?? '');
      const isTitle = text.length >= MIN_TITLE_CHARACTERS && title.includes(text);
      current = { phrases: matchPhrases(text), level: Number(name.slice(1)), wordsSince: 0, isTitle, at };
    } else {
      current = { ...current, wordsSince: current.wordsSince + block.words };
    }
    return current;
  });
};

/** How many words lie between each block and the last running text, in the order the blocks are given. */
const distanceFromProse = (blocks: readonly BlockFacts[]): number[] => {
  let since = NO_DISTANCE;
  return blocks.map((block) => {
    since = block.proseWords > 0 ? 0 : since + block.words;
    return since;
  });
};

const blocksSinceH1Of = ({ page, blocks }: PageFacts): number[] => {
  let last = -1;
  return blocks.map((block, at) => {
    if (page.elements[block.element]?.tag.name === 'h1') last = at;
    return last < 0 ? NO_DISTANCE : at - last;
  });
};

/** Steps from the main container out to the first element that holds the block too: 0 inside the main container. */
const stepsFromMainOf = ({ page, elements, blocks, main }: PageFacts): Uint8Array => {
  const steps = new Uint8Array(blocks.length).fill(MAX_STEPS_FROM_MAIN);
  let at = main.element;
  let first = main.firstBlock;
  let last = main.lastBlock;
  steps.fill(0, first, last + 1);
  for (let step = 1; step < MAX_STEPS_FROM_MAIN; step++) {
    at = page.elements[at]?.parent ?? -1;
    const element = elements[at];
    if (!element) break;
    const end = element.firstBlock + element.blocks - 1;
    steps.fill(step, element.firstBlock, first);
    steps.fill(step, last + 1, end + 1);
    first = element.firstBlock;
    last = end;
  }
  return steps;
};

const timesSeenOf = (blocks: readonly BlockFacts[]): number[] => {
  const counts = new Map<number, number>();
  for (const { hash } of blocks) counts.set(hash, (counts.get(hash) ?? 0) + 1);
  return blocks.map(({ hash }) => counts.get(hash) ?? 1);
};

/** Groups blocks whose element and its parent have the same tags and classes: the number of each one's group. */
export const groupsByMarkup = ({ page, blocks }: Pick<PageFacts, 'page' | 'blocks'>): number[] => {
  const groups = new Map<number, Map<number, number>>();
  let next = 0;
  return blocks.map((block) => {
    const element = page.elements[block.element];
    const outer = page.elements[element?.parent ?? -1]?.signature ?? 0;
    const inner = groups.get(outer) ?? new Map<number, number>();
    groups.set(outer, inner);
    const known = inner.get(element?.signature ?? 0);
    if (known !== undefined) return known;
    inner.set(element?.signature ?? 0, next);
    return next++;
  });
};

const groupSumsOf = (facts: PageFacts): BlockSums[] => {
  const sums: BlockSums[] = [];
  const groups = groupsByMarkup(facts);
  facts.blocks.forEach((block, at) => {
    const group = groups[at] ?? 0;
    const sum = sums[group] ?? emptySums();
    sums[group] = sum;
    add(sum, block);
  });
  return groups.map((group) => sums[group] ?? emptySums());
};

export const blockContextOf = (facts: PageFacts) => {
  const { blocks } = facts;
  const sums = runningSums(blocks);
  const total = sums.at(-1) ?? emptySums();
  const headings = headingsOf(facts);
  const articles = outermostArticles(facts);
  const articleNumber = (element: number): number => articles.numbers[element] ?? 0;
  return {
    total,
    articles: articles.proseWords.length - 1,
    headings,
    group: groupSumsOf(facts),
    timesSeen: timesSeenOf(blocks),
    blocksSinceH1: blocksSinceH1Of(facts),
    stepsFromMain: stepsFromMainOf(facts),
    wordsSinceProse: distanceFromProse(blocks),
    wordsUntilProse: distanceFromProse(blocks.toReversed()).toReversed(),
    ancestorTags: ancestorTagsOf(facts, total.proseWords),
    articleNumber,
    articleProse: (element: number): number => articles.proseWords[articleNumber(element)] ?? 0,
    before: (at: number): BlockSums => sums[at] ?? total,
    /** Sums over the blocks near one. */
    window: (at: number): Omit<BlockSums, 'blocks'> => {
      const from = sums[Math.max(0, at - WINDOW_BLOCKS)] ?? total;
      const to = sums[Math.min(blocks.length, at + WINDOW_BLOCKS + 1)] ?? total;
      return {
        words: to.words - from.words,
        linkWords: to.linkWords - from.linkWords,
        proseWords: to.proseWords - from.proseWords,
      };
    },
    /** 1 to 6 where the block is itself a heading, else 0. */
    headingLevel: (at: number): number => (headings[at]?.at === at ? (headings[at]?.level ?? 0) : 0),
  };
};

export type BlockContext = ReturnType<typeof blockContextOf>;
