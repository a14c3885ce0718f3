import { existsSync } from 'node:fs';
import type { Environment } from '../settings.ts';
import type { ListSource } from './options.ts';

/** In Lambda `SECRETS_FROM=env` has to be set; at a terminal it is where secrets usually are. */
const AT_A_TERMINAL = { SECRETS_FROM: 'env', LOG_LEVEL: 'WARN' };

/**
 * The environment and `.env`, where a variable that is set already wins; then `defaults` for what is empty or not set.
 */
export function readEnvironment(defaults: Readonly<Record<string, string>> = AT_A_TERMINAL): Environment {
  // Into process.env, where the client of AWS looks for its own variables.
  if (existsSync('.env')) process.loadEnvFile('.env');
  const missing = Object.entries(defaults).filter(([name]) => !process.env[name]);
  return { ...process.env, ...Object.fromEntries(missing) };
}

/** The environment for a command whose output says what a log would repeat. */
export function readEnvironmentWithoutLog(): Environment {
  return readEnvironment({ ...AT_A_TERMINAL, LOG_LEVEL: 'SILENT' });
}

/** Whether the environment names a reading list: a Pocket by its address, any other service by its name. */
export function isListNamed({ READING_LIST: name, POCKET_API_URL: url }: Environment): boolean {
  return Boolean(url?.trim()) || !['', 'pocket'].includes(name?.trim() ?? '');
}

/**
 * Calls `work` with the environment that leads to the reading list. The sample is served meanwhile, which a line on
 * standard output says unless `quiet`.
 */
export async function withReadingList<Result>(
  { sample, fresh = false }: ListSource,
  { quiet }: { quiet: boolean },
  work: (env: Environment) => Promise<Result>,
): Promise<Result> {
  const env = readEnvironment();
  if (!sample) return work(env);
  // Loaded only where it is needed: it brings a server and a database.
  const { serveSample } = await import('./sample-list.ts');
  const { server, unread, settings } = await serveSample({ fresh });
  if (!quiet)
    console.log(`A sample reading list of ${unread} unread items, served as Pocket v3 at ${server.url}`);
  try {
    return await work({ ...env, ...settings });
  } finally {
    await server.close();
  }
}
