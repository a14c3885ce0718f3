import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { readSettings } from '../../settings.ts';
import { readListEnvironment } from '../environment.ts';
import { dataFolder } from '../files/data-folder.ts';
import { interruption } from '../interruption.ts';
import { listsOf } from '../lists.ts';
import {
  type EnvFiles,
  type Output,
  type Program,
  type TimeLimit,
  timeLimitMs,
  withOutput,
  withTimeLimit,
} from '../options.ts';
import type { ExitStatus } from '../view/run-result.ts';
import { watchJson, watchLine } from '../view/watch-line.ts';
import { printError } from '../view/wrapped.ts';
import { readDuration } from '../watch/duration.ts';
import { type FullAt, readFullAt } from '../watch/full-at.ts';
import { healthFile, healthProblem } from '../watch/health-file.ts';
import { runsOf } from '../watch/run-list.ts';
import { type RunReport, watchLists } from '../watch/watch-loop.ts';

/** As the schedules of a stage have it. */
const HOUR_MS = 3_600_000;
const FULL_AT = 'Sun 04:00';
/** In the data folder. */
const HEALTH_FILE = 'watch.json';

type WatchOptions = EnvFiles &
  Output &
  TimeLimit & {
    readonly every: number;
    readonly fullAt?: FullAt;
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
    .option('--healthy', 'only tell, by the exit status, whether the loop that runs here is doing well')
    .option('--health-file <FILE>', `what --healthy looks at (default: ${HEALTH_FILE} in .data/)`);
  withOutput(withTimeLimit(command)).action(async (options: WatchOptions) =>
    onExit(options.healthy ? tellHealth(options) : await watch(options)),
  );
}

/** Runs until SIGTERM or Ctrl-C; the batch in hand is still written. Rejects where no list is named, or none as it is. */
async function watch(options: WatchOptions): Promise<ExitStatus> {
  const outside = { ...process.env };
  const { every: everyMs, fullAt, json, quiet } = options;
  const lists = listsOf(options).map((one) => {
    readSettings(readListEnvironment(one));
    return { name: one.listName ?? '', run: runsOf(outside, one) };
  });
  const record = healthFile(healthPath(options), {
    lists: lists.map(({ name }) => name),
    everyMs,
    maxRunMs: timeLimitMs(options),
    onTrouble: (sentence) => printError(`${sentence}; readtime watch --healthy cannot tell`),
  });
  const { signal: stop, dispose } = interruption();
  const report = json ? reportJson : quiet ? reportTrouble : reportText;
  await watchLists(lists, { schedule: { everyMs, fullAt }, record, stop, report }).ended.finally(dispose);
  return 0;
}

function healthPath({ healthFile }: WatchOptions): string {
  return healthFile === undefined ? join(dataFolder({}), HEALTH_FILE) : resolve(healthFile);
}

function tellHealth(options: WatchOptions): ExitStatus {
  const problem = healthProblem(healthPath(options));
  if (problem === undefined) return 0;
  if (!options.quiet) printError(problem);
  return 1;
}

function reportJson(report: RunReport): void {
  console.log(watchJson(report));
}

/** Failures on standard error, whatever else is said. */
function reportText(report: RunReport): void {
  if ('failure' in report.outcome) console.error(watchLine(report));
  else console.log(watchLine(report));
}

function reportTrouble(report: RunReport): void {
  if (isTrouble(report.outcome)) console.error(watchLine(report));
}

function isTrouble(outcome: RunReport['outcome']): boolean {
  return 'failure' in outcome || ('summary' in outcome && outcome.summary.failed.count > 0);
}
