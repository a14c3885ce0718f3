import type { Estimate } from './estimate.ts';
import type { Item, Tag, TagChange } from './item.ts';
import type { SkipReason } from './skip-reason.ts';

/** A tag, and the maximum minutes that it covers. */
export type Band = { readonly tag: string; readonly upToMinutes: number };

/** Bands in ascending order, and the tag for everything longer. */
export type Bands = { readonly bands: readonly Band[]; readonly longestTag: string };

export type PlanRules = Bands & {
  /** Tag for an article about a video; absent: it gets a band like any article. */
  readonly videoTag?: string;
  /** Tags of earlier settings, to be removed from every item. */
  readonly retiredTags: readonly string[];
};

/** The managed tag that an item should have, and the minutes and words it is based on. */
type TargetTag = {
  readonly tag?: string;
  readonly minutes?: number;
  readonly words?: number;
  /** How likely the minutes of a page are right: 0 to 1. */
  readonly confidence?: number;
};

/** What to do with one item, as plain data that can be printed, counted and applied. */
export type Decision =
  | ({ readonly kind: 'change' } & TagChange & TargetTag)
  | ({ readonly kind: 'keep'; readonly item: Item } & TargetTag)
  | { readonly kind: 'skip'; readonly item: Item; readonly reason: SkipReason };

/** The tag of the band for a number of minutes. */
export function bandOf(minutes: number, { bands, longestTag }: Bands): string {
  return bands.find((band) => minutes <= band.upToMinutes)?.tag ?? longestTag;
}

/** Every tag that the tagger may add or remove; all others belong to the reader. */
export function managedTags(rules: PlanRules): readonly string[] {
  const video = rules.videoTag === undefined ? [] : [rules.videoTag];
  return [...rules.bands.map((band) => band.tag), rules.longestTag, ...video, ...rules.retiredTags];
}

/** Plans exactly one managed tag on the item: adds the right one and removes the others. Skips an unknown length. */
export function planItem(item: Item, estimate: Estimate, rules: PlanRules): Decision {
  const videoTag = videoTagFor(item, estimate, rules);
  if (videoTag !== undefined) return planTag(item, rules, { tag: videoTag });
  if (!estimate.known) return { kind: 'skip', item, reason: estimate.reason };
  const { minutes, words, confidence } = estimate;
  return planTag(item, rules, {
    tag: bandOf(minutes, rules),
    minutes,
    ...(words !== undefined && { words }),
    ...(confidence !== undefined && { confidence }),
  });
}

/**
 * Plans to keep the one band that the item has from an earlier run, without reading its page again; `undefined` if it
 * has none or several.
 */
export function planToKeep(item: Item, rules: PlanRules): Decision | undefined {
  const [name, ...others] = managedTagsOn(item, rules).map(({ name }) => name);
  const isBand = name === rules.longestTag || rules.bands.some(({ tag }) => tag === name);
  return name !== undefined && isBand && others.length === 0 ? { kind: 'keep', item, tag: name } : undefined;
}

/** Plans to remove every managed tag from the item. */
export function planUntag(item: Item, rules: PlanRules): Decision {
  const remove = managedTagsOn(item, rules);
  return remove.length > 0 ? { kind: 'change', item, add: [], remove } : { kind: 'keep', item };
}

/** The video tag for an article about a video, unless the video's duration is known, which gives a band. */
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

/** One item of a plan, as a table shows it. */
export type PlannedRow = {
  readonly id: string;
  readonly title: string;
  readonly words?: number;
  readonly minutes?: number;
  /** How likely the minutes of a page are right: 0 to 1. */
  readonly confidence?: number;
  /** Managed tags on the item now. */
  readonly from: readonly string[];
  /** Managed tag on the item afterwards; absent if it has none. */
  readonly to?: string;
};

/** A decision as a table row: the item's title, its length, and its managed tags before and after. */
export function plannedRow(decision: Decision, rules: PlanRules): PlannedRow {
  const { item } = decision;
  const { minutes, words, confidence, tag } = decision.kind === 'skip' ? {} : decision;
  return {
    id: item.id,
    title: item.title ?? item.url ?? item.id,
    ...(words !== undefined && { words }),
    ...(minutes !== undefined && { minutes }),
    ...(confidence !== undefined && { confidence }),
    from: managedTagsOn(item, rules).map(({ name }) => name),
    ...(tag !== undefined && { to: tag }),
  };
}
