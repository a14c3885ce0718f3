import type { PlannedRow } from '../core/planned-row.ts';
import { plainTable } from './plain-table.ts';
import { printable } from './printable.ts';

const number = (count: number | undefined) => count?.toLocaleString('en') ?? '';

/** A line for each item that would change. Titles are somebody else's text. */
export function planTable(rows: readonly PlannedRow[]): string {
  const table = plainTable(
    ['title', 'words', 'minutes', 'from', 'to'],
    ['left', 'right', 'right', 'left', 'left'],
  );
  for (const { title, words, minutes, from, to = '' } of rows) {
    table.push([
      printable(title, 44),
      number(words),
      number(minutes),
      from.map((tag) => printable(tag)).join(', '),
      to,
    ]);
  }
  return withoutTrailingSpace(table.toString());
}

/** A line for each tag of ours: how many items have it now, how many would, and their minutes. */
export function totalsTable(rows: readonly PlannedRow[], tags: readonly string[]): string {
  const table = plainTable(['', 'now', 'then', 'minutes'], ['left', 'right', 'right', 'right']);
  for (const tag of tags) {
    const then = rows.filter(({ to }) => to === tag);
    const minutes = then.reduce((sum, row) => sum + (row.minutes ?? 0), 0);
    table.push([
      tag,
      number(rows.filter(({ from }) => from.includes(tag)).length),
      number(then.length),
      number(minutes),
    ]);
  }
  return withoutTrailingSpace(table.toString());
}

function withoutTrailingSpace(table: string): string {
  return table.replace(/ +$/gm, '');
}
