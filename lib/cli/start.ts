import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import ora from 'ora';
import type { Summary } from '../core/summary.ts';
import { Failure } from '../failure.ts';
import type { PocketServer } from '../pocket-server/server.ts';
import { run } from '../run.ts';
import type { Progress } from '../tag-unread.ts';
import { bandTable, changeLine } from './run-report.ts';
import { serviceList } from './service-list.ts';

const HELP = `npm start            tags a sample reading list, or the one that READING_LIST and POCKET_API_URL name
npm start -- --dry-run   lists what it would change, and writes nothing

  --mode recent|full|untag   newest items only (the default), every item, or take our tags off again
  --limit N                  change at most N items
  --sample                   the sample, even where a list is named
  --fresh                    the sample, begun anew
  --list                     the services that READING_LIST may name, and their settings`;

/** Exit status: 0 complete, 1 failed, 2 wrong usage, 3 stopped before the end. */
type ExitStatus = 0 | 1 | 2 | 3;

const options = {
  'dry-run': { type: 'boolean', default: false },
  mode: { type: 'string' },
  limit: { type: 'string' },
  sample: { type: 'boolean', default: false },
  fresh: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<ExitStatus> {
  const values = readArguments(args);
  if (values === undefined) return 2;
  if (values.help || values.list) {
    console.log(values.help ? HELP : serviceList());
    return 0;
  }
  if (existsSync('.env')) process.loadEnvFile('.env');
  // A terminal is where the environment is the natural place for secrets; in Lambda it has to be asked for.
  process.env.SECRETS_FROM ||= 'env';
  process.env.LOG_LEVEL ||= 'WARN';
  let sample: PocketServer | undefined;
  try {
    if (values.sample || values.fresh || !isListNamed(process.env)) sample = await showSample(values.fresh);
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

/** The sample's server, and its settings in the environment. Loaded only where it is wanted. */
async function showSample(fresh: boolean): Promise<PocketServer> {
  const { serveSample } = await import('./sample-server.ts');
  const { server, unread, env } = await serveSample({ fresh });
  Object.assign(process.env, env);
  console.log(`A sample reading list of ${unread} unread items, served as Pocket v3 at ${server.url}`);
  return server;
}

/** A Pocket is named by its address, any other service by its name. */
function isListNamed({ READING_LIST: name, POCKET_API_URL: url }: NodeJS.ProcessEnv): boolean {
  return Boolean(url?.trim()) || !['', 'pocket'].includes(name?.trim() ?? '');
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
    return await run(event, { onPage });
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
