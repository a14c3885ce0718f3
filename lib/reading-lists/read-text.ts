import pLimit from 'p-limit';
import type { PageEvidence } from '../core/estimate.ts';
import type { Item } from '../core/item.ts';
import type { Deadline } from '../deadline.ts';
import { MAX_IN_FLIGHT } from '../http/limits.ts';
import { isAboutItem } from './api-call.ts';
import type { ReadingList } from './reading-list.ts';

/**
 * `readText` of an adapter: as many texts at a time as there may be calls, so that writes get their turn between
 * them. A response about the one item means that it has no length.
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

/** The length of an article: its HTML, or plain text. */
export async function lengthOfText(article: string, format: 'html' | 'text' = 'html'): Promise<PageEvidence> {
  if (article.trim() === '') return { known: false, reason: 'no-length' };
  // Loaded with the first article: the parser takes longer to start than the rest of an adapter.
  const { countHtml, countText } = await import('../article/html-text.ts');
  const counted = format === 'html' ? countHtml(article) : countText(article);
  return counted.words > 0 ? { known: true, ...counted } : { known: false, reason: 'no-length' };
}
