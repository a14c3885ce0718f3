import type { PageEvidence } from '../core/estimate.ts';
import { formatNumber } from '../core/format-number.ts';
import { NETWORK_REASONS } from '../lengths/kept-days.ts';
import { printError } from './view/wrapped.ts';

/** Fewer pages may all be of hosts that are gone. */
const MIN_PAGES = 20;
/** Of the pages of an old list a third may be at hosts that are gone; hardly ever more than half. */
const MIN_SHARE = 0.95;

/** Counts the pages that a run reads, and whether nearly all of them fail as they do without a network. */
export function pageCounts() {
  let [read, failed] = [0, 0];
  return {
    count(page: PageEvidence): void {
      read += 1;
      if (!page.known && NETWORK_REASONS.has(page.reason)) failed += 1;
    },
    offlineSentence,
    /** Says so on standard error, with the name of the list where there are several; returns whether it is so. */
    tellOffline(listName?: string): boolean {
      const sentence = offlineSentence();
      if (sentence !== undefined) printError(sentence, { listName });
      return sentence !== undefined;
    },
  };

  /** `undefined` where it is not so. */
  function offlineSentence(): string | undefined {
    if (read < MIN_PAGES || failed < read * MIN_SHARE) return undefined;
    return `${formatNumber(failed)} of ${formatNumber(read)} pages could not be reached: are you offline?`;
  }
}
