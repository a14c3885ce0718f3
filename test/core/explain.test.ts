import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { estimate, type PageEvidence } from '../../lib/core/estimate.ts';
import { explain } from '../../lib/core/explain.ts';
import type { Item } from '../../lib/core/item.ts';
import type { PlanRules } from '../../lib/core/plan.ts';
import type { ReaderSpeed } from '../../lib/core/reading-speed.ts';
import { anItem } from '../helpers/items.ts';

const rules: PlanRules = {
  bands: [
    { tag: 'quick', upToMinutes: 2 },
    { tag: 'medium', upToMinutes: 5 },
  ],
  beyond: 'long',
  videoTag: 'video',
  retiredTags: [],
};
const page = (words: number): PageEvidence => ({ known: true, words, language: 'de' });

describe('explain', () => {
  type Row = [
    why: string,
    item: Partial<Item>,
    speed: ReaderSpeed,
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
    ['the language of the page', {}, {}, page(187), ['page 1 quick, 187 at 187']],
    ['a video by its duration', { kind: 'video', videoSeconds: 61 }, {}, page(9), ['video-duration 2 quick']],
    [
      'a page that is of no use',
      { minutes: 1 },
      {},
      { known: false, reason: 'gone' },
      ['service-minutes 1 quick'],
    ],
    ['nothing known', {}, {}, undefined, []],
  ];
  for (const [why, fields, speed, evidence, ways] of rows) {
    it(`tells ${why}`, () => {
      const { used, otherwise } = explain(anItem(fields), { rules, speed, page: evidence });
      const told = [...(used ? [used] : []), ...otherwise].map(({ basis, minutes, band, words, speed: at }) =>
        [`${basis} ${minutes} ${band}`, ...(words ? [`${words} at ${at}`] : [])].join(', '),
      );
      assert.deepEqual(told, ways);
    });
  }

  it('says no more of the language than is known', () => {
    assert.equal(explain(anItem({ words: 9 }), { rules }).language, undefined);
    assert.equal(explain(anItem({ language: 'fr' }), { rules, page: page(9) }).language, 'fr');
    assert.equal(explain(anItem(), { rules, page: page(9) }).language, 'de');
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
    .map((wordsPerMinute): ReaderSpeed => (wordsPerMinute ? { wordsPerMinute } : {}));
  const pages = fc.option(fc.integer({ min: 1, max: 100_000 }).map(page), { nil: undefined });

  it('never says anything else than the estimate, whatever is known', () => {
    fc.assert(
      fc.property(items, speeds, pages, (item, speed, evidence) => {
        const right = estimate(item, speed, evidence);
        const { used } = explain(item, { rules, speed, page: evidence });
        assert.deepEqual(
          used ? { known: true, minutes: used.minutes, basis: used.basis } : { known: false },
          right.known ? right : { known: false },
        );
      }),
    );
  });

  it('names first what counts when the service’s own minutes are taken away', () => {
    fc.assert(
      fc.property(items, pages, (item, evidence) => {
        const { used, otherwise } = explain(item, { rules, page: evidence });
        if (used?.basis !== 'service-minutes') return;
        const { minutes: _, ...without } = item;
        const next = estimate(without, {}, evidence);
        assert.deepEqual(otherwise[0]?.minutes, next.known ? next.minutes : undefined);
      }),
    );
  });
});
