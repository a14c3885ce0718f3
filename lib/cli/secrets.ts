import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import password from '@inquirer/password';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { Failure } from '../failure.ts';
import { check } from '../run.ts';
import { deleteSecret, setSecret, type Versions, versionsOf } from '../secrets/keep-secrets.ts';
import { secretsManagerClient } from '../secrets/secrets-manager.ts';
import { readSecretNames } from '../settings.ts';
import { checkTable, versionsTable } from './secret-tables.ts';

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
  const client = () => {
    const region: string | undefined = program.opts().region ?? process.env.AWS_REGION;
    return secretsManagerClient({ region: region ?? '' });
  };

  program
    .command('set <name>')
    .description(
      'create or update a secret; asks for the value, or reads standard input; NAME#KEY sets one key',
    )
    .action(async (name: string) => {
      const { created, versionId } = await setSecret(client(), name, await readValue(name));
      console.log(
        `Secret "${name}": ${created ? 'created' : 'updated'}${versionId ? `, version ${versionId}` : ''}`,
      );
    });

  program
    .command('list [names...]')
    .description('versions and ages; by default of the secrets that the tagger needs')
    .action(async (names: string[]) => {
      const problems = await list(client(), names.length > 0 ? names : readSecretNames(process.env));
      for (const problem of problems) console.error(problem);
      if (problems.length > 0) failed();
    });

  program
    .command('delete <name>')
    .description('delete a secret, after some days in which it can be restored')
    .option('--recovery-days <days>', 'from 7 to 30', readDays, 30)
    .action(async (name: string, { recoveryDays }: { recoveryDays: number }) => {
      const until = await deleteSecret(client(), name, recoveryDays);
      const day = until?.toISOString().slice(0, 10) ?? `${recoveryDays} days from now`;
      console.log(
        `Secret "${name}": will be deleted on ${day}; until then: aws secretsmanager restore-secret --secret-id ${name}`,
      );
    });

  program
    .command('check')
    .description(
      'whether each secret that the tagger needs is usable, how old it is, and whether the reading list accepts it',
    )
    .action(async () => {
      const { region } = program.opts();
      if (region) process.env.AWS_REGION = region;
      const found = await check();
      console.log(`${checkTable(found)}\n\n${found.message}`);
      if (!found.ok) failed();
    });

  return program;
}

/** What is typed at the prompt, unseen, or else standard input without its last line break. */
async function readValue(name: string): Promise<string> {
  if (process.stdin.isTTY) return password({ message: `Value of ${name}:`, mask: false });
  return (await text(process.stdin)).replace(/\r?\n$/, '');
}

/** Prints the versions; returns what stands in the way, by secret. */
async function list(client: ReturnType<typeof secretsManagerClient>, names: readonly string[]) {
  const secrets = await Promise.all(
    names.map(async (name): Promise<{ name: string } & (Versions | { problem: string })> => {
      try {
        return { name, ...(await versionsOf(client, name)) };
      } catch (error) {
        if (error instanceof Failure) return { name, problem: error.message };
        throw error;
      }
    }),
  );
  console.log(versionsTable(secrets, Date.now()));
  return secrets.flatMap((secret) => ('problem' in secret ? [secret.problem] : []));
}

function readDays(value: string): number {
  const days = Number(value);
  if (Number.isInteger(days) && days >= 7 && days <= 30) return days;
  throw new InvalidArgumentError('a whole number from 7 to 30');
}
