import { type Decision, type PlanRules, plannedRow } from '../core/plan.ts';

/** Minutes from the least to the most that a band covers; the longest band has no most. */
type MinutesRange = { readonly from: number; readonly to?: number };

/** One unread item in the report. */
export type ReportItem = {
  readonly id: string;
  readonly title: string;
  /** Only `http:` or `https:`; any other URL is left out. */
  readonly url?: string;
  readonly minutes?: number;
  /** The minutes of its band, where that is all that is known of its length: an earlier run has tagged it. */
  readonly range?: MinutesRange;
  readonly words?: number;
  /** How likely the minutes of a page are right: 0 to 1. */
  readonly confidence?: number;
  readonly band: string;
  /** Seconds since 1970. */
  readonly addedAt?: number;
};

/**
 * Items, and their minutes together: `minutes` is the least, `mostMinutes` the most, where ranges are among them; it is
 * absent where one of these has no most. Items of unknown length are in neither.
 */
export type Totals = { readonly items: number; readonly minutes: number; readonly mostMinutes?: number };

type BandFacts = { readonly band: string } & Totals;

/** Unread items added in one month; `all`: those added up to the end of the month. */
export type MonthFacts = { readonly month: string; readonly all: number } & Totals;

/** What the report shows. */
export type ReportFacts = {
  readonly items: readonly ReportItem[];
  /** In the order of the settings; the last is for items of unknown length, if there are any. */
  readonly bands: readonly BandFacts[];
  readonly months: readonly MonthFacts[];
  /** The oldest items, oldest first; at most `MAX_OLDEST_ITEMS`. */
  readonly oldest: readonly ReportItem[];
};

/** In place of a band, for an item that has none. */
export const UNKNOWN_BAND = 'length unknown';
const MAX_OLDEST_ITEMS = 10;

/** Computes everything that the report shows. */
export function reportFacts(decisions: readonly Decision[], rules: PlanRules): ReportFacts {
  const items = decisions.map((decision) => reportItem(decision, rules));
  const videoTag = rules.videoTag ? [rules.videoTag] : [];
  const names = [...rules.bands.map(({ tag }) => tag), rules.longestTag, ...videoTag, UNKNOWN_BAND];
  const counted = names.map((band) => ({ band, ...totalsOf(items.filter((item) => item.band === band)) }));
  return {
    items,
    bands: counted.filter(({ band, items: count }) => count > 0 || band !== UNKNOWN_BAND),
    months: monthsOf(items),
    oldest: items
      .filter(({ addedAt }) => addedAt !== undefined)
      .toSorted((one, other) => (one.addedAt ?? 0) - (other.addedAt ?? 0))
      .slice(0, MAX_OLDEST_ITEMS),
  };
}

function reportItem(decision: Decision, rules: PlanRules): ReportItem {
  const { id, title, words, minutes, confidence, to = UNKNOWN_BAND } = plannedRow(decision, rules);
  const { addedAt } = decision.item;
  const url = webAddress(decision.item.url);
  const range = minutes === undefined ? rangeOf(to, rules) : undefined;
  return {
    id,
    title,
    band: to,
    ...(url && { url }),
    ...(minutes !== undefined && { minutes }),
    ...(range && { range }),
    ...(words !== undefined && { words }),
    ...(confidence !== undefined && { confidence }),
    ...(addedAt !== undefined && { addedAt }),
  };
}

/**
 * The normalized URL if it is `http:` or `https:`, else `undefined`.
 * @internal
 */
export function webAddress(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const { protocol, href } = new URL(url);
  return protocol === 'http:' || protocol === 'https:' ? href : undefined;
}

/** `undefined` where the tag is of no band, as that of a video. */
function rangeOf(tag: string, { bands, longestTag }: PlanRules): MinutesRange | undefined {
  const limits = [
    ...bands.map((band) => [band.tag, band.upToMinutes] as const),
    [longestTag, undefined] as const,
  ];
  const at = limits.findIndex(([name]) => name === tag);
  const to = limits[at]?.[1];
  return at < 0 ? undefined : { from: (limits[at - 1]?.[1] ?? 0) + 1, ...(to !== undefined && { to }) };
}

/** The totals of all of these together. */
export function sumOf(totals: readonly Totals[]): Totals {
  const most = totals.reduce((sum, { mostMinutes = Number.POSITIVE_INFINITY }) => sum + mostMinutes, 0);
  return {
    items: totals.reduce((sum, { items }) => sum + items, 0),
    minutes: totals.reduce((sum, { minutes }) => sum + minutes, 0),
    ...(most < Number.POSITIVE_INFINITY && { mostMinutes: most }),
  };
}

function totalsOf(items: readonly ReportItem[]): Totals {
  return sumOf(
    items.map(({ minutes = 0, range }) => {
      if (range === undefined) return { items: 1, minutes, mostMinutes: minutes };
      return { items: 1, minutes: range.from, ...(range.to !== undefined && { mostMinutes: range.to }) };
    }),
  );
}

/** All months (UTC) from the first to the last in which an item was added. */
function monthsOf(items: readonly ReportItem[]): MonthFacts[] {
  const added = Map.groupBy(
    items.filter(({ addedAt }) => addedAt !== undefined),
    ({ addedAt = 0 }) => new Date(addedAt * 1000).toISOString().slice(0, 7),
  );
  const names = [...added.keys()].sort();
  const [first, last] = [names.at(0), names.at(-1)];
  if (first === undefined || last === undefined) return [];
  let all = 0;
  return monthNames(first, last).map((month) => {
    const ofMonth = added.get(month) ?? [];
    all += ofMonth.length;
    return { month, ...totalsOf(ofMonth), all };
  });
}

function monthNames(first: string, last: string): string[] {
  const names: string[] = [];
  const month = new Date(`${first}-01T00:00:00Z`);
  while (names.at(-1) !== last) {
    names.push(month.toISOString().slice(0, 7));
    month.setUTCMonth(month.getUTCMonth() + 1);
  }
  return names;
}
