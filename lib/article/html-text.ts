import { countWords } from '../core/count-words.ts';
import { detectLanguage } from '../core/detect-language.ts';
import type { TextLength } from '../core/reading-speed.ts';
import { parsePage } from './parse-page.ts';

/** The language is detected from this much of a text: UTF-16 units. */
const LANGUAGE_SAMPLE_CHARACTERS = 4000;

/** How long a text is. `language` (BCP 47) only where the text itself shows it. */
export type CountedText = TextLength & { readonly language?: string };

/**
 * The length of an article that a service has taken out of its page already: all of its text counts. The parser
 * comes with this file, so import it when there is an article, not before.
 */
export function countHtml(html: string): CountedText {
  return countText(
    parsePage(html)
      .blocks.map(({ text }) => text)
      .join('\n'),
  );
}

/** The length of plain text. */
export function countText(text: string): CountedText {
  const language = detectLanguage(text.slice(0, LANGUAGE_SAMPLE_CHARACTERS));
  return { ...countWords(text), ...(language && { language }) };
}
