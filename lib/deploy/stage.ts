import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { parseArgs, promisify } from 'node:util';
import * as z from 'zod';
import { Failure } from '../failure.ts';

/** A resolved serverless.yml is about 50 kB. */
const MAX_OUTPUT_BYTES = 10_000_000;

const environment = z.record(z.string(), z.coerce.string());
const resolvedConfig = z.object({
  service: z.string(),
  custom: z.object({ existingSecrets: z.string() }),
  provider: z.object({
    region: z.string(),
    stage: z.string(),
    environment,
  }),
  functions: z.object({
    tagger: z.object({ name: z.string(), environment, reservedConcurrency: z.unknown() }),
  }),
  resources: z.object({
    Resources: z.record(
      z.string(),
      z.object({
        Type: z.string(),
        Properties: z.object({ Name: z.unknown(), GroupName: z.unknown(), State: z.unknown() }).partial(),
      }),
    ),
  }),
});

/** A stage as serverless.yml and the command line define it. */
export type Stage = {
  readonly name: string;
  readonly region: string;
  /** The environment of the function, and the region and the profile in which this process looks at the stage. */
  readonly environment: Readonly<Record<string, string>>;
  /** Names of the secrets that the stack creates. */
  readonly createdSecrets: readonly string[];
  /** Names of the secrets that it would create, but is told to use as they are. */
  readonly existingSecrets: readonly string[];
  /** The name of the stack in CloudFormation. */
  readonly stackName: string;
  readonly functionName: string;
  /** How many runs at once it reserves, if any. */
  readonly reservedConcurrency: number | undefined;
  /** Names of its schedules in EventBridge Scheduler, without those of a group of its own. */
  readonly schedules: readonly string[];
  /** The name of the schedule group of its accounts, if it is to have any. */
  readonly accountsGroup: string | undefined;
  /** It has no list of its own, whose schedules are disabled: only those of its accounts. */
  readonly servesAccountsAlone: boolean;
};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Resolves serverless.yml with the arguments of `serverless deploy`, in an environment. Rejects with `settings` if that
 * fails.
 */
export async function readStage(args: readonly string[], env: Environment): Promise<Stage> {
  const { stdout } = await serverless(['print', '--format', 'json', ...stageArguments(args)], env);
  const { service, custom, provider, functions, resources } = resolvedConfig.parse(JSON.parse(stdout));
  const { name: functionName, environment, reservedConcurrency } = functions.tagger;
  const [, profile = env.AWS_PROFILE] = /^--aws-profile=(.*)$/m.exec(stageArguments(args).join('\n')) ?? [];
  const ofType = (type: string) =>
    Object.values(resources.Resources)
      .filter(({ Type, Properties }) => Type === type && Properties.GroupName === undefined)
      .map(({ Properties }) => Properties);
  const namesOf = (type: string) => ofType(type).map(({ Name }) => String(Name));
  const [accountsGroup] = namesOf('AWS::Scheduler::ScheduleGroup');
  return {
    name: provider.stage,
    region: provider.region,
    environment: {
      ...provider.environment,
      ...environment,
      AWS_REGION: provider.region,
      ...(profile && { AWS_PROFILE: profile }),
    },
    createdSecrets: namesOf('AWS::SecretsManager::Secret'),
    existingSecrets: custom.existingSecrets.split(',').flatMap((name) => name.trim() || []),
    stackName: `${service}-${provider.stage}`,
    functionName,
    reservedConcurrency: Number(reservedConcurrency) || undefined,
    schedules: namesOf('AWS::Scheduler::Schedule'),
    accountsGroup,
    servesAccountsAlone:
      accountsGroup !== undefined &&
      ofType('AWS::Scheduler::Schedule').every(({ State }) => State === 'DISABLED'),
  };
}

/** Runs `serverless deploy` in this terminal, in an environment; resolves to its exit status. */
export async function deploy(args: readonly string[], env: Environment): Promise<number> {
  const child = spawn(process.execPath, [serverlessFile(), 'deploy', ...args], { stdio: 'inherit', env });
  const [status] = await once(child, 'close');
  return status ?? 1;
}

/**
 * The arguments that determine the stage: stage, region, profile, configuration file and parameters.
 * @internal
 */
export function stageArguments(args: readonly string[]): string[] {
  const options = {
    stage: { type: 'string', short: 's' },
    region: { type: 'string', short: 'r' },
    config: { type: 'string', short: 'c' },
    'aws-profile': { type: 'string' },
    param: { type: 'string', multiple: true },
  } as const;
  const { values } = parseArgs({ args: [...args], options, strict: false });
  return Object.entries(values)
    .filter(([name]) => Object.hasOwn(options, name))
    .flatMap(([name, value]) => [value].flat().map((one) => `--${name}=${one}`));
}

/** Serverless, which is not there where only what a terminal needs is installed. */
function serverlessFile(): string {
  try {
    return createRequire(import.meta.url).resolve('serverless/bin/serverless.js');
  } catch {
    throw new Failure(
      'settings',
      'Deploying needs more packages than a terminal; install them first: npm ci',
    );
  }
}

async function serverless(args: readonly string[], env: Environment): Promise<{ stdout: string }> {
  const file = serverlessFile();
  try {
    return await promisify(execFile)(process.execPath, [file, ...args], {
      maxBuffer: MAX_OUTPUT_BYTES,
      env,
    });
  } catch (error) {
    const output = error instanceof Error && 'stdout' in error ? String(error.stdout) : '';
    throw new Failure('settings', problemsIn(output).join('\n'));
  }
}

/**
 * The problems in the output of serverless, without stack traces; the whole output if there are none. Where one part of
 * the stack says what another says among others, it is said once.
 */
function problemsIn(output: string): string[] {
  const said = [...output.matchAll(/errored with: Error: (.+(?:\n(?! {4}at | {2}- ).+)*)/g)].flatMap(
    ([, problems = '']) => problems.split('\n'),
  );
  return said.length > 0 ? [...new Set(said)] : [`serverless: ${output.trim() || 'it did not run'}`];
}
