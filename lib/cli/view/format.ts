import { stripVTControlCharacters, styleText } from 'node:util';
import Table from 'cli-table3';
import stringWidth from 'string-width';
import { withoutControls } from '../../failure.ts';
import type { EnvFiles } from '../options.ts';

/** In the order of the bands, near those of the report. */
const COLOURS = ['cyan', 'blueBright', 'yellow', 'magenta', 'green', 'red'] as const;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** `83 %`, of a share from 0 to 1. */
export function formatShare(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** `14:32:05`, of a time in milliseconds since 1970. */
export function timeOfDay(ms: number, now = Date.now()): string {
  const [time, today] = [new Date(ms), new Date(now)];
  const day = time.toDateString() === today.toDateString() ? '' : `${time.toLocaleDateString('sv')} `;
  return day + time.toTimeString().slice(0, 8);
}

/** A result as one line of JSON, for `jq`; with the name of its list first, where there are several. */
export function jsonOf(
  result: object,
  { listName }: EnvFiles,
  replacer?: (key: string, value: unknown) => unknown,
): string {
  return JSON.stringify({ ...(listName !== undefined && { list: listName }), ...result }, replacer);
}

/** Gives a text the colour of its band, where standard output shows colours and `NO_COLOR` is not set. */
export function bandColours(bands: readonly string[]): (band: string, text?: string) => string {
  return (band, text = band) => {
    const place = bands.indexOf(band);
    return place < 0 ? text : styleText(COLOURS[place % COLOURS.length] ?? 'reset', text);
  };
}

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

const NOTHING = [
  ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
  ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'],
];

/** Rows in columns, without lines between them and without spaces at their ends. No `head`: no row of names. */
export function plainTable(
  { head = [], align }: { head?: string[]; align: ('left' | 'right')[] },
  rows: readonly string[][],
): string {
  const table = new Table({
    head,
    colAligns: align,
    chars: { ...Object.fromEntries(NOTHING.map((place) => [place, ''])), middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows);
  return table.toString().replace(/ +$/gm, '');
}
