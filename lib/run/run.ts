import type { Context } from 'aws-lambda';
import { type StopReason, type Summary, summarise, type Tally } from '../core/summary.ts';
import { deadlineIn } from '../deadline.ts';
import { Failure } from '../failure.ts';
import { httpRequest } from '../http/request.ts';
import { openReadingList } from '../reading-lists/open.ts';
import { readOnly } from '../reading-lists/reading-list.ts';
import { verifyFirstWrite } from '../reading-lists/verify-first-write.ts';
import { checkSecrets, type SecretsCheck } from '../secrets/check-secrets.ts';
import { currentOnly } from '../secrets/get-secret.ts';
import { openSecrets, reuseSecrets, type WarmSecrets } from '../secrets/open-secrets.ts';
import type { Environment, Settings } from '../settings.ts';
import { jsonLog, type Telemetry } from '../telemetry/telemetry.ts';
import { readFirstPage } from './check.ts';
import type { Pages } from './decide-item.ts';
import type { RunRequest } from './event.ts';
import { type Progress, tagUnread } from './tag-unread.ts';

/** Kept for the answer itself: milliseconds. */
const ANSWER_MS = 1000;
/** Kept for the batch in hand, which may need a second try: milliseconds. */
const WRITE_MS = 10_000;
const DAY_S = 86_400;

/** As much of Lambda's context as a run looks at. */
type RemainingTime = Partial<Pick<Context, 'getRemainingTimeInMillis'>>;

/** What outlives a run in a process that Lambda keeps for the next one. */
export type WarmState = {
  secrets?: WarmSecrets;
  /** An earlier run was stopped among the older items: the next recent run does not end early. */
  wasStopped?: boolean;
};

/** One run: what it is asked to do, with which settings, and who hears of its progress. */
export type RunOptions = {
  readonly request: RunRequest;
  readonly settings: Settings;
  /** Where secrets are read with `SECRETS_FROM=env`, and which log level counts. */
  readonly env: Environment;
  readonly context?: RemainingTime | undefined;
  /** Kept by the caller from run to run; absent: a process of one run. */
  readonly warm?: WarmState;
  /** By default warnings go to standard error, and events are dropped. */
  readonly telemetry?: Telemetry;
  /** Called with each page of the list, as it was decided. */
  readonly onPage?: (progress: Progress) => void;
  /** Called after each web page that was read for its length. */
  readonly onPageRead?: () => void;
  /** Aborts to end the run early: the batch in hand is still written. */
  readonly stop?: AbortSignal | undefined;
};

/**
 * One run: opens the reading list that the settings name, tags its unread items, and sums up what happened.
 * Rejects with a `Failure` whose `kind` says who can fix it, and whose `summary` counts what was done before.
 *
 * @example
 * const env = process.env;
 * const summary = await run({ request: readEvent({ mode: 'full' }), settings: readSettings(env), env });
 */
