import assert from 'node:assert/strict';
import { ownSpeed } from '../../lib/core/own-speed.ts';

describe('ownSpeed', () => {
  const rows: [why: string, words: number, elapsedMs: number, speed: number | undefined][] = [
    ['a minute', 238, 60_000, 238],
    ['rounded to a whole number', 100, 35_000, 171],
    ['the slowest that the setting takes', 20, 60_000, 20],
    ['slower than that: somebody went for coffee', 19, 60_000, undefined],
    ['the fastest that the setting takes', 2000, 60_000, 2000],
    ['faster than that: nobody read it', 200, 100, undefined],
    ['no time at all', 200, 0, undefined],
  ];
  for (const [why, words, elapsedMs, speed] of rows)
    it(why, () => assert.equal(ownSpeed(words, elapsedMs), speed));
});
