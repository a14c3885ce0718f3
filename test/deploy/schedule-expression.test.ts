import assert from 'node:assert/strict';
import { scheduleProblem } from '../../lib/deploy/schedule-expression.ts';

describe('scheduleProblem', () => {
  const good: [expression: string, why: string][] = [
    ['cron(0 14 ? * SUN *)', 'the default'],
    ['cron(15 10 * * ? *)', 'every day'],
    ['cron(0/15 8-17 ? * MON-FRI *)', 'a step and ranges'],
    ['cron(*/10 * * * ? 2027-2030)', 'a step of all, and years'],
    ['cron(0 8 1,15 JAN,JUL ? *)', 'lists, and names of months'],
    ['cron(0 8 L * ? *)', 'the last day of a month'],
    ['cron(0 8 LW * ? *)', 'the last weekday of a month'],
    ['cron(0 8 3W * ? *)', 'the weekday nearest the third'],
    ['cron(0 8 ? * 6L *)', 'the last Friday of a month'],
    ['cron(0 8 ? * MON#2 *)', 'the second Monday of a month'],
    ['cron(59 23 31 12 ? 2199)', 'the highest values'],
    ['cron(0 0 1 1 ? 1970)', 'the lowest values'],
    ['cron(0 8 ? * sun *)', 'small letters'],
    ['rate(1 hour)', 'one'],
    ['rate(7 days)', 'many'],
    ['at(2027-01-31T14:00:00)', 'once'],
  ];
  for (const [expression, why] of good)
    it(`takes ${expression} (${why})`, () => assert.equal(scheduleProblem(expression), undefined));

  const wrong: [expression: string, problem: RegExp, why: string][] = [
    ['', /is no schedule/, 'nothing'],
    ['weekly', /is no schedule; give one such as "cron/, 'a word'],
    ['0 14 ? * SUN *', /is no schedule/, 'fields without cron()'],
    ['cron(0 14 * * *)', /has 5 fields, and needs 6: minutes, hours/, 'five fields, as on Unix'],
    ['cron(0 14 * * SUN *)', /either the day of month or the day of week has to be "\?"/, 'both days'],
    ['cron(0 14 ? * ? *)', /and not both/, 'no day'],
    ['cron(60 14 ? * SUN *)', /the minutes cannot be "60"/, 'one above the highest minute'],
    ['cron(0 24 ? * SUN *)', /the hours cannot be "24"/, 'one above the highest hour'],
    ['cron(0 14 0 * ? *)', /the day of month cannot be "0"/, 'one below the first day'],
    ['cron(0 14 32W * ? *)', /the day of month cannot be "32W"/, 'a weekday near a day that is none'],
    ['cron(0 14 1 13 ? *)', /the month cannot be "13"/, 'one above the last month'],
    ['cron(0 14 ? * 0 *)', /the day of week cannot be "0"/, 'Sunday, as on Unix'],
    ['cron(0 14 ? * SON *)', /the day of week cannot be "SON"/, 'a German Sunday'],
    ['cron(0 14 ? * MON#6 *)', /the day of week/, 'a sixth Monday'],
    ['cron(0 14 ? * 2#1,6#3 *)', /the day of week/, 'two of them'],
    ['cron(0 14 ? * SUN 1969)', /the year cannot be "1969"/, 'one below the first year'],
    ['cron(0 14 ? * SUN 2200)', /the year cannot be "2200"/, 'one above the last year'],
    ['cron(*/0 14 ? * SUN *)', /the minutes/, 'a step of nothing'],
    ['cron(1-2-3 14 ? * SUN *)', /the minutes/, 'a range of three'],
    ['cron(0 ? ? * SUN *)', /the hours cannot be "\?"/, 'no hour'],
    ['cron(, 14 ? * SUN *)', /the minutes cannot be ","/, 'a list of nothing'],
    ['rate(1 hours)', /is not a rate/, 'one, in the plural'],
    ['rate(2 hour)', /is not a rate/, 'many, in the singular'],
    ['rate(0 days)', /is not a rate/, 'nothing'],
    ['rate(1 week)', /is not a rate/, 'a unit that Scheduler does not know'],
    ['at(2027-02-30T14:00:00)', /is not a time/, 'a day that is none'],
    ['at(2027-01-31 14:00)', /is not a time; give one such as "at\(2027/, 'another notation'],
  ];
  for (const [expression, problem, why] of wrong)
    it(`refuses ${expression} (${why})`, () => assert.match(scheduleProblem(expression) ?? '', problem));
});
