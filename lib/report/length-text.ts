import type { ReportItem, Totals } from './report-facts.ts';

/** The minutes of an item, without a unit: `12`, by its band `3 to 5` or `over 5`; `undefined` where unknown. */
export function minutesText({ minutes, range }: Pick<ReportItem, 'minutes' | 'range'>): string | undefined {
  if (minutes !== undefined) return count(minutes);
  if (range === undefined) return undefined;
  const { from, to } = range;
  if (to === undefined) return `over ${count(from - 1)}`;
  return from === to ? count(to) : `${count(from)} to ${count(to)}`;
}

/** The most minutes that the item takes: `Infinity` in the longest band; `undefined` where its length is unknown. */
export function mostMinutesOf({ minutes, range }: Pick<ReportItem, 'minutes' | 'range'>): number | undefined {
  return minutes ?? (range && (range.to ?? Number.POSITIVE_INFINITY));
}

/** The time that items take together: `3 h 5 min`, `40 to 80 min`, `12 to 20 h`, `at least 3 h`. */
export function totalText({ minutes, mostMinutes }: Pick<Totals, 'minutes' | 'mostMinutes'>): string {
  if (mostMinutes === undefined) return `at least ${hours(minutes)}`;
  if (minutes === mostMinutes) return hours(minutes);
  if (mostMinutes < MIN_MINUTES_IN_HOURS) return `${minutes} to ${mostMinutes} min`;
  return `${count(Math.floor(minutes / 60))} to ${count(Math.ceil(mostMinutes / 60))} h`;
}

/** A range with more than this is of whole hours: nearer than that it is not known. */
const MIN_MINUTES_IN_HOURS = 120;

/**
 * `45 min`, `3 h 5 min`, `120 h`.
 * @internal
 */
export function hours(minutes: number): string {
  const [whole, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (whole === 0) return `${rest} min`;
  return rest === 0 || whole >= 100 ? `${count(whole)} h` : `${whole} h ${rest} min`;
}

/** `12,345` */
export function count(items: number): string {
  return items.toLocaleString('en');
}
