import { text } from 'node:stream/consumers';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import password from '@inquirer/password';
import type { Command } from 'commander';
import { Failure } from '../../failure.ts';
import { type SecretVersion, secretNameProblem } from '../../secrets/get-secret.ts';
import { deleteSecret, setSecret, type Versions, versionsOf } from '../../secrets/manage-secrets.ts';
import { secretsManagerClient } from '../../secrets/secrets-manager.ts';
import { type Environment, readSecretNames } from '../../settings.ts';
import { readEnvironment, stageEnvironment } from '../environment.ts';
import { checkIsCheckout } from '../files/places.ts';
import { endOfInput } from '../interruption.ts';
import { type EnvFiles, type Program, withRecoveryDays } from '../options.ts';
import { scriptsAsTyped } from '../typed-command.ts';
import { plainTable } from '../view/format.ts';
import { daysText, printCheck } from './check.ts';

const DAY_MS = 86_400_000;
/** What a command finds is printed; the log would say it twice. */
const NO_LOG = { LOG_LEVEL: 'SILENT' };

/** Of which file, and which region. */
type Given = EnvFiles & { readonly region?: string };

/** Versions of one secret, or why they cannot be listed. */
type Listed = { readonly name: string } & (Versions | { readonly problem: string });

/** `readtime secrets`: `set`, `list`, `delete`, `check` */
export function configure(secrets: Command, { calledAs, onExit }: Program): void {
  const name = calledAs === 'readtime' ? 'readtime secrets' : calledAs;
  secrets
    .description('The credentials in AWS Secrets Manager. No command takes or prints a value.')
    .option('--region <region>', 'the AWS region; by default that of AWS_REGION')
    // A value that was given by mistake is not repeated: an error says what is wrong, not with what.
    .configureOutput({
      outputError: (_message, write) =>
        write(`${name}: wrong usage; the value of a secret is never an argument.\n\n`),
    })
    .showHelpAfterError();
  const given = (options: EnvFiles): Given => ({ ...options, region: secrets.opts().region });
  secrets
    .command('set <name>')
    .description(
      'create or update a secret; asks for the value, or reads standard input; NAME#KEY sets one key',
    )
    .action(async (name: string, options: EnvFiles) => storeSecret(name, given(options)));
  withStage(secrets.command('list [names...]'))
    .description('versions and ages; by default of the secrets that the tagger needs')
    .action(async (names: string[], stage: StageOptions) =>
      onExit(await listSecrets(names, await openStage(stage, given(stage)))),
    );
  withRecoveryDays(secrets.command('delete <name>'))
    .description('delete a secret; for some days it can be restored')
    .action(async (name: string, options: EnvFiles & { recoveryDays: number }) =>
      removeSecret(name, options.recoveryDays, given(options)),
    );
  withStage(secrets.command('check'))
    .description(
      'whether each secret that the tagger needs is usable, how old it is, and whether the reading list accepts it',
    )
    .action(async (stage: StageOptions) =>
      onExit(await printCheck((await openStage(stage, given(stage))).env, given(stage))),
    );
}

type StageOptions = EnvFiles & { readonly stage?: string; readonly param?: readonly string[] };

function withStage(command: Command): Command {
  return command
    .option('--stage <name>', 'with the settings and names of a stage, as serverless.yml has them')
    .option(
      '--param <name=value>',
      'a parameter of the stage, as npm run deploy takes it',
      (value: string, before: readonly string[] = []) => [...before, value],
    );
}

/** Creates or updates a secret, with a value that is asked for. Rejects with a `Failure`, as all of these do. */
async function storeSecret(name: string, given: Given): Promise<void> {
  checkNames([name]);
  const { client } = open(given);
  const { created, versionId } = await setSecret(client, name, await readValue(name));
  console.log(
    `Secret "${name}": ${created ? 'created' : 'updated'}${versionId ? `, version ${versionId}` : ''}`,
  );
}

