import { Failure } from '../failure.ts';
import type { Lengths } from '../lengths/lengths.ts';
import { SERVICES } from '../reading-lists/services.ts';
import { forgottenName, isSet, misspeltVariables } from '../setting-names.ts';
import { type Environment, readSettings, stageVariables } from '../settings.ts';
import { loadEnvFile } from './files/env-file.ts';
import { openKeptLengths } from './files/open-lengths.ts';
import type { ListSource, Output } from './options.ts';

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
  const where = file === undefined ? `; there is no .env in ${process.cwd()}` : `, also not in ${file}`;
  const names = Object.keys(SERVICES).join(', ');
  throw new Failure(
    'settings',
    `no reading list is named${where}; name yours with: readtime init; or set READING_LIST to one of: ${names}; or try a sample: readtime plan --sample`,
  );
}

/**
 * Calls `work` with the environment that leads to the reading list, and with what was read of its items before. The
 * sample is served meanwhile, which a line on standard output says unless `quiet`; of it nothing is kept.
 */
export async function withReadingList<Result>(
  { sample, fresh = false, ...output }: ListSource & Output,
  { quiet }: { quiet: boolean },
  work: (env: Environment, lengths?: Lengths) => Promise<Result>,
): Promise<Result> {
  const env = readEnvironment();
  if (!sample) {
    checkListIsNamed(env);
    const lengths = openKeptLengths(readSettings(env), output);
    return work(env, lengths).finally(lengths.close);
  }
  // Loaded only where it is needed: it brings a server and a database.
  const { serveSample } = await import('./sample-list.ts');
  const { server, unread, settings } = await serveSample({ fresh });
  try {
    const own = { ...env, ...settings };
    // What is wrong is said by itself, not below a sentence of success.
    readSettings(own);
    if (!quiet)
      console.log(`A sample reading list of ${unread} unread items, served as Pocket v3 at ${server.url}`);
    return await work(own);
  } finally {
    await server.close();
  }
}
