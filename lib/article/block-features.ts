/**
 * The features of the first pass: for each block one row of numbers about it and what is around it. Their order
 * is the model's: a change here needs `npm run train`.
 */

import type { Element } from './block-builder.ts';
import { ANCESTOR_TAGS, type BlockContext, blockContextOf } from './block-context.ts';
import type { BlockFacts, ElementFacts } from './block-facts.ts';
import { NAME_RULES } from './block-names.ts';
import { PHRASE_RULES } from './block-phrases.ts';
import { type FeatureRows, newFeatureRows } from './decision-trees.ts';
import type { PageFacts } from './page-facts.ts';

const GENERATIONS = 4;
const NEIGHBOURS = [-2, -1, 1, 2];
/** Room for a row: above the number of features. */
const MAX_ROW_WIDTH = 160;

const ratio = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);
const log = (value: number): number => Math.log2(1 + value);
const bit = (bits: number, at: number): number => (bits >> at) & 1;

/** A block with the elements around it, innermost first. */
type BlockInTree = {
  readonly at: number;
  readonly block: BlockFacts;
  readonly elements: readonly Element[];
  readonly sums: readonly ElementFacts[];
};

const locate = (facts: PageFacts, block: BlockFacts, at: number): BlockInTree => {
  const elements: Element[] = [];
  const sums: ElementFacts[] = [];
  let next = block.element;
  while (elements.length < GENERATIONS) {
    const element = facts.page.elements[next];
    const sum = facts.elements[next];
    if (!element || !sum) break;
    elements.push(element);
    sums.push(sum);
    next = element.parent;
  }
  return { at, block, elements, sums };
};

const putText = ({ put }: FeatureRows, { block }: BlockInTree): void => {
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
};

/** The names of what is around: 2 where the rule is met by the element or its parent, 1 where further out. */
const putNames = (
  { put }: FeatureRows,
  { block, elements, sums }: BlockInTree,
  around: BlockContext,
): void => {
  const rules = sums[0]?.rules ?? 0;
  const near = rules & ((elements[0]?.rules ?? 0) | (elements[1]?.rules ?? 0));
  for (let rule = 0; rule < NAME_RULES.length; rule++) put(bit(rules, rule) + bit(near, rule));
  const ancestorTags = around.ancestorTags[block.element] ?? 0;
  for (let tag = 0; tag < ANCESTOR_TAGS.length; tag++) put(bit(ancestorTags, tag));
};

const putElements = (
  { put }: FeatureRows,
  { at, elements, sums }: BlockInTree,
  around: BlockContext,
): void => {
  put(elements[0]?.tag.prose ?? 0);
  put(elements[1]?.tag.prose ?? 0);
  put(elements[0]?.depth ?? 0);
  put(around.headingLevel(at));
  for (let generation = 0; generation < GENERATIONS; generation++) {
    const sum = sums[generation] ?? sums.at(-1);
    if (!sum) continue;
    put(log(sum.words));
    put(ratio(sum.linkWords, sum.words));
    put(ratio(sum.proseWords, sum.words));
    put(ratio(sum.proseWords, around.total.proseWords));
    put(log(sum.blocks));
    put(log(sum.alike));
  }
};

const putPosition = (
  { put }: FeatureRows,
  { at, elements, block }: BlockInTree,
  facts: PageFacts,
  around: BlockContext,
): void => {
  const { main, blocks, page } = facts;
  const before = around.before(at);
  put(ratio(at, blocks.length));
  put(ratio(before.words, around.total.words));
  put(ratio(before.proseWords, around.total.proseWords));
  put(log(around.blocksSinceH1[at] ?? 0));
  put(around.articleNumber(block.element));
  put(ratio(around.articleProse(block.element), around.total.proseWords));
  put(Math.sign(at - main.firstBlock) * log(Math.abs(at - main.firstBlock)));
  put(Math.sign(at - main.lastBlock) * log(Math.abs(at - main.lastBlock)));
  put(ratio(at - main.firstBlock, main.lastBlock - main.firstBlock + 1));
  put(around.stepsFromMain[at] ?? 0);
  put((elements[0]?.depth ?? 0) - (page.elements[main.element]?.depth ?? 0));
  put(log(around.wordsSinceProse[at] ?? 0));
  put(log(around.wordsUntilProse[at] ?? 0));
};

const putNeighbours = (
  { put }: FeatureRows,
  { at, block, elements }: BlockInTree,
  facts: PageFacts,
  around: BlockContext,
): void => {
  for (const distance of NEIGHBOURS) {
    const other = facts.blocks[at + distance];
    const isSibling = facts.page.elements[other?.element ?? -1]?.parent === elements[0]?.parent;
    put(log(other?.words ?? 0));
    put(ratio(other?.linkWords ?? 0, other?.words ?? 0));
    put(other && other.proseWords > 0 ? 1 : 0);
    put(other?.element === block.element ? 2 : Number(isSibling));
  }
  const window = around.window(at);
  put(ratio(window.proseWords, window.words));
  put(ratio(window.linkWords, window.words));
};

const putRepetition = ({ put }: FeatureRows, { at }: BlockInTree, around: BlockContext): void => {
  const group = around.group[at] ?? around.total;
  put(around.timesSeen[at] ?? 1);
  put(log(group.blocks));
  put(ratio(group.proseWords, around.total.proseWords));
  put(ratio(group.linkWords, group.words));
};

const putHeading = ({ put }: FeatureRows, { at }: BlockInTree, around: BlockContext): void => {
  const heading = around.headings[at];
  for (let rule = 0; rule < PHRASE_RULES.length; rule++) put(bit(heading?.phrases ?? 0, rule));
  put(heading?.level ?? 0);
  put(log(heading?.wordsSince ?? 0));
  put(heading?.isTitle ? 1 : 0);
};

const putPage = (
  { put }: FeatureRows,
  { main, blocks }: PageFacts,
  { total, articles }: BlockContext,
): void => {
  put(log(total.words));
  put(ratio(total.proseWords, total.words));
  put(ratio(total.linkWords, total.words));
  put(log(blocks.length));
  put(ratio(main.words, total.words));
  put(articles);
};

/** The features of all blocks, one row after another; all rows are equally long. */
export const featuresOf = (facts: PageFacts): Float64Array => {
  const around = blockContextOf(facts);
  const rows = newFeatureRows(facts.blocks.length * MAX_ROW_WIDTH);
  facts.blocks.forEach((block, at) => {
    const inTree = locate(facts, block, at);
    putText(rows, inTree);
    putNames(rows, inTree, around);
    putElements(rows, inTree, around);
    putPosition(rows, inTree, facts, around);
    putNeighbours(rows, inTree, facts, around);
    putRepetition(rows, inTree, around);
    putHeading(rows, inTree, around);
    putPage(rows, facts, around);
  });
  return rows.values();
};
