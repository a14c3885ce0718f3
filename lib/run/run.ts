import type { PlanRun } from '../continuation/plan-run.ts';
import type { PageEvidence } from '../core/estimate.ts';
import { type Ending, type Summary, summarise, type Tally } from '../core/summary.ts';
import type { OnWait } from '../deadline.ts';
import { doneBefore, Failure } from '../failure.ts';
import { type HttpClient, httpRequest } from '../http/request.ts';
import type { Lengths } from '../lengths/lengths.ts';
import { openReadingList } from '../reading-lists/open.ts';
import { onlyItems, type ReadingList, readOnly } from '../reading-lists/reading-list.ts';
import { verifyFirstWrite } from '../reading-lists/verify-first-write.ts';
import type { SecretSource } from '../secrets/get-secret.ts';
import { reuseSecrets, type WarmSecrets } from '../secrets/open-secrets.ts';
import type { Environment, Settings } from '../settings.ts';
import { jsonLog, type Telemetry } from '../telemetry/telemetry.ts';
import { type Allowance, allowanceOf, type Budget, withinCalls } from './budget.ts';
import { nextRun } from './continuation.ts';
import { deadlinesOf, type RemainingTime } from './deadlines.ts';
import type { WebPageOptions } from './decide-item.ts';
import type { RunRequest } from './event.ts';
import { type Progress, tagUnread } from './tag-unread.ts';

const DAY_S = 86_400;

/** State that a warm Lambda process keeps from one run to the next. */
export type WarmState = {
  secretsCache?: WarmSecrets;
  /** An earlier run stopped before it had seen the older items: the next recent run does not end early. */
  wasStopped?: boolean;
};

/** One run: the request, the settings, and callbacks for its progress. */
export type RunOptions = {
  readonly request: RunRequest;
  readonly settings: Settings;
  /** Source of `LOG_LEVEL`, of the AWS region, and, with `SECRETS_FROM=env`, of the secrets. */
  readonly env: Environment;
  readonly context?: RemainingTime | undefined;
  /** Kept by the caller from run to run; absent if the process makes one run only. */
  readonly warm?: WarmState;
  /** Where the secrets are read; default: where the settings say, with the cache in `warm`. */
  readonly secrets?: SecretSource | undefined;
  /** How the reading list is called; default: with the proxies of `env`. */
  readonly http?: HttpClient | undefined;
  /** Where what is read is kept from run to run; absent: nowhere. */
  readonly lengths?: Lengths | undefined;
  /** Default: log lines go to standard error, and events are dropped. */
  readonly telemetry?: Telemetry;
  /** Plans the run that continues this one where it stops before its end; absent: none is planned. */
  readonly planRun?: PlanRun | undefined;
  /** What the account may use in an hour whose list it is; absent: no limit. */
  readonly budget?: Budget | undefined;
  /** The time: milliseconds since 1970. */
  readonly now?: () => number;
  /** Called after the items of each page of the list have been decided. */
  readonly onPage?: (progress: Progress) => void;
  /** Called after each web page that was fetched to count its words, with what was found. */
  readonly onPageRead?: (page: PageEvidence) => void;
  /** Called when the run has to wait for the reading list, with the length of the wait: milliseconds. */
  readonly onWait?: OnWait | undefined;
  /** Abort it to end the run early; the current batch is still written, if that takes no longer than `WRITE_RESERVE_MS`. */
  readonly stop?: AbortSignal | undefined;
};

/**
 * One run: opens the reading list that the settings name, tags its unread items, and returns the summary.
 * Rejects with a `Failure` whose `kind` says who can fix it, and whose `summary` counts what was done before it.
 *
 * @example
 * const env = process.env;
 * const summary = await run({ request: readEvent({ mode: 'full' }), settings: readSettings(env), env });
 */
