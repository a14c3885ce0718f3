import { httpRequest } from '../http/request.ts';
import type { ReadingList } from '../reading-lists/reading-list.ts';
import { openReadingList } from '../reading-lists/services.ts';
import { openSecrets } from '../secrets/open-secrets.ts';
import { readSettings, type Settings } from '../settings.ts';
import { jsonLog } from '../telemetry/telemetry.ts';

export type OwnList = {
  readonly settings: Settings;
  readonly list: ReadingList;
  /** HTTP requests sent to it. */
  readonly sent: () => number;
};

/** The reading list that the environment names. Throws a `Failure` where its settings make no sense. */
export function ownList(): OwnList {
  const settings = readSettings(process.env);
  const log = jsonLog(process.env);
  const http = httpRequest();
  const secrets = openSecrets(settings, { env: process.env, log });
  return {
    settings,
    list: openReadingList(settings, { secrets, request: http.request, log }),
    sent: http.sent,
  };
}
