import assert from 'node:assert/strict';
import { sumRuns } from '../../lib/core/sum-runs.ts';
import { emptyTally, type Summary, summarise, type Tally } from '../../lib/core/summary.ts';

const summaryOf = (tally: Partial<Tally>, ending: Partial<Summary> = {}): Summary =>
  summarise(
    { ...emptyTally(['short', 'long']), ...tally },
    { mode: 'recent', dryRun: false, requests: 10, durationMs: 100, ...ending },
  );

describe('the sum of two runs, one of which went on where the other stopped', () => {
  const earlier = summaryOf(
    { listed: 45, tagged: 30, untagged: 10, gone: 1, byBand: { short: 30, long: 0 }, unchanged: 4 },
    { stoppedBy: 'limit' },
  );
  const last = summaryOf({
    listed: 60,
    tagged: 12,
    untagged: 1,
    gone: 2,
    byBand: { short: 2, long: 10 },
    unchanged: 44,
    failed: { count: 1, items: [{ id: '7', reason: 'refused' }] },
    skipped: { empty: 2 },
  });
  const sum = sumRuns(earlier, last);

  const rows: [why: string, actual: unknown, expected: unknown][] = [
    ['tags and removals are of both', [sum.tagged, sum.untagged, sum.gone], [42, 11, 3]],
    ['by band, too', sum.byBand, { short: 32, long: 10 }],
    ['what the first changed was not right already', sum.unchanged, 4],
    ['calls and time are of both', [sum.requests, sum.durationMs], [20, 200]],
    ['what is left is what the last one left', [sum.complete, sum.stoppedBy], [true, undefined]],
    ['items that the last one could not change are not counted twice', sum.failed, last.failed],
    ['so are items without a length', [sum.listed, sum.skipped], [60, { empty: 2 }]],
  ];
  for (const [why, actual, expected] of rows) it(why, () => assert.deepEqual(actual, expected));

  it('is said in one sentence', () => {
    assert.match(
      sum.message,
      /^Tagged 42 of 60 unread items: 32 short, 10 long\. .*from 11\. 4 were already/,
    );
  });

  it('is not below nothing, where the reader archived what the first run had tagged', () => {
    assert.equal(sumRuns(earlier, summaryOf({ unchanged: 3 })).unchanged, 0);
  });
});
