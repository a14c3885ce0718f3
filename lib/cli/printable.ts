import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { withoutControls } from '../core/control-characters.ts';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Somebody else's text on one line of a terminal, at most so many columns wide: 家 takes two of them. */
export function printable(text: string, columns = 60): string {
  const line = withoutControls(stripVTControlCharacters(text.slice(0, 10 * columns))).trim();
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
