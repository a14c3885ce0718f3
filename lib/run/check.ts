import type { Item } from '../core/item.ts';
import type { Deadline } from '../deadline.ts';
import { Failure } from '../failure.ts';
import { httpRequest } from '../http/request.ts';
import { openReadingList } from '../reading-lists/open.ts';
import type { ReadingList } from '../reading-lists/reading-list.ts';
import { checkSecrets, type SecretsCheck, type WriteTry } from '../secrets/check-secrets.ts';
import { currentOnly } from '../secrets/get-secret.ts';
import { openSecrets } from '../secrets/open-secrets.ts';
import { deadlinesOf } from './deadlines.ts';
import { logOnly, type RunOptions } from './run.ts';

/**
 * Reads every secret that the tagger needs, without a cache, and checks whether the reading list accepts the current
 * versions, for reading and for a write that changes nothing. A secret that is missing or refused does not reject: the
 * result has `ok: false` and says what to do.
 */
export async function check({
  settings,
  env,
  context,
  telemetry: { log } = logOnly(env),
  secrets = openSecrets(settings, { env, log }),
  http = httpRequest({ env }),
}: Pick<
  RunOptions,
  'settings' | 'env' | 'context' | 'telemetry' | 'secrets' | 'http'
>): Promise<SecretsCheck> {
  const current = currentOnly(secrets);
  const list = await openReadingList(settings, { secrets: current, request: http.request, log });
  const { reading } = deadlinesOf({ context });
  const result = await checkSecrets({
    source: secrets,
    names: Object.values(settings.secretNames),
    maxAgeDays: settings.secretMaxAgeDays,
    callReadingList: () => tryReadingList(list, reading),
  });
  log(result.ok ? 'INFO' : 'ERROR', result.message);
  return result;
}

/** Pages that are read to find an item, as some services have pages without one. */
const MAX_PAGES = 5;

/**
 * Reads the list up to the first item, and sends a write to it that changes nothing. Resolves if the service accepts
 * the credentials for reading. Rejects as `listUnread` does, and with `unavailable` if the deadline passes first.
 * @internal
 */
export async function tryReadingList(list: ReadingList, deadline: Deadline): Promise<WriteTry> {
  try {
    const item = await firstItem(list, deadline);
    return await tryWriting(list, item, deadline);
  } catch (error) {
    if (!deadline.signal.aborted) throw error;
    throw new Failure('unavailable', 'no answer in time');
  }
}

async function firstItem(list: ReadingList, deadline: Deadline): Promise<Item | undefined> {
  let pages = 0;
  for await (const { items } of list.listUnread(deadline)) {
    pages += 1;
    if (items.length > 0 || pages === MAX_PAGES) return items[0];
  }
  return undefined;
}

async function tryWriting(list: ReadingList, item: Item | undefined, deadline: Deadline): Promise<WriteTry> {
  if (!list.tryWrite) return { untried: 'the service has no call that writes and changes nothing' };
  if (!item) return { untried: 'no unread item was found to try it with' };
  try {
    await list.tryWrite(item, deadline);
    return {};
  } catch (error) {
    if (deadline.signal.aborted) return { untried: 'no answer in time' };
    if (!(error instanceof Failure)) throw error;
    return error.kind === 'credentials' ? { refused: error.message } : { untried: error.message };
  }
}
