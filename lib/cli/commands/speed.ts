import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { countWords } from '../../core/count-words.ts';
import { ENGLISH_WORDS_PER_MINUTE, ownSpeed } from '../../core/reading-speed.ts';
import { Failure } from '../../failure.ts';
import { listFile } from '../files/list-file.ts';
import type { EnvFiles, Program } from '../options.ts';
import type { ExitStatus } from '../view/run-result.ts';

/** `readtime speed` */
export function configure(command: Command, { onExit }: Program): void {
  command
    .description('measure your own reading speed, for WORDS_PER_MINUTE')
    .action(async (options: EnvFiles) => onExit(await measureSpeed(listFile(options))));
}

/** Proposes `WORDS_PER_MINUTE`. Only at a terminal. */
async function measureSpeed(file = '.env'): Promise<ExitStatus> {
  if (!process.stdin.isTTY)
    throw new Failure('settings', 'Measuring a speed needs a terminal, and somebody to read a passage.');
  const speed = await readingSpeed();
  if (speed !== undefined)
    console.log(
      [
        `To have your minutes by your own speed, set this in ${file}, or in the environment of the function:`,
        '',
        `WORDS_PER_MINUTE=${speed}`,
      ].join('\n'),
    );
  return 0;
}

/** Shows a passage, times its reading, and says how fast that was: words a minute; `undefined` for nobody's speed. */
export async function readingSpeed(): Promise<number | undefined> {
  const passage = readFileSync(new URL('speed-passage.txt', import.meta.url), 'utf8');
  const { words } = countWords(passage);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    await terminal.question(`A passage of ${words} words. Read it as you usually read. Enter shows it: `);
    const startedAt = performance.now();
    console.log(`\n${passage}`);
    await terminal.question('Enter when you have read it: ');
    const speed = ownSpeed(words, performance.now() - startedAt);
    console.log(
      speed === undefined
        ? '\nNobody reads that in such a time; try again when you have a minute or two.'
        : `\nYou read ${speed} words a minute; the average is ${ENGLISH_WORDS_PER_MINUTE}.`,
    );
    return speed;
  } finally {
    terminal.close();
  }
}
