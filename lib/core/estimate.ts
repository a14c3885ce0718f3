import type { Item } from './item.ts';
import { minutesToRead, type ReaderSpeed, type TextLength } from './reading-speed.ts';

/** What reading the item's page gave: a text, a video, or why neither. */
export type PageEvidence =
  | ({ readonly known: true; readonly language?: string; readonly videoSeconds?: number } & TextLength)
  | { readonly known: false; readonly reason: string };

/** Where the minutes came from. */
export type Basis = 'own-speed' | 'service-minutes' | 'service-words' | 'video-duration' | 'page';

/**
 * How long an item takes: whole minutes, at least 1, rounded up, so that exactly 2 minutes of text is 2; or why
 * nobody knows (`not-parsed`, `no-length`, `image`, `video-without-duration`, or what was wrong with its page).
 */
export type Estimate =
  | { readonly known: true; readonly minutes: number; readonly basis: Basis }
  | { readonly known: false; readonly reason: string };

/**
 * The best estimate that the evidence allows, in this order: a video's duration; words at the reader's own
 * speed, if that is set; the service's minutes; its words at the average speed; the page.
 */
export function estimate(item: Item, speed: ReaderSpeed = {}, page?: PageEvidence): Estimate {
  if (item.kind === 'image') return unknown('image');
  if (item.kind === 'video') return estimateVideo(item, page);
  return estimateText(item, speed) ?? estimatePage(item, speed, page);
}

function estimateVideo({ videoSeconds }: Item, page?: PageEvidence): Estimate {
  const seconds = videoSeconds ?? (page?.known ? page.videoSeconds : undefined);
  return seconds ? known(seconds / 60, 'video-duration') : unknown('video-without-duration');
}

function estimateText({ words, minutes, language }: Item, speed: ReaderSpeed): Estimate | undefined {
  const isOwnSpeed = speed.wordsPerMinute !== undefined || speed.cjkCharactersPerMinute !== undefined;
  if (words && isOwnSpeed) return known(minutesToRead({ words }, language, speed), 'own-speed');
  if (minutes) return known(minutes, 'service-minutes');
  return words ? known(minutesToRead({ words }, language), 'service-words') : undefined;
}

function estimatePage({ parsed, language }: Item, speed: ReaderSpeed, page?: PageEvidence): Estimate {
  if (page === undefined) return unknown(parsed ? 'no-length' : 'not-parsed');
  if (!page.known) return unknown(page.reason);
  if (page.videoSeconds) return known(page.videoSeconds / 60, 'video-duration');
  return known(minutesToRead(page, language ?? page.language, speed), 'page');
}

function known(exactMinutes: number, basis: Basis): Estimate {
  return { known: true, minutes: Math.max(1, Math.ceil(exactMinutes)), basis };
}

function unknown(reason: string): Estimate {
  return { known: false, reason };
}
