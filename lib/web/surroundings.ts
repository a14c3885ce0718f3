/** What is around each block of a page: headings, neighbours, repetition, position. Each in one pass. */
import type { BlockFacts } from './block-facts.ts';
import type { PageFacts } from './block-features.ts';
import { phrasesMet } from './phrase-rules.ts';

/** Elements that matter wherever they are around a block. */
export const TAG_BITS =
  'article main header footer aside nav form table li figure blockquote details section button dialog'.split(
    ' ',
  );
/** Also where they hold most of the running text; the others are then only a wrapper. */
const ALWAYS_MEANT = 2;
const MOST_OF_THE_PROSE = 0.5;
const WINDOW = 4;

const HEADING = /^h[1-6]$/;
const FAR = 1000;

export type Sums = { words: number; linkWords: number; proseWords: number; blocks: number };

const noSums = (): Sums => ({ words: 0, linkWords: 0, proseWords: 0, blocks: 0 });

const add = (to: Sums, block: BlockFacts): void => {
  to.words += block.words;
  to.linkWords += block.linkWords;
  to.proseWords += block.proseWords;
  to.blocks++;
};

/** Sums over all blocks before each, and at the end over all. */
const runningSums = (blocks: readonly BlockFacts[]): Sums[] => {
  const sums = [noSums()];
  for (const block of blocks) {
    const next = { ...(sums.at(-1) ?? noSums()) };
    add(next, block);
    sums.push(next);
  }
  return sums;
};

const tagBitsOf = ({ page, elements }: PageFacts, proseWords: number): Int32Array => {
  const bits = new Int32Array(page.elements.length);
  page.elements.forEach((element, at) => {
    const tag = TAG_BITS.indexOf(element.tag.name);
    const isWrapper = tag >= ALWAYS_MEANT && (elements[at]?.proseWords ?? 0) > proseWords * MOST_OF_THE_PROSE;
    bits[at] = (bits[element.parent] ?? 0) | (tag >= 0 && !isWrapper ? 1 << tag : 0);
  });
  return bits;
};

/** The number of the outermost `<article>` around each element, from 1; 0 where there is none. */
const articleNumbersOf = ({ page }: PageFacts): { numbers: Int32Array; articles: number } => {
  const numbers = new Int32Array(page.elements.length);
  let articles = 0;
  page.elements.forEach((element, at) => {
    const outer = numbers[element.parent] ?? 0;
    numbers[at] = outer === 0 && element.tag.name === 'article' ? ++articles : outer;
  });
  return { numbers, articles };
};

type Heading = { phrases: number; level: number; wordsSince: number; likeTitle: number; at: number };

const squeezed = (text: string): string => text.toLowerCase().replaceAll(/\s+/g, ' ').trim();
const LONGEST_HEADING = 300;
const LEAST_TITLE_LENGTH = 10;

/** The heading each block stands under, and how far from it. */
const headingsOf = ({ page, blocks }: PageFacts): Heading[] => {
  const title = squeezed(page.title.slice(0, LONGEST_HEADING));
  let current: Heading = { phrases: 0, level: 0, wordsSince: 0, likeTitle: 0, at: -1 };
  return blocks.map((block, at) => {
    const name = page.elements[block.element]?.tag.name ?? '';
    if (HEADING.test(name)) {
      const text = squeezed((page.blocks[at]?.text ?? '').slice(0, LONGEST_HEADING));
      const likeTitle = text.length >= LEAST_TITLE_LENGTH && title.includes(text) ? 1 : 0;
      current = { phrases: phrasesMet(text), level: Number(name.slice(1)), wordsSince: 0, likeTitle, at };
    } else {
      current = { ...current, wordsSince: current.wordsSince + block.words };
    }
    return current;
  });
};

const wordsFromProse = (blocks: readonly BlockFacts[], order: readonly number[]): Float64Array => {
  const distances = new Float64Array(blocks.length);
  let since = FAR;
  for (const at of order) {
    const block = blocks[at];
    if (!block) continue;
    if (block.proseWords > 0) since = 0;
    else since += block.words;
    distances[at] = since;
  }
  return distances;
};

const countBy = <Key>(keys: readonly Key[]): Map<Key, number> => {
  const counts = new Map<Key, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
};

/** Blocks whose element and its parent have the same tags and classes. */
const alikeOf = ({ page, blocks }: PageFacts): Sums[] => {
  const sums = new Map<string, Sums>();
  const each = blocks.map((block) => {
    const element = page.elements[block.element];
    const key = `${element?.signature} ${page.elements[element?.parent ?? -1]?.signature}`;
    const sum = sums.get(key) ?? noSums();
    sums.set(key, sum);
    add(sum, block);
    return sum;
  });
  return each;
};

export const surroundingsOf = (facts: PageFacts) => {
  const { page, blocks } = facts;
  const sums = runningSums(blocks);
  const total = sums.at(-1) ?? noSums();
  const order = blocks.map((_, at) => at);
  const sinceProse = wordsFromProse(blocks, order);
  const untilProse = wordsFromProse(blocks, order.toReversed());
  const headings = headingsOf(facts);
  const seen = countBy(blocks.map((block) => block.hash));
  const alike = alikeOf(facts);
  const { numbers, articles } = articleNumbersOf(facts);
  let lastH1 = -1;
  const sinceH1 = blocks.map((block, at) => {
    if (page.elements[block.element]?.tag.name === 'h1') lastH1 = at;
    return lastH1 < 0 ? FAR : at - lastH1;
  });
  const NONE: Heading = { phrases: 0, level: 0, wordsSince: 0, likeTitle: 0, at: -1 };
  return {
    total,
    articles,
    tagBits: tagBitsOf(facts, total.proseWords),
    before: (at: number): Sums => sums[at] ?? total,
    /** Sums over the blocks near one. */
    window: (at: number): Sums => {
      const from = sums[Math.max(0, at - WINDOW)] ?? total;
      const to = sums[Math.min(blocks.length, at + WINDOW + 1)] ?? total;
      return {
        words: to.words - from.words,
        linkWords: to.linkWords - from.linkWords,
        proseWords: to.proseWords - from.proseWords,
        blocks: to.blocks - from.blocks,
      };
    },
    blocksSinceH1: (at: number): number => sinceH1[at] ?? FAR,
    articleNumber: (at: number): number => numbers[blocks[at]?.element ?? -1] ?? 0,
    wordsSinceProse: (at: number): number => sinceProse[at] ?? FAR,
    wordsUntilProse: (at: number): number => untilProse[at] ?? FAR,
    headingLevel: (at: number): number => (headings[at]?.at === at ? (headings[at]?.level ?? 0) : 0),
    heading: (at: number): Heading => headings[at] ?? NONE,
    timesSeen: (at: number): number => seen.get(blocks[at]?.hash ?? 0) ?? 1,
    likeIt: (at: number): Sums => alike[at] ?? total,
  };
};
