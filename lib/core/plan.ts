import type { Estimate } from './estimate.ts';
import type { Item, Tag, TagChange } from './item.ts';

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

/** Our tag that is right for an item, the minutes that say so, and the words they were worked out from. */
type Right = { readonly tag?: string; readonly minutes?: number; readonly words?: number };

/** What is to be done about one item, as plain facts: it can be printed, counted, applied or not. */
export type Decision =
  | ({ readonly kind: 'change' } & TagChange & Right)
  | ({ readonly kind: 'keep'; readonly item: Item } & Right)
  | { readonly kind: 'skip'; readonly item: Item; readonly reason: string };

/** The tag of the band that so many minutes fall into. */
export function bandOf(minutes: number, { bands, longestTag }: Bands): string {
  return bands.find((band) => minutes <= band.upToMinutes)?.tag ?? longestTag;
}

/** Every tag that the tagger may remove. Any other tag is somebody else's. */
export function managedTags(rules: PlanRules): readonly string[] {
  const video = rules.videoTag === undefined ? [] : [rules.videoTag];
  return [...rules.bands.map((band) => band.tag), rules.longestTag, ...video, ...rules.retiredTags];
}

/** Exactly one of our tags on the item: the right one added, the others removed, an unknown length left alone. */
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
 * The one band that the item has from an earlier run, kept without looking again; `undefined` where it has
 * none, or more than one.
 */
export function planToKeep(item: Item, rules: PlanRules): Decision | undefined {
  const [held, ...others] = ownTagsOn(item, rules).map(({ name }) => name);
  const isBand = held === rules.longestTag || rules.bands.some(({ tag }) => tag === held);
  return held !== undefined && isBand && others.length === 0 ? { kind: 'keep', item, tag: held } : undefined;
}

/** None of our tags on the item. */
export function planUntag(item: Item, rules: PlanRules): Decision {
  const remove = ownTagsOn(item, rules);
  return remove.length > 0 ? { kind: 'change', item, add: [], remove } : { kind: 'keep', item };
}

/** An article about a video gets a tag of its own instead of a band; a video with a duration has a length. */
function videoTagFor(item: Item, estimate: Estimate, { videoTag }: PlanRules): string | undefined {
  const isVideoWithLength = estimate.known && estimate.basis === 'video-duration';
  return item.aboutVideo && !isVideoWithLength ? videoTag : undefined;
}

function planTag(item: Item, rules: PlanRules, right: Right & { tag: string }): Decision {
  const add = item.tags.some((held) => held.name === right.tag) ? [] : [right.tag];
  const remove = ownTagsOn(item, rules).filter((held) => held.name !== right.tag);
  return add.length + remove.length > 0
    ? { kind: 'change', item, add, remove, ...right }
    : { kind: 'keep', item, ...right };
}

function ownTagsOn(item: Item, rules: PlanRules): readonly Tag[] {
  if (item.tags.length === 0) return [];
  const owned = managedTags(rules);
  return item.tags.filter((held) => owned.includes(held.name));
}
