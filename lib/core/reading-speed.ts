/** Average silent reading speed of adults, English non-fiction, words a minute: Brysbaert 2019, J. Mem. Lang. 109:104047. */
export const ENGLISH_WORDS_PER_MINUTE = 238;

/**
 * Words a minute by language. IReST (Trauzettel-Klosinski and Dietz 2012, IOVS 53:5452) measured reading aloud in
 * many languages; each figure is the ratio of the language to English (228) times the silent English speed.
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
  nl: 211,
  pl: 173,
  pt: 189,
  ru: 192,
  sl: 188,
  sv: 208,
  tr: 173,
};

/** Han characters and kana: characters a minute (IReST, as above), and average characters in an ICU word. */
const CJK: Readonly<Record<string, { readonly perMinute: number; readonly perWord: number }>> = {
  ja: { perMinute: 373, perWord: 1.64 },
  zh: { perMinute: 266, perWord: 1.41 },
};

/** The reader's own speed, if set; absent fields mean the average. */
export type ReaderSpeed = {
  /** In English; the speed in every other language is scaled by the same ratio to the average. */
  readonly wordsPerMinute?: number;
  /** In Chinese and Japanese; takes precedence over the scaled `wordsPerMinute`. */
  readonly cjkCharactersPerMinute?: number;
};

/** Whether the reader has set a speed. */
export function isOwnSpeed({ wordsPerMinute, cjkCharactersPerMinute }: ReaderSpeed): boolean {
  return wordsPerMinute !== undefined || cjkCharactersPerMinute !== undefined;
}

/** Length of a text. `words` are all ICU words; `cjkWords` are those made of `cjkCharacters`. */
export type TextLength = {
  readonly words: number;
  readonly cjkCharacters?: number;
  readonly cjkWords?: number;
};

/**
 * Minutes to read a text, not rounded. `language` is a BCP 47 tag in upper or lower case; an unknown or absent one
 * counts as English, and as Chinese for Han characters.
 */
export function minutesToRead(text: TextLength, language?: string, speed: ReaderSpeed = {}): number {
  const { words, cjkCharacters = 0, cjkWords = 0 } = text;
  const others = words - cjkWords;
  return others / wordsPerMinute(language, speed) + cjkCharacters / charactersPerMinute(language, speed);
}

/** Words a minute in a language. */
export function wordsPerMinute(language?: string, speed: ReaderSpeed = {}): number {
  const primary = primaryLanguage(language);
  const cjk = lookUp(CJK, primary);
  if (cjk) return charactersPerMinute(language, speed) / cjk.perWord;
  return (lookUp(WORDS_PER_MINUTE, primary) ?? ENGLISH_WORDS_PER_MINUTE) * ratioToAverage(speed);
}

function charactersPerMinute(language: string | undefined, speed: ReaderSpeed): number {
  const { perMinute } = lookUp(CJK, primaryLanguage(language)) ?? { perMinute: 266 };
  return speed.cjkCharactersPerMinute ?? perMinute * ratioToAverage(speed);
}

function ratioToAverage({ wordsPerMinute = ENGLISH_WORDS_PER_MINUTE }: ReaderSpeed): number {
  return wordsPerMinute / ENGLISH_WORDS_PER_MINUTE;
}

function primaryLanguage(language: string | undefined): string {
  return language?.toLowerCase().split(/[-_]/, 1)[0] ?? '';
}

function lookUp<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** Range of the setting `WORDS_PER_MINUTE`. */
const [MIN_WORDS_PER_MINUTE, MAX_WORDS_PER_MINUTE] = [20, 2000];

/** The speed of a reader who took `elapsedMs`, in whole words a minute; `undefined` outside the range of the setting. */
export function ownSpeed(words: number, elapsedMs: number): number | undefined {
  const speed = Math.round((words / elapsedMs) * 60_000);
  return speed >= MIN_WORDS_PER_MINUTE && speed <= MAX_WORDS_PER_MINUTE ? speed : undefined;
}