/** Prints versions and ages, by default of the secrets that the tagger needs: 0 where all can be listed, else 1. */
async function listSecrets(names: readonly string[], { client, env }: Opened): Promise<0 | 1> {
  const chosen = names.length > 0 ? names : readSecretNames(env);
  checkNames(chosen);
  const secrets = await Promise.all(
    chosen.map(async (name): Promise<Listed> => {
      try {
        return { name, ...(await versionsOf(client, name)) };
      } catch (error) {
        if (error instanceof Failure) return { name, problem: error.message };
        throw error;
      }
    }),
  );
  console.log(versionsTable(secrets, Date.now()));
  const problems = secrets.flatMap((secret) => ('problem' in secret ? [secret.problem] : []));
  for (const problem of problems) console.error(scriptsAsTyped(problem));
  return problems.length === 0 ? 0 : 1;
}

/** Deletes a secret; for `recoveryDays` it can be restored. */
async function removeSecret(name: string, recoveryDays: number, given: Given): Promise<void> {
  checkNames([name]);
  const until = await deleteSecret(open(given).client, name, recoveryDays);
  const day = until?.toISOString().slice(0, 10) ?? `${recoveryDays} days from now`;
  console.log(
    `Secret "${name}": will be deleted on ${day}; until then: aws secretsmanager restore-secret --secret-id ${name}`,
  );
}

/** Throws a `Failure` where a value was given in the place of a name, before it is shown or sent. */
function checkNames(names: readonly string[]): void {
  const problem = names.map(secretNameProblem).find((one) => one !== undefined);
  if (problem) throw new Failure('settings', `The name that was given ${problem}`);
}

type Opened = { readonly env: Environment; readonly client: SecretsManagerClient };

function open({ region, ...source }: Given): Opened {
  const env = readEnvironment(source, NO_LOG);
  return opened(region ? { ...env, AWS_REGION: region } : env);
}

/** What a stage has, which its function would have, too; without one, what the environment has. */
async function openStage({ stage, param = [] }: StageOptions, given: Given): Promise<Opened> {
  if (stage === undefined && param.length === 0) return open(given);
  const { region, ...source } = given;
  checkIsCheckout();
  const { readStage } = await import('../../deploy/stage.ts');
  const args = { stage, region, param };
  const { environment } = await readStage(
    Object.entries(args).flatMap(([name, values]) =>
      [values ?? []].flat().map((value) => `--${name}=${value}`),
    ),
    stageEnvironment(source),
  );
  return opened({ ...environment, ...NO_LOG });
}

function opened(env: Environment): Opened {
  const { AWS_REGION: region = '', AWS_PROFILE: profile = '' } = env;
  return { env, client: secretsManagerClient({ region, profile }) };
}

/** What is typed at the prompt, unseen, or else standard input without its last line break. */
async function readValue(name: string): Promise<string> {
  if (process.stdin.isTTY)
    return password(
      { message: `Value of ${name}:`, mask: false, toggleMask: false },
      { signal: endOfInput() },
    );
  return (await text(process.stdin)).replace(/\r?\n$/, '');
}

/** A line for each secret: version ids and ages, never a value. */
function versionsTable(secrets: readonly Listed[], now: number): string {
  return plainTable(
    {
      head: ['secret', 'current version', 'age', 'previous version', 'age', ''],
      align: ['left', 'left', 'right', 'left', 'right', 'left'],
    },
    secrets.map((secret) => {
      if ('problem' in secret) return [secret.name, '', '', '', '', 'see below'];
      const { current, previous, deletedAt } = secret;
      const state = deletedAt ? `to be deleted on ${deletedAt.toISOString().slice(0, 10)}` : '';
      return [secret.name, ...versionColumns(current, now), ...versionColumns(previous, now), state];
    }),
  );
}

function versionColumns(version: SecretVersion | undefined, now: number): [id: string, age: string] {
  if (version === undefined) return ['', ''];
  const age = version.createdAt && Math.floor((now - version.createdAt.getTime()) / DAY_MS);
  return [version.versionId, daysText(age)];
}
