import { credentialsFrom } from '../secrets/credentials.ts';
import type { GetSecret } from '../secrets/get-secret.ts';
import type { Settings } from '../settings.ts';
import type { Request } from '../web/request.ts';
import { pocket } from './pocket.ts';
import type { ReadingList } from './reading-list.ts';

/** The reading list that the settings name. */
export function openReadingList(
  { pocketApiUrl, secretNames }: Settings,
  { getSecret, request }: { getSecret: GetSecret; request: Request },
): ReadingList {
  const credentials = credentialsFrom(getSecret, secretNames);
  return pocket({ apiUrl: pocketApiUrl, request, credentials });
}
