#!/usr/bin/env node
import tab from '@bomb.sh/tab/commander';
import { type Argument, Command, CommanderError, Option } from 'commander';
import { Failure, systemMessage } from '../failure.ts';
import { isPromptLeft } from './interruption.ts';
import type { Program } from './options.ts';

type Listed = {
  /** Its line in `readtime --help`; absent: it has none. */
  readonly summary?: string;
  readonly argument?: string;
  /** Loads the file of the command, which adds its options, its help and what it does. */
  readonly load: () => Promise<{ configure(command: Command, program: Program): void }>;
};

const COMMANDS: Readonly<Record<string, Listed>> = {
  tag: { summary: 'tag the newest items; --full: all of them', load: () => import('./commands/tag.ts') },
  untag: { summary: 'remove our tags, and nothing else', load: () => import('./commands/untag.ts') },
  plan: {
    summary: 'what would change; asks, and writes just that',
    load: () => import('./commands/plan.ts'),
  },
  explain: {
    summary: 'why an item has its tag',
    argument: '<URL-or-id>',
    load: () => import('./commands/explain.ts'),
  },
  report: { summary: 'the whole list as a page to look at', load: () => import('./commands/report.ts') },
  check: { summary: 'try the credentials', load: () => import('./commands/check.ts') },
  speed: { summary: 'measure your own reading speed', load: () => import('./commands/speed.ts') },
  secrets: {
    summary: 'the credentials in AWS Secrets Manager',
    load: () => import('./commands/secrets.ts'),
  },
  pocket: {
    summary: 'a Pocket of your own: import, serve, export',
    load: () => import('./commands/pocket.ts'),
  },
  deploy: { summary: 'check a stage on AWS, and deploy it', load: () => import('./commands/deploy.ts') },
  start: { load: () => import('./commands/start.ts') },
};

const EXAMPLES = `
Examples:
  readtime plan --sample              what it would do to a sample list; asks
  readtime tag --quiet                for cron: prints only what is wrong
  readtime report --out list.html     the whole list as a page to look at

Exit status: 0 complete, 1 failed, 2 wrong usage, 3 stopped before the end.`;

/** Scripts of package.json that run this file; npm says which one it runs. */
const SCRIPTS = ['pocket', 'secrets', 'deploy'];
/** Options of npm, too, with which `npx` is called as it should be. */
const OWN_OF_NPM = ['yes', 'json'];
/** Options that `deploy` hands on. */
const OF_SERVERLESS = ['stage', 'region', 'param', 'aws-profile'];
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
process.exitCode = await main(process.argv.slice(2));

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
    const program = await commandLine(args, { calledAs: calledAs(), onExit });
    // `npm run pocket` serves; commander's default command would no longer correct a misspelt one.
    const typed = args.length === 1 && args[0] === 'pocket' ? ['pocket', 'serve'] : withHelpLast(args);
    const taken = optionTakenByNpm(program, typed);
    if (taken !== undefined) {
      console.error(
        `${calledAs()}: npm took --${taken} for itself, so nothing was done; ${afterDashes(taken, args)}`,
      );
      return 2;
    }
    await program.parseAsync(typed, { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (isPromptLeft(error)) {
      console.error();
      return INTERRUPTED;
    }
    const sentence = error instanceof Failure ? error.message : fileTrouble(error);
    console.error(sentence === undefined ? error : `${calledAs()}: ${sentence}`);
    return 1;
  }
}

/** `help secrets set` as `secrets set --help`: commander's own goes no deeper than to `secrets`. */
function withHelpLast(args: readonly string[]): readonly string[] {
  const [first, ...words] = args;
  return first === 'help' && words.length > 1 ? [...words, '--help'] : args;
}

/** All commands by name. Only those that are typed are loaded, so that help and completion are fast. */
async function commandLine(args: readonly string[], program: Program): Promise<Command> {
  const readtime = new Command('readtime')
    .description('Tags the unread items of your reading list by how long they take to read.')
    .exitOverride()
    // One line for each command: all of it fits on a screen of 80 by 24.
    .configureHelp({ subcommandTerm: nameAndArguments, showGlobalOptions: true })
    .addHelpOption(new Option('-h, --help').hideHelp())
    .helpCommand('help [command]', 'what a command takes')
    .showHelpAfterError('(readtime --help shows all commands)')
    .addHelpText('after', EXAMPLES);
  for (const [name, { summary, argument, load }] of Object.entries(COMMANDS)) {
    const command = readtime.command(name, { hidden: summary === undefined }).summary(summary ?? '');
    if (argument) command.argument(argument);
    if (args.includes(name)) (await load()).configure(command, program);
  }
  tab(readtime);
  readtime.commands
    .find((command) => command.name() === 'complete')
    ?.description('completion for bash, zsh, fish or powershell');
  return readtime;
}

function nameAndArguments(command: Command): string {
  return [command.name(), ...command.registeredArguments.map(argumentTerm)].join(' ');
}

function argumentTerm(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
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
  const names = typed[0] === 'deploy' ? [...OF_SERVERLESS] : [];
  for (const word of typed) {
    command = command.commands.find((one) => one.name() === word) ?? command;
    names.push(...command.options.map((option) => option.name()));
  }
  return names.find(
    (name) => !OWN_OF_NPM.includes(name) && process.env[`npm_config_${name.replaceAll('-', '_')}`],
  );
}

function afterDashes(option: string, [command]: readonly string[]): string {
  const called = calledAs() === 'readtime' ? `npm exec -- readtime ${command}` : `${calledAs()} --`;
  return `write it after --: ${called} --${option}`;
}

/** A sentence for an error of the file system that nobody expected. */
function fileTrouble(error: unknown): string | undefined {
  const { syscall, path = 'the current folder' } = error as NodeJS.ErrnoException;
  return syscall === undefined ? undefined : `Cannot use "${path}": ${systemMessage(error)}`;
}
