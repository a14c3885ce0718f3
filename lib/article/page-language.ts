import { detectLanguage } from '../core/detect-language.ts';
import type { ParsedPage } from './parse-page.ts';

const primaryLanguage = (tag: string | undefined): string | undefined =>
  /^([a-z]{2,3})(?:[-_]|$)/i.exec(tag?.trim() ?? '')?.[1]?.toLowerCase();

/** Languages known by their script: a page in one of them that says `lang="en"` is wrong. */
const SCRIPT_LANGUAGES = new Set('zh ja ko th he el ru uk ar fa ur hi'.split(' '));

/** A text that begins with 20 letters of Latin script is taken to be in it. */
const LATIN = /^[^\p{L}]{0,100}(?:(?=\p{L})\p{Script=Latin}[^\p{L}]{0,100}){20}/u;

/** The language of a page: of its text where the script says so, else as the page declares, else of the text. */
export const languageOf = (page: Pick<ParsedPage, 'language'>, text: string): string | undefined => {
  const declared = primaryLanguage(page.language);
  if (declared !== undefined && !SCRIPT_LANGUAGES.has(declared) && LATIN.test(text)) return declared;
  const detected = detectLanguage(text);
  const isDenied =
    detected !== undefined &&
    declared !== undefined &&
    SCRIPT_LANGUAGES.has(detected) !== SCRIPT_LANGUAGES.has(declared);
  return isDenied ? detected : (declared ?? detected);
};
