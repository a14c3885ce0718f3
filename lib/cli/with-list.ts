import { existsSync } from 'node:fs';

/** ListSource reading list: the one that the environment names, or the sample. */
export type ListSource = { readonly sample?: boolean; readonly fresh?: boolean };

/** Reads `.env`, and sets what is the natural choice at a terminal. What is set already stays. */
export function readEnvironment(logLevel = 'WARN'): void {
  if (existsSync('.env')) process.loadEnvFile('.env');
  // In Lambda the environment has to be asked for; at a terminal it is where secrets are.
  process.env.SECRETS_FROM ||= 'env';
  process.env.LOG_LEVEL ||= logLevel;
}

/** Whether the environment names a reading list: a Pocket by its address, any other service by its name. */
export function isListNamed({ READING_LIST: name, POCKET_API_URL: url }: NodeJS.ProcessEnv): boolean {
  return Boolean(url?.trim()) || !['', 'pocket'].includes(name?.trim() ?? '');
}

/** Does something with a reading list in the environment. `tell` hears of the sample, if that is the one. */
export async function withList<Result>(
  { sample, fresh = false }: ListSource,
  tell: (line: string) => void,
  work: () => Promise<Result>,
): Promise<Result> {
  readEnvironment();
  if (!sample) return work();
  // Loaded only where it is wanted: it brings a server and a database.
  const { serveSample } = await import('./sample-server.ts');
  const { server, unread, env } = await serveSample({ fresh });
  Object.assign(process.env, env);
  tell(`A sample reading list of ${unread} unread items, served as Pocket v3 at ${server.url}`);
  try {
    return await work();
  } finally {
    await server.close();
  }
}
