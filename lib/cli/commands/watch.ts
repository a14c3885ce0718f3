import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { type Output, type Program, withOutput, withTimeLimit } from '../options.ts';
import type { ExitStatus } from '../view/run-result.ts';
import { printError } from '../view/wrapped.ts';
import { readDuration } from '../watch/duration.ts';
import { readFullAt } from '../watch/full-at.ts';
import { healthProblem } from '../watch/health-file.ts';
import type { WatchOptions } from '../watch/keep-running.ts';
import { readListenAddress } from '../watch/listen-address.ts';

/** As the schedules of a stage have it. */
const HOUR_MS = 3_600_000;
const FULL_AT = 'Sun 04:00';
/** In the data folder. */
const HEALTH_FILE = 'watch.json';

type Options = Omit<WatchOptions, 'healthFile'> & {
  readonly healthy?: boolean;
  readonly healthFile?: string;
};

/** `readtime watch` */
export function configure(command: Command, { onExit }: Program): void {
  command
    .description('tags the list again and again until it is told to stop: for a container or a supervisor')
    .addOption(
      new Option('--every <TIME>', 'from run to run, a tenth more or less: 30m, "90 minutes", 1d')
        .argParser(readDuration)
        .default(HOUR_MS, '1h'),
    )
    .addOption(
      new Option('--full-at <TIME>', 'when the whole list is due, such as "04:00" each day; or never')
        .argParser(readFullAt)
        .default(readFullAt(FULL_AT), FULL_AT),
    )
    .addOption(
      new Option(
        '--listen <ADDRESS>',
        'tag at once what the webhook of the service tells of: 127.0.0.1:8484, of this machine only',
      ).argParser(readListenAddress),
    )
    .option('--healthy', 'only tell, by the exit status, whether the loop that runs here is doing well')
    .option('--health-file <FILE>', `what --healthy looks at (default: ${HEALTH_FILE} in .data/)`);
  withOutput(withTimeLimit(command)).action(async ({ healthy, healthFile, ...options }: Options) => {
    const path = healthFile === undefined ? await defaultPath() : resolve(healthFile);
    if (healthy) return onExit(tellHealth(path, options));
    // Health checks, which are made every half a minute, do without.
    const { keepRunning } = await import('../watch/keep-running.ts');
    onExit(await keepRunning({ ...options, healthFile: path }));
  });
}

async function defaultPath(): Promise<string> {
  const { dataFolder } = await import('../files/data-folder.ts');
  return join(dataFolder({}), HEALTH_FILE);
}

function tellHealth(path: string, { quiet }: Output): ExitStatus {
  const problem = healthProblem(path);
  if (problem === undefined) return 0;
  if (!quiet) printError(problem);
  return 1;
}
