import { Failure } from '../failure.ts';
import type { Lengths } from '../lengths/lengths.ts';
import { SERVICES } from '../reading-lists/services.ts';
import { forgottenName, isSet, misspeltVariables } from '../setting-names.ts';
import { type Environment, readSettings, type Settings, stageVariables } from '../settings.ts';
import { foreignEnvFile, loadEnvFile } from './files/env-file.ts';
import { openKeptLengths } from './files/open-lengths.ts';
import type { ListSource, Output } from './options.ts';
import { typedCommand } from './typed-command.ts';

/** In Lambda `SECRETS_FROM=env` has to be set; at a terminal it is where secrets usually are. */
const AT_A_TERMINAL = { SECRETS_FROM: 'env', LOG_LEVEL: 'WARN' };

/**
 * The environment and `.env`, where a variable that is set already wins; then `defaults` for what is empty or not set.
 * Throws a `Failure` where `.env` cannot be read.
 */
export function readEnvironment(defaults: Readonly<Record<string, string>> = AT_A_TERMINAL): Environment {
  loadEnvFile();
  const missing = Object.entries(defaults).filter(([name]) => !process.env[name]);
  return { ...process.env, ...Object.fromEntries(missing) };
}

/** The environment for a command whose output says what a log would repeat. */
export function readEnvironmentWithoutLog(): Environment {
  return readEnvironment({ ...AT_A_TERMINAL, LOG_LEVEL: 'SILENT' });
}

/** Whether the environment names a reading list, or has something of one: then the sample is not what is meant. */
export function isListNamed(env: Environment): boolean {
  const ofPocket = ['READING_LIST', 'POCKET_API_URL', ...Object.values(SERVICES.pocket.secrets)];
  return ofPocket.some((name) => isSet(env, name)) || forgottenName(env) !== undefined;
}

/** Throws a `Failure` where no reading list is named: which can be, and where the name was looked for. */
export function checkListIsNamed(env: Environment): void {
  if (isListNamed(env) || misspeltVariables(env, stageVariables()).length > 0) return;
  const file = loadEnvFile()?.path;
  const command = typedCommand();
  const foreign = foreignEnvFile();
  const nowhere = foreign ? `; ${foreign} is another program's` : `; there is no .env in ${process.cwd()}`;
  const where = file === undefined ? nowhere : `, also not in ${file}`;
  const names = Object.keys(SERVICES).join(', ');
  throw new Failure(
    'settings',
    `no reading list is named${where}; name yours with: ${command} init; or set READING_LIST to one of: ${names}; or try a sample: ${command} plan --sample`,
  );
}

/** A reading list at a terminal. */
export type ListAtTerminal = {
  /** It leads to the list. */
  readonly env: Environment;
  readonly settings: Settings;
  /** What was read of its items before; absent for the sample, of which nothing is kept. */
  readonly lengths?: Lengths;
  /** What the sample is and where; absent for any other list. */
  readonly notice?: string;
};

/** The environment, in which a reading list is named unless it is the sample. Throws a `Failure` where none is. */
export function readListEnvironment({ sample }: ListSource): Environment {
  const env = readEnvironment();
  if (!sample) checkListIsNamed(env);
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
  const { server, unread, settings } = await serveSample({ fresh });
  const own = { ...env, ...settings };
  const notice = `A sample reading list of ${unread} unread items, served as Pocket v3 at ${server.url}`;
  try {
    return await work({ env: own, settings: readSettings(own), notice });
  } finally {
    await server.close();
  }
}
