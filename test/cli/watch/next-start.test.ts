import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import type { FullAt } from '../../../lib/cli/watch/full-at.ts';
import { isFullDue, nextStart, nextTry } from '../../../lib/cli/watch/next-start.ts';
import type { FailureKind } from '../../../lib/failure.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAILY_AT_HALF_PAST_TWO: FullAt = { hour: 2, minute: 30 };
const SUNDAY_AT_FOUR: FullAt = { weekday: 0, hour: 4, minute: 0 };
const FULL_AT_URL = new URL('../../../lib/cli/watch/full-at.ts', import.meta.url).href;
/** A Wednesday, 12:00 UTC. */
const NOON = Date.UTC(2026, 6, 15, 12);

/** The value of an expression in a time zone: in a process of its own, since that of a thread cannot be changed. */
// biome-ignore lint/suspicious/noExplicitAny: whatever the expression is
function inZone(TZ: string, expression: string): any {
  const code = `import { lastDue, nextDue } from '${FULL_AT_URL}'; console.log(JSON.stringify(${expression}))`;
  const args = ['--input-type=module', '--eval', code];
  return JSON.parse(execFileSync(process.execPath, args, { env: { ...process.env, TZ }, encoding: 'utf8' }));
}

describe('the next start', () => {
  const schedule = { everyMs: HOUR_MS };
  const rows: [why: string, ranMs: number, random: number, afterStartMs: number][] = [
    ['the time of the run counts in the interval', 10 * MINUTE_MS, 0.5, HOUR_MS],
    ['a tenth earlier at most', 0, 0, 54 * MINUTE_MS],
    ['a tenth later at most', 0, 1, 66 * MINUTE_MS],
    ['a run that took longer is followed at once', 2 * HOUR_MS, 0.5, 2 * HOUR_MS],
  ];
  for (const [why, ranMs, random, afterStartMs] of rows)
    it(why, () => {
      const next = nextStart(schedule, { startedAt: NOON, endedAt: NOON + ranMs, random });
      assert.equal(next - NOON, afterStartMs);
    });

  it('comes earlier where the whole list is due, by chance up to a tenth of the interval after it', () => {
    const noon = new Date(2026, 6, 15, 12).getTime();
    const fullAt = { hour: 12, minute: 30 };
    for (const [random, minutes] of [
      [0, 30],
      [1, 36],
    ] as const) {
      const next = nextStart({ everyMs: HOUR_MS, fullAt }, { startedAt: noon, endedAt: noon, random });
      assert.equal((next - noon) / MINUTE_MS, minutes);
    }
  });
});

describe('the next try', () => {
  const rows: [
    why: string,
    kind: FailureKind,
    inARow: number,
    everyMs: number,
    retryAfterMs: number | undefined,
    ms: number,
  ][] = [
    ['a minute after the first failure', 'unavailable', 1, HOUR_MS, undefined, MINUTE_MS],
    ['twice as long after the second', 'unavailable', 2, HOUR_MS, undefined, 2 * MINUTE_MS],
    ['and so on', 'unavailable', 6, HOUR_MS, undefined, 32 * MINUTE_MS],
    ['up to the interval', 'unavailable', 7, HOUR_MS, undefined, HOUR_MS],
    ['and no longer after years of them', 'unavailable', 10_000, HOUR_MS, undefined, HOUR_MS],
    ['as for what we do not understand', 'unexpected-response', 1, HOUR_MS, undefined, MINUTE_MS],
    ['the interval, where a credential has to be set right', 'credentials', 1, HOUR_MS, undefined, HOUR_MS],
    ['or a setting', 'settings', 5, HOUR_MS, undefined, HOUR_MS],
    ['a short interval is never exceeded', 'unavailable', 3, 5000, undefined, 5000],
    ['no earlier than the service says', 'unavailable', 1, HOUR_MS, 10 * MINUTE_MS, 10 * MINUTE_MS],
    ['also beyond the interval', 'unavailable', 1, HOUR_MS, 3 * HOUR_MS, 3 * HOUR_MS],
    ['a shorter wait than ours is no reason', 'unavailable', 2, HOUR_MS, 1000, 2 * MINUTE_MS],
    ['a day at most, whatever it says', 'unavailable', 1, HOUR_MS, Number.MAX_VALUE, 24 * HOUR_MS],
  ];
  for (const [why, kind, inARow, everyMs, retryAfterMs, ms] of rows)
    it(why, () => {
      const timing = { startedAt: NOON, endedAt: NOON + 10, random: 0.5 };
      assert.equal(nextTry({ kind, retryAfterMs }, inARow, { everyMs }, timing) - timing.endedAt, ms);
    });

  it('is by chance a tenth earlier or later, but not than the service says', () => {
    const at = (random: number, retryAfterMs?: number) =>
      nextTry(
        { kind: 'unavailable', retryAfterMs },
        1,
        { everyMs: HOUR_MS },
        { startedAt: 0, endedAt: 0, random },
      );
    assert.deepEqual([at(0), at(1), at(0, MINUTE_MS)], [54_000, 66_000, 60_000]);
  });
});

