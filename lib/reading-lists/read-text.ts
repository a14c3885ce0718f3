import pLimit from 'p-limit';
import type { PageEvidence } from '../core/estimate.ts';
import type { Item } from '../core/item.ts';
import type { Deadline } from '../deadline.ts';
import { MAX_IN_FLIGHT } from '../http/rate-limits.ts';
import { isAboutItem } from './api-call.ts';
import type { ReadingList } from './reading-list.ts';

/**
 * Creates `readText` of an adapter. At most `MAX_IN_FLIGHT` texts are read at a time, so that writes are not queued behind
 * a whole page of texts. An error about the one item means that it has no length.
 */
export function readTexts(
  read: (item: Item, deadline: Deadline) => Promise<PageEvidence>,
): NonNullable<ReadingList['readText']> {
  const limit = pLimit(MAX_IN_FLIGHT);
  return (item, deadline) =>
    limit(() =>
      read(item, deadline).catch((error: unknown) => {
        if (isAboutItem(error)) return { known: false, reason: 'no-length' };
        throw error;
      }),
    );
}

/** Counts the words of an article in HTML or plain text. */
export async function lengthOfText(article: string, format: 'html' | 'text' = 'html'): Promise<PageEvidence> {
  if (article.trim() === '') return { known: false, reason: 'no-length' };
  // Imported with the first article: the parser takes longer to load than the rest of an adapter.
  const { countHtml, countText } = await import('../article/html-text.ts');
  const counted = format === 'html' ? countHtml(article) : countText(article);
  return counted.words > 0 ? { known: true, ...counted } : { known: false, reason: 'no-length' };
}