export async function run(options: RunOptions): Promise<Summary> {
  const { request, settings, env, warm = {}, telemetry = warningsOnly(env) } = options;
  const { mode, dryRun, limit } = request;
  if (mode === 'check') throw new Failure('settings', 'Event: "check" looks at the secrets and is no run');
  const startedAt = performance.now();
  const deadlines = deadlinesOf(options.context, options.stop);
  const { log, emit } = telemetry;
  emit({ name: 'run-started', mode, dryRun, ...(limit !== undefined && { limit }) });
  const http = httpRequest();
  warm.secrets ??= {};
  const secrets = reuseSecrets(warm.secrets, settings, { env, log });
  const list = openReadingList(settings, { secrets, request: http.request, log });
  const pages = await pagesFor(request, settings, options.onPageRead);
  const skipEarlyStop = warm.wasStopped ?? false;
  // Until it has ended well: a run that fails half-way was stopped, too.
  if (!dryRun) warm.wasStopped = true;
  let counted: Tally | undefined;
  const summaryOf = (tally: Tally, stoppedBy?: StopReason) =>
    summarise(tally, {
      mode,
      dryRun,
      requests: http.sent(),
      durationMs: Math.round(performance.now() - startedAt),
      ...(stoppedBy && { stoppedBy }),
    });
  const { tally, stoppedBy, wholeList } = await tagUnread({
    list: dryRun ? readOnly(list) : verifyFirstWrite(list),
    rules: settings.rules,
    speed: settings.speed,
    mode,
    deadlines,
    skipEarlyStop,
    ...(pages && { pages }),
    ...limitOf(request, settings),
    onCount: (tally) => {
      counted = tally;
    },
    onPage: (progress) => {
      const { decisions, listed, total } = progress;
      emit({ name: 'page-read', items: decisions.length, listed, ...(total !== undefined && { total }) });
      options.onPage?.(progress);
    },
    onItemFailed: (itemId, reason) => emit({ name: 'item-failed', itemId, reason }),
  }).catch((error: unknown) => {
    throw error instanceof Failure && counted ? error.after(summaryOf(counted, 'failure')) : error;
  });
  if (!dryRun) warm.wasStopped = stoppedBy !== undefined;
  const summary = summaryOf(tally, stoppedBy);
  emit({ name: 'run-finished', summary, throttled: http.throttled(), wholeList });
  return summary;
}

function warningsOnly(env: Environment): Telemetry {
  return { log: jsonLog(env), emit: () => {} };
}

/**
 * Checks every secret that the tagger needs, read again, and whether the reading list accepts the current
 * versions. Resolves to what it found; rejects only where a secret store or the list cannot be asked at all.
 */
export async function check({
  settings,
  env,
  context,
  telemetry: { log } = warningsOnly(env),
}: Pick<RunOptions, 'settings' | 'env' | 'context' | 'telemetry'>): Promise<SecretsCheck> {
  const secrets = openSecrets(settings, { env, log });
  const current = currentOnly(secrets);
  const list = openReadingList(settings, { secrets: current, request: httpRequest().request, log });
  const { reading } = deadlinesOf(context);
  const found = await checkSecrets({
    source: secrets,
    names: Object.values(settings.secretNames),
    maxAgeDays: settings.secretMaxAgeDays,
    ask: () => readFirstPage(list, reading),
  });
  log(found.ok ? 'INFO' : 'ERROR', found.message);
  return found;
}

/** How much a run may change. A dry run shows the whole plan; only a full walk is worth counting what is left. */
function limitOf({ mode, dryRun, limit = Number.POSITIVE_INFINITY }: RunRequest, { maxChanges }: Settings) {
  if (dryRun) return { limit };
  return { limit: Math.min(limit, maxChanges), countLeft: mode !== 'recent' && maxChanges <= limit };
}

/** How this run reads pages. A recent run leaves older ones to the full run, which tries them all. */
async function pagesFor(
  { mode, refetch }: RunRequest,
  { pages }: Settings,
  onPageRead?: () => void,
): Promise<Pages | undefined> {
  if (!pages.fetch || mode === 'untag') return undefined;
  const addedAfter = mode === 'recent' && !refetch ? Date.now() / 1000 - pages.recentDays * DAY_S : 0;
  let reader: Promise<Pages['read']> | undefined;
  return {
    refetch,
    addedAfter,
    read: async (url, deadline) => {
      // Loaded when the first page is needed: the parsers take longer to start than the rest together.
      reader ??= import('../pages/read-page.ts').then(({ pageReader }) =>
        pageReader({ allowHosts: pages.allowHosts }),
      );
      const evidence = await (await reader)(url, deadline);
      onPageRead?.();
      return evidence;
    },
  };
}

function deadlinesOf(context: RemainingTime = {}, stop?: AbortSignal) {
  const remainingMs = context.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY;
  const writingMs = remainingMs - Math.min(ANSWER_MS, remainingMs / 10);
  const readingMs = writingMs - Math.min(WRITE_MS, remainingMs / 3);
  return { reading: deadlineIn(readingMs, stop), writing: deadlineIn(writingMs) };
}
