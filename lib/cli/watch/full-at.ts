import { InvalidArgumentError } from 'commander';

/** When the whole list is due, in the time zone of this process (`TZ`): each week, or without a weekday each day. */
export type FullAt = {
  /** 0: Sunday. */
  readonly weekday?: number;
  readonly hour: number;
  readonly minute: number;
};

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const DAYS_A_WEEK = WEEKDAYS.length;

/**
 * Parses when the whole list is due; `undefined`: never.
 *
 * @example
 * readFullAt('Sun 04:00'); // { weekday: 0, hour: 4, minute: 0 }
 */
export function readFullAt(text: string): FullAt | undefined {
  const given = text.trim().toLowerCase();
  if (given === 'never') return undefined;
  const [, day, hour = '', minute = ''] =
    /^(?:([a-z]{3})[a-z]* )?([01]?\d|2[0-3]):([0-5]\d)$/.exec(given) ?? [];
  const weekday = WEEKDAYS.indexOf(day ?? '');
  if (hour === '' || (day !== undefined && weekday < 0))
    throw new InvalidArgumentError('Give a weekday and a time, such as "Sun 04:00", a time, or "never".');
  return { ...(day !== undefined && { weekday }), hour: Number(hour), minute: Number(minute) };
}

/** The last time that it was due, at `now` at the latest: milliseconds since 1970. */
export function lastDue(at: FullAt, now: number): number {
  return dueTimes(at, now, -1).find((time) => time <= now) ?? Number.NEGATIVE_INFINITY;
}

/** The first time after `now` that it is due: milliseconds since 1970. */
export function nextDue(at: FullAt, now: number): number {
  return dueTimes(at, now, 1).find((time) => time > now) ?? Number.POSITIVE_INFINITY;
}

/**
 * The times of the days from today on, or back. A time that the clocks leave out in spring is an hour later; of one that
 * they show twice in autumn it is the first.
 */
function dueTimes({ weekday, hour, minute }: FullAt, now: number, step: 1 | -1): number[] {
  const today = new Date(now);
  return Array.from({ length: DAYS_A_WEEK + 1 }, (_, days) => {
    const day = today.getDate() + days * step;
    return new Date(today.getFullYear(), today.getMonth(), day, hour, minute);
  })
    .filter((time) => weekday === undefined || time.getDay() === weekday)
    .map((time) => time.getTime());
}