describe('when the whole list is due', () => {
  const rows: [why: string, zone: string, at: FullAt, now: string, last: string, next: string][] = [
    ['each week', 'UTC', SUNDAY_AT_FOUR, '2026-07-15T12:00Z', '2026-07-12T04:00Z', '2026-07-19T04:00Z'],
    ['at that minute', 'UTC', SUNDAY_AT_FOUR, '2026-07-19T04:00Z', '2026-07-19T04:00Z', '2026-07-26T04:00Z'],
    ['a minute before', 'UTC', SUNDAY_AT_FOUR, '2026-07-19T03:59Z', '2026-07-12T04:00Z', '2026-07-19T04:00Z'],
    [
      'in local time: Sunday there is still Saturday in UTC',
      'Asia/Tokyo',
      SUNDAY_AT_FOUR,
      '2026-07-18T18:30Z',
      '2026-07-11T19:00Z',
      '2026-07-18T19:00Z',
    ],
    ['over a new year', 'UTC', SUNDAY_AT_FOUR, '2026-12-31T12:00Z', '2026-12-27T04:00Z', '2027-01-03T04:00Z'],
    [
      'at the hour of the clock after it was put forward',
      'Europe/Berlin',
      SUNDAY_AT_FOUR,
      '2026-03-28T12:00Z',
      '2026-03-22T03:00Z',
      '2026-03-29T02:00Z',
    ],
    [
      'at a time that is left out in spring, an hour later',
      'Europe/Berlin',
      DAILY_AT_HALF_PAST_TWO,
      '2026-03-29T00:59Z',
      '2026-03-28T01:30Z',
      '2026-03-29T01:30Z',
    ],
    [
      'once at a time that comes twice in autumn: the first',
      'Europe/Berlin',
      DAILY_AT_HALF_PAST_TWO,
      '2026-10-25T00:10Z',
      '2026-10-24T00:30Z',
      '2026-10-25T00:30Z',
    ],
    [
      'and not the second',
      'Europe/Berlin',
      DAILY_AT_HALF_PAST_TWO,
      '2026-10-25T01:10Z',
      '2026-10-25T00:30Z',
      '2026-10-26T01:30Z',
    ],
    [
      'in the south, where it is the other way round',
      'America/Santiago',
      { weekday: 0, hour: 0, minute: 0 },
      '2026-09-05T12:00Z',
      '2026-08-30T04:00Z',
      '2026-09-06T04:00Z',
    ],
    [
      'where the clocks change by half an hour',
      'Australia/Lord_Howe',
      { hour: 2, minute: 15 },
      '2026-10-03T12:00Z',
      '2026-10-02T15:45Z',
      '2026-10-03T15:45Z',
    ],
  ];
  for (const [why, name, at, now, last, next] of rows)
    it(`${why} (${name})`, () => {
      const given = `${JSON.stringify(at)}, ${Date.parse(now)}`;
      const times: number[] = inZone(name, `[lastDue(${given}), nextDue(${given})]`);
      const iso = (time: number) => new Date(time).toISOString().replace(':00.000', '');
      assert.deepEqual(times.map(iso), [last, next]);
    });

  for (const zone of ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca'])
    it(`is once a day, on each of 800 days (${zone})`, () => {
      const daily = JSON.stringify(DAILY_AT_HALF_PAST_TWO);
      const days: { day: string; isLast: boolean }[] = inZone(
        zone,
        `Array.from({ length: 800 }, () => {
          globalThis.at = nextDue(${daily}, globalThis.at ?? Date.UTC(2026, 0, 1));
          return { day: new Date(at).toLocaleDateString('sv'), isLast: lastDue(${daily}, at) === at };
        })`,
      );
      assert.equal(new Set(days.map(({ day }) => day)).size, 800);
      assert.ok(days.every(({ isLast }) => isLast));
    });
});

describe('whether the whole list is due', () => {
  const weekly = { everyMs: HOUR_MS, fullAt: SUNDAY_AT_FOUR };
  const never = { everyMs: HOUR_MS };
  const sunday = new Date(2026, 6, 12, 4).getTime();
  const rows: [
    why: string,
    schedule: typeof weekly | typeof never,
    doneAt: number | undefined,
    due: boolean,
  ][] = [
    ['where it never was tagged: who starts a container wants the list tagged', weekly, undefined, true],
    ['once, where it is never due', never, undefined, true],
    ['not again, where it is never due', never, 0, false],
    ['where nothing ran when it was due', weekly, sunday - 1, true],
    ['not where it was done since', weekly, sunday, false],
    ['where the clock was wrong when it was done', weekly, NOON + 1, true],
  ];
  for (const [why, schedule, doneAt, due] of rows)
    it(why, () => {
      assert.equal(isFullDue(schedule, doneAt, NOON), due);
    });
});
