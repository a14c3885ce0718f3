import pLimit from 'p-limit';
import type { PageEvidence } from '../core/estimate.ts';
import type { Item } from '../core/item.ts';
import type { Deadline } from '../deadline.ts';
import { Failure } from '../failure.ts';
import { MAX_IN_FLIGHT } from '../http/call-limiters.ts';
import type { HttpResponse } from '../http/request.ts';
import { isServerError } from '../http/retry.ts';
import { type CallApi, type CallSpec, isAboutItem, isPathPart, MAX_FAILED_IN_A_ROW } from './api-call.ts';
import { type ReadingList, readPage } from './reading-list.ts';

/** Maximum retries of an error of one text, which a service may have lost: then it fails each time. */
const MAX_RETRIES_OF_TEXT = 1;

const UNAVAILABLE: PageEvidence = { known: false, reason: 'text-unavailable' };

/** A call of the service by `readTexts`, which sets the deadline and the number of retries. */
export type CallForText = (spec: CallSpec) => Promise<HttpResponse>;

/**
 * Creates `readText` of an adapter from `read`, which reads one text. At most `MAX_IN_FLIGHT` texts are read at a time,
 * so that writes are not queued behind a whole page of texts. Trouble with a text means that this item has no length: a
 * service may have lost a single text, or, restored without its files, hundreds of them, and then answers with an error
 * each time. So after each `MAX_FAILED_IN_A_ROW` errors in a row the listing is asked for a page: whatever it rejects
 * with is thrown. If so many in a row get no answer, or none that is understood, the last failure is thrown; refused
 * credentials and a rate limit are thrown at once. Only the first error in a row is retried, so that hundreds do not use
 * up the deadline.
 */
export function readTexts(
  call: CallApi,
  listAll: ReadingList['listAll'],
  read: (item: Item, callForText: CallForText) => Promise<PageEvidence>,
): NonNullable<ReadingList['readText']> {
  const limit = pLimit(MAX_IN_FLIGHT);
  const inARow = { errors: 0, withoutAnswer: 0 };
  /** What ends the run: texts that wait for their turn are not read. */
  let trouble: unknown;

  const countFailure = async (failure: Failure, deadline: Deadline) => {
    if (isAboutItem(failure)) return countAnswer();
    if (!isServerError(failure)) {
      inARow.withoutAnswer += 1;
      if (inARow.withoutAnswer >= MAX_FAILED_IN_A_ROW) throw failure;
      return;
    }
    inARow.withoutAnswer = 0;
    inARow.errors += 1;
    if (inARow.errors % MAX_FAILED_IN_A_ROW === 0) await readPage(listAll, deadline);
  };
  const countAnswer = () => {
    inARow.errors = 0;
    inARow.withoutAnswer = 0;
  };

  const readOne = async (item: Item, deadline: Deadline): Promise<PageEvidence> => {
    if (trouble !== undefined) throw trouble;
    if (!isPathPart(item.id)) return UNAVAILABLE;
    const maxRetriesOfErrors = inARow.errors === 0 ? MAX_RETRIES_OF_TEXT : 0;
    try {
      const evidence = await read(item, (spec) => call({ ...spec, maxRetriesOfErrors }, deadline));
      countAnswer();
      return evidence;
    } catch (error) {
      if (!mayBeAboutText(error)) throw error;
      await countFailure(error, deadline);
      return error.status === 404 ? { known: false, reason: 'no-length' } : UNAVAILABLE;
    }
  };
  return (item, deadline) =>
    limit(() =>
      readOne(item, deadline).catch((error) => {
        trouble ??= error;
        throw error;
      }),
    );
}

/** Whether the cause of a failure may be the one text: no usable answer, for no reason that the service names. */
function mayBeAboutText(error: unknown): error is Failure {
  if (!(error instanceof Failure) || error.retryAfterMs !== undefined) return false;
  return error.kind === 'unexpected-response' || (error.kind === 'unavailable' && error.status !== 429);
}

/** Counts the words of an article in HTML, unless what the service stored is a wall or a notice instead; or of plain text. */
export async function lengthOfText(article: string, format: 'html' | 'text' = 'html'): Promise<PageEvidence> {
  if (article.trim() === '') return { known: false, reason: 'no-length' };
  // Imported with the first article: the parser takes longer to load than the rest of an adapter.
  const { plainText, storedArticle } = await import('../article/stored-text.ts');
  const counted = format === 'html' ? storedArticle(article) : plainText(article);
  if (counted.unknown !== undefined) return { known: false, reason: counted.unknown };
  return counted.words > 0 ? { known: true, ...counted } : { known: false, reason: 'no-length' };
}
