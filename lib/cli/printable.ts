import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';

/** What could move a terminal's cursor, or turn the text around it: C0, C1 and bidirectional controls. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\u0000-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2028\u2029\u2066-\u2069]+/g;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Somebody else's text on one line of a terminal, at most so many columns wide: 家 takes two of them. */
export function printable(text: string, columns = 60): string {
  const line = stripVTControlCharacters(text.slice(0, 10 * columns))
    .replace(CONTROLS, ' ')
    .trim();
  return stringWidth(line) <= columns ? line : `${firstColumns(line, columns - 1)}…`;
}

function firstColumns(line: string, columns: number): string {
  let cut = '';
  let width = 0;
  for (const { segment } of graphemes.segment(line)) {
    width += stringWidth(segment);
    if (width > columns) break;
    cut += segment;
  }
  return cut;
}
