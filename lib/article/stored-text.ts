import { countWords, countWordsRoughly } from '../core/count-words.ts';
import { detectLanguage } from '../core/detect-language.ts';
import type { TextLength } from '../core/reading-speed.ts';
import { type CodeAndPictures, codeAndPicturesIn } from './code-and-pictures.ts';
import { claimsLiveBlog } from './page-claims.ts';
import { parsePage } from './parse-page.ts';
import { type UnknownReason, whyUnknown } from './paywalls-and-error-pages.ts';

/** The language is detected from this much of a text: UTF-16 units. */
const LANGUAGE_SAMPLE_CHARACTERS = 4000;
/** So many words in blocks of more than a line are an article's, where the page around it is not known. */
const MIN_RUNNING_WORDS = 60;
const MIN_BLOCK_WORDS = 8;
/** An element for articles says as much as a date and an author do. */
const MARKS_OF_ARTICLE = 2;

/** How long a text is. `language` (BCP 47) only where the text itself shows it. */
export type CountedText = TextLength &
  CodeAndPictures & {
    readonly language?: string;
    /** Why the text is no article, whose length it would be. */
    readonly unknown?: UnknownReason;
  };

/**
 * The length of an article that a service has taken out of its page already: all of its text counts. What a service
 * took for an article may be a wall or a notice, and then it has no length. The parser comes with this file, so import
 * it when there is an article, not before.
 */
export function storedArticle(html: string): CountedText {
  const page = parsePage(html);
  const text = page.blocks.map((block) => block.text).join('\n');
  const counted = { ...plainText(text), ...codeAndPicturesIn(page, [...page.blocks.keys()]) };
  const runningWords = page.blocks
    .map((block) => countWordsRoughly(block.text).words)
    .filter((words) => words >= MIN_BLOCK_WORDS)
    .reduce((sum, words) => sum + words, 0);
  const unknown = whyUnknown({
    title: '',
    text,
    words: counted.words,
    otherText: '',
    fallbackText: page.fallbackBlocks.map((block) => block.text).join('\n'),
    passwordFields: page.passwordFields,
    buttons: 0,
    sources: page.sources,
    // Kept from the page, it is all that is left of what the page said of itself.
    marks: page.elements.some(({ tag }) => tag.name === 'article') ? MARKS_OF_ARTICLE : 0,
    isInArticle: runningWords >= MIN_RUNNING_WORDS,
    claimsPaywall: false,
    claimsLiveBlog: claimsLiveBlog(page),
    hasOffer: page.offers.some((at) => at > 0),
    // The service has taken it for one.
    chance: 1,
  });
  return unknown === undefined || counted.words === 0 ? counted : { ...counted, unknown };
}

/** The length of plain text. */
export function plainText(text: string): CountedText {
  const language = detectLanguage(text.slice(0, LANGUAGE_SAMPLE_CHARACTERS));
  return { ...countWords(text), ...(language && { language }) };
}
