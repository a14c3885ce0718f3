import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import ora from 'ora';
import { run } from '../../handler.ts';
import type { Summary } from '../core/summary.ts';
import { Failure } from '../failure.ts';
import type { PocketServer } from '../pocket-server/server.ts';
import type { Progress } from '../tag-unread.ts';
import { bandTable, changeLine } from './run-report.ts';

const HELP = `npm start            tags a sample reading list, or the one at POCKET_API_URL
npm start -- --dry-run   lists what it would change, and writes nothing

  --mode recent|full|untag   newest items only (the default), every item, or take our tags off again
  --limit N                  change at most N items
  --sample                   the sample, even where POCKET_API_URL is set
  --fresh                    the sample, begun anew`;

/** Exit status: 0 complete, 1 failed, 2 wrong usage, 3 stopped before the end. */
type ExitStatus = 0 | 1 | 2 | 3;

const options = {
  'dry-run': { type: 'boolean', default: false },
  mode: { type: 'string' },
  limit: { type: 'string' },
  sample: { type: 'boolean', default: false },
  fresh: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<ExitStatus> {
  const values = readArguments(args);
  if (values === undefined) return 2;
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (existsSync('.env')) process.loadEnvFile('.env');
  // A terminal is where the environment is the natural place for secrets; in Lambda it has to be asked for.
  process.env.SECRETS_FROM ||= 'env';
  process.env.LOG_LEVEL ||= 'WARN';
  let sample: PocketServer | undefined;
  try {
    if (values.sample || values.fresh || !process.env.POCKET_API_URL)
      sample = await serveSample(values.fresh);
    const summary = await tag(values);
    console.log(`\n${bandTable(summary)}\n\n${summary.message}`);
    return summary.complete ? 0 : 3;
  } catch (error) {
    console.error(error instanceof Failure ? `npm start: ${error.message}` : error);
    return 1;
  } finally {
    await sample?.close();
  }
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    console.error(`npm start: ${error instanceof Error ? error.message : error}\n\n${HELP}`);
    return undefined;
  }
}

async function tag(values: { 'dry-run': boolean; mode?: string; limit?: string }): Promise<Summary> {
  const { 'dry-run': dryRun, mode, limit } = values;
  const event = { dryRun, ...(mode && { mode }), ...(limit && { limit: Number(limit) }) };
  const spinner = ora({ stream: process.stderr, isSilent: !process.stderr.isTTY });
  const onPage = ({ listed, total, decisions }: Progress) => {
    spinner.text = `Looked at ${listed.toLocaleString('en')}${total ? ` of ${total.toLocaleString('en')}` : ''} items`;
    if (dryRun) printChanges(decisions, () => spinner.clear());
  };
  spinner.start('Reading the list');
  try {
    return await run(event, undefined, onPage);
  } finally {
    spinner.stop();
  }
}

function printChanges(decisions: Progress['decisions'], clear: () => void): void {
  const lines = decisions.map(changeLine).filter((line) => line !== undefined);
  if (lines.length === 0) return;
  clear();
  console.log(lines.join('\n'));
}

/** The sample, kept in `.data/` so that a second run finds it tagged, and the settings that lead to it. */
async function serveSample(fresh: boolean): Promise<PocketServer> {
  const [{ openStore }, { startPocketServer }, { sampleList }] = await Promise.all([
    import('../pocket-server/store.ts'),
    import('../pocket-server/server.ts'),
    import('./sample-list.ts'),
  ]);
  mkdirSync('.data', { recursive: true, mode: 0o700 });
  if (fresh)
    for (const suffix of ['', '-shm', '-wal']) rmSync(`.data/sample.sqlite${suffix}`, { force: true });
  const store = openStore('.data/sample.sqlite');
  if (store.count() === 0) store.insert(sampleList(Math.floor(Date.now() / 1000)));
  const credentials = { consumerKey: randomUUID(), accessToken: randomUUID() };
  const server = await startPocketServer({ store, credentials });
  Object.assign(process.env, {
    READING_LIST: 'pocket',
    POCKET_API_URL: server.url,
    SECRETS_FROM: 'env',
    POCKET_KEY_SECRET: 'POCKET_KEY',
    POCKET_TOKEN_SECRET: 'POCKET_TOKEN',
    POCKET_KEY: credentials.consumerKey,
    POCKET_TOKEN: credentials.accessToken,
  });
  console.log(
    `A sample reading list of ${store.count({ statuses: [0] })} unread items, served as Pocket v3 at ${server.url}`,
  );
  return server;
}
