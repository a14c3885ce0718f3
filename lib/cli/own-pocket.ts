import { randomBytes } from 'node:crypto';
import { appendFileSync, createWriteStream, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Failure } from '../failure.ts';
import { importFiles } from '../pocket-server/import/import-files.ts';
import { exportCsv } from '../pocket-server/import/pocket-csv.ts';
import { startPocketServer } from '../pocket-server/server.ts';
import { openStore, type Store } from '../pocket-server/store.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);
const items = (count: number) => (count === 1 ? '1 item' : `${count} items`);

function openList(): Store {
  try {
    mkdirSync('.data', { recursive: true, mode: 0o700 });
    return openStore(join('.data', 'pocket.sqlite'));
  } catch {
    throw new Failure(
      'settings',
      'Cannot open ".data/pocket.sqlite": check that this folder can be written to.',
    );
  }
}

function portFromEnvironment(): number {
  const { PORT = '8383' } = process.env;
  if (/^\d{1,5}$/.test(PORT) && Number(PORT) <= 65_535) return Number(PORT);
  throw new Failure('settings', `Cannot serve on PORT "${PORT}": give a number from 0 to 65535.`);
}

/** Writes what a tagger in another terminal needs into `.env`; what is set already stays. */
function completeEnvironment(url: string): void {
  const wanted: Readonly<{ [name: string]: string }> = {
    POCKET_API_URL: url,
    SECRETS_FROM: 'env',
    POCKET_KEY: `1-${randomBytes(12).toString('hex')}`,
    POCKET_TOKEN: randomBytes(24).toString('hex'),
  };
  const missing = Object.keys(wanted).filter((name) => !process.env[name]);
  if (process.env.POCKET_API_URL && process.env.POCKET_API_URL !== url)
    say(`POCKET_API_URL points elsewhere: for the tagger to use this server, set it to ${url}.`);
  if (missing.length === 0) return;
  const lines = missing.map((name) => `${name}=${wanted[name]}\n`).join('');
  const unfinished = existsSync('.env') && !/(^|\n)$/.test(readFileSync('.env', 'utf8'));
  appendFileSync('.env', `${unfinished ? '\n' : ''}${lines}`, { mode: 0o600 });
  for (const name of missing) process.env[name] = wanted[name];
  say(`Wrote ${missing.join(', ')} to .env, for this server and the tagger.`);
}

/** Serves it until it is interrupted, with credentials from the environment, from `.env`, or made up. */
export async function servePocket(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const port = portFromEnvironment();
  const store = openList();
  const server = await startPocketServer({
    store,
    port,
    credentials: {
      consumerKey: randomBytes(16).toString('hex'),
      accessToken: randomBytes(16).toString('hex'),
    },
  }).catch((error: NodeJS.ErrnoException) => {
    store.close();
    const why =
      error.code === 'EADDRINUSE' ? 'it is in use; set PORT to another' : `the system says ${error.code}`;
    throw new Failure('settings', `Cannot serve on port ${port}: ${why}.`);
  });
  completeEnvironment(server.url);
  const { POCKET_KEY = '', POCKET_TOKEN = '' } = process.env;
  server.setCredentials({ consumerKey: POCKET_KEY, accessToken: POCKET_TOKEN });
  say(`Pocket is at ${server.url} and holds ${items(store.count({ statuses: [0, 1] }))}. Ctrl-C stops it.`);
  const stop = async () => {
    await server.close();
    store.close();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

/** Takes files into it, and says what was skipped and why. Rejects with a `Failure` where one cannot be read. */
export async function importInto(paths: readonly string[]): Promise<void> {
  const store = openList();
  try {
    const { added, alreadyThere, skipped } = await importFiles(store, paths);
    for (const { file, place, reason } of skipped) console.error(`Skipped ${file}, ${place}: ${reason}.`);
    say(`Added ${items(added)}; ${alreadyThere} already there; ${skipped.length} skipped.`);
  } finally {
    store.close();
  }
}

/** Writes it as CSV, to a file or to standard output. */
export async function exportTo(path: string | undefined): Promise<void> {
  const store = openList();
  const target = path === undefined ? process.stdout : createWriteStream(path, { mode: 0o600 });
  try {
    await pipeline(Readable.from(exportCsv(store)), target, { end: path !== undefined });
    if (path !== undefined) say(`Exported ${items(store.count({ statuses: [0, 1] }))} to "${path}".`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // The reader of the pipe has had enough: `... export | head`.
    if (code === 'EPIPE') return;
    throw new Failure('settings', `Cannot write "${path ?? 'standard output'}": the system says ${code}.`);
  } finally {
    store.close();
  }
}
