import { type Bands, bandOf, type PlanRules } from './plan.ts';

/** With fewer lengths, quartiles say little about a list. */
const MIN_LENGTHS = 20;
/** From the shortest; the last that is used is without a limit. */
const TAGS = ['a quick read', 'a medium read', 'a long read', 'a very long read'];

/**
 * Four bands that each get about a quarter of these items, by their minutes; fewer where quarters are equally long.
 * `undefined` where there are too few lengths, or too few different ones.
 */
export function proposeBands(minutes: readonly number[]): Bands | undefined {
  if (minutes.length < MIN_LENGTHS) return undefined;
  const rising = minutes.toSorted((one, other) => one - other);
  const longest = rising.at(-1) ?? 0;
  const quartiles = [1, 2, 3].map((quarter) => rising[Math.ceil((quarter * rising.length) / 4) - 1] ?? 0);
  const limits = [...new Set(quartiles)].filter((limit) => limit < longest);
  if (limits.length === 0) return undefined;
  const tagAt = (at: number) => TAGS[at] ?? '';
  const bands = limits.map((upToMinutes, at) => ({ tag: tagAt(at), upToMinutes }));
  return { bands, longestTag: tagAt(limits.length) };
}

/** How many of these items, by their minutes, each band gets, in the order of the bands. */
export function countByBand(minutes: readonly number[], bands: Bands): { tag: string; items: number }[] {
  const given = minutes.map((one) => bandOf(one, bands));
  return tagsOf(bands).map((tag) => ({ tag, items: given.filter((one) => one === tag).length }));
}

/** Tags to be taken off once these bands are in the place of those of the rules. */
export function retiredTags(bands: Bands, rules: PlanRules): readonly string[] {
  const kept = tagsOf(bands);
  return [...rules.retiredTags, ...tagsOf(rules)].filter((tag) => !kept.includes(tag));
}

function tagsOf({ bands, longestTag }: Bands): readonly string[] {
  return [...bands.map(({ tag }) => tag), longestTag];
}
