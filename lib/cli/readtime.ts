#!/usr/bin/env node
import { parseArgs } from 'node:util';
import type { Command, CommanderError } from 'commander';
import { isPromptLeft } from './interruption.ts';
import { answerAtOnce } from './quick-answers.ts';

/** Scripts of package.json that run this file; npm says which one it runs. */
const SCRIPTS = ['pocket', 'secrets', 'accounts', 'deploy'];
/** Options of npm, too, with which `npx` is called as it should be. */
const NPM_OPTIONS = ['yes', 'json'];
/** Options that `deploy` hands on. */
const SERVERLESS_OPTIONS = ['stage', 'region', 'param', 'aws-profile'];
/** Exit status, as a shell has it where Ctrl-C ends a command. */
const INTERRUPTED = 130;

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader of the pipe has closed it: `... | head`.
  if (error.code === 'EPIPE') process.exit();
  console.error(`${calledAs()}: could not print: ${error.message}`);
  process.exit(1);
});
// Nobody is there to be told how far a run is: no reason to end it.
process.stderr.on('error', () => {});
const typed = process.argv.slice(2);
process.exitCode = (await answerAtOnce(typed)) ? 0 : await main(typed);

/**
 * Exit status: 0 complete, 1 failed, 2 wrong usage, 3 stopped before the end, 130 a prompt was left by Ctrl-C or Ctrl-D;
 * `deploy` has that of serverless.
 */
async function main(args: readonly string[]): Promise<number> {
  let status = 0;
  const onExit = (ended: number) => {
    status = ended;
  };
  try {
    const { commandLine } = await import('./command-line.ts');
    const program = await commandLine(args, { calledAs: calledAs(), onExit });
    const typed = isPocketAlone(args) ? [...args, 'serve'] : withHelpLast(args);
    const taken = optionTakenByNpm(program, typed);
    if (taken !== undefined) {
      const { npmName } = await import('./typed-command.ts');
      const after = afterDashes(taken, args, npmName());
      console.error(`${calledAs()}: npm took --${taken} for itself, so nothing was done; ${after}`);
      return 2;
    }
    await program.parseAsync(typed, { from: 'user' });
    return status;
  } catch (error) {
    return await printAnyError(error);
  }
}

/** `npm run pocket` serves; commander's default command would no longer correct a misspelt one. */
function isPocketAlone(args: readonly string[]): boolean {
  const options = { 'env-file': { type: 'string', multiple: true } } as const;
  const { positionals, values } = parseArgs({ args: [...args], options, strict: false });
  const isKnown = Object.keys(values).every((name) => name === 'env-file') && args.at(-1) !== '--env-file';
  return positionals.join() === 'pocket' && isKnown;
}

/** Says what ended a command, unless commander has; the exit status. */
async function printAnyError(error: unknown): Promise<number> {
  if (isOfCommander(error)) return error.exitCode === 0 ? 0 : 2;
  if (isPromptLeft(error)) {
    console.error();
    return INTERRUPTED;
  }
  const { printTrouble } = await import('./view/wrapped.ts');
  printTrouble(error, { calledAs: calledAs() });
  return 1;
}

/** `help secrets set` as `secrets set --help`: commander's own goes no deeper than to `secrets`. */
function withHelpLast(args: readonly string[]): readonly string[] {
  const [first, ...words] = args;
  return first === 'help' && words.length > 1 ? [...words, '--help'] : args;
}

/** How the command was started, for messages. */
function calledAs(): string {
  const { npm_lifecycle_event: script = '' } = process.env;
  if (script === 'start') return 'npm start';
  return SCRIPTS.includes(script) ? `npm run ${script}` : 'readtime';
}

/** The option of a command that was typed without `--` before it, which npm keeps: `npm start --dry-run`. */
function optionTakenByNpm(readtime: Command, typed: readonly string[]): string | undefined {
  let command = readtime;
  const names = typed[0] === 'deploy' ? [...SERVERLESS_OPTIONS] : [];
  for (const word of typed) {
    command = command.commands.find((one) => one.name() === word) ?? command;
    names.push(...command.options.map((option) => option.name()));
  }
  return names.find(
    (name) => !NPM_OPTIONS.includes(name) && process.env[`npm_config_${name.replaceAll('-', '_')}`],
  );
}

function afterDashes(option: string, [command]: readonly string[], npmName: string): string {
  const called = calledAs() === 'readtime' ? `npm exec -- ${npmName} ${command}` : `${calledAs()} --`;
  return `write it after --: ${called} --${option}`;
}

/** Whether commander ends the program so: it has printed what is wrong, or the help. */
function isOfCommander(error: unknown): error is CommanderError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('commander.');
}
