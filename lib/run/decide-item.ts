import { estimate, type PageEvidence, type ReaderSettings } from '../core/estimate.ts';
import { type Item, isVideo } from '../core/item.ts';
import { type Decision, type PlanRules, planItem, planToKeep, planUntag } from '../core/plan.ts';
import type { Mode } from '../core/summary.ts';
import type { Deadline } from '../deadline.ts';
import type { ReadPage } from '../pages/read-page.ts';
import type { ReadingList } from '../reading-lists/reading-list.ts';

/** What a decision about an item depends on, besides the item. */
export type DecideContext = {
  readonly mode: Mode;
  readonly rules: PlanRules;
  readonly speed?: ReaderSettings;
  /** For the text that the service itself stores of an item. */
  readonly list: Pick<ReadingList, 'readText'>;
  /** How to read the web page of an item whose length the service does not know; absent: pages are not read. */
  readonly pages?: WebPageOptions;
  readonly deadlines: { readonly reading: Deadline };
};

export type WebPageOptions = {
  readonly read: ReadPage;
  /** WebPageOptions of items saved before this time are not read: seconds since 1970. */
  readonly addedAfter?: number;
  /** Whether to also read the page of an item that has a band from an earlier run. */
  readonly refetch: boolean;
};

/**
 * Decides what to do with one item. The first of these that gives a length counts: the fields of the listing, the band
 * from an earlier run, the text that the service stores, the web page. Rejects as `readText` does, but if the deadline
 * passes while a text is read, the item is skipped as `out-of-time`.
 */
export function decideItem(context: DecideContext, item: Item): Decision | Promise<Decision> {
  if (context.mode === 'untag') return planUntag(item, context.rules);
  const fromItem = planItem(item, estimate(item, context.speed), context.rules);
  if (fromItem.kind !== 'skip' || item.kind === 'image') return fromItem;
  if (!context.pages && !context.list.readText) return fromItem;
  return decideByText(context, item, fromItem);
}

async function decideByText(context: DecideContext, item: Item, fromItem: Decision): Promise<Decision> {
  const { rules, speed, pages } = context;
  const keep = pages?.refetch || isStarted(item, speed) ? undefined : planToKeep(item, rules);
  if (keep) return keep;
  // What is stored of a video is its description.
  const evidence = isVideo(item) ? undefined : await readText(context, item);
  if (evidence?.known) return planItem(item, estimate(item, speed, evidence), rules);
  const isTooOld = (item.addedAt ?? Number.POSITIVE_INFINITY) < (pages?.addedAfter ?? 0);
  const page = pages && item.url && !isTooOld && (await pages.read(item.url, context.deadlines.reading));
  const last = page || evidence;
  return last ? planItem(item, estimate(item, speed, last), rules) : fromItem;
}

/** With `TIME_LEFT`, the band of an item changes as the reader gets on with it, so an earlier band is no evidence. */
function isStarted({ progress = 0 }: Item, speed: ReaderSettings | undefined): boolean {
  return Boolean(speed?.timeLeft) && progress > 0;
}

async function readText(
  { list, deadlines: { reading } }: DecideContext,
  item: Item,
): Promise<PageEvidence | undefined> {
  try {
    return await list.readText?.(item, reading);
  } catch (error) {
    if (!reading.signal.aborted) throw error;
    return { known: false, reason: 'out-of-time' };
  }
}
