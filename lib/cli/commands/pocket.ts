import { randomBytes } from 'node:crypto';
import { appendFileSync, createWriteStream, existsSync, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { formatItems } from '../../core/format-number.ts';
import { endSentence, Failure, systemMessage } from '../../failure.ts';
import type { Credentials } from '../../pocket-server/http.ts';
import { importFiles } from '../../pocket-server/import/import-files.ts';
import { exportCsv } from '../../pocket-server/import/pocket-csv.ts';
import { startPocketServer } from '../../pocket-server/server.ts';
import { openStore, type Store } from '../../pocket-server/store.ts';
import type { Environment } from '../../settings.ts';
import { readEnvironment } from '../environment.ts';
import { openInDataFolder } from '../files/data-folder.ts';
import { ownEnvFile } from '../files/env-file.ts';
import { listFile } from '../files/list-file.ts';
import type { EnvFiles } from '../options.ts';
import { scriptsAsTyped, typedCommand } from '../typed-command.ts';

const CREDENTIALS_HELP = `
POCKET_KEY and POCKET_TOKEN are the credentials that every call needs; where
they are not set, in the environment or in .env, new ones are generated and
kept in .env.`;

/** `readtime pocket`: `serve`, `import`, `export` */
export function configure(pocket: Command): void {
  pocket
    .description('A Pocket of your own, on this machine only. Its list is in .data/pocket.sqlite.')
    .addHelpText('after', CREDENTIALS_HELP);
  pocket
    .command('serve')
    .description('serve it on http://127.0.0.1:8383/v3 (or PORT); the default')
    .addHelpText('after', CREDENTIALS_HELP)
    .action(servePocket);
  pocket
    .command('import <FILE...>')
    .description('import exports of Pocket and other services: ZIP, folder, CSV, HTML, JSON')
    .action(importInto);
  pocket
    .command('export [FILE]')
    .description("write Pocket's CSV, with the tags (without FILE: to the terminal)")
    .action(exportTo);
}

const print = (line: string) => process.stdout.write(`${line}\n`);

function openList(source: EnvFiles): Store {
  return openInDataFolder('pocket.sqlite', openStore, source);
}

function portIn({ PORT = '8383' }: Environment): number {
  if (/^\d{1,5}$/.test(PORT) && Number(PORT) <= 65_535) return Number(PORT);
  throw new Failure('settings', `Cannot serve on PORT "${PORT}": give a number from 0 to 65535.`);
}

/** Adds what a tagger in another terminal needs to `.env`; what is set already stays. Returns the credentials. */
function completeEnvironment(env: Environment, url: string, path: string): Credentials {
  const needed = {
    POCKET_API_URL: url,
    SECRETS_FROM: 'env',
    POCKET_KEY: `1-${randomBytes(12).toString('hex')}`,
    POCKET_TOKEN: randomBytes(24).toString('hex'),
  };
  const missing = Object.entries(needed).filter(([name]) => !env[name]);
  if (!isForPocket(env))
    print(`READING_LIST is ${env.READING_LIST}: the tagger goes on to use that, and .env stays as it is.`);
  else if (env.POCKET_API_URL && env.POCKET_API_URL !== url)
    print(`POCKET_API_URL points elsewhere: for the tagger to use this server, set it to ${url}.`);
  if (missing.length > 0 && isForPocket(env)) {
    const lines = missing.map(([name, value]) => `${name}=${value}\n`).join('');
    const unfinished = existsSync(path) && !/(^|\n)$/.test(readFileSync(path, 'utf8'));
    appendFileSync(path, `${unfinished ? '\n' : ''}${lines}`, { mode: 0o600 });
    const names = missing.map(([name]) => name).join(', ');
    print(`Wrote ${names} to ${path}, for this server and the tagger.`);
  }
  return {
    consumerKey: env.POCKET_KEY || needed.POCKET_KEY,
    accessToken: env.POCKET_TOKEN || needed.POCKET_TOKEN,
  };
}

/** Whether `.env` is that of a tagger of a Pocket: what another list needs is not to be added to. */
function isForPocket({ READING_LIST: name = '' }: Environment): boolean {
  return ['', 'pocket'].includes(name.trim());
}

/** Without a place to keep new credentials, those of every start would be others. */
function checkCredentialsAreKept(env: Environment): void {
  if (isForPocket(env) || (env.POCKET_KEY && env.POCKET_TOKEN)) return;
  throw new Failure(
    'settings',
    `Cannot serve a Pocket with READING_LIST "${env.READING_LIST}": set POCKET_KEY and POCKET_TOKEN to credentials of your choice, or serve it in another folder`,
  );
}

/** Serves it until it is interrupted, with credentials from the environment, from `.env`, or made up. */
async function servePocket(source: EnvFiles): Promise<void> {
  const env = readEnvironment({ ...source, begins: true }, {});
  const path = listFile(source) ?? ownEnvFile();
  const port = portIn(env);
  checkCredentialsAreKept(env);
  const store = openList(source);
  const server = await startPocketServer({
    store,
    port,
    credentials: {
      consumerKey: randomBytes(16).toString('hex'),
      accessToken: randomBytes(16).toString('hex'),
    },
  }).catch((error: NodeJS.ErrnoException) => {
    store.close();
    const why = error.code === 'EADDRINUSE' ? 'it is in use; set PORT to another' : systemMessage(error);
    throw new Failure('settings', `Cannot serve on port ${port}: ${why}`);
  });
  const stop = async () => {
    await server.close();
    store.close();
  };
  try {
    server.setCredentials(completeEnvironment(env, server.url, path));
  } catch (error) {
    // Nobody would know the credentials of a server that goes on.
    await stop();
    throw new Failure('settings', `Cannot keep new credentials in ".env": ${systemMessage(error)}`);
  }
  print(
    `Pocket is at ${server.url} and holds ${formatItems(store.count({ statuses: [0, 1] }))}. Ctrl-C stops it.`,
  );
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

/** Entries that are named one by one. */
const MAX_NOTES = 20;

function printNotes(lines: readonly string[]): void {
  for (const line of lines.slice(0, MAX_NOTES)) console.error(line);
  if (lines.length > MAX_NOTES) console.error(`... and ${lines.length - MAX_NOTES} more like these.`);
}

/** Imports files, says what was skipped and why, and what comes next. Rejects with a `Failure` where one cannot be read. */
async function importInto(paths: readonly string[], source: EnvFiles): Promise<void> {
  const store = openList(source);
  try {
    const { added, alreadyThere, skipped, incomplete } = await importFiles(store, paths);
    printNotes(skipped.map(({ file, place, reason }) => endSentence(`Skipped ${file}, ${place}: ${reason}`)));
    printNotes(
      incomplete.map(({ file, place, reason }) => endSentence(`Added ${file}, ${place}, without ${reason}`)),
    );
    print(`Added ${formatItems(added)}; ${alreadyThere} already there; ${skipped.length} skipped.`);
    const toServe = scriptsAsTyped('npm run pocket');
    print(`To tag them: "${toServe}" serves the list; then "${typedCommand()} plan" in another terminal.`);
  } finally {
    store.close();
  }
}

/** Writes it as CSV, to a file or to standard output. */
async function exportTo(path: string | undefined, source: EnvFiles): Promise<void> {
  const store = openList(source);
  const target = path === undefined ? process.stdout : createWriteStream(path, { mode: 0o600 });
  try {
    await pipeline(Readable.from(exportCsv(store)), target, { end: path !== undefined });
    if (path !== undefined) print(`Exported ${formatItems(store.count({ statuses: [0, 1] }))} to "${path}".`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // The reader of the pipe has closed it: `... export | head`.
    if (code === 'EPIPE') return;
    throw new Failure('settings', `Cannot write "${path ?? 'standard output'}": ${systemMessage(error)}`);
  } finally {
    store.close();
  }
}
