import type { Deadline } from '../deadline.ts';
import { Failure } from '../failure.ts';
import { httpRequest } from '../http/request.ts';
import { openReadingList } from '../reading-lists/open.ts';
import type { ReadingList } from '../reading-lists/reading-list.ts';
import { checkSecrets, type SecretsCheck } from '../secrets/check-secrets.ts';
import { currentOnly } from '../secrets/get-secret.ts';
import { openSecrets } from '../secrets/open-secrets.ts';
import { deadlinesOf, logOnly, type RunOptions } from './run.ts';

/**
 * Reads every secret that the tagger needs, without a cache, and checks whether the reading list accepts the current
 * versions. A secret that is missing or refused does not reject: the result has `ok: false` and says what to do.
 */
export async function check({
  settings,
  env,
  context,
  telemetry: { log } = logOnly(env),
}: Pick<RunOptions, 'settings' | 'env' | 'context' | 'telemetry'>): Promise<SecretsCheck> {
  const secrets = openSecrets(settings, { env, log });
  const current = currentOnly(secrets);
  const list = openReadingList(settings, { secrets: current, request: httpRequest().request, log });
  const { reading } = deadlinesOf(context);
  const result = await checkSecrets({
    source: secrets,
    names: Object.values(settings.secretNames),
    maxAgeDays: settings.secretMaxAgeDays,
    callReadingList: () => readFirstPage(list, reading),
  });
  log(result.ok ? 'INFO' : 'ERROR', result.message);
  return result;
}

/**
 * Reads only the first page of the list. Resolves if the service accepts the credentials. Rejects as `listUnread` does,
 * and with `unavailable` if the deadline passes first.
 * @internal
 */
export async function readFirstPage(list: ReadingList, deadline: Deadline): Promise<void> {
  try {
    await list.listUnread(deadline)[Symbol.asyncIterator]().next();
  } catch (error) {
    if (!deadline.signal.aborted) throw error;
    throw new Failure('unavailable', 'no answer in time');
  }
}
