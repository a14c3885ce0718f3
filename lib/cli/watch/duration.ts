import { InvalidArgumentError } from 'commander';

const SECOND_MS = 1000;
const DAY_MS = 86_400_000;

/** A run asks the service for a page of the list at least; more than one a second is of no use to anybody. */
const MIN_MS = SECOND_MS;
/** Within a week the whole list is due in any case. */
const MAX_MS = 7 * DAY_MS;

const UNITS: readonly (readonly [name: RegExp, ms: number])[] = [
  [/^s(ec(ond)?s?)?$/, SECOND_MS],
  [/^m(in(ute)?s?)?$/, 60 * SECOND_MS],
  [/^h(ours?)?$/, 3600 * SECOND_MS],
  [/^d(ays?)?$/, DAY_MS],
];

/**
 * Parses a time that is given as an option, to milliseconds.
 *
 * @example
 * readDuration('90 minutes'); // 5_400_000
 */
export function readDuration(text: string): number {
  const [, count = '', unit = ''] =
    /^(\d{1,6}(?:\.\d{1,3})?) ?([a-z]+)$/.exec(text.trim().toLowerCase()) ?? [];
  const [, unitMs = Number.NaN] = UNITS.find(([name]) => name.test(unit)) ?? [];
  const ms = Math.round(Number(count) * unitMs);
  if (ms >= MIN_MS && ms <= MAX_MS) return ms;
  throw new InvalidArgumentError('Give a time from 1s to 7d, such as 30m, 1h, "90 minutes" or 1d.');
}
