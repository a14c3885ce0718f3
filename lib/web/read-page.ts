import type { PageEvidence } from '../core/estimate.ts';
import type { ReadPage } from '../tag-unread.ts';
import { articleText } from './article-text.ts';
import { decodePage } from './decode-page.ts';
import { type PageFetcherOptions, pageFetcher } from './fetch-page.ts';

/**
 * Finds out how much there is to read behind a URL: fetches the page, and counts the words of its article.
 * The parsers are loaded with this file, so it is imported when the first page is needed, not before.
 */
export function pageReader(options: PageFetcherOptions = {}): ReadPage {
  const fetchPage = pageFetcher(options);
  return async (url, deadline) => {
    const page = await fetchPage(url, deadline);
    if (!page.ok) return { known: false, reason: page.reason };
    if (page.contentType === 'application/pdf') {
      const { pdfText } = await import('./pdf-text.ts');
      return pdfEvidence(await pdfText(page.bytes));
    }
    return htmlEvidence(decodePage(page.bytes, page.charset));
  };
}

function htmlEvidence(html: string): PageEvidence {
  const { words, cjkCharacters, cjkWords, language, videoSeconds, unknown } = articleText(html);
  if (unknown !== undefined) return { known: false, reason: unknown };
  return {
    known: true,
    words,
    cjkCharacters,
    cjkWords,
    ...(language && { language }),
    ...(videoSeconds && { videoSeconds }),
  };
}
