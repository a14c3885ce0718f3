import assert from 'node:assert/strict';
import { watchJson, watchLine } from '../../../lib/cli/view/watch-line.ts';
import type { RunReport } from '../../../lib/cli/watch/watch-loop.ts';
import { type Ending, emptyTally, summarise } from '../../../lib/core/summary.ts';
import { Failure } from '../../../lib/failure.ts';

const AT = new Date(2026, 6, 15, 12, 0, 0).getTime();
const REPORT = {
  list: '',
  mode: 'recent',
  startedAt: AT - 4200,
  endedAt: AT,
  nextAt: AT + 3_600_000,
} as const;

function summary(ending: Partial<Ending> = {}) {
  const tally = {
    ...emptyTally(['short']),
    listed: 1250,
    tagged: 12,
    untagged: 1,
    unchanged: 1234,
    skipped: { paywall: 2, 'not-found': 1 },
  };
  return summarise(tally, { mode: 'recent', dryRun: false, requests: 9, durationMs: 4200, ...ending });
}
const withFailed = { ...summary(), failed: { count: 2, items: [{ id: '7', reason: 'gone' }] } };
const request = { mode: 'recent', dryRun: false, refetch: false } as const;

describe('a line of readtime watch', () => {
  const rows: [why: string, report: RunReport, line: string, json: object][] = [
    [
      'a run',
      { ...REPORT, outcome: { summary: summary() } },
      '2026-07-15 12:00:00 recent: 12 tagged, 1 untagged, 1,234 unchanged, 3 skipped, 4.2 s; next at 13:00:00',
      { result: 'done', tagged: 12, untagged: 1, unchanged: 1234, skipped: 3, failed: 0 },
    ],
    [
      'one of several lists, with items that could not be changed',
      { ...REPORT, list: 'anna', mode: 'full', outcome: { summary: withFailed } },
      '2026-07-15 12:00:00 anna full: 12 tagged, 1 untagged, 1,234 unchanged, 3 skipped, 2 failed, 4.2 s; next at 13:00:00',
      { list: 'anna', mode: 'full', result: 'done', failed: 2 },
    ],
    [
      'a run that goes on, tomorrow',
      {
        ...REPORT,
        nextAt: AT + 86_400_000,
        outcome: { summary: summary({ stoppedBy: 'rate-limit' }), next: { request, waitMs: 86_400_000 } },
      },
      '2026-07-15 12:00:00 recent: 12 tagged, 1 untagged, 1,234 unchanged, 3 skipped, 4.2 s, stopped because the reading list allows no more calls for now; goes on at 2026-07-16 12:00:00',
      { result: 'stopped', stoppedBy: 'rate-limit', tagged: 12 },
    ],
    [
      'the last run',
      { ...REPORT, nextAt: undefined, outcome: { summary: summary({ stoppedBy: 'interrupted' }) } } as never,
      '2026-07-15 12:00:00 recent: 12 tagged, 1 untagged, 1,234 unchanged, 3 skipped, 4.2 s, stopped when asked to; ends',
      { result: 'stopped', stoppedBy: 'interrupted' },
    ],
    [
      'a failure, on one line whatever it says',
      { ...REPORT, outcome: { failure: new Failure('unavailable', 'GET x:\nno answer') } },
      '2026-07-15 12:00:00 recent: failed (unavailable): GET x: no answer; tried again at 13:00:00',
      { result: 'failed', kind: 'unavailable', reason: 'GET x:\nno answer' },
    ],
    [
      'a run that was left out',
      { ...REPORT, outcome: { busy: 'another run is writing' } },
      '2026-07-15 12:00:00 recent: left out: another run is writing; next at 13:00:00',
      { result: 'busy', reason: 'another run is writing' },
    ],
  ];
  for (const [why, report, line, json] of rows)
    it(`is of ${why}`, () => {
      assert.equal(watchLine(report), line);
      const parsed = JSON.parse(watchJson(report));
      assert.deepEqual({ ...parsed, ...json }, parsed);
      assert.equal(parsed.time, new Date(AT).toISOString());
      assert.equal(parsed.seconds, 4.2);
      const next = report.nextAt === undefined ? undefined : new Date(report.nextAt).toISOString();
      assert.equal(parsed.next, next);
    });
});
