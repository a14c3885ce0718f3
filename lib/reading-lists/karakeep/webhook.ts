import * as z from 'zod';
import { isPathPart, text } from '../api-call.ts';

/** Those of Karakeep have 24. A longer one would only fill the memory: characters. */
const MAX_ID_CHARACTERS = 100;

const event = z.object({
  bookmarkId: z.string().max(MAX_ID_CHARACTERS).refine(isPathPart),
  operation: z.string(),
  type: text,
});

/**
 * The bookmark that an event of Karakeep's webhook makes known: a link when it was crawled, since its text is there then;
 * anything else when it was created, since no event tells of the text of a file. What is edited or tagged, also by us, is
 * not new.
 * https://docs.karakeep.app/configuration/environment-variables#webhook-configs
 */
export function newBookmarkIn(body: unknown): string | undefined {
  const { data } = event.safeParse(body);
  if (data === undefined) return undefined;
  const { bookmarkId, operation, type } = data;
  const isNew = operation === 'crawled' || (operation === 'created' && type !== 'link');
  return isNew ? bookmarkId : undefined;
}
