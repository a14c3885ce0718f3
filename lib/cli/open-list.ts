import type { Decision } from '../core/plan.ts';
import type { Summary } from '../core/summary.ts';
import { httpRequest } from '../http/request.ts';
import type { Lengths } from '../lengths/lengths.ts';
import { openReadingList } from '../reading-lists/open.ts';
import type { ReadingList } from '../reading-lists/reading-list.ts';
import { SERVICES } from '../reading-lists/services.ts';
import type { RunRequest } from '../run/event.ts';
import { run } from '../run/run.ts';
import { openSecrets } from '../secrets/open-secrets.ts';
import { type Environment, readSettings, type Settings } from '../settings.ts';
import { jsonLog } from '../telemetry/telemetry.ts';
import { pageCounts } from './offline.ts';
import { contextOf, type TimeLimit } from './options.ts';
import { progressLine } from './view/progress.ts';

/** The reading list that the environment names. Throws a `Failure` where its settings make no sense. */
export function openList(env: Environment): {
  readonly settings: Settings;
  readonly list: ReadingList;
  /** HTTP requests sent to it. */
  readonly sent: () => number;
} {
  const settings = readSettings(env);
  const log = jsonLog(env);
  const http = httpRequest();
  const secrets = openSecrets(settings, { env, log });
  return {
    settings,
    list: openReadingList(settings, { secrets, request: http.request, log }),
    sent: http.sent,
  };
}

/** What a run would do. */
export type DryRun = {
  readonly settings: Settings;
  readonly summary: Summary;
  readonly decisions: readonly Decision[];
  /** Says on standard error where there seems to be no network, and returns whether it is so. */
  readonly tellOffline: () => boolean;
};

/** Goes through the reading list without writing, and keeps every decision. Rejects as `run` does. */
export async function dryRun(
  env: Environment,
  request: Pick<RunRequest, 'mode' | 'limit' | 'refetch'>,
  { quiet, lengths, ...time }: { quiet: boolean; lengths: Lengths | undefined } & TimeLimit,
): Promise<DryRun> {
  const settings = readSettings(env);
  const progress = progressLine({ quiet, service: SERVICES[settings.readingList].title });
  const pages = pageCounts();
  const decisions: Decision[] = [];
  const summary = await run({
    request: { ...request, dryRun: true },
    settings,
    env,
    lengths,
    context: contextOf(time),
    onWait: progress.wait,
    onPage(page) {
      decisions.push(...page.decisions);
      progress.page(page);
    },
    onPageRead(page) {
      pages.count(page);
      progress.read();
    },
  }).finally(() => progress.end());
  return { settings, summary, decisions, tellOffline: pages.tellOffline };
}
