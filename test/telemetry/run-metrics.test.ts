import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Ending, emptyTally, summarise, type Tally } from '../../lib/core/summary.ts';
import { runMetrics } from '../../lib/telemetry/lambda-telemetry.ts';

const ENDING: Ending = { mode: 'full', dryRun: false, requests: 7, durationMs: 1234 };
const FACTS = { throttled: 2, wholeList: true };

const summaryOf = (tally: Partial<Tally> = {}, ending: Partial<Ending> = {}) =>
  summarise({ ...emptyTally(['quick', 'long']), ...tally }, { ...ENDING, ...ending });

/** `Name` or `Name by dimension=value` -> value. */
const named = (...given: Parameters<typeof runMetrics>) =>
  Object.fromEntries(
    runMetrics(...given).flatMap(({ by, metrics }) =>
      metrics.map(({ name, value }) => [by ? `${name} by ${by.dimension}=${by.value}` : name, value]),
    ),
  );

describe('runMetrics', () => {
  it('gives what the alarms and the dashboard are made of', () => {
    const summary = summaryOf({
      listed: 9,
      byBand: { quick: 3, long: 0 },
      skipped: { image: 2 },
      gone: 0,
      failed: { count: 1, items: [] },
      backlog: { quick: { items: 4, minutes: 6 }, long: { items: 2, minutes: 31 } },
    });
    assert.deepEqual(named(summary, FACTS), {
      ItemsListed: 9,
      ItemsFailed: 1,
      Requests: 7,
      Throttled: 2,
      RunComplete: 1,
      RunDurationMs: 1234,
      BacklogMinutes: 37,
      BacklogItems: 6,
      'ItemsTagged by band=quick': 3,
      'ItemsSkipped by reason=image': 2,
    });
  });

  it('gives each number its unit', () => {
    const units = new Map(
      runMetrics(summaryOf(), FACTS).flatMap(({ metrics }) => metrics.map(({ name, unit }) => [name, unit])),
    );
    assert.equal(units.get('RunDurationMs'), 'Milliseconds');
    assert.equal(units.get('BacklogMinutes'), 'None');
    assert.equal(units.get('ItemsListed'), 'Count');
  });

  const rows: [why: string, given: Parameters<typeof runMetrics>, name: string, value: number | undefined][] =
    [
      ['a stopped run is not complete', [summaryOf({}, { stoppedBy: 'deadline' }), FACTS], 'RunComplete', 0],
      ['nothing failed, and is known to', [summaryOf(), FACTS], 'ItemsFailed', 0],
      [
        'half a list has no backlog',
        [summaryOf(), { ...FACTS, wholeList: false }],
        'BacklogMinutes',
        undefined,
      ],
      ['an empty list has none left', [summaryOf(), FACTS], 'BacklogItems', 0],
      ['a band not met costs nothing', [summaryOf(), FACTS], 'ItemsTagged by band=long', undefined],
    ];
  for (const [why, given, name, value] of rows) {
    it(`${name}: ${why}`, () => assert.equal(named(...given)[name], value));
  }

  it('reports the backlog only for a whole list', () => {
    const names = Object.keys(named(summaryOf(), { ...FACTS, wholeList: false }));
    const whole = ['ItemsListed', 'ItemsFailed', 'Requests', 'Throttled', 'RunComplete', 'RunDurationMs'];
    assert.deepEqual(names, whole);
  });

  it('leaves nothing of a dry run, which did nothing', () => {
    assert.deepEqual(runMetrics(summaryOf({ tagged: 3 }, { dryRun: true }), FACTS), []);
  });

  it('never has more series than bands, reasons and eight of its own, since each is paid for', () => {
    const counts = fc.dictionary(fc.string(), fc.nat(), { maxKeys: 5 });
    fc.assert(
      fc.property(counts, counts, (byBand, skipped) => {
        const found = runMetrics(summaryOf({ byBand, skipped }), FACTS);
        const most = 8 + Object.keys(byBand).length + Object.keys(skipped).length;
        assert.ok(found.flatMap(({ metrics }) => metrics).length <= most);
      }),
    );
  });
});
