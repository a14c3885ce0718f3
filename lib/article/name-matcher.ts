/** Finds the name rules that the names of an element match. */
import { NAME_RULES } from './block-names.ts';

const MAX_NAME_CHARACTERS = 60;

const bitsByStem = new Map<string, number>();
const bitsByWord = new Map<string, number>();
NAME_RULES.forEach(({ names }, at) => {
  const [stems = '', words = ''] = names.split(' | ');
  for (const stem of stems.split(' ')) bitsByStem.set(stem, (bitsByStem.get(stem) ?? 0) | (1 << at));
  for (const word of words.split(' ')) bitsByWord.set(word, (bitsByWord.get(word) ?? 0) | (1 << at));
});
/** Longest first, so that `articlebody` is found before `article`. */
const ANY_STEM = new RegExp([...bitsByStem.keys()].sort((a, b) => b.length - a.length).join('|'), 'g');

const isLower = (code: number): boolean => code >= 97 && code <= 122;
const isUpper = (code: number): boolean => code >= 65 && code <= 90;
const isDigit = (code: number): boolean => code >= 48 && code <= 57;

const matchName = (name: string): number => {
  let bits = 0;
  let joined = '';
  let word = '';
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at);
    // `articleBody` is two words.
    const begins = isUpper(code) && isLower(name.charCodeAt(at - 1));
    if (begins || !(isLower(code) || isUpper(code) || isDigit(code))) {
      bits |= bitsByWord.get(word) ?? 0;
      joined += word;
      word = '';
    }
    if (isLower(code) || isDigit(code)) word += name[at];
    else if (isUpper(code)) word += String.fromCharCode(code + 32);
  }
  bits |= bitsByWord.get(word) ?? 0;
  joined += word;
  ANY_STEM.lastIndex = 0;
  for (let found = ANY_STEM.exec(joined); found; found = ANY_STEM.exec(joined))
    bits |= bitsByStem.get(found[0]) ?? 0;
  return bits;
};

/** The rules that the names in an attribute's value match: bit n stands for `NAME_RULES[n]`. */
export const matchNames = (value: string): number => {
  let bits = 0;
  for (const name of value.split(/\s+/)) bits |= matchName(name.slice(0, MAX_NAME_CHARACTERS));
  return bits;
};
