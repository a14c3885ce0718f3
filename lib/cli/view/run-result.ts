import { formatNumber } from '../../core/format-number.ts';
import type { Summary } from '../../core/summary.ts';
import type { ListSource, Output } from '../options.ts';
import { typedCommand, typedSource } from '../typed-command.ts';
import { bandColours, jsonOf, plainTable, printable } from './format.ts';
import { printError, wrapped } from './wrapped.ts';

/** Columns. */
const BAR_WIDTH = 30;

/** 0 complete, 1 failed, 2 wrong usage, 3 stopped before the end. */
export type ExitStatus = 0 | 1 | 2 | 3;

/** The exit status of a command that ended by itself: 1 where changes were not carried out, whatever else was done. */
export function statusOf({ complete, failed }: Pick<Summary, 'complete' | 'failed'>): ExitStatus {
  if (failed.count > 0) return 1;
  return complete ? 0 : 3;
}

/** What a run did: a table and a sentence, JSON, or with `quiet` only what went wrong. */
export function printSummary(
  summary: Summary,
  { json = false, quiet = false, ...source }: Output & ListSource,
): void {
  if (quiet) {
    if (statusOf(summary) !== 0) printError(summary.message, source);
    return;
  }
  const text = json ? jsonOf(summary, source) : summaryText(summary, source);
  // Where standard output is closed, or its disk is full, what was changed is told all the same.
  process.stdout.write(`${text}\n`, (error) => error && printError(summary.message, source));
}

/** A table, unless it would be of zeros, and sentences. */
function summaryText(summary: Summary, source: ListSource): string {
  const hasBands = Object.values(summary.backlog).some(({ items }) => items > 0);
  return `${hasBands ? `\n${backlogTable(summary)}\n\n` : ''}${sentencesOf(summary, source)}`;
}

/** What a run did or would do, and how to see more of it. */
export function sentencesOf(summary: Summary, list: ListSource): string {
  const { message, skipped, complete, dryRun, mode } = summary;
  const source = typedSource(list);
  const unknown =
    Object.keys(skipped).length > 0 ? ` \`${typedCommand()} explain --unknown${source}\` lists them.` : '';
  const command = mode === 'untag' ? 'untag' : 'tag --full';
  const rest =
    complete || dryRun ? '' : ` \`${typedCommand()} ${command} --until-done${source}\` does the rest.`;
  return wrapped(message + unknown + rest);
}

/**
 * The bands of a run, one line each: items, minutes, and a bar of the minutes.
 * @internal
 */
export function backlogTable({ backlog }: Pick<Summary, 'backlog'>): string {
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
