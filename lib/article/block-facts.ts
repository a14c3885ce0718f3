/** Facts about the blocks and elements of a page, as numbers: what the rules and the trained models go by. */
import { countWordsRoughly } from '../core/count-words.ts';
import type { Element } from './block-builder.ts';
import { nameRuleBits } from './block-names.ts';
import { matchPhrases } from './block-phrases.ts';
import type { ParsedPage } from './parse-page.ts';

export type BlockFacts = {
  readonly element: number;
  /** Near enough, not whole in scripts without spaces: above 0 in a block with any word. */
  readonly words: number;
  /** `words` is what `countWords` gives, too. */
  readonly isExact: boolean;
  readonly linkWords: number;
  readonly links: number;
  /** UTF-16 units without the white space around. */
  readonly length: number;
  readonly sentenceEnds: number;
  readonly commas: number;
  readonly digits: number;
  readonly capitals: number;
  /** The text ends as a sentence does. */
  readonly endsSentence: boolean;
  /** `words` where the block reads as running text, else 0. */
  readonly proseWords: number;
  /** Bits of `PHRASE_RULES`. */
  readonly phrases: number;
  readonly hash: number;
};

/** Sums over all that is inside an element. */
export type ElementFacts = {
  words: number;
  linkWords: number;
  proseWords: number;
  blocks: number;
  /** The first block inside; the last is `firstBlock + blocks - 1`. */
  firstBlock: number;
  /** Siblings with the same tag and class, itself included. */
  alike: number;
  /** Bits of `NAME_RULES` matched by the element or one around it; what holds most of the prose is never boilerplate. */
  rules: number;
};

/** A page with the facts about its blocks and elements. */
export type MeasuredPage = {
  readonly page: ParsedPage;
  /** As `page.blocks`. */
  readonly blocks: readonly BlockFacts[];
  /** As `page.elements`. */
  readonly elements: readonly ElementFacts[];
};

/** Indices of the elements that are meant, without those inside another one that is. */
export const outermost = (
  { page }: Pick<MeasuredPage, 'page'>,
  isMeant: (element: Element, at: number) => boolean,
): readonly number[] => {
  const isInside = new Uint8Array(page.elements.length);
  return page.elements.flatMap((element, at) => {
    const isFirst = !isInside[element.parent] && isMeant(element, at);
    isInside[at] = isFirst ? 1 : (isInside[element.parent] ?? 0);
    return isFirst ? [at] : [];
  });
};

const HASH_PRIME = 31;
const UTF16_UNITS = 0x10000;
const SPACE = 1;
const DIGIT = 2;
const CAPITAL = 3;
const SENTENCE_END = 4;
const COMMA = 5;
/** Ends a sentence unless a letter or digit follows. */
const FULL_STOP = 6;

