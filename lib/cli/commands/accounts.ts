import type { Command } from 'commander';
import type { TriedFirst } from '../accounts/add-account.ts';
import { type ListOptions, readStates } from '../accounts/list-accounts.ts';
import type { Stage, StageOptions } from '../accounts/open-stage.ts';
import type { RemoveOptions } from '../accounts/remove-accounts.ts';
import { type EnvFiles, type Output, type Program, withOutput, withRecoveryDays } from '../options.ts';
import { say } from '../view/wrapped.ts';

type All = { readonly all?: boolean };

/** `readtime accounts`: `add`, `list`, `check`, `pause`, `resume`, `rotate`, `remove`, `import`, `pack` */
export function configure(accounts: Command, { calledAs, onExit }: Program): void {
  const name = calledAs === 'readtime' ? 'readtime accounts' : calledAs;
  accounts
    .description(
      'The accounts of a stage that serves many (accounts: true). No command takes or prints a credential.',
    )
    .option('--stage <name>', 'the stage', 'dev')
    .option('--region <region>', 'its AWS region; by default AWS_REGION, or eu-central-1')
    // A credential that was given by mistake is not repeated.
    .configureOutput({
      outputError: (message, write) =>
        write(isSafe(message) ? message : `${name}: wrong usage; a credential is never an argument.\n`),
    })
    .showHelpAfterError();
  // What is done is loaded once it is: help, and wrong usage, do without the clients of AWS.
  const open = async (options: EnvFiles): Promise<Stage> =>
    (await import('../accounts/open-stage.ts')).openStage({ ...accounts.opts<StageOptions>(), ...options });
  withNoCheck(accounts.command('add <name>'))
    .description('add an account; asks, or reads JSON of its variables from standard input')
    .action(async (name: string, options: EnvFiles & TriedFirst) => {
      const { addAccount } = await import('../accounts/add-account.ts');
      await addAccount(name, options, await open(options));
    });
  accounts
    .command('list [names...]')
    .description('state, last and next run, and what is wrong; by default of all accounts')
    .option('--json', 'a line of JSON for each, and nothing else')
    .option('--state <states>', 'only those in these states, such as failing,needs-attention', readStates)
    .action(async (names: string[], options: EnvFiles & ListOptions) => {
      const { listAccounts } = await import('../accounts/list-accounts.ts');
      onExit(await listAccounts(names, options, await open(options)));
    });
  withOutput(withAll(accounts.command('check [name]'), 'each account, a line for each'))
    .description('whether the credentials are usable, and whether the service accepts them')
    .action(async (name: string | undefined, options: EnvFiles & Output & All, command: Command) => {
      const one = oneOrAll(name, options, command);
      const { checkAccount, checkAllAccounts } = await import('../accounts/check-accounts.ts');
      const stage = await open(options);
      onExit(
        await (one === undefined ? checkAllAccounts(options, stage) : checkAccount(one, options, stage)),
      );
    });
  accounts
    .command('pause <name>')
    .description('no more runs, until it is resumed')
    .action(async (name: string, options: EnvFiles) => {
      const stage = await open(options);
      await stage.accounts.pause(name);
      say(`Account "${name}": paused; it goes on with: ${stage.typed(`resume ${name}`)}`);
    });
  accounts
    .command('resume <name>')
    .description('runs as before')
    .action(async (name: string, options: EnvFiles) => {
      await (await open(options)).accounts.resume(name);
      say(`Account "${name}": resumed; a run over the whole list begins within an hour.`);
    });
  withNoCheck(accounts.command('rotate <name>'))
    .description('new credentials; asks, or reads JSON of the variables that change from standard input')
    .action(async (name: string, options: EnvFiles & TriedFirst) => {
      const { rotateAccount } = await import('../accounts/add-account.ts');
      await rotateAccount(name, options, await open(options));
    });
  withRecoveryDays(
    withAll(accounts.command('remove [name]'), 'every account of the stage; asks for its name'),
  )
    .description('remove an account; for some days its credentials can be restored')
    .option('--yes', 'with --all: does not ask')
    .action(async (name: string | undefined, options: EnvFiles & RemoveOptions & All, command: Command) => {
      const one = oneOrAll(name, options, command);
      const { removeAccount, removeAllAccounts } = await import('../accounts/remove-accounts.ts');
      const stage = await open(options);
      await (one === undefined ? removeAllAccounts(options, stage) : removeAccount(one, options, stage));
    });
  accounts
    .command('import <file>')
    .description(
      'add the accounts of a file of JSON lines, such as {"account":"anna","READING_LIST":...}; -: of standard input',
    )
    .option('--packed', 'about 200 in a secret, as pack leaves them')
    .action(async (file: string, options: EnvFiles & { packed?: boolean }) => {
      const { importAccounts } = await import('../accounts/import-accounts.ts');
      onExit(await importAccounts(file, options, await open(options)));
    });
  accounts
    .command('pack')
    .description('move credentials into secrets of about 200 accounts, which costs less')
    .action(async (options: EnvFiles) => {
      const { packAccounts } = await import('../accounts/pack-accounts.ts');
      await packAccounts(await open(options));
    });
}

function withNoCheck(command: Command): Command {
  return command.option('--no-check', 'write them although the service is down: it is not asked');
}

function withAll(command: Command, meaning: string): Command {
  return command.option('--all', meaning);
}

/** The name that was given; `undefined` for all. Ends the command as wrong usage where it is neither, or both. */
function oneOrAll(name: string | undefined, { all = false }: All, command: Command): string | undefined {
  if (all !== (name === undefined)) command.error('error: give the name of an account, or --all');
  return name;
}

/** Whether a message of commander holds nothing that was typed but the value of an option. */
function isSafe(message: string): boolean {
  return !/^error: (unknown|too many|unexpected)/.test(message);
}
