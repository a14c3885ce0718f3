import pLimit from 'p-limit';
import type { PageEvidence } from '../core/estimate.ts';
import type { Item } from '../core/item.ts';
import type { Deadline } from '../deadline.ts';
import { Failure } from '../failure.ts';
import { MAX_IN_FLIGHT } from '../http/call-limiters.ts';
import { isAboutItem } from './api-call.ts';
import type { ReadingList } from './reading-list.ts';

/** If the texts of this many items in a row cannot be read, the trouble is the service's. */
const MAX_FAILED_IN_A_ROW = 5;

const UNAVAILABLE: PageEvidence = { known: false, reason: 'text-unavailable' };

/**
 * Creates `readText` of an adapter. At most `MAX_IN_FLIGHT` texts are read at a time, so that writes are not queued behind
 * a whole page of texts. Trouble with a text means that this item has no length: a service may have lost a single text,
 * and then fails each time it is asked for. At `MAX_FAILED_IN_A_ROW`, the last failure is thrown. Refused credentials
 * and a rate limit are thrown at once.
 */
export function readTexts(
  read: (item: Item, deadline: Deadline) => Promise<PageEvidence>,
): NonNullable<ReadingList['readText']> {
  const limit = pLimit(MAX_IN_FLIGHT);
  let failedInARow = 0;

  const readOne = async (item: Item, deadline: Deadline): Promise<PageEvidence> => {
    try {
      const evidence = await read(item, deadline);
      failedInARow = 0;
      return evidence;
    } catch (error) {
      if (!mayBeAboutText(error)) throw error;
      failedInARow = isAboutItem(error) ? 0 : failedInARow + 1;
      if (failedInARow >= MAX_FAILED_IN_A_ROW) throw error;
      return error.status === 404 ? { known: false, reason: 'no-length' } : UNAVAILABLE;
    }
  };
  return (item, deadline) => limit(() => readOne(item, deadline));
}

/** Whether the cause of a failure may be the one text: no usable answer, for no reason that the service names. */
function mayBeAboutText(error: unknown): error is Failure {
  if (!(error instanceof Failure) || error.retryAfterMs !== undefined) return false;
  return error.kind === 'unexpected-response' || (error.kind === 'unavailable' && error.status !== 429);
}

/** Counts the words of an article in HTML or plain text. */
export async function lengthOfText(article: string, format: 'html' | 'text' = 'html'): Promise<PageEvidence> {
  if (article.trim() === '') return { known: false, reason: 'no-length' };
  // Imported with the first article: the parser takes longer to load than the rest of an adapter.
  const { countHtml, countText } = await import('../article/html-text.ts');
  const counted = format === 'html' ? countHtml(article) : countText(article);
  return counted.words > 0 ? { known: true, ...counted } : { known: false, reason: 'no-length' };
}
