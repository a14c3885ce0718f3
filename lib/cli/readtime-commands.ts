import { Command, Option } from 'commander';
import { addListCommands } from './list-commands.ts';
import { type onExitType, withLimit, withOutput } from './options.ts';
import { pocketCommands } from './pocket.ts';
import { secretCommands } from './secrets.ts';
import type { Output } from './tag-list.ts';
import { type ListSource, readEnvironment, withList } from './with-list.ts';

const EXAMPLES = `
Examples:
  readtime plan --sample              what it would do to a sample list; asks
  readtime tag --quiet                for cron: speaks only of what is wrong
  readtime explain https://a.example  why that item has its tag
  readtime report --out list.html     the whole list as a page to look at

Exit status: 0 complete, 1 failed, 2 wrong usage, 3 stopped before the end.`;

type TagOptions = ListSource &
  Output & { readonly dryRun?: boolean; readonly full?: boolean; readonly limit?: number };

/**
 * All of `readtime`: one command for everything at a terminal. What is behind a command is loaded when it is typed,
 * so that help and completion come at once.
 */
export function readtimeCommands(end: onExitType): Command {
  const program = new Command('readtime')
    .description('Tags the unread items of your reading list by how long they take to read.')
    .exitOverride()
    // A line for each command: all of it fits on the smallest of screens.
    .configureHelp({ subcommandTerm: nameAndArguments })
    .addHelpOption(new Option('-h, --help').hideHelp())
    .helpCommand('help [command]', 'what a command takes')
    .showHelpAfterError('(readtime --help shows what there is)')
    .addHelpText('after', EXAMPLES);
  addTagging(program, end);
  addListCommands(program, end);
  addChecking(program, end);
  program
    .command('speed')
    .summary('measure your own reading speed')
    .description('measure your own reading speed, for WORDS_PER_MINUTE')
    .action(async () => end(await (await import('./measure-speed.ts')).measureSpeed()));
  program.addCommand(
    secretCommands('secrets', () => end(1)).summary('the credentials in AWS Secrets Manager'),
  );
  program.addCommand(pocketCommands('pocket').summary('a Pocket of your own: import, serve, export'));
  return program;
}

function nameAndArguments(command: Command): string {
  return [
    command.name(),
    ...command.registeredArguments.map((one) => (one.required ? `<${one.name()}>` : `[${one.name()}]`)),
  ].join(' ');
}

function addTagging(program: Command, end: onExitType): void {
  const tag = program
    .command('tag')
    .summary('tag the newest items; --full: all of them')
    .description('tag unread items by read time: the newest, or with --full all of them')
    .option('--dry-run', 'list what would change, and write nothing')
    .option('--full', 'every item, not only the newest');
  withOutput(withLimit(tag)).action((options: TagOptions) =>
    tagWith(options, options.full ? 'full' : 'recent'),
  );
  const untag = program
    .command('untag')
    .description('take our tags off again, and nothing else')
    .option('--dry-run', 'list what would change, and write nothing');
  withOutput(withLimit(untag)).action((options: TagOptions) => tagWith(options, 'untag'));

  async function tagWith(options: TagOptions, mode: string): Promise<void> {
    const { dryRun = false, limit } = options;
    const event = { mode, dryRun, ...(limit !== undefined && { limit }) };
    const tell = options.json || options.quiet ? () => {} : console.log;
    const { tagList } = await import('./tag-list.ts');
    end(await withList(options, tell, () => tagList(event, options)));
  }
}

function addChecking(program: Command, end: onExitType): void {
  const command = program
    .command('check')
    .summary('try the credentials')
    .description('whether the credentials are usable, and whether the reading list accepts them');
  withOutput(command).action(async ({ json, quiet }: Output) => {
    const { check } = await import('../run/run.ts');
    const { checkTable } = await import('./secret-tables.ts');
    // What a check finds is printed; the log would say it twice.
    readEnvironment('SILENT');
    const { readSettings } = await import('../settings.ts');
    const { env } = process;
    const found = await check({ settings: readSettings(env), env });
    if (json) console.log(JSON.stringify(found));
    else if (!quiet) console.log(`${checkTable(found)}\n\n${found.message}`);
    else if (!found.ok) console.error(`readtime: ${found.message}`);
    end(found.ok ? 0 : 1);
  });
}
