/** The average adult reading English non-fiction silently, words a minute: Brysbaert 2019, J. Mem. Lang. 109:104047. */
export const ENGLISH_WORDS_PER_MINUTE = 238;

/**
 * Words a minute by language. IReST (Trauzettel-Klosinski and Dietz 2012, IOVS 53:5452) timed one text in
 * many languages, read aloud; each figure is its ratio to English (228) times the silent English speed.
 * Chinese and Japanese are 266 and 373 characters a minute, at 1.41 and 1.64 characters to an ICU word.
 */
const WORDS_PER_MINUTE: Readonly<Record<string, number>> = {
  ar: 144,
  de: 187,
  en: ENGLISH_WORDS_PER_MINUTE,
  es: 228,
  fi: 168,
  fr: 204,
  he: 195,
  it: 196,
  ja: 227,
  nl: 211,
  pl: 173,
  pt: 189,
  ru: 192,
  sl: 188,
  sv: 208,
  tr: 173,
  zh: 189,
};

/**
 * Words a minute for a language (BCP 47, any case; unknown or absent counts as English).
 * `ownWordsPerMinute` is what this reader does in English; every language scales by its ratio to the average.
 */
export function wordsPerMinute(language?: string, ownWordsPerMinute = ENGLISH_WORDS_PER_MINUTE): number {
  const primary = language?.toLowerCase().split(/[-_]/, 1)[0] ?? '';
  const average = Object.hasOwn(WORDS_PER_MINUTE, primary) ? WORDS_PER_MINUTE[primary] : undefined;
  return ((average ?? ENGLISH_WORDS_PER_MINUTE) * ownWordsPerMinute) / ENGLISH_WORDS_PER_MINUTE;
}
