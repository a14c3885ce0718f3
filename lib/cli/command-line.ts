import { Command, InvalidArgumentError, Option } from 'commander';
import type { PlanOptions } from './commands/plan.ts';
import type { ReportOptions } from './commands/report.ts';
import type { StartOptions } from './commands/start.ts';
import type { TagOptions } from './commands/tag.ts';
import type { ListSource } from './environment.ts';
import type { Output } from './view/run-result.ts';

const EXAMPLES = `
Examples:
  readtime plan --sample              what it would do to a sample list; asks
  readtime tag --quiet                for cron: prints only what is wrong
  readtime report --out list.html     the whole list as a page to look at

Exit status: 0 complete, 1 failed, 2 wrong usage, 3 stopped before the end.`;

/** Called with the exit status of a command that ended by itself. */
type OnExit = (status: number) => void;

/**
 * Everything that can be typed: the commands, their arguments, options and help. `calledAs` is how the program was
 * started. What a command does is in `commands/` and loaded when it runs, so that help and completion are fast.
 */
export function commandLine(calledAs: string, onExit: OnExit): Command {
  const program = new Command('readtime')
    .description('Tags the unread items of your reading list by how long they take to read.')
    .exitOverride()
    // One line for each command: all of it fits on a screen of 80 by 24.
    .configureHelp({ subcommandTerm: nameAndArguments })
    .addHelpOption(new Option('-h, --help').hideHelp())
    .helpCommand('help [command]', 'what a command takes')
    .showHelpAfterError('(readtime --help shows all commands)')
    .addHelpText('after', EXAMPLES);
  addTagging(program, onExit);
  addPlanning(program, onExit);
  withOutput(program.command('check'))
    .summary('try the credentials')
    .description('whether the credentials are usable, and whether the reading list accepts them')
    .action(async (output: Output) => onExit(await (await import('./commands/check.ts')).checkList(output)));
  program
    .command('speed')
    .summary('measure your own reading speed')
    .description('measure your own reading speed, for WORDS_PER_MINUTE')
    .action(async () => onExit(await (await import('./commands/speed.ts')).measureSpeed()));
  program.addCommand(secretsCommand(calledAs, onExit)).addCommand(pocketCommand());
  addDeploy(program, onExit);
  addStart(program, onExit);
  return program;
}

function addTagging(program: Command, onExit: OnExit): void {
  const tag = program
    .command('tag')
    .summary('tag the newest items; --full: all of them')
    .description('tag unread items by read time: the newest, or with --full all of them')
    .option('--dry-run', 'list what would change, and write nothing')
    .option('--full', 'every item, not only the newest');
  const untag = program
    .command('untag')
    .description('remove our tags, and nothing else')
    .option('--dry-run', 'list what would change, and write nothing');
  for (const command of [tag, untag])
    withOutput(withLimit(command)).action(async (options: TagOptions) => {
      const mode = command === untag ? 'untag' : options.full ? 'full' : 'recent';
      onExit(await (await import('./commands/tag.ts')).tag(mode, options));
    });
}

function addPlanning(program: Command, onExit: OnExit): void {
  const plan = program
    .command('plan')
    .summary('what would change; asks, and writes just that')
    .description('a table of what would change; asks, and then writes just that')
    .option('--full', 'every item, not only the newest')
    .option('--yes', 'write it without asking')
    .addOption(new Option('--json', 'the plan as JSON, and write nothing').conflicts('yes'));
  withLimit(plan).action(async (options: PlanOptions) =>
    onExit(await (await import('./commands/plan.ts')).plan(options)),
  );
  const explain = program
    .command('explain <URL-or-id>')
    .summary('why an item has its tag')
    .description('why an item has its tag, and what would have counted otherwise')
    .option('--json', 'the same as JSON');
  withSample(explain).action(async (urlOrId: string, options: { json?: boolean } & ListSource) =>
    onExit(await (await import('./commands/explain.ts')).explainItem(urlOrId, options)),
  );
  const report = program
    .command('report')
    .summary('the whole list as a page to look at')
    .description('the whole list as a page to look at: one file, which loads nothing from the network')
    .requiredOption('--out <FILE>', 'where to write it')
    .option('--no-pages', 'read no web page for a missing length');
  withSample(report).action(async (options: ReportOptions) =>
    onExit(await (await import('./commands/report.ts')).report(options)),
  );
}

