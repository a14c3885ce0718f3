import type { Item } from './item.ts';
import { wordsPerMinute } from './reading-speed.ts';

/** Why an item has no estimate. Unknown is never short. */
export type UnknownReason = 'not-parsed' | 'no-length' | 'image' | 'video-without-duration';

/** Where the minutes came from. */
export type Basis = 'own-speed' | 'service-minutes' | 'service-words' | 'video-duration';

/** How long an item takes: whole minutes, at least 1, rounded up, so that exactly 2 minutes of text is 2. */
export type Estimate =
  | { readonly known: true; readonly minutes: number; readonly basis: Basis }
  | { readonly known: false; readonly reason: UnknownReason };

/**
 * The best estimate that the evidence in the item allows. `ownWordsPerMinute` is the reader's own speed in
 * English; where it is given it beats the service's minutes.
 */
export function estimate(item: Item, ownWordsPerMinute?: number): Estimate {
  if (item.kind === 'image') return unknown('image');
  if (item.kind === 'video') {
    return item.videoSeconds
      ? minutes(item.videoSeconds / 60, 'video-duration')
      : unknown('video-without-duration');
  }
  if (ownWordsPerMinute && item.words) {
    return minutes(item.words / wordsPerMinute(item.language, ownWordsPerMinute), 'own-speed');
  }
  if (item.minutes) return minutes(item.minutes, 'service-minutes');
  if (item.words) return minutes(item.words / wordsPerMinute(item.language), 'service-words');
  return unknown(item.parsed ? 'no-length' : 'not-parsed');
}

function minutes(exact: number, basis: Basis): Estimate {
  return { known: true, minutes: Math.ceil(exact), basis };
}

function unknown(reason: UnknownReason): Estimate {
  return { known: false, reason };
}
