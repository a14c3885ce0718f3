/**
 * Average silent reading speed of adults, English non-fiction, words a minute: Brysbaert 2019, J. Mem. Lang. 109:104047,
 * from 190 studies.
 */
export const ENGLISH_WORDS_PER_MINUTE = 238;

/** English in IReST (Trauzettel-Klosinski and Dietz 2012, IOVS 53:5452), which was read aloud in 17 languages. */
const ENGLISH_WORDS_PER_MINUTE_ALOUD = 228;

/** Silent speed where only the one of reading aloud is known: in the same ratio to English. */
const asSilent = (aloud: number): number =>
  Math.round((aloud * ENGLISH_WORDS_PER_MINUTE) / ENGLISH_WORDS_PER_MINUTE_ALOUD);

/** Words a minute by language, read silently. docs/terminal.md has the table for readers. */
const WORDS_PER_MINUTE: Readonly<Record<string, number>> = {
  en: ENGLISH_WORDS_PER_MINUTE,
  // Brysbaert 2019, as above, as quoted by the npm package @untemps/read-per-minute.
  ar: 181,
  de: 260,
  es: 278,
  fi: 195,
  fr: 214,
  he: 224,
  it: 285,
  nl: 228,
  sv: 218,
  // Song, Kim and Hyung 2016, J. Korean Ophthalmol. Soc. 57:642: 42 adults. A word is what stands between spaces.
  ko: 202,
  // IReST, as above.
  pl: asSilent(166),
  pt: asSilent(181),
  ru: asSilent(184),
  sl: asSilent(180),
  tr: asSilent(166),
};

/** Wang, Li, Song and Yan 2024, Studies of Psychology and Behavior 22:183, as quoted by Zola. */
const CHINESE = { perMinute: 439, perWord: 1.41 };

/** Han characters and kana, without punctuation: characters a minute, read silently, and average characters in an ICU word. */
const CJK: Readonly<Record<string, { readonly perMinute: number; readonly perWord: number }>> = {
  // Kobayashi 2020, UNISYS Technology Review 143: averages of 500 to 700 are reported; 653 of 200 students in Kobayashi
  // and Kawashima 2018, J. Inst. Image Inf. Telev. Eng. 72:J154.
  ja: { perMinute: 600, perWord: 1.64 },
  zh: CHINESE,
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

/** Length of a text. `words` are all words; `cjkWords` are those made of `cjkCharacters`. */
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
  const { perMinute } = lookUp(CJK, primaryLanguage(language)) ?? CHINESE;
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
