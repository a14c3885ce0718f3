import { type Basis, type Estimate, estimate, type PageEvidence } from './estimate.ts';
import type { Item } from './item.ts';
import { bandOf, type Decision, type PlanRules, planItem } from './plan.ts';
import { type ReaderSpeed, wordsPerMinute } from './reading-speed.ts';

/** The order in which they count, as in `estimate`. */
const ORDER: readonly Basis[] = ['video-duration', 'own-speed', 'service-minutes', 'service-words', 'page'];

/** One way to the minutes of an item. */
export type Way = {
  readonly basis: Basis;
  readonly minutes: number;
  readonly band: string;
  /** The text's words, where words were counted. */
  readonly words?: number;
  /** Words a minute that they were read at. */
  readonly speed?: number;
};

/** Why an item has its band: the way that was taken, and those that would have been taken without it, in order. */
export type Explanation = {
  readonly item: Item;
  /** The language that the speed is for, where words were counted and a language is known. */
  readonly language?: string;
  readonly decision: Decision;
  readonly used?: Way;
  readonly otherwise: readonly Way[];
};

/** Explains what `estimate` and `planItem` make of an item, and of the item without what they went by. */
export function explain(
  item: Item,
  { rules, speed = {}, page }: { rules: PlanRules; speed?: ReaderSpeed; page?: PageEvidence | undefined },
): Explanation {
  const right = estimate(item, speed, page);
  const ways = evidenceOf(item, page)
    .flatMap((part) => waysBy(part, rules, speed))
    .sort((one, other) => ORDER.indexOf(one.basis) - ORDER.indexOf(other.basis));
  const used = right.known ? ways.find(({ basis }) => basis === right.basis) : undefined;
  const language = item.language ?? (page?.known ? page.language : undefined);
  return {
    item,
    ...(language && { language }),
    decision: planItem(item, right, rules),
    ...(used && { used }),
    otherwise: ways.filter((way) => way !== used),
  };
}

/** What is known of an item, one thing at a time. */
type Part = { readonly item: Item; readonly page?: PageEvidence };

/** The item with one thing known about its length at a time. */
function evidenceOf(item: Item, page: PageEvidence | undefined): Part[] {
  const { words, minutes, videoSeconds, ...bare } = item;
  return [
    ...(videoSeconds ? [{ item: { ...bare, videoSeconds } }] : []),
    ...(words ? [{ item: { ...bare, words } }] : []),
    ...(minutes ? [{ item: { ...bare, minutes } }] : []),
    ...(page ? [{ item: bare, page }] : []),
  ];
}

/** The minutes by one part: words at the reader's speed where it is set, and at the average. */
function waysBy({ item, page }: Part, rules: PlanRules, speed: ReaderSpeed): Way[] {
  const speeds = item.words && isSet(speed) ? [speed, {}] : [speed];
  return speeds.flatMap((at) => wayOf(estimate(item, at, page), { item, page, speed: at, rules }));
}

function wayOf(
  found: Estimate,
  by: { item: Item; page: PageEvidence | undefined; speed: ReaderSpeed; rules: PlanRules },
): Way[] {
  if (!found.known) return [];
  const { basis, minutes } = found;
  const { item, page, speed, rules } = by;
  const read = page?.known ? page : undefined;
  const words =
    basis === 'video-duration' || basis === 'service-minutes' ? undefined : (item.words ?? read?.words);
  const language = item.language ?? read?.language;
  return [
    {
      basis,
      minutes,
      band: bandOf(minutes, rules),
      ...(words !== undefined && { words, speed: Math.round(wordsPerMinute(language, speed)) }),
    },
  ];
}

function isSet({ wordsPerMinute, cjkCharactersPerMinute }: ReaderSpeed): boolean {
  return wordsPerMinute !== undefined || cjkCharactersPerMinute !== undefined;
}
