import { estimate, type PageEvidence, type ReaderSettings } from '../core/estimate.ts';
import type { Item } from '../core/item.ts';
import { type Decision, type PlanRules, planItem, planToKeep, planUntag } from '../core/plan.ts';
import type { Mode } from '../core/summary.ts';
import type { Deadline } from '../deadline.ts';
import type { ReadPage } from '../pages/read-page.ts';
import type { ReadingList } from '../reading-lists/reading-list.ts';

/** What decides about an item. */
export type DecideContext = {
  readonly mode: Mode;
  readonly rules: PlanRules;
  readonly speed?: ReaderSettings;
  /** Its own text of an item, where it has one. */
  readonly list: Pick<ReadingList, 'readText'>;
  /** How to find the length of an item that the service has none for; absent: not at all. */
  readonly pages?: Pages;
  readonly deadlines: { readonly reading: Deadline };
};

export type Pages = {
  readonly read: ReadPage;
  /** Pages of items saved before this are left alone: seconds since 1970. */
  readonly addedAfter?: number;
  /** Also read the page of an item that has a band from an earlier run. */
  readonly refetch: boolean;
};

/**
 * What is to be done about one item: by what stands in the list; else by the band that it has from an earlier run;
 * else by the service's own text; else by its page. Rejects as `readText` does; a deadline that is over while a
 * text is read makes it `out-of-time`.
 */
export function decideItem(by: DecideContext, item: Item): Decision | Promise<Decision> {
  if (by.mode === 'untag') return planUntag(item, by.rules);
  const fromItem = planItem(item, estimate(item, by.speed), by.rules);
  if (fromItem.kind !== 'skip' || item.kind === 'image') return fromItem;
  if (!by.pages && !by.list.readText) return fromItem;
  return decideByText(by, item, fromItem);
}

async function decideByText(by: DecideContext, item: Item, fromItem: Decision): Promise<Decision> {
  const { rules, speed, pages } = by;
  const kept = pages?.refetch || isBegun(item, speed) ? undefined : planToKeep(item, rules);
  if (kept) return kept;
  const evidence = await readText(by, item);
  if (evidence?.known) return planItem(item, estimate(item, speed, evidence), rules);
  const isTooOld = (item.addedAt ?? Number.POSITIVE_INFINITY) < (pages?.addedAfter ?? 0);
  const page = pages && item.url && !isTooOld && (await pages.read(item.url, by.deadlines.reading));
  const last = page || evidence;
  return last ? planItem(item, estimate(item, speed, last), rules) : fromItem;
}

/** What is left of an item changes as it is read, and its band with it. */
function isBegun({ progress = 0 }: Item, speed: ReaderSettings | undefined): boolean {
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
