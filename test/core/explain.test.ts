import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { estimate, type PageEvidence, type ReaderSettings } from '../../lib/core/estimate.ts';
import { type Explanation, explain } from '../../lib/core/explain.ts';
import type { Item } from '../../lib/core/item.ts';
import { type PlanRules, planItem, planToKeep } from '../../lib/core/plan.ts';
import { anItem } from '../helpers/items.ts';

const rules: PlanRules = {
  bands: [
    { tag: 'quick', upToMinutes: 2 },
    { tag: 'medium', upToMinutes: 5 },
  ],
  longestTag: 'long',
  videoTag: 'video',
  retiredTags: [],
};
const page = (words: number): PageEvidence => ({ known: true, words, language: 'de' });

const videoPage = (videoSeconds: number): PageEvidence => ({ known: true, words: 12, videoSeconds });

/** What is explained of an item whose text and page give this. */
function explained(
  item: Item,
  {
    speed = {},
    ...read
  }: { speed?: ReaderSettings; text?: PageEvidence; page?: PageEvidence | undefined } = {},
): Explanation {
  const right = estimate(item, speed, read.text?.known ? read.text : read.page);
  return explain(planItem(item, right, rules), { rules, speed, ...read });
}

function describeCandidate({ basis, minutes, band, words, speed }: NonNullable<Explanation['used']>): string {
  return [`${basis} ${minutes} ${band}`, ...(words ? [`${words} at ${speed}`] : [])].join(', ');
}

