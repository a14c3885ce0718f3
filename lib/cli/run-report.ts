import type { Decision } from '../core/plan.ts';
import type { Summary } from '../core/summary.ts';
import { bandColours } from './band-colours.ts';
import { plainTable } from './plain-table.ts';
import { printable } from './printable.ts';

const BAR_WIDTH = 30;

/** The bands of a run: items, minutes, and a bar of the minutes. One line a band. */
export function bandTable({ backlog }: Pick<Summary, 'backlog'>): string {
  const bands = Object.entries(backlog);
  const coloured = bandColours(bands.map(([tag]) => tag));
  const most = Math.max(1, ...bands.map(([, { minutes }]) => minutes));
  return plainTable(
    { head: ['', 'items', 'minutes', ''], align: ['left', 'right', 'right', 'left'] },
    bands.map(([tag, { items, minutes }]) => {
      const bar = '█'.repeat(Math.ceil((minutes / most) * BAR_WIDTH));
      return [printable(tag), items.toLocaleString('en'), minutes.toLocaleString('en'), coloured(tag, bar)];
    }),
  );
}

/** One line for an item that would change: what is added and removed, its minutes and its title. */
export function changeLine(decision: Decision): string | undefined {
  if (decision.kind !== 'change') return undefined;
  const tags = [
    ...decision.add.map((tag) => `+ ${tag}`),
    ...decision.remove.map(({ name }) => `- ${printable(name)}`),
  ];
  const minutes = decision.minutes === undefined ? '' : `${decision.minutes} min`;
  return `${tags.join('  ').padEnd(24)} ${minutes.padStart(7)}  ${printable(decision.item.title ?? decision.item.url ?? decision.item.id)}`;
}
