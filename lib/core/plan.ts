import type { Estimate } from './estimate.ts';
import type { Item, Tag, TagChange } from './item.ts';
import type { SkipReason } from './skip-reason.ts';

/** A tag, and the most minutes it covers. */
export type Band = { readonly tag: string; readonly upToMinutes: number };

/** Rising bands, and the tag of everything longer. */
export type Bands = { readonly bands: readonly Band[]; readonly longestTag: string };

export type PlanRules = Bands & {
  /** Tag for an article about a video; absent: treat it as any article. */
  readonly videoTag?: string;
  /** Tags that an earlier setting wrote, to be removed where they are found. */
  readonly retiredTags: readonly string[];
};

/** The tag of ours that an item should have, the minutes behind it, and the words behind those. */
type TargetTag = { readonly tag?: string; readonly minutes?: number; readonly words?: number };

/** What is to be done about one item, as plain facts: it can be printed, counted, applied or not. */
export type Decision =
  | ({ readonly kind: 'change' } & TagChange & TargetTag)
  | ({ readonly kind: 'keep'; readonly item: Item } & TargetTag)
  | { readonly kind: 'skip'; readonly item: Item; readonly reason: SkipReason };

/** The tag of the band that so many minutes fall into. */
export function bandOf(minutes: number, { bands, longestTag }: Bands): string {
  return bands.find((band) => minutes <= band.upToMinutes)?.tag ?? longestTag;
}

/** Every tag that the tagger may remove: all others are the reader's own. */
export function managedTags(rules: PlanRules): readonly string[] {
  const video = rules.videoTag === undefined ? [] : [rules.videoTag];
  return [...rules.bands.map((band) => band.tag), rules.longestTag, ...video, ...rules.retiredTags];
}

/** Plans exactly one of our tags on the item: adds the right one, removes the others, skips an unknown length. */
export function planItem(item: Item, estimate: Estimate, rules: PlanRules): Decision {
  const videoTag = videoTagFor(item, estimate, rules);
  if (videoTag !== undefined) return planTag(item, rules, { tag: videoTag });
  if (!estimate.known) return { kind: 'skip', item, reason: estimate.reason };
  const { minutes, words } = estimate;
  return planTag(item, rules, {
    tag: bandOf(minutes, rules),
    minutes,
    ...(words !== undefined && { words }),
  });
}

/**
 * The one band that the item has from an earlier run, kept without reading its page again; `undefined` where it has
 * none, or more than one.
 */
export function planToKeep(item: Item, rules: PlanRules): Decision | undefined {
  const [held, ...others] = managedTagsOn(item, rules).map(({ name }) => name);
  const isBand = held === rules.longestTag || rules.bands.some(({ tag }) => tag === held);
  return held !== undefined && isBand && others.length === 0 ? { kind: 'keep', item, tag: held } : undefined;
}

/** Plans none of our tags on the item. */
export function planUntag(item: Item, rules: PlanRules): Decision {
  const remove = managedTagsOn(item, rules);
  return remove.length > 0 ? { kind: 'change', item, add: [], remove } : { kind: 'keep', item };
}

/** An article about a video gets a tag of its own instead of a band; a video with a duration has a length. */
function videoTagFor(item: Item, estimate: Estimate, { videoTag }: PlanRules): string | undefined {
  const isVideoWithLength = estimate.known && estimate.basis === 'video-duration';
  return item.aboutVideo && !isVideoWithLength ? videoTag : undefined;
}

function planTag(item: Item, rules: PlanRules, target: TargetTag & { tag: string }): Decision {
  const add = item.tags.some(({ name }) => name === target.tag) ? [] : [target.tag];
  const remove = managedTagsOn(item, rules).filter(({ name }) => name !== target.tag);
  return add.length + remove.length > 0
    ? { kind: 'change', item, add, remove, ...target }
    : { kind: 'keep', item, ...target };
}

function managedTagsOn(item: Item, rules: PlanRules): readonly Tag[] {
  if (item.tags.length === 0) return [];
  const managed = managedTags(rules);
  return item.tags.filter(({ name }) => managed.includes(name));
}

/** One item of a plan, as people look at it. */
export type PlannedRow = {
  readonly id: string;
  readonly title: string;
  readonly words?: number;
  readonly minutes?: number;
  /** Our tags on the item now. */
  readonly from: readonly string[];
  /** Our tag on the item afterwards. */
  readonly to?: string;
};

/** A decision in the words of a table: the item's title, its length, and our tag before and after. */
export function plannedRow(decision: Decision, rules: PlanRules): PlannedRow {
  const { item } = decision;
  const { minutes, words, tag } = decision.kind === 'skip' ? {} : decision;
  return {
    id: item.id,
    title: item.title ?? item.url ?? item.id,
    ...(words !== undefined && { words }),
    ...(minutes !== undefined && { minutes }),
    from: managedTagsOn(item, rules).map(({ name }) => name),
    ...(tag !== undefined && { to: tag }),
  };
}
