import type { Context } from 'aws-lambda';
import { type Summary, summarise } from './lib/core/summary.ts';
import { deadlineIn } from './lib/deadline.ts';
import { readEvent } from './lib/event.ts';
import { openReadingList } from './lib/reading-lists/open-reading-list.ts';
import { readOnly } from './lib/reading-lists/reading-list.ts';
import { envSecrets } from './lib/secrets/env-secrets.ts';
import { secretsManager } from './lib/secrets/secrets-manager.ts';
import { readSettings } from './lib/settings.ts';
import { type Progress, tagUnread } from './lib/tag-unread.ts';
import { httpRequest } from './lib/web/request.ts';

/** Kept for the answer itself: milliseconds. */
const ANSWER_MS = 1000;
/** Kept for the batch in hand, which may need a second try: milliseconds. */
const WRITE_MS = 10_000;

/** A recent run that was stopped leaves older items behind its quiet pages; the next one in this process goes on. */
let wasStopped = false;

/**
 * One run of the tagger in Lambda. `event`: `{}`, `""` or a scheduled event for the defaults, else
 * `{ mode?: "recent" | "full" | "untag", dryRun?: boolean, limit?: number }`.
 * Rejects with a `Failure` whose `kind` says who can put it right.
 */
export const handler = (event: unknown, context?: Context): Promise<Summary> => run(event, context);

/** The same run, with somebody watching. */
export async function run(
  event: unknown,
  context?: Pick<Context, 'getRemainingTimeInMillis'>,
  onPage?: (progress: Progress) => void,
): Promise<Summary> {
  const startedAt = performance.now();
  const deadlines = deadlinesOf(context);
  const { mode, dryRun, limit } = readEvent(event);
  const settings = readSettings(process.env);
  const getSecret = settings.secretsFrom === 'env' ? envSecrets(process.env) : secretsManager();
  const { request, sent } = httpRequest();
  const list = openReadingList(settings, { getSecret, request });
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
