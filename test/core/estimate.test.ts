import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Basis, estimate, type PageEvidence } from '../../lib/core/estimate.ts';
import type { Item } from '../../lib/core/item.ts';
import type { ReaderSpeed } from '../../lib/core/reading-speed.ts';
import { anItem } from '../helpers/items.ts';

type Row = {
  why: string;
  item: Partial<Item>;
  speed?: ReaderSpeed;
  page?: PageEvidence;
  gives: [number, Basis] | string;
};

const rows: Row[] = [
  {
    why: 'the service shows its minutes, and tag and app should agree',
    item: { minutes: 7, words: 238 },
    gives: [7, 'service-minutes'],
  },
  {
    why: 'the reader set a speed, which beats the service',
    item: { minutes: 7, words: 1000 },
    speed: { wordsPerMinute: 500 },
    gives: [2, 'own-speed'],
  },
  {
    why: 'the reader’s own speed in characters alone beats it, too',
    item: { minutes: 7, words: 1000, language: 'zh' },
    speed: { cjkCharactersPerMinute: 564 },
    gives: [3, 'own-speed'],
  },
  {
    why: 'a speed is of no use without words',
    item: { minutes: 7 },
    speed: { wordsPerMinute: 500 },
    gives: [7, 'service-minutes'],
  },
  { why: 'only words are known', item: { words: 1190 }, gives: [5, 'service-words'] },
  { why: 'exactly two minutes of words are two minutes', item: { words: 476 }, gives: [2, 'service-words'] },
  { why: 'one word more begins the third minute', item: { words: 477 }, gives: [3, 'service-words'] },
  { why: 'one word is a minute, not none', item: { words: 1 }, gives: [1, 'service-words'] },
  {
    why: 'German is read at 187 words a minute',
    item: { words: 374, language: 'de' },
    gives: [2, 'service-words'],
  },
  { why: 'a region does not matter', item: { words: 374, language: 'de-AT' }, gives: [2, 'service-words'] },
  {
    why: 'a language outside the table counts as English',
    item: { words: 476, language: 'xx' },
    gives: [2, 'service-words'],
  },
  {
    why: 'a name that objects inherit is no language',
    item: { words: 476, language: 'constructor' },
    gives: [2, 'service-words'],
  },
  {
    why: 'a video takes its duration',
    item: { kind: 'video', videoSeconds: 612, words: 30 },
    gives: [11, 'video-duration'],
  },
  {
    why: 'exactly two minutes of video are two',
    item: { kind: 'video', videoSeconds: 120 },
    gives: [2, 'video-duration'],
  },
  {
    why: 'the words around a video say nothing of its length',
    item: { kind: 'video', words: 40, minutes: 1 },
    gives: 'video-without-duration',
  },
  { why: 'a picture has no length', item: { kind: 'image', words: 3 }, gives: 'image' },
  { why: 'nobody looked at the page yet', item: { parsed: false }, gives: 'not-parsed' },
  { why: 'looked at, and no text found', item: {}, gives: 'no-length' },
  {
    why: 'words count even where the service says it has not parsed',
    item: { parsed: false, words: 238 },
    gives: [1, 'service-words'],
  },
  {
    why: 'the page is counted where the service knows nothing',
    item: {},
    page: { known: true, words: 476 },
    gives: [2, 'page'],
  },
  {
    why: 'also where the service has not looked at it',
    item: { parsed: false },
    page: { known: true, words: 477 },
    gives: [3, 'page'],
  },
  {
    why: 'the service’s word comes before the page',
    item: { minutes: 7 },
    page: { known: true, words: 476 },
    gives: [7, 'service-minutes'],
  },
  {
    why: 'the page is read at the reader’s own speed',
    item: {},
    speed: { wordsPerMinute: 476 },
    page: { known: true, words: 952 },
    gives: [2, 'page'],
  },
  {
    why: 'the page says its language where the service does not',
    item: {},
    page: { known: true, words: 374, language: 'de' },
    gives: [2, 'page'],
  },
  {
    why: 'the service’s language comes first',
    item: { language: 'en' },
    page: { known: true, words: 476, language: 'de' },
    gives: [2, 'page'],
  },
  {
    why: 'characters count in Chinese',
    item: {},
    page: { known: true, words: 377, cjkWords: 377, cjkCharacters: 532, language: 'zh' },
    gives: [2, 'page'],
  },
  {
    why: 'and in Japanese, which is read faster',
    item: {},
    page: { known: true, words: 455, cjkWords: 455, cjkCharacters: 746, language: 'ja' },
    gives: [2, 'page'],
  },
  {
    why: 'at the reader’s own characters a minute',
    item: {},
    speed: { cjkCharactersPerMinute: 500 },
    page: { known: true, words: 709, cjkWords: 709, cjkCharacters: 1000, language: 'zh' },
    gives: [2, 'page'],
  },
  {
    why: 'a page that is nothing but a video takes its duration',
    item: {},
    page: { known: true, words: 12, videoSeconds: 612 },
    gives: [11, 'video-duration'],
  },
  {
    why: 'a video takes its duration from the page',
    item: { kind: 'video' },
    page: { known: true, words: 900, videoSeconds: 612 },
    gives: [11, 'video-duration'],
  },
  {
    why: 'the text around a video is not its length',
    item: { kind: 'video' },
    page: { known: true, words: 900 },
    gives: 'video-without-duration',
  },
  {
    why: 'what was wrong with the page is the reason',
    item: {},
    page: { known: false, reason: 'paywall' },
    gives: 'paywall',
  },
];

