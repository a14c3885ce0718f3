import { estimate, type PageEvidence, type ReaderSettings } from '../core/estimate.ts';
import { type Item, isVideo } from '../core/item.ts';
import { type Decision, type PlanRules, planItem, planToKeep, planUntag } from '../core/plan.ts';
import type { Mode } from '../core/summary.ts';
import type { Deadline } from '../deadline.ts';
import type { Lengths } from '../lengths/lengths.ts';
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
  /** What earlier runs have read; absent: nothing is kept. */
  readonly lengths?: Pick<Lengths, 'get' | 'set'> | undefined;
  /** Whether to read again, as far as a text or a page is read, where a length is kept or an earlier run wrote a band. */
  readonly refetch?: boolean;
  readonly deadlines: { readonly reading: Deadline };
};

/** How a run reads web pages. */
export type WebPageOptions = {
  readonly read: ReadPage;
  /** Pages of items saved before this time are not read: seconds since 1970. */
  readonly addedAfter?: number;
};

/**
 * Decides what to do with one item. The first of these that gives a length counts: the fields of the listing, what an
 * earlier run has read and kept, the band that it wrote, the text that the service stores, the web page. What is read is
 * kept; so is why a page gives no length, and then only the text is asked for, which the service may have by now.
 * Rejects as `readText` does, but if the deadline passes while a text is read, the item is skipped as `out-of-time`.
 */
export function decideItem(context: DecideContext, item: Item): Decision | Promise<Decision> {
  if (context.mode === 'untag') return planUntag(item, context.rules);
  const fromItem = planItem(item, estimate(item, context.speed), context.rules);
  if (fromItem.kind !== 'skip' || item.kind === 'image') return fromItem;
  const kept = context.lengths?.get(item)?.evidence;
  const fromEarlierRun = decideByEarlierRun(context, item, kept);
  const canRead = context.pages !== undefined || context.list.readText !== undefined;
  if (fromEarlierRun && !(context.refetch && canRead)) return fromEarlierRun;
  if (!canRead && !kept) return fromItem;
  return decideByText(context, item, { fromItem, fromEarlierRun, kept });
}

/** By the length that an earlier run has kept, or else the band that it wrote. */
function decideByEarlierRun(
  { rules, speed }: DecideContext,
  item: Item,
  kept: PageEvidence | undefined,
): Decision | undefined {
  const byLength = kept && planItem(item, estimate(item, speed, kept), rules);
  if (byLength && byLength.kind !== 'skip') return byLength;
  return isStarted(item, speed) ? undefined : planToKeep(item, rules);
}

/** What is known of an item before anything is read: by its listing, and of its page. */
type Known = {
  readonly fromItem: Decision;
  /** With `refetch` only: else it has decided. */
  readonly fromEarlierRun: Decision | undefined;
  readonly kept: PageEvidence | undefined;
};

async function decideByText(
  context: DecideContext,
  item: Item,
  { fromItem, fromEarlierRun, kept }: Known,
): Promise<Decision> {
  const { rules, speed, lengths, refetch } = context;
  // What is stored of a video is its description.
  const text = isVideo(item) ? undefined : await readText(context, item);
  if (text?.known) {
    lengths?.set(item, text, 'text');
    return planItem(item, estimate(item, speed, text), rules);
  }
  const page = kept && !refetch ? kept : await readPage(context, item);
  // What cannot be read again stays.
  if (!page && fromEarlierRun) return fromEarlierRun;
  const last = page ?? kept ?? text;
  return last ? planItem(item, estimate(item, speed, last), rules) : fromItem;
}

async function readPage(
  { pages, lengths, deadlines: { reading } }: DecideContext,
  item: Item,
): Promise<PageEvidence | undefined> {
  if (!pages || !item.url) return undefined;
  const { addedAt = Number.POSITIVE_INFINITY } = item;
  if (addedAt < (pages.addedAfter ?? 0)) return { known: false, reason: 'not-recent' };
  const page = await pages.read(item.url, reading);
  lengths?.set(item, page, 'page');
  return page;
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
