import assert from 'node:assert/strict';
import { afterFailure, afterSuccess, isOnceADay } from '../../lib/accounts/failing.ts';

const SINCE = '2026-11-27T10:00:00.000Z';
const NOW = Date.parse(SINCE);
const WEEK_AGO = '2026-11-20T10:00:00.000Z';
const NOT_YET_A_WEEK = '2026-11-20T10:00:00.001Z';
const HOURLY = 'cron(10 * * * ? *)';

const target = (event: object) => ({
  Arn: 'arn:aws:lambda:eu-central-1:123456789012:function:tagger',
  RoleArn: 'arn:aws:iam::123456789012:role/scheduler',
  Input: JSON.stringify(event),
});
const recent = (others: object = {}, fields: object = {}) => ({
  State: 'ENABLED' as const,
  ScheduleExpression: HOURLY,
  ScheduleExpressionTimezone: 'UTC',
  $metadata: {},
  Target: target({ account: 'anna', mode: 'recent', ...others }),
  ...fields,
});
/** How often an account of that name is tried after a week. */
const onceADay = (name: string) =>
  afterFailure(name, recent({ failingSince: WEEK_AGO }), NOW)?.ScheduleExpression ?? '';

describe('the schedule of an account of which a run has failed', () => {
  const rows: [why: string, before: ReturnType<typeof recent>, change: object | undefined][] = [
    [
      'says since when',
      recent({ shard: 17 }),
      { Target: target({ account: 'anna', mode: 'recent', shard: 17, failingSince: SINCE }) },
    ],
    ['stays where it says so', recent({ failingSince: NOT_YET_A_WEEK }), undefined],
    [
      'is daily after a week',
      recent({ failingSince: WEEK_AGO }),
      { ScheduleExpression: 'cron(37 20 * * ? *)' },
    ],
    [
      'stays where it is daily',
      recent({ failingSince: WEEK_AGO }, { ScheduleExpression: onceADay('anna') }),
      undefined,
    ],
    ['stays where the account is paused', recent({}, { State: 'DISABLED' }), undefined],
    [
      'stays where the account was paused after a week of failing',
      recent({ failingSince: WEEK_AGO }, { State: 'DISABLED' }),
      undefined,
    ],
    [
      'stays where its event is none',
      recent({}, { Target: { ...target({}), Input: 'nonsense' } }),
      undefined,
    ],
    [
      'stays where its event is no object',
      recent({}, { Target: { ...target({}), Input: 'null' } }),
      undefined,
    ],
  ];
  for (const [why, before, change] of rows)
    it(why, () => {
      assert.deepEqual(afterFailure('anna', before, NOW), change);
    });

  it('is daily at any minute of the day, by the name', () => {
    const names = Array.from({ length: 2400 }, (_, at) => `account-${at}`);
    const hours = new Map<string, number>();
    for (const name of names) {
      const [, minute, hour = ''] = /^cron\((\d+) (\d+) \* \* \? \*\)$/.exec(onceADay(name)) ?? [];
      assert.ok(Number(minute) < 60 && Number(hour) < 24, name);
      hours.set(hour, (hours.get(hour) ?? 0) + 1);
      assert.ok(isOnceADay(name, { ScheduleExpression: onceADay(name) }));
    }
    // 100 on average; always the same ones.
    assert.ok(hours.size === 24 && Math.max(...hours.values()) < 140 && Math.min(...hours.values()) > 60);
  });
});

describe('the schedule of an account that has failed and works again', () => {
  const works = { Target: target({ account: 'anna', mode: 'recent', shard: 17 }) };
  it('says no longer that it fails', () => {
    const timing = { ScheduleExpression: HOURLY, ScheduleExpressionTimezone: 'UTC' };
    const failing = recent({ shard: 17, failingSince: NOT_YET_A_WEEK });
    assert.deepEqual(afterSuccess(failing), { ...works, ...timing });
  });

  it('is as that of others again where it was daily', () => {
    const daily = recent({ shard: 17, failingSince: WEEK_AGO }, { ScheduleExpression: onceADay('anna') });
    const timing = { ScheduleExpression: 'rate(20 minutes)', ScheduleExpressionTimezone: 'Europe/Berlin' };
    const template = { ...recent(), ...timing, State: 'DISABLED' as const };
    assert.deepEqual(afterSuccess(daily, template), { ...works, ...timing });
  });

  const stays: [why: string, before: ReturnType<typeof recent>][] = [
    ['another run has noted it', recent()],
    ['the account is paused', recent({ failingSince: WEEK_AGO }, { State: 'DISABLED' })],
    ['its event is none', recent({}, { Target: { ...target({}), Input: '' } })],
  ];
  for (const [why, before] of stays)
    it(`stays where ${why}`, () => {
      assert.equal(afterSuccess(before, recent()), undefined);
    });
});
