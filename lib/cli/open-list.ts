import { httpRequest } from '../http/request.ts';
import { openReadingList } from '../reading-lists/open.ts';
import type { ReadingList } from '../reading-lists/reading-list.ts';
import { openSecrets } from '../secrets/open-secrets.ts';
import { jsonLog } from '../telemetry/telemetry.ts';
import type { ListAtTerminal } from './environment.ts';

/** Opens a reading list; `sent` counts the HTTP requests sent to it. */
export async function openList({ env, settings }: ListAtTerminal): Promise<{
  readonly list: ReadingList;
  readonly sent: () => number;
}> {
  const log = jsonLog(env);
  const http = httpRequest({ env });
  const secrets = openSecrets(settings, { env, log });
  return {
    list: await openReadingList(settings, { secrets, request: http.request, log }),
    sent: http.sent,
  };
}