/** The kind of each UTF-16 unit, 0 for all that are not listed. */
const kindOfUnit = new Uint8Array(UTF16_UNITS);
for (const [kind, characters] of [
  [SPACE, ' \t\n\v\f\r'],
  [DIGIT, '0123456789'],
  [CAPITAL, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  [SENTENCE_END, '!?。！？؟।…'],
  [COMMA, ',，、،;；'],
  [FULL_STOP, '.'],
] as const) {
  for (const character of characters) kindOfUnit[character.charCodeAt(0)] = kind;
}
const WORD_START = /[0-9A-Za-z]/;
/** What may stand between the end of a sentence and the end of its paragraph. */
const CLOSING: ReadonlySet<string> = new Set('"\'”’»)]】」』');
const MIN_PROSE_WORDS = 8;
const MAX_PROSE_LINK_SHARE = 0.4;

const countCharacters = (text: string) => {
  const counts = [0, 0, 0, 0, 0, 0, 0];
  let hash = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    let kind = kindOfUnit[code] ?? 0;
    if (kind === SPACE) continue;
    hash = (Math.imul(hash, HASH_PRIME) + code) | 0;
    if (kind === 0) continue;
    if (kind === FULL_STOP && !WORD_START.test(text[at + 1] ?? '')) kind = SENTENCE_END;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return {
    sentenceEnds: counts[SENTENCE_END] ?? 0,
    commas: counts[COMMA] ?? 0,
    digits: counts[DIGIT] ?? 0,
    capitals: counts[CAPITAL] ?? 0,
    hash,
  };
};

const endsSentence = (text: string): boolean => {
  const end = CLOSING.has(text.at(-1) ?? '') ? text.length - 2 : text.length - 1;
  const kind = kindOfUnit[text.charCodeAt(end)];
  return kind === SENTENCE_END || kind === FULL_STOP || text[end] === ':';
};

const linkWordsOf = (text: string, linkText: string, words: number): number => {
  if (linkText === '') return 0;
  return linkText.trim() === text ? words : Math.min(words, countWordsRoughly(linkText).words);
};

export const blockFactsOf = (page: ParsedPage): BlockFacts[] =>
  page.blocks.map(({ element, text: raw, linkText, links }) => {
    const text = raw.trim();
    const { words, isExact } = countWordsRoughly(text);
    const linkWords = linkWordsOf(text, linkText, words);
    const characters = countCharacters(text);
    const isProse =
      words >= MIN_PROSE_WORDS &&
      linkWords < words * MAX_PROSE_LINK_SHARE &&
      characters.sentenceEnds + (characters.commas > 1 ? 1 : 0) > 0;
    return {
      element,
      words,
      isExact,
      linkWords,
      links,
      length: text.length,
      ...characters,
      endsSentence: endsSentence(text),
      proseWords: isProse ? words - linkWords : 0,
      phrases: matchPhrases(text),
    };
  });

const BOILERPLATE = nameRuleBits('boilerplate');
/** An element with a larger share of the page's prose is only a wrapper, whatever its class says. */
export const MIN_MAIN_PROSE_SHARE = 0.5;

/** Adds what each element holds to the one around it: elements come after the ones around them. */
const addToParents = (page: ParsedPage, facts: ElementFacts[]): void => {
  for (let at = facts.length - 1; at >= 0; at--) {
    const own = facts[at];
    const outer = facts[page.elements[at]?.parent ?? -1];
    if (!own || !outer) continue;
    outer.words += own.words;
    outer.linkWords += own.linkWords;
    outer.proseWords += own.proseWords;
    outer.blocks += own.blocks;
    outer.firstBlock = Math.min(outer.firstBlock, own.firstBlock);
  }
};

const countAlike = (page: ParsedPage, facts: ElementFacts[]): void => {
  // One number stands for a parent and a signature: a collision only blurs a feature.
  const keys = Int32Array.from(
    page.elements,
    ({ parent, signature }) => Math.imul(parent, HASH_PRIME * HASH_PRIME) ^ signature,
  );
  const alike = new Map<number, number>();
  for (const key of keys) alike.set(key, (alike.get(key) ?? 0) + 1);
  facts.forEach((own, at) => {
    own.alike = alike.get(keys[at] ?? 0) ?? 1;
  });
};

const inheritRules = (page: ParsedPage, facts: ElementFacts[], proseWords: number): void => {
  page.elements.forEach((element, at) => {
    const own = facts[at];
    if (!own) return;
    const isMost = own.proseWords > proseWords * MIN_MAIN_PROSE_SHARE;
    const met = isMost ? element.rules & ~BOILERPLATE : element.rules;
    own.rules = met | (facts[element.parent]?.rules ?? 0);
  });
};

export const elementFactsOf = (page: ParsedPage, blocks: readonly BlockFacts[]): ElementFacts[] => {
  const facts: ElementFacts[] = page.elements.map(() => ({
    words: 0,
    linkWords: 0,
    proseWords: 0,
    blocks: 0,
    firstBlock: Number.MAX_SAFE_INTEGER,
    alike: 1,
    rules: 0,
  }));
  let proseWords = 0;
  blocks.forEach((block, at) => {
    proseWords += block.proseWords;
    const own = facts[block.element];
    if (!own) return;
    own.words += block.words;
    own.linkWords += block.linkWords;
    own.proseWords += block.proseWords;
    own.blocks++;
    own.firstBlock = Math.min(own.firstBlock, at);
  });
  addToParents(page, facts);
  countAlike(page, facts);
  inheritRules(page, facts, proseWords);
  return facts;
};
