import { createReadStream } from 'node:fs';
import { addAbortSignal, type Readable } from 'node:stream';
import { formatNumber } from '../../core/format-number.ts';
import { interruption } from '../interruption.ts';
import { formatAccounts } from '../view/accounts-table.ts';
import { statusLine } from '../view/progress.ts';
import type { ExitStatus } from '../view/run-result.ts';
import { printError, say } from '../view/wrapped.ts';
import type { Stage } from './open-stage.ts';

/** Adds the accounts of a file of JSON lines, `-`: standard input: 1 where a line is wrong, 3 where it was stopped, else 0. */
export async function importAccounts(
  file: string,
  { packed = false }: { readonly packed?: boolean },
  { accounts, stage, typed }: Stage,
): Promise<ExitStatus> {
  const input = file === '-' ? process.stdin : createReadStream(file);
  const shown = file === '-' ? 'standard input' : file;
  const status = statusLine({ quiet: false, text: `Reading ${shown}` });
  const { signal: stop, dispose } = interruption();
  const counts = { added: 0, 'was there': 0, wrong: 0 };
  const lines = linesOf(input, stop);
  await accounts
    .import(
      lines,
      (done) => {
        counts[done.outcome] += 1;
        if (done.problem === undefined) {
          status.text(`Added ${formatAccounts(counts.added)}, line ${formatNumber(done.line)}`);
          return;
        }
        status.clear();
        printError(`${shown}, line ${done.line}: ${done.problem}`);
      },
      { packed },
    )
    .finally(() => {
      dispose();
      status.end();
      const { added, 'was there': before, wrong } = counts;
      const parts = [
        `${formatAccounts(added)} added to the stage ${stage}`,
        ...(before > 0 ? [`${formatNumber(before)} there already`] : []),
        ...(wrong > 0 ? [`${formatNumber(wrong)} ${wrong === 1 ? 'line' : 'lines'} wrong`] : []),
      ];
      say(`${parts.join(', ')}.`);
    });
  if (stop.aborted) {
    printError('stopped before the end; the same command goes on where it stopped');
    return 3;
  }
  if (counts.added > 0) say(`Whether services accept their credentials: ${typed('check --all')}`);
  return counts.wrong === 0 ? 0 : 1;
}

/** Lines of a text, without what ends them, up to its end or until `stop` is aborted. */
async function* linesOf(input: Readable, stop: AbortSignal): AsyncGenerator<string> {
  let rest = '';
  try {
    for await (const chunk of addAbortSignal(stop, input.setEncoding('utf8'))) {
      const [first = '', ...others] = String(chunk).split('\n');
      const lines = [rest + first, ...others];
      rest = lines.pop() ?? '';
      for (const line of lines) yield line;
    }
  } catch (error) {
    if (!stop.aborted) throw error;
    return;
  }
  if (rest) yield rest;
}
