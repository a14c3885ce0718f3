import assert from 'node:assert/strict';
import { readDuration } from '../../../lib/cli/watch/duration.ts';
import { readFullAt } from '../../../lib/cli/watch/full-at.ts';

const MINUTE_MS = 60_000;

describe('readtime watch --every', () => {
  const taken: [text: string, ms: number, why: string][] = [
    ['30m', 30 * MINUTE_MS, 'short, as in the help'],
    ['1h', 60 * MINUTE_MS, 'the default'],
    ['90 minutes', 90 * MINUTE_MS, 'in words'],
    ['1 minute', MINUTE_MS, 'one of them'],
    ['2 hours', 120 * MINUTE_MS, 'in words'],
    ['1.5h', 90 * MINUTE_MS, 'a part of one'],
    ['45 MIN', 45 * MINUTE_MS, 'as somebody shouts it'],
    ['1d', 1440 * MINUTE_MS, 'once a day'],
    ['1s', 1000, 'the shortest'],
    ['7 days', 7 * 1440 * MINUTE_MS, 'the longest'],
  ];
  for (const [text, ms, why] of taken)
    it(`takes ${text}: ${why}`, () => assert.equal(readDuration(text), ms));

  const refused: [text: string, why: string][] = [
    ['', 'nothing'],
    ['60', 'of what?'],
    ['1 month', 'longer than a week, and not always as long'],
    ['0.9s', 'shorter than the shortest'],
    ['8d', 'longer than the longest'],
    ['-1h', 'backwards'],
    ['1h30m', 'two at once'],
    ['hourly', 'no number'],
    ['1hs', 'no unit'],
  ];
  for (const [text, why] of refused)
    it(`refuses "${text}": ${why}`, () => assert.throws(() => readDuration(text), /from 1s to 7d/));
});

describe('readtime watch --full-at', () => {
  const taken: [text: string, read: ReturnType<typeof readFullAt>, why: string][] = [
    ['Sun 04:00', { weekday: 0, hour: 4, minute: 0 }, 'the default'],
    ['sunday 4:00', { weekday: 0, hour: 4, minute: 0 }, 'written out'],
    ['Sat 23:59', { weekday: 6, hour: 23, minute: 59 }, 'the last minute of the week'],
    ['04:00', { hour: 4, minute: 0 }, 'each day'],
    ['0:00', { hour: 0, minute: 0 }, 'midnight'],
    ['never', undefined, 'once at the beginning, and no more'],
  ];
  for (const [text, read, why] of taken)
    it(`takes ${text}: ${why}`, () => assert.deepEqual(readFullAt(text), read));

  for (const text of ['', 'Sun', 'Sun 24:00', '4', '4:60', 'So 04:00', 'nev', '04:00 Sun', '* * * * *'])
    it(`refuses "${text}"`, () => assert.throws(() => readFullAt(text), /such as "Sun 04:00"/));
});
