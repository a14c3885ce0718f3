import type { Decision } from '../../core/plan.ts';
import type { Summary } from '../../core/summary.ts';
import { statusOf } from '../exit-status.ts';
import type { Output } from '../options.ts';
import { plainTable } from './table.ts';
import { bandColours, formatNumber, printable } from './text.ts';

/** Columns. */
const BAR_WIDTH = 30;

/** What a run did: a table and a sentence, JSON, or with `quiet` only what went wrong. */
export function printSummary(summary: Summary, { json = false, quiet = false }: Output): void {
  const isWrong = statusOf(summary) !== 0;
  if (json) console.log(JSON.stringify(summary));
  else if (quiet && isWrong) console.error(`readtime: ${summary.message}`);
  else if (!quiet) console.log(`\n${bandTable(summary)}\n\n${summary.message}`);
}

/**
 * The bands of a run, one line each: items, minutes, and a bar of the minutes.
 * @internal
 */
export function bandTable({ backlog }: Pick<Summary, 'backlog'>): string {
  const bands = Object.entries(backlog);
  const coloured = bandColours(bands.map(([tag]) => tag));
  const most = Math.max(1, ...bands.map(([, { minutes }]) => minutes));
  return plainTable(
    { head: ['', 'items', 'minutes', ''], align: ['left', 'right', 'right', 'left'] },
    bands.map(([tag, { items, minutes }]) => {
      const bar = '█'.repeat(Math.ceil((minutes / most) * BAR_WIDTH));
      return [printable(tag), formatNumber(items), formatNumber(minutes), coloured(tag, bar)];
    }),
  );
}

/** One line for an item that would change: what is added and removed, its minutes and its title. */
export function changeLine(decision: Decision): string | undefined {
  if (decision.kind !== 'change') return undefined;
  const { add, remove, item } = decision;
  const tags = [...add.map((tag) => `+ ${tag}`), ...remove.map(({ name }) => `- ${printable(name)}`)];
  const minutes = decision.minutes === undefined ? '' : `${decision.minutes} min`;
  return `${tags.join('  ').padEnd(24)} ${minutes.padStart(7)}  ${printable(item.title ?? item.url ?? item.id)}`;
}
