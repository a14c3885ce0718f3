import { credentialsFrom } from '../secrets/credentials.ts';
import type { SecretSource } from '../secrets/secret-source.ts';
import type { Settings } from '../settings.ts';
import type { Log } from '../telemetry.ts';
import type { Request } from '../web/request.ts';
import { pocket } from './pocket.ts';
import type { ReadingList } from './reading-list.ts';

/** The reading list that the settings name. */
export function openReadingList(
  { pocketApiUrl, secretNames }: Settings,
  { secrets, request, log }: { secrets: SecretSource; request: Request; log: Log },
): ReadingList {
  const credentials = credentialsFrom(secrets, secretNames, log);
  return pocket({ apiUrl: pocketApiUrl, request, credentials });
}
