import { type Command, InvalidArgumentError, Option } from 'commander';

/** What a command of `commands/` is told of the program that it belongs to. */
export type Program = {
  /** How it was started, for messages: `readtime`, `npm start`, `npm run secrets`. */
  readonly calledAs: string;
  /** Called with the exit status of the command when it has ended; not called: 0. */
  readonly onExit: (status: number) => void;
};

/** `--env-file`: the files that name the reading lists, one each; none: the environment and `.env` name one. */
export type EnvFiles = {
  readonly envFile?: readonly string[];
  /** The name of the list in hand, where there are several. */
  readonly listName?: string;
};

/** Which reading list: the one that is named, or the sample; `fresh`: the sample as it is at first. */
export type ListSource = EnvFiles & { readonly sample?: boolean; readonly fresh?: boolean };

/** After how many minutes a command that calls the reading list ends, done or not. */
export type TimeLimit = { readonly maxMinutes?: number };

const DEFAULT_MAX_MINUTES = 60;
/** A day; also for a command that is to end when all is done. */
export const HIGHEST_MAX_MINUTES = 1440;

const MINUTE_MS = 60_000;

/** What is printed: a table and a sentence, JSON, or with `quiet` only what is wrong. */
export type Output = { readonly json?: boolean; readonly quiet?: boolean };

/** Adds `--json` and `--quiet`. */
export function withOutput(command: Command): Command {
  return command
    .addOption(new Option('--json', 'the result as JSON, and nothing else').conflicts('quiet'))
    .option('--quiet', 'nothing, unless something is wrong: then one line on standard error');
}

/** Adds `--sample`, `--limit` and `--max-minutes`. */
export function withLimit(command: Command): Command {
  return withSample(command).option('--limit <N>', 'change at most N items', readCount);
}

/** Adds `--sample` and `--max-minutes`. */
export function withSample(command: Command): Command {
  return withTimeLimit(
    command.option('--sample', 'a sample reading list, kept in .data/, instead of your own'),
  );
}

/** Adds `--until-done`. */
export function withUntilDone(command: Command): Command {
  const meaning = 'go on until nothing is left, past MAX_CHANGES and limits on calls, for up to a day';
  return command.addOption(new Option('--until-done', meaning).conflicts(['dryRun', 'limit']));
}

/** Adds `--refetch`. */
export function withRefetch(command: Command): Command {
  return command.option(
    '--refetch',
    'read texts and pages again whose length is kept, or whose item has a tag',
  );
}

/** Adds `--max-minutes`. */
export function withTimeLimit(command: Command): Command {
  return command.option(
    '--max-minutes <N>',
    `stop after N minutes (default ${DEFAULT_MAX_MINUTES}); the next run continues`,
    readMinutes,
  );
}

/** Adds `--recovery-days`. */
export function withRecoveryDays(command: Command): Command {
  return command.option('--recovery-days <days>', 'from 7 to 30', readDays, 30);
}

/** How long a command at a terminal may take: milliseconds. */
export function timeLimitMs({ maxMinutes = DEFAULT_MAX_MINUTES }: TimeLimit): number {
  return maxMinutes * MINUTE_MS;
}

/** The time that a command at a terminal has from now on, as Lambda's context says it. */
export function contextOf(limit: TimeLimit) {
  const endsAt = performance.now() + timeLimitMs(limit);
  return { getRemainingTimeInMillis: () => endsAt - performance.now() };
}

/** Parses a count that is given as an option. */
export function readCount(value: string): number {
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
  throw new InvalidArgumentError('Give a whole number above 0.');
}

function readMinutes(value: string): number {
  const minutes = /^\d{1,4}$/.test(value) ? Number(value) : 0;
  if (minutes >= 1 && minutes <= HIGHEST_MAX_MINUTES) return minutes;
  throw new InvalidArgumentError(`Give a whole number of minutes from 1 to ${HIGHEST_MAX_MINUTES}.`);
}

function readDays(value: string): number {
  const days = Number(value);
  if (Number.isInteger(days) && days >= 7 && days <= 30) return days;
  throw new InvalidArgumentError('Give a whole number from 7 to 30.');
}
