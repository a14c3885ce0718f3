import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { formatNumber } from '../../core/format-number.ts';
import { formatAccounts } from '../view/accounts-table.ts';
import { statusLine } from '../view/progress.ts';
import { printError, say } from '../view/wrapped.ts';
import { interruptible } from './interruptible.ts';
import type { Stage } from './open-stage.ts';

/** Adds the accounts of a file of JSON lines; `-`: of standard input. 1 where a line is wrong, else 0. */
export async function importAccounts(
  file: string,
  options: { readonly packed?: boolean },
  { accounts, stage, typed }: Stage,
): Promise<0 | 1> {
  const [input, shown] =
    file === '-' ? [process.stdin, 'standard input'] : [(await open(file)).createReadStream(), file];
  const line = statusLine({ quiet: false, text: `Reading ${shown}` });
  const counts = { added: 0, 'was there': 0, refused: 0 };
  const sayHowFar = () => {
    line.end();
    const { added, 'was there': before, refused } = counts;
    const parts = [
      `${formatAccounts(added)} added to the stage ${stage}`,
      ...(before > 0 ? [`${formatNumber(before)} there already`] : []),
      ...(refused > 0 ? [`${formatNumber(refused)} ${refused === 1 ? 'line' : 'lines'} refused`] : []),
    ];
    say(`${parts.join(', ')}.`);
  };
  const goOn = 'the same command goes on where it stopped';
  const { added, refused } = await interruptible({ sayHowFar, goOn }, () =>
    accounts.import(
      linesOf(input),
      ({ line: number, outcome, problem }) => {
        counts[outcome] += 1;
        line.text(`Added ${formatAccounts(counts.added)}; at line ${formatNumber(number)}`);
        if (problem === undefined) return;
        line.clear();
        printError(`${shown}, line ${number}: ${problem}`);
      },
      options,
    ),
  );
  if (added > 0) say(`Whether services accept their credentials: ${typed('check --all')}`);
  return refused === 0 ? 0 : 1;
}

/** Lines of a text, without what ends them. Unlike those of node:readline they end with the error of a file. */
async function* linesOf(input: Readable): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of input.setEncoding('utf8')) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest) yield rest;
}
