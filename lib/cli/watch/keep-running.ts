import { Failure } from '../../failure.ts';
import { type Environment, readSettings, type Settings } from '../../settings.ts';
import { pendingItems } from '../../webhooks/pending-items.ts';
import type { ListenAddress } from '../../webhooks/webhook-server.ts';
import { readListEnvironment } from '../environment.ts';
import { interruption } from '../interruption.ts';
import { listsOf } from '../lists.ts';
import { type EnvFiles, type Output, type TimeLimit, timeLimitMs } from '../options.ts';
import type { ExitStatus } from '../view/run-result.ts';
import { watchJson, watchLine } from '../view/watch-line.ts';
import { printError } from '../view/wrapped.ts';
import type { FullAt } from './full-at.ts';
import { healthFile } from './health-file.ts';
import { runsOf } from './run-list.ts';
import { type RunReport, type Watch, watchLists } from './watch-loop.ts';

export type WatchOptions = EnvFiles &
  Output &
  TimeLimit & {
    readonly every: number;
    readonly fullAt?: FullAt;
    /** Its path. */
    readonly healthFile: string;
    /** Where events of webhooks are taken; absent: nowhere. */
    readonly listen?: ListenAddress;
  };

/**
 * From an event to the run: one is seldom alone, and Karakeep marks a page as crawled just after it has said so.
 * Milliseconds.
 */
const EVENT_WAIT_MS = 2000;

/** Runs until SIGTERM or Ctrl-C; the batch in hand is still written. Rejects where no list is named, or none as it is. */
export async function keepRunning(options: WatchOptions): Promise<ExitStatus> {
  const outside = { ...process.env };
  const { every: everyMs, fullAt, json, quiet, listen } = options;
  const lists = listsOf(options).map((one) => {
    const read = readList(one);
    const { readingList, serviceSettings } = read.settings;
    return {
      ...read,
      name: one.listName ?? '',
      account: JSON.stringify([readingList, serviceSettings]),
      run: runsOf(outside, one),
      pending: pendingItems(),
    };
  });
  let loop: Watch | undefined;
  // Loaded only where it is needed: it brings a server.
  const { serveWebhooks } = listen ? await import('./webhooks.ts') : {};
  const onItem = (list: string) => loop?.wake(list, EVENT_WAIT_MS);
  const webhooks = listen && (await serveWebhooks?.(lists, listen, { onItem, onRefused: printError }));
  if (!json && !quiet) for (const sentence of webhooks?.sentences ?? []) console.log(sentence);
  const record = healthFile(options.healthFile, {
    lists,
    everyMs,
    maxRunMs: timeLimitMs(options),
    onTrouble: (sentence) => printError(`${sentence}; readtime watch --healthy cannot tell`),
  });
  const { signal: stop, dispose } = interruption();
  const report = json ? reportJson : quiet ? reportTrouble : reportText;
  loop = watchLists(lists, { schedule: { everyMs, fullAt }, record, stop, report });
  await loop.ended.finally(() => {
    dispose();
    return webhooks?.close();
  });
  return 0;
}

/** Throws a `Failure`, with the name of the list where there are several, where a list is not named as it has to be. */
function readList(one: EnvFiles): { readonly env: Environment; readonly settings: Settings } {
  try {
    const env = readListEnvironment(one);
    return { env, settings: readSettings(env) };
  } catch (error) {
    if (!(error instanceof Failure) || one.listName === undefined) throw error;
    throw new Failure(error.kind, `${one.listName}: ${error.message}`);
  }
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
