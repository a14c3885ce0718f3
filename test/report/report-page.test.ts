import assert from 'node:assert/strict';
import { DomUtils, parseDocument } from 'htmlparser2';
import type { Decision, PlanRules } from '../../lib/core/plan.ts';
import { reportFacts } from '../../lib/report/report-facts.ts';
import { reportPage } from '../../lib/report/report-page.ts';
import { growthPlot, lengthsPlot, periodsOf } from '../../lib/report/report-plots.ts';
import { anItem } from '../helpers/items.ts';

const rules: PlanRules = { bands: [{ tag: 'short', upToMinutes: 5 }], longestTag: 'long', retiredTags: [] };
const kept = (addedAt: string, tag: string, minutes: number): Decision => ({
  kind: 'keep',
  item: anItem({ addedAt: Date.parse(addedAt) / 1000 }),
  tag,
  minutes,
});

/** The bars of a plot as it is drawn for a wide place. */
function barsOf(plots: string) {
  return DomUtils.getElementsByTagName('svg', parseDocument(plots))
    .filter(({ attribs }) => attribs.class === 'plot wide')
    .flatMap((plot) => DomUtils.getElementsByTagName('rect', plot));
}

/** The list of facts after so many months, one item a month of each of two lengths. */
function grownFor(count: number) {
  const decisions = Array.from({ length: count }, (_, at) => {
    const added = new Date(Date.UTC(2012, 11 + at, 15)).toISOString();
    return [kept(added, 'short', 4), kept(added, 'long', 60)];
  });
  return reportFacts(decisions.flat(), rules);
}

describe('growthPlot', () => {
  const rows: [months: number, bars: number, why: string][] = [
    [0, 0, 'no date is known: there is no plot'],
    [1, 0, 'one month is no growth'],
    [48, 48, 'four years are drawn by month'],
    [49, 5, 'a month more is drawn by year: of 2012 and 2016 parts'],
    [169, 15, 'fourteen years'],
  ];
  for (const [months, bars, why] of rows) {
    it(`${months} months: ${why}`, () => {
      const places = barsOf(growthPlot(grownFor(months))).map(({ attribs }) => attribs.x);
      assert.equal(new Set(places).size, bars);
      // A bar has a part for each band.
      assert.equal(places.length, 2 * bars);
    });
  }

  it('has as many periods in the table as in the plot, and their sums', () => {
    const { months } = grownFor(49);
    const years = periodsOf(months);
    assert.deepEqual(years[0], { month: '2012', items: 2, minutes: 64, mostMinutes: 64, all: 2 });
    assert.deepEqual(years[1], { month: '2013', items: 24, minutes: 768, mostMinutes: 768, all: 26 });
    assert.deepEqual(years.at(-1), { month: '2016', items: 24, minutes: 768, mostMinutes: 768, all: 98 });
    assert.deepEqual(periodsOf(months.slice(1)), months.slice(1));
  });
});

describe('lengthsPlot', () => {
  it('keeps a bar narrow where all items are short, and has none where no length is known', () => {
    const [bar, ...others] = barsOf(lengthsPlot(reportFacts([kept('2026-01-01', 'short', 1)], rules)));
    assert.ok(Number(bar?.attribs.width) < 60);
    assert.deepEqual(others, []);
    assert.equal(lengthsPlot(reportFacts([{ kind: 'skip', item: anItem(), reason: 'gone' }], rules)), '');
  });
});

describe('reportPage', () => {
  /** An item that an earlier run has tagged, and whose length is not read again. */
  const byBand = (tag: string): Decision => ({ kind: 'keep', item: anItem({ addedAt: 1e9 }), tag });
  const unknown: Decision = { kind: 'skip', item: anItem(), reason: 'gone' };
  const exact = kept('2026-01-01', 'short', 4);
  const headlines: [why: string, decisions: Decision[], headline: string, under: RegExp][] = [
    ['every length is known', [exact, exact], '8 min to read', /^2 unread items\.$/],
    [
      'some are unknown',
      [exact, unknown],
      'At least 4 min to read',
      /of 1 is unknown, and not in this sum\.$/,
    ],
    ['of some only the band', [exact, byBand('short')], '5 to 9 min to read', /of 1 only the band is known/],
    [
      'of some the longest',
      [exact, byBand('long')],
      'At least 10 min to read',
      /of 1 only the band is known/,
    ],
    [
      'a band, and nothing',
      [byBand('short'), unknown],
      'At least 1 min to read',
      /of 1 only the band.*; the length of 1 is/,
    ],
    ['none is known', [unknown], '1 item of unknown length', /^No length is known/],
    ['there is no item', [], 'Nothing to read', /^The list has no unread items\./],
  ];
  for (const [why, decisions, headline, under] of headlines) {
    it(`has a headline that is true where ${why}`, async () => {
      const page = await reportPage(reportFacts(decisions, rules), { madeAt: new Date(0) });
      const [, shown, below = ''] = /<h1>(.*?)<\/h1>\s*<p>(.*?)<\/p>/s.exec(page) ?? [];
      assert.equal(shown, headline);
      assert.match(below, under);
    });
  }

  it('shows how sure each length is, in per cent, and nothing where it is the service’s own', async () => {
    const page = { ...kept('2026-01-01', 'short', 4), confidence: 0.834 };
    const facts = reportFacts([page, kept('2026-01-02', 'long', 9)], rules);
    const html = await reportPage(facts, { madeAt: new Date(0) });
    assert.match(html, /data-key="confidence">how sure</);
    const { rows } = JSON.parse(/id="items">(.*?)<\/script>/s.exec(html)?.[1] ?? '');
    assert.deepEqual(
      rows.map((row: unknown[]) => row.at(-1)),
      [83, null],
    );
  });
});
