import { articleText } from '../article/article-text.ts';
import { countWords } from '../core/count-words.ts';
import { detectLanguage } from '../core/detect-language.ts';
import type { PageEvidence } from '../core/estimate.ts';
import type { Deadline } from '../deadline.ts';
import { decodePage } from './decode-page.ts';
import { type PageFetcherOptions, pageFetcher } from './fetch-page.ts';
import { redirectedAway } from './redirected-away.ts';

/** Fetches the page of a URL and counts its words. Rejects only for a bug of ours; `out-of-time` at the deadline. */
export type ReadPage = (url: string, deadline: Deadline) => Promise<PageEvidence>;

const PLAIN: ReadonlySet<string> = new Set(['text/plain', 'text/markdown']);

/**
 * Creates the function that fetches a page and counts the words of its article. This file loads the parsers, so
 * import it dynamically, when the first page is needed.
 */
export function pageReader(options: PageFetcherOptions = {}): ReadPage {
  const fetchPage = pageFetcher(options);
  return async (url, deadline) => {
    const page = await fetchPage(url, deadline);
    if (!page.ok) return { known: false, reason: page.reason };
    const reason = redirectedAway(new URL(url), page.url);
    if (reason !== undefined) return { known: false, reason };
    if (page.contentType === 'application/pdf') {
      const { pdfText } = await import('./pdf-text.ts');
      const text = await pdfText(page.bytes, deadline);
      if (text !== undefined) return plainEvidence(text);
      return { known: false, reason: deadline.signal.aborted ? 'out-of-time' : 'unreadable-pdf' };
    }
    const text = decodePage(page.bytes, page.charset);
    if (PLAIN.has(page.contentType)) return plainEvidence(text);
    return htmlEvidence(text, page.url.href);
  };
}

/** Text without markup: all of it is the article. */
function plainEvidence(text: string): PageEvidence {
  const language = text && detectLanguage(text);
  const count = countWords(text);
  if (count.words === 0) return { known: false, reason: 'empty' };
  return { known: true, ...count, ...(language && { language }) };
}

function htmlEvidence(html: string, address: string): PageEvidence {
  const { unknown, from: _, ...found } = articleText(html, { address });
  return unknown === undefined ? { known: true, ...found } : { known: false, reason: unknown };
}
