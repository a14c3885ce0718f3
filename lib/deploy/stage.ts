import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { parseArgs, promisify } from 'node:util';
import * as z from 'zod';
import { Failure } from '../failure.ts';

const SERVERLESS = createRequire(import.meta.url).resolve('serverless/bin/serverless.js');
/** A resolved serverless.yml is some 50 kB. */
const MAX_BYTES = 10_000_000;

const variables = z.record(z.string(), z.coerce.string());
const printed = z.object({
  provider: z.object({
    region: z.string(),
    stage: z.string(),
    environment: variables,
  }),
  functions: z.object({ tagger: z.object({ environment: variables }) }),
  resources: z.object({
    Resources: z.record(
      z.string(),
      z.object({ Type: z.string(), Properties: z.object({ Name: z.unknown() }).partial() }),
    ),
  }),
});

/** What a stage is going to be, as serverless.yml and the command line have it. */
export type Stage = {
  readonly name: string;
  readonly region: string;
  /** The environment of the function. */
  readonly environment: Readonly<Record<string, string>>;
  /** Names of the secrets that the stack makes. */
  readonly createdSecrets: readonly string[];
};

/** Reads the stage that arguments of `serverless deploy` mean. Rejects with `settings` where there is none. */
export async function readStage(args: readonly string[]): Promise<Stage> {
  const { stdout } = await serverless(['print', '--format', 'json', ...stageArguments(args)]);
  const { provider, functions, resources } = printed.parse(JSON.parse(stdout));
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

/** Whether the stage was deployed before. */
export async function isDeployed(args: readonly string[]): Promise<boolean> {
  return serverless(['info', ...stageArguments(args)]).then(
    () => true,
    () => false,
  );
}

/** `serverless deploy`, in this terminal; gives its exit status. */
export async function deploy(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [SERVERLESS, 'deploy', ...args], { stdio: 'inherit' });
  const [status] = await once(child, 'close');
  return status ?? 1;
}

/** Of the arguments, those that say which stage is meant. */
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

async function serverless(args: readonly string[]): Promise<{ stdout: string }> {
  try {
    return await promisify(execFile)(process.execPath, [SERVERLESS, ...args], { maxBuffer: MAX_BYTES });
  } catch (error) {
    const output = error instanceof Error && 'stdout' in error ? String(error.stdout) : '';
    throw new Failure('settings', `serverless ${args[0]}: ${saidBy(output)}`);
  }
}

/** What serverless says is wrong, once each and without the stacks; all of it where that cannot be told. */
function saidBy(output: string): string {
  const ours = [...output.matchAll(/errored with: Error: (.+)$/gm)].map(([, sentence]) => sentence);
  return ours.length > 0 ? [...new Set(ours)].join('. ') : output.trim() || 'it did not run';
}
