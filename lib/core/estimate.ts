import type { Item } from './item.ts';
import { minutesToRead, type ReaderSpeed, type TextLength } from './reading-speed.ts';
import type { SkipReason } from './skip-reason.ts';

/** What reading the item's page gave: a text, a video, or why neither. */
export type PageEvidence =
  | ({ readonly known: true; readonly language?: string; readonly videoSeconds?: number } & TextLength)
  | { readonly known: false; readonly reason: SkipReason };

/** How the reader reads, and what of an item is to be told. */
export type ReaderSettings = ReaderSpeed & {
  /** The time still to read, from the service's reading progress, instead of the whole. Of text, not of video. */
  readonly timeLeft?: boolean;
};

/** Where the minutes came from. */
export type Basis = 'own-speed' | 'service-minutes' | 'service-words' | 'video-duration' | 'page';

/**
 * How long an item takes: whole minutes, at least 1, rounded up, so that exactly 2 minutes of text is 2 (what is
 * left of it is worked out before rounding: 3 of 5 minutes read leave 2, and all of them leave 1), with the words
 * of the whole text where they are known; or why nobody knows.
 */
export type Estimate =
  | { readonly known: true; readonly minutes: number; readonly basis: Basis; readonly words?: number }
  | { readonly known: false; readonly reason: SkipReason };

/**
 * The best estimate that the evidence allows, in this order: a video's duration; words at the reader's own
 * speed, if that is set; the service's minutes; its words at the average speed; the page.
 */
export function estimate(item: Item, reader: ReaderSettings = {}, page?: PageEvidence): Estimate {
  if (item.kind === 'image') return unknown('image');
  if (item.kind === 'video') return estimateVideo(item, page);
  return estimateText(item, reader) ?? estimatePage(item, reader, page);
}

function estimateVideo({ videoSeconds }: Item, page?: PageEvidence): Estimate {
  const seconds = videoSeconds ?? (page?.known ? page.videoSeconds : undefined);
  return seconds ? known(seconds / 60, 'video-duration') : unknown('video-without-duration');
}

function estimateText(item: Item, reader: ReaderSettings): Estimate | undefined {
  const { words, minutes, language } = item;
  const left = shareLeft(item, reader);
  const isOwnSpeed = reader.wordsPerMinute !== undefined || reader.cjkCharactersPerMinute !== undefined;
  if (words && isOwnSpeed)
    return known(left * minutesToRead({ words }, language, reader), 'own-speed', words);
  if (minutes) return known(left * minutes, 'service-minutes', words);
  return words ? known(left * minutesToRead({ words }, language), 'service-words', words) : undefined;
}

function estimatePage(item: Item, reader: ReaderSettings, page?: PageEvidence): Estimate {
  const { parsed, language } = item;
  if (page === undefined) return unknown(parsed ? 'no-length' : 'not-parsed');
  if (!page.known) return unknown(page.reason);
  if (page.videoSeconds) return known(page.videoSeconds / 60, 'video-duration');
  const exactMinutes = shareLeft(item, reader) * minutesToRead(page, language ?? page.language, reader);
  return known(exactMinutes, 'page', page.words);
}

/** How much of the text is still to be counted: 0 to 1. */
function shareLeft({ progress = 0 }: Item, { timeLeft = false }: ReaderSettings): number {
  return timeLeft ? 1 - Math.min(1, Math.max(0, progress)) : 1;
}

/** A share of a whole number is off by less than this: 0.3 of 10 minutes is 3, not 3.0000000000000004. */
const ROUNDING_ERROR = 1e-9;

function known(exactMinutes: number, basis: Basis, words?: number): Estimate {
  const minutes = Math.max(1, Math.ceil(exactMinutes - ROUNDING_ERROR));
  return { known: true, minutes, basis, ...(words !== undefined && { words }) };
}

function unknown(reason: SkipReason): Estimate {
  return { known: false, reason };
}