export async function run(options: RunOptions): Promise<Summary> {
  const { request, settings, env, warm = {}, telemetry = logOnly(env) } = options;
  const { mode, dryRun, limit } = request;
  if (mode === 'check') throw new Failure('settings', 'Event: "check" looks at the secrets and is no run');
  const startedAt = performance.now();
  const { budget, now = Date.now } = options;
  const allowance = allowanceOf(request, budget, now());
  const deadlines = deadlinesOf({ ...options, left: allowance?.left });
  const { log, emit } = telemetry;
  emit({
    name: 'run-started',
    mode,
    dryRun,
    ...(limit !== undefined && { limit }),
    ...(request.continues && { continuation: request.continues.runs }),
  });
  const { http = httpRequest({ env }) } = options;
  warm.secretsCache ??= {};
  const secrets = options.secrets ?? reuseSecrets(warm.secretsCache, settings, { env, log });
  const send = withinCalls(http, allowance?.left, deadlines.endReading);
  const list = listFor(request, await openReadingList(settings, { secrets, request: send, log }));
  const pages = await pagesFor(request, settings, options.onPageRead);
  const skipEarlyStop = request.continues !== undefined || (warm.wasStopped ?? false);
  const updatesWarm = !dryRun && mode !== 'items';
  // Set until the run succeeds, so that a run that fails half-way counts as stopped.
  if (updatesWarm) warm.wasStopped = true;
  let latestTally: Tally | undefined;
  const summaryOf = (tally: Tally, ending: Partial<Ending>) =>
    summarise(tally, {
      mode,
      dryRun,
      requests: http.sent(),
      durationMs: Math.round(performance.now() - startedAt),
      ...ending,
    });
  const { tally, wholeList, ...stopped } = await tagUnread({
    list,
    rules: settings.rules,
    speed: settings.speed,
    mode,
    deadlines,
    skipEarlyStop,
    lengths: options.lengths,
    refetch: request.refetch,
    ...(pages && { pages }),
    ...limitOf(options),
    onCount: (tally) => {
      latestTally = tally;
    },
    onPage: (progress) => {
      const { decisions, listed, total } = progress;
      emit({ name: 'page-read', items: decisions.length, listed, ...(total !== undefined && { total }) });
      options.onPage?.(progress);
    },
    onItemFailed: (itemId, reason) => emit({ name: 'item-failed', itemId, reason }),
  }).catch((error: unknown) => {
    if (!latestTally) throw error;
    const summary = summaryOf(latestTally, { stoppedBy: 'failure' });
    if (error instanceof Failure) throw error.after(summary);
    // A bug: its own words may hold anything, and stay apart.
    if (!dryRun) log('ERROR', doneBefore(summary));
    throw error;
  });
  if (wholeList && mode !== 'untag') options.lengths?.forgetOthers();
  const isStopped = stopped.stoppedBy !== undefined;
  if (updatesWarm) warm.wasStopped = isStopped;
  const ended = summaryOf(tally, {
    ...stopped,
    ...(mode === 'recent' && !wholeList && !isStopped && { newestOnly: true }),
  });
  const continuesAt = await planNext(ended, options, allowance);
  const summary = continuesAt ? summaryOf(tally, { ...stopped, continuesAt }) : ended;
  emit({ name: 'run-finished', summary, throttled: http.throttled(), wholeList });
  return summary;
}

/** The list as this run sees it. */
function listFor(request: RunRequest, list: ReadingList): ReadingList {
  const seen = request.mode === 'items' ? onlyItems(list, request.ids) : list;
  return request.dryRun ? readOnly(seen) : verifyFirstWrite(seen);
}

/**
 * Plans the run that continues one which stopped, and resolves to when it begins: ISO 8601. That none could be planned
 * does not fail a run: the next full run does the rest.
 */
async function planNext(
  summary: Summary,
  { request, planRun, now = Date.now, env, telemetry: { log } = logOnly(env) }: RunOptions,
  allowance: Allowance | undefined,
): Promise<string | undefined> {
  const next = planRun && nextRun(request, summary, { allowance, now: now() });
  if (!next) return undefined;
  try {
    return (await planRun(next.request, next.waitMs))?.toISOString();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    log('WARN', `${error.message}; the rest waits for the next full run`);
    return undefined;
  }
}

/** Log lines go to standard error, and events are dropped. */
export function logOnly(env: Environment): Telemetry {
  return { log: jsonLog(env), emit: () => {} };
}

/**
 * The limit on changes. A dry run shows the whole plan; only a run over the whole list counts what the limit leaves, and
 * where calls are scarce, none does.
 */
function limitOf({ request, settings: { maxChanges }, budget }: RunOptions) {
  const { mode, dryRun, limit = Number.POSITIVE_INFINITY } = request;
  if (dryRun) return { limit };
  const countLeft = mode !== 'recent' && maxChanges <= limit && !budget;
  return { limit: Math.min(limit, maxChanges), countLeft };
}

/** How this run reads web pages. A recent run reads those of recently saved items only; a full run reads all. */
async function pagesFor(
  { mode, refetch }: RunRequest,
  { pages }: Settings,
  onPageRead?: RunOptions['onPageRead'],
): Promise<WebPageOptions | undefined> {
  if (!pages.fetch || mode === 'untag') return undefined;
  const addedAfter = mode === 'recent' && !refetch ? Date.now() / 1000 - pages.recentDays * DAY_S : 0;
  let reader: Promise<WebPageOptions['read']> | undefined;
  return {
    addedAfter,
    read: async (url, deadline) => {
      // Imported when the first page is needed: the parsers take longer to load than everything else together.
      reader ??= import('../pages/read-page.ts').then(({ pageReader }) =>
        pageReader({ allowHosts: pages.allowHosts }),
      );
      const evidence = await (await reader)(url, deadline);
      onPageRead?.(evidence);
      return evidence;
    },
  };
}
