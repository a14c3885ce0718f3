import assert from 'node:assert/strict';
import type { Decision, PlanRules } from '../../lib/core/plan.ts';
import { reportFacts, webAddress } from '../../lib/report/report-facts.ts';
import { anItem } from '../helpers/items.ts';

const rules: PlanRules = { bands: [{ tag: 'short', upToMinutes: 5 }], longestTag: 'long', retiredTags: [] };
const kept = (addedAt: string, tag: string, minutes: number) => ({
  kind: 'keep' as const,
  item: anItem({ addedAt: Date.parse(addedAt) / 1000 }),
  tag,
  minutes,
});

describe('reportFacts', () => {
  it('counts by band, by month without a gap, and the oldest first', () => {
    const decisions = [
      kept('2026-02-28T23:59:59Z', 'long', 60),
      kept('2025-12-01T00:00:00Z', 'short', 4),
      { kind: 'skip', item: anItem({ title: 'No date' }), reason: 'gone' },
    ] as const;
    const { bands, months, oldest } = reportFacts(decisions, rules);
    assert.deepEqual(bands, [
      { band: 'short', items: 1, minutes: 4, mostMinutes: 4 },
      { band: 'long', items: 1, minutes: 60, mostMinutes: 60 },
      { band: 'length unknown', items: 1, minutes: 0, mostMinutes: 0 },
    ]);
    assert.deepEqual(months, [
      { month: '2025-12', items: 1, minutes: 4, mostMinutes: 4, all: 1 },
      { month: '2026-01', items: 0, minutes: 0, mostMinutes: 0, all: 1 },
      { month: '2026-02', items: 1, minutes: 60, mostMinutes: 60, all: 2 },
    ]);
    assert.deepEqual(
      oldest.map(({ minutes }) => minutes),
      [4, 60],
    );
  });

  it('has how sure a length is where it is from a page', () => {
    const [page, service] = [
      { ...kept('2026-01-01', 'short', 4), confidence: 0.83 },
      kept('2026-01-02', 'long', 9),
    ];
    const { items } = reportFacts([page, service], rules);
    assert.deepEqual(
      items.map(({ confidence }) => confidence),
      [0.83, undefined],
    );
  });

  const ofBands: [why: string, tag: string, range: object | undefined][] = [
    ['the first band begins at a minute', 'short', { from: 1, to: 5 }],
    ['a band begins where the one before it ends', 'medium', { from: 6, to: 9 }],
    ['the last band has no end', 'long', { from: 10 }],
    ['a video has a tag of its own', 'video', undefined],
    ['a tag of others says nothing', 'other', undefined],
  ];
  for (const [why, tag, range] of ofBands) {
    it(`counts an item of which only the band is known by that: ${why}`, () => {
      const bands = [...rules.bands, { tag: 'medium', upToMinutes: 9 }];
      const { minutes: _, ...unread } = kept('2026-01-01', tag, 0);
      const { items } = reportFacts([unread], { ...rules, bands, videoTag: 'video' });
      assert.deepEqual([items[0]?.range, items[0]?.minutes, items[0]?.band], [range, undefined, tag]);
    });
  }

  it('adds up from the least to the most, and knows no most of the longest band', () => {
    const [short, long] = ['short', 'long'].map((tag) => {
      const { minutes: _, ...unread } = kept('2026-01-01', tag, 0);
      return unread;
    }) as [Decision, Decision];
    const exact = [kept('2026-01-01', 'short', 4), kept('2026-01-01', 'long', 60)];
    const { bands, months } = reportFacts([...exact, short, short, long], rules);
    assert.deepEqual(bands, [
      { band: 'short', items: 3, minutes: 6, mostMinutes: 14 },
      { band: 'long', items: 2, minutes: 66 },
    ]);
    assert.deepEqual(months, [{ month: '2026-01', items: 5, minutes: 72, all: 5 }]);
  });

  it('has nothing to say of an empty list', () => {
    const { items, months, oldest } = reportFacts([], rules);
    assert.deepEqual([items, months, oldest], [[], [], []]);
  });
});

describe('webAddress', () => {
  const rows: [why: string, url: string | undefined, address: string | undefined][] = [
    ['a page', 'https://a.example/b?c=1', 'https://a.example/b?c=1'],
    ['a script', 'javascript:alert(1)', undefined],
    ['a script in disguise', ' \u0001JaVaScRiPt:alert(1)', undefined],
    ['a page within the address', 'data:text/html,<b>x', undefined],
    ['a file', 'file:///etc/passwd', undefined],
    ['markup, escaped by the parser', 'http://a.example/"><b>', 'http://a.example/%22%3E%3Cb%3E'],
    ['no address', 'a page', undefined],
    ['none', undefined, undefined],
  ];
  for (const [why, url, address] of rows) it(why, () => assert.equal(webAddress(url), address));
});
