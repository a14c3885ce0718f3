import assert from 'node:assert/strict';
import {
  ENGLISH_WORDS_PER_MINUTE,
  minutesToRead,
  ownSpeed,
  wordsPerMinute,
} from '../../lib/core/reading-speed.ts';

describe('wordsPerMinute', () => {
  it('is the English average for the average reader', () => {
    assert.equal(wordsPerMinute('en'), 238);
    assert.equal(wordsPerMinute(), ENGLISH_WORDS_PER_MINUTE);
  });

  it('scales every language by the reader’s ratio to the average', () => {
    assert.equal(wordsPerMinute('de', { wordsPerMinute: 476 }), 2 * wordsPerMinute('de'));
    assert.equal(wordsPerMinute('en', { wordsPerMinute: 300 }), 300);
    assert.equal(wordsPerMinute('zh', { wordsPerMinute: 476 }), 2 * wordsPerMinute('zh'));
  });
});

describe('minutesToRead', () => {
  it('adds up a text of both kinds', () => {
    const text = { words: 238 + 189, cjkWords: 189, cjkCharacters: 266 };
    assert.equal(minutesToRead(text, 'en'), 2);
  });

  it('makes characters of a service’s Chinese words', () => {
    assert.equal(minutesToRead({ words: 266 }, 'zh').toFixed(6), (1.41).toFixed(6));
  });
});

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
