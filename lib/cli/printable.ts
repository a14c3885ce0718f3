import { stripVTControlCharacters } from 'node:util';

/** What could move a terminal's cursor, or turn the text around it: C0, C1 and bidirectional controls. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\u0000-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2028\u2029\u2066-\u2069]+/g;

/** Somebody else's text on one line of a terminal, at most `length` characters long. */
export function printable(text: string, length = 60): string {
  const line = stripVTControlCharacters(text.slice(0, 10 * length))
    .replace(CONTROLS, ' ')
    .trim();
  const characters = Array.from(line);
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : line;
}
