import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { parseArgs, promisify } from 'node:util';
import * as z from 'zod';
import { Failure, joinSentences } from '../failure.ts';

/** A resolved serverless.yml is about 50 kB. */
const MAX_OUTPUT_BYTES = 10_000_000;

const environment = z.record(z.string(), z.coerce.string());
const resolvedConfig = z.object({
  provider: z.object({
    region: z.string(),
    stage: z.string(),
    environment,
  }),
  functions: z.object({ tagger: z.object({ environment }) }),
  resources: z.object({
    Resources: z.record(
      z.string(),
      z.object({ Type: z.string(), Properties: z.object({ Name: z.unknown() }).partial() }),
    ),
  }),
});

/** A stage as serverless.yml and the command line define it. */
export type Stage = {
  readonly name: string;
  readonly region: string;
  /** The environment of the function. */
  readonly environment: Readonly<Record<string, string>>;
  /** Names of the secrets that the stack creates. */
  readonly createdSecrets: readonly string[];
};

/** Resolves serverless.yml with the arguments of `serverless deploy`. Rejects with `settings` if that fails. */
export async function readStage(args: readonly string[]): Promise<Stage> {
  const { stdout } = await serverless(['print', '--format', 'json', ...stageArguments(args)]);
  const { provider, functions, resources } = resolvedConfig.parse(JSON.parse(stdout));
  const secrets = Object.values(resources.Resources).filter(
    ({ Type }) => Type === 'AWS::SecretsManager::Secret',
  );
  return {
    name: provider.stage,
    region: provider.region,
    environment: { ...provider.environment, ...functions.tagger.environment },
    createdSecrets: secrets.map(({ Properties }) => String(Properties.Name)),
  };
}

/** Whether the stage is deployed. */
export async function isDeployed(args: readonly string[]): Promise<boolean> {
  return serverless(['info', ...stageArguments(args)]).then(
    () => true,
    () => false,
  );
}

/** Runs `serverless deploy` in this terminal; resolves to its exit status. */
export async function deploy(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [serverlessFile(), 'deploy', ...args], { stdio: 'inherit' });
  const [status] = await once(child, 'close');
  return status ?? 1;
}

/** The arguments that determine the stage: stage, region, profile, configuration file and parameters. */
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

async function serverless(args: readonly string[]): Promise<{ stdout: string }> {
  const file = serverlessFile();
  try {
    return await promisify(execFile)(process.execPath, [file, ...args], {
      maxBuffer: MAX_OUTPUT_BYTES,
    });
  } catch (error) {
    const output = error instanceof Error && 'stdout' in error ? String(error.stdout) : '';
    throw new Failure('settings', `serverless ${args[0]}: ${messagesIn(output)}`);
  }
}

/** The error messages in the output of serverless, without stack traces; the whole output if there are none. */
function messagesIn(output: string): string {
  const messages = [...output.matchAll(/errored with: Error: (.+)$/gm)].map(([, sentence = '']) => sentence);
  return messages.length > 0 ? joinSentences([...new Set(messages)]) : output.trim() || 'it did not run';
}
