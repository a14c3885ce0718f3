import type { Context } from 'aws-lambda';
import { type Summary, summarise } from '../core/summary.ts';
import { deadlineIn } from '../deadline.ts';
import { Failure } from '../failure.ts';
import { httpRequest } from '../http/request.ts';
import { readOnly } from '../reading-lists/reading-list.ts';
import { openReadingList } from '../reading-lists/services.ts';
import { verifyFirstWrite } from '../reading-lists/verify-first-write.ts';
import { asksReadingList, checkSecrets, type SecretsCheck } from '../secrets/check-secrets.ts';
import { type KeptSecrets, keptSecrets, openSecrets } from '../secrets/open-secrets.ts';
import { type Environment, readSettings, type Settings } from '../settings.ts';
import { jsonLog, type Telemetry } from '../telemetry/telemetry.ts';
import type { Pages } from './decide-item.ts';
import { type RunRequest, readEvent } from './event.ts';
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
  secrets?: KeptSecrets;
  /** A recent run that was stopped left older items behind its quiet pages; the next one goes on past them. */
  wasStopped?: boolean;
};

/** Where a run happens: all of it may be left out. */
export type RunOptions = {
  readonly context?: RemainingTime | undefined;
  readonly warm?: WarmState;
  readonly onPage?: (progress: Progress) => void;
  /** By default warnings go to standard error, and nobody watches. */
  readonly telemetry?: Telemetry;
  /** Told of each web page that was read for its length. */
  readonly onRead?: () => void;
  /** Aborts when the run shall come to its end before that: the batch in hand is still written. */
  readonly stop?: AbortSignal | undefined;
};

/**
 * One run: settings and secrets from the environment, the reading list that they name, `tagUnread`, a summary.
 * Rejects with a `Failure` whose `kind` says who can put it right.
 */
export async function run(
  event: unknown,
  { context, warm = {}, onPage, onRead, stop, telemetry = unwatched() }: RunOptions = {},
): Promise<Summary> {
  const startedAt = performance.now();
  const deadlines = deadlinesOf(context, stop);
  const request = readEvent(event);
  const { mode, dryRun } = request;
  if (mode === 'check') throw new Failure('settings', 'Event: "check" looks at the secrets and is no run');
  const { log, watch } = telemetry;
  watch({ name: 'run-started', mode, dryRun, ...(request.limit !== undefined && { limit: request.limit }) });
  const settings = readSettings(process.env);
  const http = httpRequest();
  warm.secrets ??= {};
  const secrets = keptSecrets(warm.secrets, settings, { env: process.env, log });
  const list = openReadingList(settings, { secrets, request: http.request, log });
  const pages = await pagesFor(request, settings, onRead);
  const skipEarlyStop = warm.wasStopped ?? false;
  // Until it has ended well: a run that fails half-way was stopped, too.
  if (!dryRun) warm.wasStopped = true;
  const { tally, stoppedBy, wholeList } = await tagUnread({
    list: dryRun ? readOnly(list) : verifyFirstWrite(list),
    rules: settings.rules,
    speed: settings.speed,
    mode,
    deadlines,
    skipEarlyStop,
    ...(pages && { pages }),
    ...limitOf(request, settings),
    onPage: (progress) => {
      const { decisions, listed, total } = progress;
      watch({ name: 'page-read', items: decisions.length, listed, ...(total !== undefined && { total }) });
      onPage?.(progress);
    },
    onItemFailed: (itemId, reason) => watch({ name: 'item-failed', itemId, reason }),
  });
  if (!dryRun) warm.wasStopped = stoppedBy !== undefined;
  const durationMs = Math.round(performance.now() - startedAt);
  const summary = summarise(tally, {
    mode,
    dryRun,
    requests: http.sent(),
    durationMs,
    ...(stoppedBy && { stoppedBy }),
  });
  watch({ name: 'run-finished', summary, throttled: http.throttled(), wholeList });
  return summary;
}

function unwatched(): Telemetry {
  return { log: jsonLog(process.env), watch: () => {} };
}

/**
 * Looks at every secret that the tagger needs, read anew, and asks the reading list whether it takes the current
 * versions. `env` is whose settings count. Rejects with a `Failure` only where the settings make no sense.
 */
export async function check({
  context,
  telemetry: { log } = unwatched(),
  env = process.env,
}: Pick<RunOptions, 'context' | 'telemetry'> & { env?: Environment } = {}): Promise<SecretsCheck> {
  const settings = readSettings(env);
  const secrets = openSecrets(settings, { env, log });
  const currentOnly = { ...secrets, readPrevious: async () => undefined };
  const list = openReadingList(settings, { secrets: currentOnly, request: httpRequest().request, log });
  const found = await checkSecrets({
    source: secrets,
    names: Object.values(settings.secretNames),
    maxAgeDays: settings.secretMaxAgeDays,
    ask: asksReadingList(list, deadlinesOf(context).reading),
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
  onRead?: () => void,
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
      onRead?.();
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
