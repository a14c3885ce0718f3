import { type Item, isVideo } from './item.ts';
import { isOwnSpeed, minutesToRead, type ReaderSpeed, type TextLength } from './reading-speed.ts';
import type { SkipReason } from './skip-reason.ts';

/** What was left out of a page, in words for people (`notes`), and how much of it: words. */
export type LeftOut = { readonly kind: string; readonly words: number };

/** What reading an item's page or stored text found: a text, a video, or why there is neither. */
export type PageEvidence =
  | ({
      readonly known: true;
      readonly language?: string;
      readonly videoSeconds?: number;
      /** Those of its words that stand in blocks of code, and its pictures; absent: none, or not counted. */
      readonly codeWords?: number;
      readonly pictures?: number;
      /**
       * How likely the length is within a minute of what a careful reader would count: 0 to 1. Absent where all of the
       * text is the article, and nothing had to be chosen: a text that the service stores, a PDF, plain text.
       */
      readonly confidence?: number;
      /** Counts the same page by the second best way. */
      readonly otherwise?: () => TextLength;
      /** What of the same page was left out, with its words: counted when asked for. */
      readonly leftOut?: () => readonly LeftOut[];
    } & TextLength)
  | { readonly known: false; readonly reason: SkipReason };

/**
 * The length of a page that is less sure than this is not used. What a threshold keeps of 183 articles, and how many of
 * these are within a minute, in per cent: 0 keeps 100, 91 right; 0.35 keeps 97, 93; 0.5 keeps 95, 94; 0.6 keeps 92, 95;
 * 0.7 keeps 85, 96. Of 359 other pages 28, 17, 15, 14 and 13 in a hundred get a wrong tag, before what tells most of them
 * apart. Their sites are not in training, but the threshold was chosen on them, to leave at most one in twenty
 * alone. `npm run bench:pages` prints the curve of today's model.
 */
export const MIN_CONFIDENCE = 0.35;

/** How words in blocks of code count: as prose, at a third of the speed, or not at all. */
export const CODE_READING = { prose: 1, slow: 3, skip: 0 } as const;

/** The reader's speed, and which length of an item counts. */
export type ReaderSettings = ReaderSpeed & {
  /** Estimate the reading time that is left, from the service's progress, not that of the whole text. Not for videos. */
  readonly timeLeft?: boolean;
  /** Instead of `MIN_CONFIDENCE`; 0: every length is used. */
  readonly minConfidence?: number;
  /** Of code in pages and texts; absent: as prose. */
  readonly code?: keyof typeof CODE_READING;
  /** For each picture among the text; absent: none. */
  readonly secondsPerPicture?: number;
};

/** What the minutes are based on. */
export type Basis = 'own-speed' | 'service-minutes' | 'service-words' | 'video-duration' | 'page';

/**
 * How long an item takes: whole minutes, rounded up, at least 1; or why that is unknown. Time left is computed before
 * rounding: of 5 minutes, 3 read leave 2, and all read leave 1. `words` are those of the whole text, if known.
 */
export type Estimate =
  | {
      readonly known: true;
      readonly minutes: number;
      readonly basis: Basis;
      readonly words?: number;
      /** Of the length of a page: 0 to 1. */
      readonly confidence?: number;
    }
  | { readonly known: false; readonly reason: SkipReason };

/**
 * The best estimate from the evidence, in this order: the duration of a video; if the reader's own speed is set, the
 * service's words at that speed, or those that its minutes stand for; the service's minutes; the service's words at the
 * average speed; the page.
 */
export function estimate(item: Item, reader: ReaderSettings = {}, page?: PageEvidence): Estimate {
  if (item.kind === 'image') return unknown('image');
  if (isVideo(item)) return estimateVideo(item, page);
  return estimateText(item, reader) ?? estimatePage(item, reader, page);
}

function estimateVideo({ videoSeconds }: Item, page?: PageEvidence): Estimate {
  const seconds = videoSeconds ?? (page?.known ? page.videoSeconds : undefined);
  return seconds ? known(seconds / 60, 'video-duration') : unknown('video-without-duration');
}

function estimateText(item: Item, reader: ReaderSettings): Estimate | undefined {
  const { words, minutes, language } = item;
  const left = shareLeft(item, reader);
  const length = words ? { words } : item.lengthByMinutes;
  if (length && isOwnSpeed(reader))
    return known(left * minutesToRead(length, language, reader), 'own-speed', words);
  if (minutes) return known(left * minutes, 'service-minutes', words);
  return words ? known(left * minutesToRead({ words }, language), 'service-words', words) : undefined;
}

function estimatePage(item: Item, reader: ReaderSettings, page?: PageEvidence): Estimate {
  const { parsed, language } = item;
  if (page === undefined) return unknown(parsed ? 'no-length' : 'not-parsed');
  if (!page.known) return unknown(page.reason);
  if (page.videoSeconds) return known(page.videoSeconds / 60, 'video-duration');
  const { confidence } = page;
  if (isUnsure(page, reader)) return unknown('unsure');
  const exactMinutes = shareLeft(item, reader) * minutesOfPage(page, language ?? page.language, reader);
  const length = known(exactMinutes, 'page', page.words);
  return confidence === undefined ? length : { ...length, confidence };
}

function minutesOfPage(
  page: PageEvidence & { known: true },
  language: string | undefined,
  reader: ReaderSettings,
): number {
  const { code, pictures } = extraMinutes(page, language, reader);
  return minutesToRead(page, language, reader) + code + pictures;
}

/** Minutes that code adds to its words as prose, below 0 where it is skipped, and that pictures add: not rounded. */
export function extraMinutes(
  { codeWords = 0, pictures = 0 }: { readonly codeWords?: number; readonly pictures?: number },
  language: string | undefined,
  reader: ReaderSettings,
): { readonly code: number; readonly pictures: number } {
  const { code = 'prose', secondsPerPicture = 0 } = reader;
  return {
    code: (CODE_READING[code] - 1) * minutesToRead({ words: codeWords }, language, reader),
    pictures: (pictures * secondsPerPicture) / 60,
  };
}

/** Whether the length of a page is too doubtful to be used. */
export function isUnsure(
  { confidence = 1 }: { readonly confidence?: number },
  { minConfidence = MIN_CONFIDENCE }: ReaderSettings,
): boolean {
  return confidence < minConfidence;
}

/** The share of the text that counts: 0 to 1. */
function shareLeft({ progress = 0 }: Item, { timeLeft = false }: ReaderSettings): number {
  return timeLeft ? 1 - Math.min(1, Math.max(0, progress)) : 1;
}

/** Tolerance for floating point, in minutes: 0.3 of 10 minutes is 3, not 3.0000000000000004, which would round to 4. */
const ROUNDING_ERROR = 1e-9;

function known(exactMinutes: number, basis: Basis, words?: number): Estimate & { known: true } {
  const minutes = Math.max(1, Math.ceil(exactMinutes - ROUNDING_ERROR));
  return { known: true, minutes, basis, ...(words !== undefined && { words }) };
}

function unknown(reason: SkipReason): Estimate {
  return { known: false, reason };
}
