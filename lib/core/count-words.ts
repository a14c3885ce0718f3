/**
 * Counts the words of a text in any language in one pass over the code points, four times as fast as ICU
 * (`Intl.Segmenter`, `isWordLike`), which is called only for scripts without spaces between words: it splits Chinese,
 * Japanese, Thai, Lao, Khmer and Burmese by dictionary.
 *
 * On 1,533 texts in 18 languages, of 1.96 million words, it differs from ICU in what is read otherwise than ICU splits
 * it, and in nothing else: a URL, an e-mail address, a path or a digest is one word (4,187 words fewer, in every tenth
 * text), a colon separates ("NYSE:CRM": 220 more), a line of underscores is no word and a full stop before one joins (35
 * fewer), and a number runs on into Korean letters (1). `npm run bench:pages` shows the sums by language.
 */
import { addressesIn, mayBeInAddress } from './addresses.ts';
import {
  BREAK,
  CJK,
  classOf,
  DIGIT,
  IGNORED,
  JOINS_BOTH,
  JOINS_DIGITS,
  JOINS_LETTERS,
  LETTER,
  MARK,
} from './character-classes.ts';

/** Counts of a text. Counts of several texts may be added. */
export type WordCount = {
  /** All words, in ICU's sense: 0 or above. */
  readonly words: number;
  /** Han, hiragana and katakana characters, the measure of Chinese and Japanese: 0 or above. */
  readonly cjkCharacters: number;
  /** Words made of such characters, included in `words`: 0 or above. */
  readonly cjkWords: number;
};

/** Code points above this take two UTF-16 units. */
const MAX_SINGLE_UNIT_CODE_POINT = 0xffff;

const isJoiner = (kind: number): boolean => kind >= JOINS_BOTH && kind <= JOINS_DIGITS;

/** Whether a letter or digit starts a word, given the letter or digit before it and a joiner between the two. */
const startsWord = (before: number, joiner: number, kind: number): boolean => {
  if (before === BREAK) return true;
  if (joiner === BREAK) return false;
  return (
    before !== kind || (joiner !== JOINS_BOTH && joiner !== (kind === LETTER ? JOINS_LETTERS : JOINS_DIGITS))
  );
};

/** State of the scanner in one number: the class of the letter or digit before, and of a joiner after it. */
const stateOf = (before: number, joiner: number): number => (before << 3) | joiner;
const STATES = 1 << 5;
const KINDS = 1 << 4;
/** Flag of a step that starts a word. */
const STARTS_WORD = 1 << 7;

const stepFrom = (state: number, kind: number): number => {
  const before = state >> 3;
  const joiner = state & 7;
  if (kind === IGNORED) return state;
  if (kind === LETTER || kind === DIGIT)
    return stateOf(kind, BREAK) | (startsWord(before, joiner, kind) ? STARTS_WORD : 0);
  const mayJoin = isJoiner(kind) && before !== BREAK && joiner === BREAK;
  return mayJoin ? stateOf(before, kind) : stateOf(BREAK, BREAK);
};

/** The next state by state and kind of character. */
const STEPS = Uint8Array.from({ length: STATES * KINDS }, (_, at) => stepFrom(at >> 4, at & (KINDS - 1)));

/** Maximum length of one call to ICU, which limits its memory: UTF-16 units. */
const MAX_SEGMENTER_UNITS = 10_000;

let segmenter: Intl.Segmenter | undefined;

const wordsByDictionary = (text: string): number => {
  segmenter ??= new Intl.Segmenter('th', { granularity: 'word' });
  let words = 0;
  for (const { isWordLike } of segmenter.segment(text)) if (isWordLike) words++;
  return words;
};

/** End of the run of a script without spaces that starts at `from`, punctuation included, limited to one call. */
const endOfRun = (text: string, from: number): number => {
  const limit = Math.min(text.length, from + MAX_SEGMENTER_UNITS);
  let at = from + 1;
  while (at < limit) {
    const kind = classOf(text.charCodeAt(at));
    if (kind === LETTER || kind === DIGIT) break;
    at++;
  }
  return at;
};

const cjkCharactersOf = (text: string): number => {
  let characters = 0;
  for (let at = 0; at < text.length; at++) if (classOf(text.codePointAt(at) ?? 0) === CJK) characters++;
  return characters;
};

type Rules = {
  /** Counts the words of a run of a script without spaces. */
  readonly wordsOfRun: (run: string, cjkCharacters: number) => number;
  /** Finds what is one word; without it, the parts of an address count. */
  readonly addressesIn?: typeof addressesIn;
};

const countRun = (run: string, { wordsOfRun }: Rules) => {
  const cjkCharacters = cjkCharactersOf(run);
  const words = wordsOfRun(run, cjkCharacters);
  return { words, cjkCharacters, cjkWords: cjkCharacters > 0 ? words : 0, length: run.length };
};

/** A count, and whether it is the same by any rules: no address and no script without spaces is in the text. */
type RoughCount = WordCount & { readonly isExact: boolean };

/** Counts a text in time linear in its length. */
const count = (text: string, rules: Rules): RoughCount => {
  const addressAround = rules.addressesIn?.(text);
  let isExact = true;
  let words = 0;
  let cjkCharacters = 0;
  let cjkWords = 0;
  let state = stateOf(BREAK, BREAK);
  for (let at = 0; at < text.length; at++) {
    const code = text.codePointAt(at) ?? 0;
    const kind = classOf(code);
    const step = STEPS[state * KINDS + kind] ?? 0;
    state = step & (STATES - 1);
    if (step >= STARTS_WORD) words++;
    if (kind === MARK) {
      isExact &&= !mayBeInAddress(text, at);
      const address = addressAround?.(at);
      if (!address) continue;
      words += 1 - count(text.slice(address.start, at), rules).words;
      at = address.end - 1;
    } else if (kind > MARK) {
      isExact = false;
      const run = countRun(text.slice(at, endOfRun(text, at)), rules);
      words += run.words;
      cjkCharacters += run.cjkCharacters;
      cjkWords += run.cjkWords;
      at += run.length - 1;
    } else if (code > MAX_SINGLE_UNIT_CODE_POINT) at++;
  }
  return { words, cjkCharacters, cjkWords, isExact };
};

/** Counts the words of a text, at 40 million characters a second; 4 million in scripts without spaces. */
export const countWords = (text: string): WordCount => {
  const { words, cjkCharacters, cjkWords } = count(text, { wordsOfRun: wordsByDictionary, addressesIn });
  return { words, cjkCharacters, cjkWords };
};

/** Average characters in a word: 1.55 in Chinese (measured on 53 pages), 4 to 5 in Thai, Lao, Khmer and Burmese. */
const CHARACTERS_PER_WORD = { cjk: 1.55, other: 4.5 };

const wordsByLength = (run: string, cjkCharacters: number): number =>
  cjkCharacters > 0 ? cjkCharacters / CHARACTERS_PER_WORD.cjk : run.length / CHARACTERS_PER_WORD.other;

/**
 * As `countWords`, but without ICU: in scripts without spaces the count is off by 5 to 25 %, and not a whole number.
 * The parts of an address count: what the models were trained on. `isExact` where neither is in the text.
 */
export const countWordsRoughly = (text: string): RoughCount => count(text, { wordsOfRun: wordsByLength });
