import { type Command, InvalidArgumentError, Option } from 'commander';

/** What a command of `commands/` is told of the program that it belongs to. */
export type Program = {
  /** How it was started, for messages: `readtime`, `npm start`, `npm run secrets`. */
  readonly calledAs: string;
  /** Called with the exit status of the command when it has ended; not called: 0. */
  readonly onExit: (status: number) => void;
};

/** Which reading list: the one that the environment names, or the sample; `fresh`: the sample as it is at first. */
export type ListSource = { readonly sample?: boolean; readonly fresh?: boolean };

/** What is printed: a table and a sentence, JSON, or with `quiet` only what is wrong. */
export type Output = { readonly json?: boolean; readonly quiet?: boolean };

/** Adds `--json` and `--quiet`. */
export function withOutput(command: Command): Command {
  return command
    .addOption(new Option('--json', 'the result as JSON, and nothing else').conflicts('quiet'))
    .option('--quiet', 'nothing, unless something is wrong: then one line on standard error');
}

/** Adds `--sample` and `--limit`. */
export function withLimit(command: Command): Command {
  return withSample(command).option('--limit <N>', 'change at most N items', readCount);
}

/** Adds `--sample`. */
export function withSample(command: Command): Command {
  return command.option('--sample', 'a sample reading list, kept in .data/, instead of your own');
}

function readCount(value: string): number {
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
  throw new InvalidArgumentError('Give a whole number above 0.');
}
