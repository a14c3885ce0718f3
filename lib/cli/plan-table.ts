import stringWidth from 'string-width';
import type { PlannedRow } from '../core/plan.ts';
import { bandColours } from './band-colours.ts';
import { plainTable } from './plain-table.ts';
import { printable } from './printable.ts';

/** Between a title that nobody recognises and one that says it all: columns. */
const [NARROWEST, WIDEST] = [20, 60];
/** Where nobody looks: columns. */
const NO_TERMINAL = 100;

const number = (count: number | undefined) => count?.toLocaleString('en') ?? '';

/** A line for each item that would change, no wider than the terminal. Titles are somebody else's text. */
export function planTable(
  rows: readonly PlannedRow[],
  { tags, columns = process.stdout.columns || NO_TERMINAL }: { tags: readonly string[]; columns?: number },
): string {
  const titleWidth = Math.max(NARROWEST, Math.min(WIDEST, columns - widthBesideTitles(rows)));
  const coloured = bandColours(tags);
  return plainTable(
    {
      head: ['title', 'words', 'minutes', 'from', 'to'],
      align: ['left', 'right', 'right', 'left', 'left'],
    },
    rows.map((row) => [
      printable(row.title, titleWidth),
      number(row.words),
      number(row.minutes),
      fromText(row),
      coloured(row.to ?? '', printable(row.to ?? '')),
    ]),
  );
}

/** A table without titles is as wide as what stands beside them. */
function widthBesideTitles(rows: readonly PlannedRow[]): number {
  const longest = (texts: readonly string[]) => Math.max(4, ...texts.map((text) => stringWidth(text)));
  const gaps = 4 * 2;
  return (
    gaps +
    Math.max(5, ...rows.map(({ words }) => number(words).length)) +
    'minutes'.length +
    longest(rows.map(fromText)) +
    longest(rows.map(({ to = '' }) => printable(to)))
  );
}

function fromText({ from }: PlannedRow): string {
  return from.map((tag) => printable(tag)).join(', ');
}

/** A line for each tag of ours: how many items have it now, how many would, and their minutes. */
export function totalsTable(rows: readonly PlannedRow[], tags: readonly string[]): string {
  const coloured = bandColours(tags);
  return plainTable(
    { head: ['', 'now', 'then', 'minutes'], align: ['left', 'right', 'right', 'right'] },
    tags.map((tag) => {
      const then = rows.filter(({ to }) => to === tag);
      return [
        coloured(tag, printable(tag)),
        number(rows.filter(({ from }) => from.includes(tag)).length),
        number(then.length),
        number(then.reduce((sum, row) => sum + (row.minutes ?? 0), 0)),
      ];
    }),
  );
}
