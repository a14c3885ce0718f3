import Table from 'cli-table3';

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
