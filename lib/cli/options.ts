import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ExitStatus } from './exit-status.ts';

/** Told how a command ended. */
export type onExitType = (status: ExitStatus) => void;

/** What to print. */
export function withOutput(command: Command): Command {
  return command
    .addOption(new Option('--json', 'the result as JSON, and nothing else').conflicts('quiet'))
    .option('--quiet', 'nothing, unless something is wrong: then one line on standard error');
}

export function withLimit(command: Command): Command {
  return withSample(command).option('--limit <N>', 'change at most N items', readCount);
}

export function withSample(command: Command): Command {
  return command.option('--sample', 'a sample reading list, kept in .data/, instead of your own');
}

export function readCount(value: string): number {
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
  throw new InvalidArgumentError('Give a whole number above 0.');
}
