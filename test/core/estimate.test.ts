import assert from 'node:assert/strict';
import fc from 'fast-check';
import { estimate, MIN_CONFIDENCE, type PageEvidence, type ReaderSettings } from '../../lib/core/estimate.ts';
import type { Item } from '../../lib/core/item.ts';
import { anItem } from '../helpers/items.ts';

type Row = [
  why: string,
  gives: string,
  item: Partial<Item>,
  page?: PageEvidence | undefined,
  speed?: ReaderSettings,
];

const page = (fields: Omit<PageEvidence & { known: true }, 'known'>): PageEvidence => ({
  known: true,
  ...fields,
});

const rows: Row[] = [
  [
    'the service shows its minutes, and tag and app should agree',
    '7 service-minutes',
    { minutes: 7, words: 238 },
  ],
  [
    'the reader set a speed, which beats the service',
    '2 own-speed',
    { minutes: 7, words: 1000 },
    undefined,
    { wordsPerMinute: 500 },
  ],
  [
    'the reader’s own speed in characters alone beats it, too',
    '3 own-speed',
    { minutes: 7, words: 1000, language: 'zh' },
    undefined,
    { cjkCharactersPerMinute: 564 },
  ],
  [
    'a speed is of no use without words, or what the minutes stand for',
    '7 service-minutes',
    { minutes: 7 },
    undefined,
    { wordsPerMinute: 500 },
  ],
  [
    'the reader’s own speed beats minutes alone, by the text that they stand for',
    '8 own-speed',
    { minutes: 4, lengthByMinutes: { words: 800 } },
    undefined,
    { wordsPerMinute: 100 },
  ],
  [
    'minutes for Chinese stand for characters',
    '4 own-speed',
    { minutes: 1, language: 'zh', lengthByMinutes: { words: 200, cjkWords: 200, cjkCharacters: 400 } },
    undefined,
    { cjkCharactersPerMinute: 100 },
  ],
  [
    'tag and app agree where no own speed is set',
    '4 service-minutes',
    { minutes: 4, lengthByMinutes: { words: 1600 } },
  ],
  [
    'words that were counted come before those that minutes stand for',
    '3 own-speed',
    { minutes: 4, words: 300, lengthByMinutes: { words: 800 } },
    undefined,
    { wordsPerMinute: 100 },
  ],
  ['only words are known', '5 service-words', { words: 1190 }],
  ['exactly two minutes of words are two minutes', '2 service-words', { words: 476 }],
  ['one word more begins the third minute', '3 service-words', { words: 477 }],
  ['one word is a minute, not none', '1 service-words', { words: 1 }],
  ['German is read at 260 words a minute', '2 service-words', { words: 520, language: 'de' }],
  ['a region does not matter', '2 service-words', { words: 374, language: 'de-AT' }],
  ['a language outside the table counts as English', '2 service-words', { words: 476, language: 'xx' }],
  ['a name that objects inherit is no language', '2 service-words', { words: 476, language: 'constructor' }],
  ['a video takes its duration', '11 video-duration', { kind: 'video', videoSeconds: 612, words: 30 }],
  ['exactly two minutes of video are two', '2 video-duration', { kind: 'video', videoSeconds: 120 }],
  [
    'the words around a video say nothing of its length',
    'video-without-duration',
    { kind: 'video', words: 40, minutes: 1 },
  ],
  [
    'the words around a video say nothing of its length, where only its address says that it is one',
    'video-without-duration',
    { url: 'https://www.youtube.com/watch?v=x', words: 40, minutes: 1 },
  ],
  [
    'a video by its address takes its duration',
    '11 video-duration',
    { url: 'https://youtu.be/x', videoSeconds: 612, words: 40 },
  ],
  ['a channel of videos is a page', '1 service-words', { url: 'https://www.youtube.com/about', words: 40 }],
  [
    'a site with such a name is not that site',
    '1 service-words',
    { url: 'https://a.example/?https://youtu.be/x', words: 40 },
  ],
  ['a picture has no length', 'image', { kind: 'image', words: 3 }],
  ['the page is not parsed yet', 'not-parsed', { parsed: false }],
  ['looked at, and no text found', 'no-length', {}],
  [
    'words count even where the service says it has not parsed',
    '1 service-words',
    { parsed: false, words: 238 },
  ],
  ['the page is counted where the service knows nothing', '2 page', {}, page({ words: 476 })],
  ['also where the service has not looked at it', '3 page', { parsed: false }, page({ words: 477 })],
  ['the service’s word comes before the page', '7 service-minutes', { minutes: 7 }, page({ words: 476 })],
  ['the page is read at the reader’s own speed', '2 page', {}, page({ words: 952 }), { wordsPerMinute: 476 }],
  [
    'the page says its language where the service does not',
    '2 page',
    {},
    page({ words: 374, language: 'de' }),
  ],
  ['the service’s language comes first', '2 page', { language: 'en' }, page({ words: 476, language: 'de' })],
  [
    'characters count in Chinese',
    '2 page',
    {},
    page({ words: 377, cjkWords: 377, cjkCharacters: 532, language: 'zh' }),
  ],
  [
    'and in Japanese, which is read faster',
    '2 page',
    {},
    page({ words: 455, cjkWords: 455, cjkCharacters: 746, language: 'ja' }),
  ],
  [
    'at the reader’s own characters a minute',
    '2 page',
    {},
    page({ words: 709, cjkWords: 709, cjkCharacters: 1000, language: 'zh' }),
    { cjkCharactersPerMinute: 500 },
  ],
  [
    'what is the article is not sure enough, so nothing is said',
    'unsure',
    {},
    page({ words: 476, confidence: MIN_CONFIDENCE - 0.001 }),
  ],
  ['just sure enough', '2 page', {}, page({ words: 476, confidence: MIN_CONFIDENCE })],
  [
    'the reader wants to be surer',
    'unsure',
    {},
    page({ words: 476, confidence: 0.94 }),
    { minConfidence: 0.95 },
  ],
  [
    'the reader wants a tag however doubtful',
    '2 page',
    {},
    page({ words: 476, confidence: 0.01 }),
    { minConfidence: 0 },
  ],
  [
    'a whole text, such as a service stores, has no confidence: nothing had to be chosen',
    '2 page',
    {},
    page({ words: 476 }),
    { minConfidence: 1 },
  ],
  [
    'what the service says needs no page',
    '7 service-minutes',
    { minutes: 7 },
    page({ words: 476, confidence: 0 }),
  ],
  [
    'the duration of a video does not depend on the text around it',
    '11 video-duration',
    {},
    page({ words: 12, videoSeconds: 612, confidence: 0 }),
  ],
  [
    'a page that is nothing but a video takes its duration',
    '11 video-duration',
    {},
    page({ words: 12, videoSeconds: 612 }),
  ],
  [
    'a video takes its duration from the page',
    '11 video-duration',
    { kind: 'video' },
    page({ words: 900, videoSeconds: 612 }),
  ],
  [
    'the text around a video is not its length',
    'video-without-duration',
    { kind: 'video' },
    page({ words: 900 }),
  ],
  [
    'code is read as prose where nothing is set',
    '3 page',
    {},
    page({ words: 714, codeWords: 238, pictures: 10 }),
  ],
  ['code is left out', '2 page', {}, page({ words: 714, codeWords: 238 }), { code: 'skip' }],
  ['code takes three times as long', '5 page', {}, page({ words: 714, codeWords: 238 }), { code: 'slow' }],
  [
    'code takes three times as long at the reader’s own speed',
    '9 page',
    {},
    page({ words: 700, codeWords: 100 }),
    { code: 'slow', wordsPerMinute: 100 },
  ],
  [
    'nothing but code is left out: a minute is the least',
    '1 page',
    {},
    page({ words: 900, codeWords: 900 }),
    { code: 'skip' },
  ],
  [
    'each picture takes its time',
    '4 page',
    {},
    page({ words: 476, pictures: 10 }),
    { secondsPerPicture: 12 },
  ],
  [
    'of what the service counts nobody knows what is code',
    '1 service-words',
    { words: 238 },
    page({ words: 714, codeWords: 238, pictures: 10 }),
    { code: 'slow', secondsPerPicture: 60 },
  ],
  ['what was wrong with the page is the reason', 'paywall', {}, { known: false, reason: 'paywall' }],
];

describe('estimate', () => {
  for (const [why, gives, item, page, speed] of rows) {
    it(`${gives}: ${why}`, () => {
      const found = estimate(anItem(item), speed, page);
      assert.equal(found.known ? `${found.minutes} ${found.basis}` : found.reason, gives);
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
    it(`has the words that the minutes are based on: ${why}`, () => {
      const found = estimate(anItem(item), {}, page);
      assert.ok(found.known);
      assert.deepEqual([found.words, 'words' in found], [words, words !== undefined]);
    });
  }

  it('has the words of the whole text also if only the time left is estimated', () => {
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
