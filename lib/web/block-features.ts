/**
 * What the learned scorer looks at: one table of features, each a number about a block and what is around it.
 * The order is the model's; a change here needs `npm run train`.
 */
import type { BlockFacts, ElementFacts } from './block-facts.ts';
import { RULES } from './block-rules.ts';
import type { Element, Page } from './html-blocks.ts';
import type { MainContainer } from './main-container.ts';
import { PHRASE_RULES } from './phrase-rules.ts';
import { surroundingsOf, TAG_BITS } from './surroundings.ts';

export type PageFacts = {
  readonly page: Page;
  readonly blocks: readonly BlockFacts[];
  readonly elements: readonly ElementFacts[];
  readonly main: MainContainer;
};

export const NO_BLOCK: BlockFacts = {
  element: -1,
  words: 0,
  linkWords: 0,
  links: 0,
  length: 0,
  sentenceEnds: 0,
  commas: 0,
  digits: 0,
  capitals: 0,
  hash: 0,
  endsSentence: false,
  proseWords: 0,
  phrases: 0,
};
const NO_ELEMENT: ElementFacts = {
  words: 0,
  linkWords: 0,
  proseWords: 0,
  blocks: 0,
  firstBlock: 0,
  alike: 1,
  rules: 0,
};

const ratio = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);
const log = (value: number): number => Math.log2(1 + value);
const bit = (bits: number, at: number): number => (bits >> at) & 1;

const GENERATIONS = 4;
const NEAR_GENERATIONS = 2;

const generationsOf = (facts: PageFacts, from: number) => {
  const elements: Element[] = [];
  const sums: ElementFacts[] = [];
  let at = from;
  for (let generation = 0; generation < GENERATIONS && at >= 0; generation++) {
    const element = facts.page.elements[at];
    const sum = facts.elements[at];
    if (!element || !sum) break;
    elements.push(element);
    sums.push(sum);
    at = element.parent;
  }
  return { elements, sums };
};

/** The features of all blocks, one row after another; all rows are equally long. */
export const featuresOf = (facts: PageFacts): number[] => {
  const { page, blocks, main } = facts;
  const around = surroundingsOf(facts);
  const rows: number[] = [];
  const put = (value: number): void => {
    rows.push(value);
  };
  const { total } = around;
  blocks.forEach((block, at) => {
    const { elements, sums } = generationsOf(facts, block.element);
    const own = sums[0] ?? NO_ELEMENT;
    const before = around.before(at);
    // The text itself.
    put(log(block.words));
    put(ratio(block.linkWords, block.words));
    put(block.links);
    put(ratio(block.words, block.sentenceEnds));
    put(block.sentenceEnds);
    put(ratio(block.commas, block.words));
    put(ratio(block.digits, block.length));
    put(ratio(block.capitals, block.length));
    put(block.endsSentence ? 1 : 0);
    put(block.proseWords > 0 ? 1 : 0);
    put(ratio(block.length, block.words));
    for (let rule = 0; rule < PHRASE_RULES.length; rule++) put(bit(block.phrases, rule));
    // The elements around it.
    let near = 0;
    for (let generation = 0; generation < NEAR_GENERATIONS; generation++)
      near |= elements[generation]?.rules ?? 0;
    for (let rule = 0; rule < RULES.length; rule++) put(bit(own.rules, rule) + bit(near & own.rules, rule));
    const tagBits = around.tagBits[block.element] ?? 0;
    for (let tag = 0; tag < TAG_BITS.length; tag++) put(bit(tagBits, tag));
    put(elements[0]?.tag.prose ?? 0);
    put(elements[1]?.tag.prose ?? 0);
    put(elements[0]?.depth ?? 0);
    put(around.headingLevel(at));
    for (let generation = 0; generation < GENERATIONS; generation++) {
      const sum = sums[generation] ?? sums.at(-1) ?? NO_ELEMENT;
      put(log(sum.words));
      put(ratio(sum.linkWords, sum.words));
      put(ratio(sum.proseWords, sum.words));
      put(ratio(sum.proseWords, total.proseWords));
      put(log(sum.blocks));
      put(log(sum.alike));
    }
    // Where it stands.
    put(ratio(at, blocks.length));
    put(ratio(before.words, total.words));
    put(ratio(before.proseWords, total.proseWords));
    put(log(around.blocksSinceH1(at)));
    put(around.articleNumber(at));
    put(
      at < main.firstBlock ? -log(main.firstBlock - at) : at > main.lastBlock ? log(at - main.lastBlock) : 0,
    );
    put(ratio(at - main.firstBlock, main.lastBlock - main.firstBlock + 1));
    put((elements[0]?.depth ?? 0) - (page.elements[main.element]?.depth ?? 0));
    put(log(around.wordsSinceProse(at)));
    put(log(around.wordsUntilProse(at)));
    // What stands beside it.
    for (const distance of [-2, -1, 1, 2]) {
      const other = blocks[at + distance] ?? NO_BLOCK;
      put(log(other.words));
      put(ratio(other.linkWords, other.words));
      put(other.proseWords > 0 ? 1 : 0);
      put(
        other.element === block.element
          ? 2
          : page.elements[other.element]?.parent === elements[0]?.parent
            ? 1
            : 0,
      );
    }
    put(ratio(around.window(at).proseWords, around.window(at).words));
    put(ratio(around.window(at).linkWords, around.window(at).words));
    // What it repeats.
    put(around.timesSeen(at));
    put(log(around.likeIt(at).blocks));
    put(ratio(around.likeIt(at).proseWords, total.proseWords));
    put(ratio(around.likeIt(at).linkWords, around.likeIt(at).words));
    // The heading it stands under.
    put(around.heading(at).phrases);
    put(around.heading(at).level);
    put(log(around.heading(at).wordsSince));
    put(around.heading(at).likeTitle);
    // The page.
    put(log(total.words));
    put(ratio(total.proseWords, total.words));
    put(ratio(total.linkWords, total.words));
    put(log(blocks.length));
    put(ratio(main.words, total.words));
    put(around.articles);
  });
  return rows;
};
