import { Failure } from '../failure.ts';
import type { HttpClient } from '../http/request.ts';
import type { Lengths } from '../lengths/lengths.ts';
import { SERVICES } from '../reading-lists/services.ts';
import { forgottenName, isSet, misspeltVariables } from '../setting-names.ts';
import { type Environment, readSettings, type Settings, stageVariables } from '../settings.ts';
import { foreignEnvFile, loadEnvFile } from './files/env-file.ts';
import { fileEnvironment, listFile } from './files/list-file.ts';
import { openKeptLengths } from './files/open-lengths.ts';
import type { EnvFiles, ListSource, Output } from './options.ts';
import { typedCommand, typedSource } from './typed-command.ts';

/** In Lambda `SECRETS_FROM=env` has to be set; at a terminal it is where secrets usually are. */
const AT_A_TERMINAL = { SECRETS_FROM: 'env', LOG_LEVEL: 'WARN' };

/**
 * The environment and `.env`, where a variable that is set already wins, or what the file of `--env-file` says of its
 * list; then `defaults` for what is empty or not set. Throws a `Failure` where the file cannot be read, or there are
 * several. `begins`: the file may be one that is to be written.
 */
export function readEnvironment(
  { begins = false, ...source }: EnvFiles & { readonly begins?: boolean },
  defaults: Readonly<Record<string, string>> = AT_A_TERMINAL,
): Environment {
  const file = listFile(source);
  if (file === undefined) loadEnvFile();
  const env = file === undefined ? process.env : fileEnvironment(file, { begins });
  const missing = Object.entries(defaults).filter(([name]) => !env[name]);
  return { ...env, ...Object.fromEntries(missing) };
}

/** The environment for a command whose output says what a log would repeat. */
export function readEnvironmentWithoutLog(source: Parameters<typeof readEnvironment>[0]): Environment {
  return readEnvironment(source, { ...AT_A_TERMINAL, LOG_LEVEL: 'SILENT' });
}

/** The environment in which serverless resolves a stage; with a file of `--env-file` it looks for no `.env` itself. */
export function stageEnvironment(source: EnvFiles): Environment {
  const env = readEnvironment(source, {});
  return listFile(source) === undefined ? env : { ...env, READTIME_ENV_FILE: 'read' };
}

/** Whether the environment names a reading list, or has something of one: then the sample is not what is meant. */
export function isListNamed(env: Environment): boolean {
  const ofPocket = ['READING_LIST', 'POCKET_API_URL', ...Object.values(SERVICES.pocket.secrets)];
  return ofPocket.some((name) => isSet(env, name)) || forgottenName(env) !== undefined;
}

/** Throws a `Failure` where no reading list is named: which can be, and where the name was looked for. */
export function checkListIsNamed(env: Environment, source: EnvFiles): void {
  if (isListNamed(env) || misspeltVariables(env, stageVariables()).length > 0) return;
  const command = typedCommand();
  const names = Object.keys(SERVICES).join(', ');
  throw new Failure(
    'settings',
    `no reading list is named${whereItIsNot(source)}; name yours with: ${command} init${typedSource(source)}; or set READING_LIST to one of: ${names}; or try a sample: ${command} plan --sample`,
  );
}

function whereItIsNot(source: EnvFiles): string {
  const ofList = listFile(source);
  if (ofList !== undefined) return ` in ${ofList}`;
  const file = loadEnvFile()?.path;
  if (file !== undefined) return `, also not in ${file}`;
  const foreign = foreignEnvFile();
  return foreign ? `; ${foreign} is another program's` : `; there is no .env in ${process.cwd()}`;
}

/** A reading list at a terminal. */
export type ListAtTerminal = {
  /** It leads to the list. */
  readonly env: Environment;
  readonly settings: Settings;
  /** What was read of its items before; absent for the sample, of which nothing is kept. */
  readonly lengths?: Lengths;
  /** How it is called; absent: by the proxies of `env`. */
  readonly http?: HttpClient | undefined;
  /** What the sample is and where; absent for any other list. */
  readonly notice?: string;
};

/** The environment, in which a reading list is named unless it is the sample. Throws a `Failure` where none is. */
export function readListEnvironment(source: ListSource): Environment {
  const env = readEnvironment(source);
  if (!source.sample) checkListIsNamed(env, source);
  return env;
}

/** Calls `work` with the reading list that this environment names, or with the sample, which is served meanwhile. */
export async function withReadingList<Result>(
  env: Environment,
  { sample, fresh = false, ...output }: ListSource & Output,
  work: (list: ListAtTerminal) => Promise<Result>,
): Promise<Result> {
  if (!sample) {
    const settings = readSettings(env);
    const lengths = openKeptLengths(settings, output);
    return work({ env, settings, lengths }).finally(lengths.close);
  }
  // Loaded only where it is needed: it brings a server and a database.
  const { serveSample } = await import('./sample-list.ts');
  const { server, unread, settings } = await serveSample({ ...output, fresh });
  const own = { ...env, ...settings };
  const notice = `A sample reading list of ${unread} unread items, served as Pocket v3 at ${server.url}`;
  try {
    return await work({ env: own, settings: readSettings(own), notice });
  } finally {
    await server.close();
  }
}
