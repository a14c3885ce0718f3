import { parseArgs } from 'node:util';
import { Failure } from '../failure.ts';
import type { ExitStatus } from './exit-status.ts';
import { serviceList } from './service-list.ts';
import { tagList } from './tag-list.ts';
import { isListNamed, readEnvironment, withList } from './with-list.ts';

const HELP = `npm start            tags a sample reading list, or the one that READING_LIST and POCKET_API_URL name
npm start -- --dry-run   lists what it would change, and writes nothing

  --mode recent|full|untag   newest items only (the default), every item, or take our tags off again
  --limit N                  change at most N items
  --sample                   the sample, even where a list is named
  --fresh                    the sample, begun anew
  --list                     the services that READING_LIST may name, and their settings

npx readtime --help has more: a plan to look at first, a page of the whole list, why an item has its tag`;

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
  try {
    readEnvironment();
    const { 'dry-run': dryRun, mode, limit, fresh } = values;
    const sample = values.sample || fresh || !isListNamed(process.env);
    const event = { dryRun, ...(mode && { mode }), ...(limit && { limit: Number(limit) }) };
    return await withList({ sample, fresh }, console.log, () => tagList(event, {}));
  } catch (error) {
    console.error(error instanceof Failure ? `npm start: ${error.message}` : error);
    return 1;
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
