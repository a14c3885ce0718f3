import tab from '@bomb.sh/tab/commander';
import { type Argument, Command, Option } from 'commander';
import type { Program } from './options.ts';
import { typedCommand } from './typed-command.ts';

type Listed = {
  /** Its line in `readtime --help`; absent: it has none. */
  readonly summary?: string;
  readonly argument?: string;
  /** Loads the file of the command, which adds its options, its help and what it does. */
  readonly load: () => Promise<{ configure(command: Command, program: Program): void }>;
};

const COMMANDS: Readonly<Record<string, Listed>> = {
  init: { summary: 'set up: service, token, speed, bands', load: () => import('./commands/init.ts') },
  tag: { summary: 'tag the newest items; --full: all of them', load: () => import('./commands/tag.ts') },
  watch: { summary: 'tag again and again, until told to stop', load: () => import('./commands/watch.ts') },
  untag: { summary: 'remove our tags, and nothing else', load: () => import('./commands/untag.ts') },
  plan: {
    summary: 'what would change; asks, and writes just that',
    load: () => import('./commands/plan.ts'),
  },
  explain: {
    summary: 'why an item has its tag',
    argument: '[URL-or-id]',
    load: () => import('./commands/explain.ts'),
  },
  report: { summary: 'the whole list as a page to look at', load: () => import('./commands/report.ts') },
  check: { summary: 'try the credentials', load: () => import('./commands/check.ts') },
  speed: { summary: 'measure your own reading speed', load: () => import('./commands/speed.ts') },
  secrets: {
    summary: 'the credentials in AWS Secrets Manager',
    load: () => import('./commands/secrets.ts'),
  },
  accounts: {
    summary: 'the accounts of a stage that serves many',
    load: () => import('./commands/accounts.ts'),
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
Exit status: 0 complete, 1 failed, 2 wrong usage, 3 stopped before the end.`;

/** The one function of the package bash-completion that the script for bash calls, for a shell without that package. */
const BASH_WORDS = `declare -F _get_comp_words_by_ref > /dev/null || _get_comp_words_by_ref() {
    words=("\${COMP_WORDS[@]}") cword=$COMP_CWORD cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]}
}`;

/**
 * The names of all commands.
 * @internal
 */
export const COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS);

/** All commands by name. Only those that are typed are loaded, so that each starts fast. */
export async function commandLine(args: readonly string[], program: Program): Promise<Command> {
  const readtime = new Command('readtime')
    .usage('[command] [--env-file FILE ...]')
    .description('Tags the unread items of your reading list by how long they take to read.')
    .exitOverride()
    // One line for each command: all of it fits on a screen of 80 by 24.
    .configureHelp({ subcommandTerm: nameAndArguments, showGlobalOptions: true })
    // Known here to be taken wherever it is typed; to a command it is one of its own options.
    .addOption(envFileOption().hideHelp())
    .hook('preAction', (program, command) => {
      command.setOptionValue('envFile', program.opts().envFile);
    })
    .addHelpOption(new Option('-h, --help').hideHelp())
    .helpCommand('help [command]', 'what a command takes')
    .showHelpAfterError(`(${typedCommand()} --help shows all commands)`)
    .addHelpText('after', EXAMPLES);
  for (const [name, { summary, argument, load }] of Object.entries(COMMANDS)) {
    const command = readtime.command(name, { hidden: summary === undefined }).summary(summary ?? '');
    if (argument) command.argument(argument);
    command.addOption(envFileOption());
    if (args.includes(name)) (await load()).configure(command, program);
  }
  tab(readtime);
  readtime.commands
    .find((command) => command.name() === 'complete')
    ?.description('completion for bash, zsh, fish or powershell')
    .hook('preAction', (_, { args: [shell] }) => {
      if (shell === 'bash') console.log(BASH_WORDS);
    });
  return readtime;
}

function envFileOption(): Option {
  const meaning = 'the list of FILE, not of .env; several: one after the other';
  return new Option('--env-file <FILE>', meaning).argParser((file, before: readonly string[] = []) => [
    ...before,
    file,
  ]);
}

function nameAndArguments(command: Command): string {
  return [command.name(), ...command.registeredArguments.map(argumentTerm)].join(' ');
}

function argumentTerm(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}
