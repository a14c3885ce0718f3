import { httpRequest } from '../http/request.ts';
import { openReadingList } from '../reading-lists/open.ts';
import type { ReadingList } from '../reading-lists/reading-list.ts';
import { openSecrets } from '../secrets/open-secrets.ts';
import { type Environment, readSettings, type Settings } from '../settings.ts';
import { jsonLog } from '../telemetry/telemetry.ts';

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