describe('estimate', () => {
  for (const { why, item, speed, page, gives } of rows) {
    it(`${typeof gives === 'string' ? gives : `${gives[0]} min by ${gives[1]}`}: ${why}`, () => {
      const found = estimate(anItem(item), speed, page);
      assert.deepEqual(found.known ? [found.minutes, found.basis] : found.reason, gives);
    });
  }

  const counted: [why: string, item: Partial<Item>, page: PageEvidence | undefined, words?: number][] = [
    ['those of the service', { words: 238 }, undefined, 238],
    ['those beside the service’s minutes', { minutes: 7, words: 238 }, undefined, 238],
    ['those of the page', {}, { known: true, words: 9 }, 9],
    ['none beside minutes alone', { minutes: 7 }, undefined],
    ['none of a video', { kind: 'video', videoSeconds: 60, words: 9 }, undefined],
    ['none of a page that is about its video', {}, { known: true, words: 9, videoSeconds: 60 }],
  ];
  for (const [why, item, page, words] of counted) {
    it(`tells the words it went by: ${why}`, () => {
      const found = estimate(anItem(item), {}, page);
      assert.ok(found.known);
      assert.deepEqual([found.words, 'words' in found], [words, words !== undefined]);
    });
  }

  it('tells the words of the whole where only the rest of it is counted', () => {
    const found = estimate(anItem({ words: 2380, progress: 0.5 }), { timeLeft: true });
    assert.deepEqual(found, { known: true, minutes: 5, basis: 'service-words', words: 2380 });
  });

  it('never gives fewer minutes for more words, and never less than one', () => {
    const words = fc.integer({ min: 1, max: 200_000 });
    fc.assert(
      fc.property(
        words,
        words,
        fc.constantFrom('en', 'de', 'zh', 'fi', undefined),
        (some, others, language) => {
          const [fewer, more] = [Math.min(some, others), Math.max(some, others)].map((count) => {
            const found = estimate(anItem({ words: count, ...(language && { language }) }));
            return found.known ? found.minutes : 0;
          });
          assert.ok(fewer !== undefined && more !== undefined && fewer >= 1 && fewer <= more);
        },
      ),
    );
  });
});

describe('the time that is left', () => {
  const left: [why: string, item: Partial<Item>, minutes: number | undefined][] = [
    ['all of it where nothing was read', { minutes: 10 }, 10],
    ['what is left before rounding up', { minutes: 5, progress: 0.6 }, 2],
    ['a whole number although shares are not exact', { minutes: 10, progress: 0.7 }, 3],
    ['of words, too', { words: 2380, progress: 0.5 }, 5],
    ['the shortest where all was read', { minutes: 30, progress: 1 }, 1],
    ['no less than that where more than all was read', { minutes: 30, progress: 1.5 }, 1],
    ['no more than the whole', { minutes: 30, progress: -1 }, 30],
    ['not of a video', { kind: 'video', videoSeconds: 600, progress: 0.5 }, 10],
    ['unknown where the length is', { progress: 0.5 }, undefined],
  ];
  for (const [why, item, minutes] of left) {
    it(`is ${why}`, () => {
      const found = estimate(anItem(item), { timeLeft: true });
      assert.equal(found.known ? found.minutes : undefined, minutes);
    });
  }

  it('counts only where it is asked for', () => {
    const found = estimate(anItem({ minutes: 10, progress: 0.9 }));
    assert.equal(found.known && found.minutes, 10);
  });

  it('is taken of a page as well', () => {
    const found = estimate(anItem({ progress: 0.5 }), { timeLeft: true }, { known: true, words: 2380 });
    assert.equal(found.known && found.minutes, 5);
  });

  it('never grows as more is read', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), share, share, (minutes, one, other) => {
        const [before, after] = [Math.min(one, other), Math.max(one, other)].map((progress) =>
          estimate(anItem({ minutes, progress }), { timeLeft: true }),
        );
        assert.ok(before?.known && after?.known && after.minutes <= before.minutes && after.minutes >= 1);
      }),
    );
  });
});
