/** The classes of characters by which words are counted: those of Unicode's UAX 29 as far as they matter. */

/** Separates words. */
export const BREAK = 0;
export const LETTER = 1;
export const DIGIT = 2;
/** Joins letters to letters and digits to digits: the apostrophe of "don't", the full stop of "e.g" and "3.14". */
export const JOINS_BOTH = 3;
export const JOINS_LETTERS = 4;
export const JOINS_DIGITS = 5;
/** Ignored: combining marks, soft hyphen, joiners, underscore. */
export const IGNORED = 6;
/** Separates, and may be inside an address. */
export const MARK = 7;
export const CJK = 8;
/** Of a script without spaces besides Chinese and Japanese. */
const BY_DICTIONARY = 9;
const NOT_YET = 255;

/** The first match wins. */
const CLASS_PATTERNS: readonly (readonly [number, RegExp])[] = [
  [BREAK, /[^\p{L}\p{M}\p{N}\p{P}\p{Cf}]/u],
  [CJK, /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u30fc\uff70]/u],
  [BY_DICTIONARY, /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u],
  [LETTER, /[\p{L}\p{Nl}]/u],
  [DIGIT, /\p{Nd}/u],
  [IGNORED, /\p{M}|\p{Pc}|[\u00ad\u200c\u2060\ufeff]|\u200d/u],
  [JOINS_BOTH, /['.\u2018\u2019\u2024\ufe52\uff07\uff0e]/u],
  [JOINS_LETTERS, /[\u00b7\u0387\u05f4\u2027]/u],
  [JOINS_DIGITS, /[,;\u060c\u066c\ufe50\ufe54\uff0c\uff1b]/u],
  [MARK, /[:@/\\]/],
];

/** No code point above the last extension of Han is part of a word. */
const MAX_WORD_CODE_POINT = 0x323af;

// Stryker disable all: a class is looked up once in a process, before any change is tried
const classOfCharacter = (code: number): number =>
  CLASS_PATTERNS.find(([, pattern]) => pattern.test(String.fromCodePoint(code)))?.[0] ?? BREAK;
// Stryker restore all

/** The class of each code point, as far as a text had it already. */
const classes = new Uint8Array(MAX_WORD_CODE_POINT + 1).fill(NOT_YET);

/** The class of a code point. */
export const classOf = (code: number): number => {
  if (code > MAX_WORD_CODE_POINT) return BREAK;
  let kind = classes[code] as number;
  if (kind === NOT_YET) {
    kind = classOfCharacter(code);
    classes[code] = kind;
  }
  return kind;
};
