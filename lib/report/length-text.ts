import { formatNumber } from '../core/format-number.ts';
import type { ReportItem, Totals } from './report-facts.ts';

/** From this many minutes on, a range is of whole hours: nearer than that it is not known. */
const MIN_MINUTES_IN_HOURS = 120;

/** The minutes of an item, without a unit: `12`, by its band `3 to 5` or `over 5`; `undefined` where unknown. */
export function minutesText({ minutes, range }: Pick<ReportItem, 'minutes' | 'range'>): string | undefined {
  if (minutes !== undefined) return formatNumber(minutes);
  if (range === undefined) return undefined;
  const { from, to } = range;
  if (to === undefined) return `over ${formatNumber(from - 1)}`;
  return from === to ? formatNumber(to) : `${formatNumber(from)} to ${formatNumber(to)}`;
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
  return `${formatNumber(Math.floor(minutes / 60))} to ${formatNumber(Math.ceil(mostMinutes / 60))} h`;
}

/**
 * `45 min`, `3 h 5 min`, `120 h`.
 * @internal
 */
export function hours(minutes: number): string {
  const [whole, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (whole === 0) return `${rest} min`;
  return rest === 0 || whole >= 100 ? `${formatNumber(whole)} h` : `${whole} h ${rest} min`;
}
