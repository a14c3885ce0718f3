import assert from 'node:assert/strict';
import { nextRun } from '../../lib/accounts/next-run.ts';

type Row = [why: string, timing: Parameters<typeof nextRun>[0], now: string, next: string | undefined];

const made = (ScheduleExpression: string, CreationDate: string, StartDate?: string) => ({
  ScheduleExpression,
  CreationDate: new Date(CreationDate),
  ...(StartDate && { StartDate: new Date(StartDate) }),
});
const cron = (ScheduleExpression: string, ScheduleExpressionTimezone?: string) => ({
  ScheduleExpression,
  ScheduleExpressionTimezone,
});

describe('the next run of a schedule', () => {
  const rows: Row[] = [
    [
      'a rate counts from when it was made',
      made('rate(1 hour)', '2026-11-20T10:17:00Z'),
      '2026-11-28T03:00:00Z',
      '2026-11-28T03:17:00Z',
    ],
    [
      'a run that begins now is not the next',
      made('rate(1 hour)', '2026-11-20T10:17:00Z'),
      '2026-11-28T03:17:00Z',
      '2026-11-28T04:17:00Z',
    ],
    [
      'a rate of days',
      made('rate(7 days)', '2026-11-20T10:17:00Z'),
      '2026-11-28T03:00:00Z',
      '2026-12-04T10:17:00Z',
    ],
    [
      'a rate begins where it is told to',
      made('rate(30 minutes)', '2026-11-20T10:17:00Z', '2026-11-28T12:00:00Z'),
      '2026-11-28T03:00:00Z',
      '2026-11-28T12:00:00Z',
    ],
    ['every hour at a minute', cron('cron(10 * * * ? *)'), '2026-11-28T03:10:00Z', '2026-11-28T04:10:00Z'],
    ['in this hour still', cron('cron(10 * * * ? *)'), '2026-11-28T03:09:59Z', '2026-11-28T03:10:00Z'],
    ['every sixth hour', cron('cron(10 0/6 * * ? *)'), '2026-11-28T03:10:00Z', '2026-11-28T06:10:00Z'],
    [
      'every sixth hour, tomorrow',
      cron('cron(10 0/6 * * ? *)'),
      '2026-11-28T19:00:00Z',
      '2026-11-29T00:10:00Z',
    ],
    ['once a day', cron('cron(5 7 * * ? *)'), '2026-11-28T07:05:00Z', '2026-11-29T07:05:00Z'],
    [
      'once a day in another time zone',
      cron('cron(5 7 * * ? *)', 'Europe/Berlin'),
      '2026-11-28T03:00:00Z',
      '2026-11-28T06:05:00Z',
    ],
    [
      'every hour in a zone that is half an hour apart',
      cron('cron(10 * * * ? *)', 'Asia/Kolkata'),
      '2026-11-28T03:00:00Z',
      '2026-11-28T03:40:00Z',
    ],
    [
      'an hour that clocks leave out',
      cron('cron(30 2 * * ? *)', 'Europe/Berlin'),
      '2027-03-28T00:00:00Z',
      '2027-03-29T00:30:00Z',
    ],
    ['what is no hour', cron('cron(30 25 * * ? *)'), '2026-11-28T03:00:00Z', undefined],
    ['a weekday', cron('cron(30 2 ? * 3 *)'), '2026-11-28T03:00:00Z', undefined],
    ['a rate of nothing', made('rate(0 hours)', '2026-11-20T10:17:00Z'), '2026-11-28T03:00:00Z', undefined],
    ['nothing', {}, '2026-11-28T03:00:00Z', undefined],
  ];
  for (const [why, timing, now, next] of rows)
    it(`is ${next ?? 'not known'}: ${why}`, () =>
      assert.equal(nextRun(timing, Date.parse(now))?.toISOString().replace('.000', ''), next));
});
