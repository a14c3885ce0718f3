import { existsSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { Failure } from '../failure.ts';

/** Loaded only where they are wanted: they bring the client of AWS. */
const secretsInAws = () => import('./secrets-in-aws.ts');

const NAME = 'npm run secrets --';
const MISUSED = 'not a way to use it; the value of a secret is never an argument.';

/** Exit status: 0 done, 1 failed or a check that found something wrong, 2 wrong usage. */
type ExitStatus = 0 | 1 | 2;

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<ExitStatus> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  // What a check finds is printed as a table; the log would say it twice.
  process.env.LOG_LEVEL ||= 'SILENT';
  let status: ExitStatus = 0;
  const failed = () => {
    status = 1;
  };
  try {
    await secretCommands(NAME, failed).parseAsync([...args], { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    console.error(error instanceof Failure ? `npm run secrets: ${error.message}` : error);
    return 1;
  }
}

/** The commands that keep credentials in AWS, called `name`. `failed` is told when one found something wrong. */
export function secretCommands(name: string, failed: () => void): Command {
  const called = () => [program.parent?.name(), name.replace(/ --$/, '')].filter(Boolean).join(' ');
  const program = new Command(name)
    .description('The credentials in AWS Secrets Manager. No command takes or prints a value.')
    .option('--region <region>', 'the AWS region; by default that of AWS_REGION')
    .exitOverride()
    // A value that was given by mistake is not repeated: an error says what is wrong, not with what.
    .configureOutput({ outputError: (_message, write) => write(`${called()}: ${MISUSED}\n\n`) })
    .showHelpAfterError();
  const region = (): string | undefined => program.opts().region;

  program
    .command('set <name>')
    .description(
      'create or update a secret; asks for the value, or reads standard input; NAME#KEY sets one key',
    )
    .action(async (name: string) => (await secretsInAws()).storeSecret(name, region()));

  program
    .command('list [names...]')
    .description('versions and ages; by default of the secrets that the tagger needs')
    .action(async (names: string[]) => {
      if (!(await (await secretsInAws()).listSecrets(names, region()))) failed();
    });

  program
    .command('delete <name>')
    .description('delete a secret, after some days in which it can be restored')
    .option('--recovery-days <days>', 'from 7 to 30', readDays, 30)
    .action(async (name: string, { recoveryDays }: { recoveryDays: number }) =>
      (await secretsInAws()).removeSecret(name, recoveryDays, region()),
    );

  program
    .command('check')
    .description(
      'whether each secret that the tagger needs is usable, how old it is, and whether the reading list accepts it',
    )
    .action(async () => {
      if (!(await (await secretsInAws()).checkSecrets(region()))) failed();
    });

  return program;
}

function readDays(value: string): number {
  const days = Number(value);
  if (Number.isInteger(days) && days >= 7 && days <= 30) return days;
  throw new InvalidArgumentError('a whole number from 7 to 30');
}