function secretsCommand(calledAs: string, onExit: OnExit): Command {
  const name = calledAs === 'readtime' ? 'readtime secrets' : calledAs;
  const loaded = () => import('./commands/secrets.ts');
  const secrets = new Command('secrets')
    .summary('the credentials in AWS Secrets Manager')
    .description('The credentials in AWS Secrets Manager. No command takes or prints a value.')
    .option('--region <region>', 'the AWS region; by default that of AWS_REGION')
    .exitOverride()
    // A value that was given by mistake is not repeated: an error says what is wrong, not with what.
    .configureOutput({
      outputError: (_message, write) =>
        write(`${name}: wrong usage; the value of a secret is never an argument.\n\n`),
    })
    .showHelpAfterError();
  const region = (): string | undefined => secrets.opts().region;
  secrets
    .command('set <name>')
    .description(
      'create or update a secret; asks for the value, or reads standard input; NAME#KEY sets one key',
    )
    .action(async (name: string) => (await loaded()).storeSecret(name, region()));
  secrets
    .command('list [names...]')
    .description('versions and ages; by default of the secrets that the tagger needs')
    .action(async (names: string[]) => onExit(await (await loaded()).listSecrets(names, region())));
  secrets
    .command('delete <name>')
    .description('delete a secret; for some days it can be restored')
    .option('--recovery-days <days>', 'from 7 to 30', readDays, 30)
    .action(async (name: string, { recoveryDays }: { recoveryDays: number }) =>
      (await loaded()).removeSecret(name, recoveryDays, region()),
    );
  secrets
    .command('check')
    .description(
      'whether each secret that the tagger needs is usable, how old it is, and whether the reading list accepts it',
    )
    .action(async () => onExit(await (await loaded()).checkInAws(region())));
  return secrets;
}

function pocketCommand(): Command {
  const loaded = () => import('./commands/pocket.ts');
  const pocket = new Command('pocket')
    .summary('a Pocket of your own: import, serve, export')
    .description('A Pocket of your own, on this machine only. Its list is in .data/pocket.sqlite.')
    .exitOverride()
    .addHelpText(
      'after',
      `
POCKET_KEY and POCKET_TOKEN are the credentials that every call needs; where
they are not set, in the environment or in .env, new ones are made up and kept
in .env.`,
    );
  pocket
    .command('serve')
    .description('serve it on http://127.0.0.1:8383/v3 (or PORT); the default')
    .action(async () => (await loaded()).servePocket());
  pocket
    .command('import <FILE...>')
    .description("import Pocket's ZIP, its CSVs, or JSON dumps of /v3/get")
    .action(async (files: string[]) => (await loaded()).importInto(files));
  pocket
    .command('export [FILE]')
    .description("write Pocket's CSV, with the tags (without FILE: to the terminal)")
    .action(async (file?: string) => (await loaded()).exportTo(file));
  return pocket;
}

function addDeploy(program: Command, onExit: OnExit): void {
  program
    .command('deploy')
    .summary('check a stage on AWS, and deploy it')
    .description('checks the stage, and deploys it if nothing is missing')
    .usage('[--stage NAME] [options]')
    .option('--check', 'only check')
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText(
      'after',
      `
  --stage NAME           dev by default
  --region NAME          AWS_REGION, or eu-central-1
  --param NAME=VALUE     what a stage may set: see serverless.yml

Any other option is handed to serverless deploy.`,
    )
    .action(async (options: { check?: boolean }, command: Command) =>
      onExit(await (await import('./commands/deploy.ts')).deployStage(command.args, options)),
    );
}

function addStart(program: Command, onExit: OnExit): void {
  program
    .command('start', { hidden: true })
    .description(
      'npm start: tags a sample reading list, or the one that READING_LIST and POCKET_API_URL name',
    )
    .option('--dry-run', 'list what would change, and write nothing')
    .option('--mode <mode>', 'recent (the newest items, the default), full (every item) or untag')
    .option('--limit <N>', 'change at most N items')
    .option('--sample', 'the sample, even where a list is named')
    .option('--fresh', 'a new sample')
    .option('--list', 'the services that READING_LIST may name, and their settings')
    .action(async (options: StartOptions) =>
      onExit(await (await import('./commands/start.ts')).start(options)),
    );
}

function nameAndArguments(command: Command): string {
  return [
    command.name(),
    ...command.registeredArguments.map((one) => (one.required ? `<${one.name()}>` : `[${one.name()}]`)),
  ].join(' ');
}

function withOutput(command: Command): Command {
  return command
    .addOption(new Option('--json', 'the result as JSON, and nothing else').conflicts('quiet'))
    .option('--quiet', 'nothing, unless something is wrong: then one line on standard error');
}

function withLimit(command: Command): Command {
  return withSample(command).option('--limit <N>', 'change at most N items', readCount);
}

function withSample(command: Command): Command {
  return command.option('--sample', 'a sample reading list, kept in .data/, instead of your own');
}

function readCount(value: string): number {
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
  throw new InvalidArgumentError('Give a whole number above 0.');
}

function readDays(value: string): number {
  const days = Number(value);
  if (Number.isInteger(days) && days >= 7 && days <= 30) return days;
  throw new InvalidArgumentError('Give a whole number from 7 to 30.');
}
