import assert from 'node:assert/strict';
import { hours, minutesText, totalText } from '../../lib/report/length-text.ts';

describe('hours', () => {
  const rows: [minutes: number, text: string][] = [
    [0, '0 min'],
    [59, '59 min'],
    [60, '1 h'],
    [125, '2 h 5 min'],
    [6001, '100 h'],
    [72_000, '1,200 h'],
  ];
  for (const [minutes, text] of rows) it(text, () => assert.equal(hours(minutes), text));
});

describe('minutesText', () => {
  const rows: [why: string, item: Parameters<typeof minutesText>[0], text: string | undefined][] = [
    ['its minutes', { minutes: 1200 }, '1,200'],
    ['the limits of its band', { range: { from: 3, to: 5 } }, '3 to 5'],
    ['a band of one minute', { range: { from: 1, to: 1 } }, '1'],
    ['the longest band, which has no limit', { range: { from: 6 } }, 'over 5'],
    ['nothing', {}, undefined],
  ];
  for (const [why, item, text] of rows) it(`has ${why}`, () => assert.equal(minutesText(item), text));
});

describe('totalText', () => {
  const rows: [minutes: number, mostMinutes: number | undefined, text: string][] = [
    [185, 185, '3 h 5 min'],
    [40, 80, '40 to 80 min'],
    [100, 119, '100 to 119 min'],
    [100, 120, '1 to 2 h'],
    [725, 1201, '12 to 21 h'],
    [72_000, 90_000, '1,200 to 1,500 h'],
    [185, undefined, 'at least 3 h 5 min'],
  ];
  for (const [minutes, mostMinutes, text] of rows)
    it(text, () =>
      assert.equal(totalText({ minutes, ...(mostMinutes !== undefined && { mostMinutes }) }), text),
    );
});
