import type { Context } from 'aws-lambda';
import { type Summary, summarise } from './lib/core/summary.ts';
import { deadlineIn } from './lib/deadline.ts';
import { readEvent } from './lib/event.ts';
import { Failure } from './lib/failure.ts';
import { openReadingList } from './lib/reading-lists/open-reading-list.ts';
import { readOnly } from './lib/reading-lists/reading-list.ts';
import { asksReadingList, checkSecrets, type SecretsCheck } from './lib/secrets/check-secrets.ts';
import { isLambda, openSecrets } from './lib/secrets/open-secrets.ts';
import type { SecretSource } from './lib/secrets/secret-source.ts';
import { readSettings, type Settings } from './lib/settings.ts';
import { type Progress, tagUnread } from './lib/tag-unread.ts';
import { jsonLog, type Log } from './lib/telemetry.ts';
import { httpRequest } from './lib/web/request.ts';

/** Kept for the answer itself: milliseconds. */
const ANSWER_MS = 1000;
/** Kept for the batch in hand, which may need a second try: milliseconds. */
const WRITE_MS = 10_000;

/** A recent run that was stopped leaves older items behind its quiet pages; the next one in this process goes on. */
let wasStopped = false;

/** Secrets read from AWS outlive a run: Lambda keeps this process for the next one. */
let secretsKept: SecretSource | undefined;

/**
 * One run of the tagger in Lambda. `event`: `{}`, `""` or a scheduled event for the defaults, else
 * `{ mode?: "recent" | "full" | "untag" | "check", dryRun?: boolean, limit?: number }`.
 * Rejects with a `Failure` whose `kind` says who can put it right; a check tells what it found instead.
 */
export const handler = async (event: unknown, context?: Context): Promise<Summary | SecretsCheck> =>
  readEvent(event).mode === 'check' ? check(context) : run(event, context);

/** The same run, with somebody watching. */
export async function run(
  event: unknown,
  context?: Pick<Context, 'getRemainingTimeInMillis'>,
  onPage?: (progress: Progress) => void,
): Promise<Summary> {
  const startedAt = performance.now();
  const deadlines = deadlinesOf(context);
  const { mode, dryRun, limit } = readEvent(event);
  if (mode === 'check') throw new Failure('settings', 'Event: "check" looks at the secrets and is no run');
  const settings = readSettings(process.env);
  const log = jsonLog(process.env);
  const secrets = secretsFor(settings, log);
  const { request, sent } = httpRequest();
  const list = openReadingList(settings, { secrets, request, log });
  const { tally, stoppedBy } = await tagUnread({
    list: dryRun ? readOnly(list) : list,
    rules: settings.rules,
    mode,
    deadlines,
    goOn: wasStopped,
    ...(settings.ownWordsPerMinute && { ownWordsPerMinute: settings.ownWordsPerMinute }),
    ...(limit !== undefined && { limit }),
    ...(onPage && { onPage }),
  });
  if (!dryRun) wasStopped = stoppedBy !== undefined;
  const durationMs = Math.round(performance.now() - startedAt);
  return summarise(tally, { mode, dryRun, requests: sent(), durationMs, ...(stoppedBy && { stoppedBy }) });
}

/**
 * Looks at every secret that the tagger needs, read anew, and asks the reading list whether it takes the current
 * versions. Rejects with a `Failure` only where the settings make no sense.
 */
export async function check(context?: Pick<Context, 'getRemainingTimeInMillis'>): Promise<SecretsCheck> {
  const settings = readSettings(process.env);
  const log = jsonLog(process.env);
  const secrets = openSecrets(settings, { env: process.env, log });
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

function secretsFor(settings: Settings, log: Log): SecretSource {
  if (settings.secretsFrom === 'aws') {
    secretsKept ??= openSecrets(settings, { env: process.env, log });
    return secretsKept;
  }
  if (isLambda(process.env)) {
    log(
      'WARN',
      'SECRETS_FROM=env: the secrets come from the configuration of the function, where everyone who may look at it can read them; for Secrets Manager set SECRETS_FROM=aws',
    );
  }
  return openSecrets(settings, { env: process.env, log });
}

function deadlinesOf(context: Pick<Context, 'getRemainingTimeInMillis'> | undefined) {
  const remainingMs = context?.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY;
  if (remainingMs === Number.POSITIVE_INFINITY) {
    const never = deadlineIn(remainingMs);
    return { reading: never, writing: never };
  }
  const writingMs = remainingMs - Math.min(ANSWER_MS, remainingMs / 10);
  const readingMs = writingMs - Math.min(WRITE_MS, remainingMs / 3);
  return { reading: deadlineIn(readingMs), writing: deadlineIn(writingMs) };
}