describe('explain', () => {
  it('says what code and pictures add to a page, and to a text', () => {
    const read: PageEvidence = { known: true, words: 714, codeWords: 238, pictures: 5, language: 'en' };
    for (const from of ['page', 'text'] as const) {
      const { used } = explained(anItem(), { speed: { code: 'slow', secondsPerPicture: 12 }, [from]: read });
      assert.deepEqual([used?.minutes, used?.words], [6, 714]);
      assert.deepEqual(used?.code, { words: 238, minutes: 2 });
      assert.deepEqual(used?.pictures, { count: 5, minutes: 1 });
    }
    const { used } = explained(anItem(), { speed: { code: 'skip' }, page: read });
    assert.deepEqual([used?.minutes, used?.code?.minutes, used?.pictures?.minutes], [2, -1, 0]);
  });

  type Row = [
    why: string,
    item: Partial<Item>,
    speed: ReaderSettings,
    page: PageEvidence | undefined,
    ways: string[],
  ];
  const rows: Row[] = [
    ['minutes of the service', { minutes: 3 }, {}, undefined, ['service-minutes 3 medium']],
    ['words at the average', { words: 238 }, {}, undefined, ['service-words 1 quick, 238 at 238']],
    [
      'everything at once, in the order in which it counts',
      { words: 1000, minutes: 7, language: 'en' },
      { wordsPerMinute: 500 },
      page(2000),
      [
        'own-speed 2 quick, 1000 at 500',
        'service-minutes 7 long',
        'service-words 5 medium, 1000 at 238',
        'page 4 medium, 2000 at 500',
      ],
    ],
    [
      'minutes at the reader’s own speed, and as the service shows them',
      { minutes: 4, lengthByMinutes: { words: 800 } },
      { wordsPerMinute: 100 },
      undefined,
      ['own-speed 8 long', 'service-minutes 4 medium'],
    ],
    ['the language of the page', {}, {}, page(260), ['page 1 quick, 260 at 260']],
    ['a video by its duration', { kind: 'video', videoSeconds: 61 }, {}, page(9), ['video-duration 2 quick']],
    [
      'a page that is of no use',
      { minutes: 1 },
      {},
      { known: false, reason: 'gone' },
      ['service-minutes 1 quick'],
    ],
    [
      'the video on a page after the text, which counts before it',
      { words: 238, minutes: 3 },
      {},
      videoPage(61),
      ['service-minutes 3 medium', 'service-words 1 quick, 238 at 238', 'video-duration 2 quick'],
    ],
    [
      'a video by its duration before that on its page',
      { kind: 'video', videoSeconds: 300 },
      {},
      videoPage(61),
      ['video-duration 5 medium', 'video-duration 2 quick'],
    ],
    [
      'the reader’s own speed in characters',
      { words: 1000, language: 'zh' },
      { cjkCharactersPerMinute: 564 },
      undefined,
      ['own-speed 3 medium, 1000 at 400', 'service-words 4 medium, 1000 at 311'],
    ],
    ['nothing of a picture', { kind: 'image', words: 9, minutes: 1 }, {}, page(9), []],
    ['nothing known', {}, {}, undefined, []],
  ];
  for (const [why, fields, speed, evidence, ways] of rows) {
    it(`explains ${why}`, () => {
      const { used, otherwise } = explained(anItem(fields), { speed, page: evidence });
      assert.deepEqual([...(used ? [used] : []), ...otherwise].map(describeCandidate), ways);
    });
  }

  it('takes the service’s own text before the page', () => {
    const { used, otherwise, language } = explained(anItem(), {
      text: { known: true, words: 476, language: 'en' },
      page: page(260),
    });
    assert.deepEqual(
      [used, ...otherwise].map((way) => way && describeCandidate(way)),
      ['service-text 2 quick, 476 at 238', 'page 1 quick, 260 at 260'],
    );
    assert.equal(language, 'en');
  });

  it('takes the page where the service’s own text is of no use', () => {
    const { used, language } = explained(anItem(), {
      text: { known: false, reason: 'no-length' },
      page: page(260),
    });
    assert.deepEqual([used?.basis, language], ['page', 'de']);
  });

  it('shows how sure the length of a page is, and its second best count', () => {
    const doubtful = { ...page(520), confidence: 0.83, otherwise: () => ({ words: 1820 }) };
    const { used, unsure } = explained(anItem(), { page: doubtful });
    assert.deepEqual(used, {
      basis: 'page',
      minutes: 2,
      band: 'quick',
      words: 520,
      speed: 260,
      confidence: 0.83,
      second: { basis: 'page', minutes: 7, band: 'long', words: 1820, speed: 260 },
    });
    assert.equal(unsure, undefined);
  });

  it('shows both lengths of a page that is too doubtful, and uses neither', () => {
    const doubtful = { ...page(520), confidence: 0.2, otherwise: () => ({ words: 1820 }) };
    for (const fields of [{}, { minutes: 3 }]) {
      const { decision, used, unsure, otherwise } = explained(anItem(fields), { page: doubtful });
      assert.deepEqual(
        [unsure, unsure?.second].map((way) => way && describeCandidate(way)),
        ['page 2 quick, 520 at 260', 'page 7 long, 1820 at 260'],
      );
      assert.equal(unsure?.confidence, 0.2);
      assert.deepEqual([used?.basis, otherwise], ['minutes' in fields ? 'service-minutes' : undefined, []]);
      assert.equal(decision.kind, 'minutes' in fields ? 'change' : 'skip');
    }
  });

  it('names what is left out of a page whose length counts, or is too doubtful to, and of no other', () => {
    const notes = [{ kind: 'notes', words: 812 }];
    const read = { known: true as const, words: 520, confidence: 0.2, leftOut: () => notes };
    const all = { speed: { minConfidence: 0 } };
    assert.deepEqual(explained(anItem(), { ...all, page: read }).leftOut, notes);
    assert.deepEqual(explained(anItem(), { page: read }).leftOut, notes);
    assert.equal(explained(anItem({ minutes: 3 }), { ...all, page: read }).leftOut, undefined);
    assert.equal(explained(anItem(), { ...all, page: { ...read, leftOut: () => [] } }).leftOut, undefined);
  });

  it('uses a doubtful page where the reader wants every length', () => {
    const doubtful = { ...page(374), confidence: 0.2 };
    const { used, unsure } = explained(anItem(), { speed: { minConfidence: 0 }, page: doubtful });
    assert.deepEqual([used?.basis, used?.confidence, unsure], ['page', 0.2, undefined]);
  });

  it('uses no evidence if a band from an earlier run is kept', () => {
    const held = planToKeep(anItem({ tags: [{ name: 'long' }] }), rules);
    assert.ok(held);
    const { used, otherwise } = explain(held, { rules, page: page(260) });
    assert.deepEqual([used, otherwise.map(describeCandidate)], [undefined, ['page 1 quick, 260 at 260']]);
  });

  it('uses the evidence that gave the right band', () => {
    const item = anItem({ minutes: 9, tags: [{ name: 'long' }] });
    assert.equal(explained(item).used?.basis, 'service-minutes');
  });

  it('puts the service’s own text behind its words, and calls no other way by its name', () => {
    const { used, otherwise } = explained(anItem({ words: 238, minutes: 3 }), {
      text: { known: true, words: 476 },
      page: page(260),
    });
    assert.deepEqual(
      [used, ...otherwise].map((way) => way?.basis),
      ['service-minutes', 'service-words', 'service-text', 'page'],
    );
    const video = { known: true, words: 9, videoSeconds: 61 } as const;
    assert.equal(explained(anItem(), { text: video }).used?.basis, 'video-duration');
  });

  it('uses the length of an article about a video that has the video tag', () => {
    const item = anItem({ words: 476, aboutVideo: true, tags: [{ name: 'video' }] });
    assert.equal(explained(item).used?.basis, 'service-words');
  });

  it('says nothing of words where none were counted', () => {
    const { used } = explained(anItem({ minutes: 3 }));
    assert.deepEqual(used, { basis: 'service-minutes', minutes: 3, band: 'medium' });
  });

  it('says no more of the language than is known', () => {
    assert.equal(explained(anItem({ words: 9 })).language, undefined);
    assert.equal(explained(anItem({ language: 'fr' }), { page: page(9) }).language, 'fr');
    assert.equal(explained(anItem(), { page: page(9) }).language, 'de');
  });

  const above0 = fc.option(fc.integer({ min: 1, max: 100_000 }), { nil: undefined });
  const items = fc
    .record({
      words: above0,
      minutes: above0,
      videoSeconds: above0,
      kind: fc.constantFrom('article', 'video', 'image'),
    })
    .map((fields) => anItem(JSON.parse(JSON.stringify(fields))));
  const speeds = fc
    .option(fc.integer({ min: 20, max: 2000 }), { nil: undefined })
    .map((wordsPerMinute): ReaderSettings => (wordsPerMinute ? { wordsPerMinute } : {}));
  const from1 = fc.integer({ min: 1, max: 100_000 });
  const pages = fc.option(fc.oneof(from1.map(page), from1.map(videoPage)), { nil: undefined });

  it('never says anything else than the estimate, whatever is known', () => {
    fc.assert(
      fc.property(items, speeds, pages, (item, speed, evidence) => {
        const right = estimate(item, speed, evidence);
        const { used } = explained(item, { speed, page: evidence });
        assert.deepEqual(
          used && [used.minutes, used.basis],
          right.known ? [right.minutes, right.basis] : undefined,
        );
      }),
    );
  });

  it('names first what counts when the service’s own minutes are taken away', () => {
    fc.assert(
      fc.property(items, pages, (item, evidence) => {
        const { used, otherwise } = explained(item, { page: evidence });
        if (used?.basis !== 'service-minutes') return;
        const { minutes: _, ...without } = item;
        const next = estimate(without, {}, evidence);
        assert.deepEqual(otherwise[0]?.minutes, next.known ? next.minutes : undefined);
      }),
    );
  });
});
