import assert from 'node:assert/strict';
import { type Ending, emptyTally, summarise, type Tally } from '../../lib/core/summary.ts';
import { accountMetrics, alarmMetrics } from '../../lib/telemetry/lambda-telemetry.ts';
import type { RunEvent } from '../../lib/telemetry/telemetry.ts';

const ENDING: Ending = { mode: 'full', dryRun: false, requests: 7, durationMs: 1234 };

const finished = (tally: Partial<Tally> = {}, ending: Partial<Ending> = {}): RunEvent => ({
  name: 'run-finished',
  summary: summarise({ ...emptyTally(['quick', 'long']), ...tally }, { ...ENDING, ...ending }),
  throttled: 2,
  wholeList: true,
});

const failed = (kind: 'credentials' | 'unavailable' | 'unexpected-response' | 'unknown'): RunEvent => ({
  name: 'run-failed',
  kind,
  reason: 'as it may be',
});

describe('alarmMetrics', () => {
  const good = { RunComplete: 1, ItemsFailed: 0, CredentialsRefused: 0 };
  const rows: [why: string, event: RunEvent, metrics: Record<string, number>][] = [
    ['a good run writes each metric, so that it ends the alarm of a bad one', finished(), good],
    ['what has no alarm is not paid for', finished({ byBand: { quick: 3 }, skipped: { image: 2 } }), good],
    [
      'a stopped run was let in, and is not complete',
      finished({}, { stoppedBy: 'deadline' }),
      { ...good, RunComplete: 0 },
    ],
    ['failed items are counted', finished({ failed: { count: 2, items: [] } }), { ...good, ItemsFailed: 2 }],
    ['a refused run', failed('credentials'), { RunComplete: 0, CredentialsRefused: 1 }],
    [
      'a run that failed otherwise does not know whether credentials are accepted',
      failed('unavailable'),
      { RunComplete: 0 },
    ],
    ['a bug', failed('unknown'), { RunComplete: 0 }],
    ['a dry run does nothing that could fail', finished({ tagged: 3 }, { dryRun: true }), {}],
    ['a page of the list', { name: 'page-read', items: 30, listed: 30 }, {}],
  ];
  for (const [why, event, metrics] of rows) {
    it(why, () => assert.deepEqual(alarmMetrics(event), metrics));
  }
});

describe('accountMetrics', () => {
  const ours = failed('unexpected-response');
  const first = { ...ours, isFirst: true } as const;
  const stopped = finished({}, { stoppedBy: 'deadline' });
  const rows: [why: string, event: RunEvent, metrics: Record<string, number>][] = [
    ['a good run is one that did not fail', finished(), { AccountFailed: 0 }],
    ['a stopped run goes on by itself, and did not fail', stopped, { AccountFailed: 0 }],
    ['a run whose owner can help', failed('credentials'), { AccountFailed: 1 }],
    ['a run that time can help', failed('unavailable'), { AccountFailed: 1 }],
    ['a fault of ours counts when it begins', first, { AccountFailed: 1, UnexpectedResponse: 1 }],
    ['a fault that lasts does not count each time', ours, { AccountFailed: 1 }],
    ['a bug, which is an error of the function', failed('unknown'), { AccountFailed: 1 }],
    ['a dry run does nothing that could fail', finished({}, { dryRun: true }), {}],
    ['a page of the list', { name: 'page-read', items: 30, listed: 30 }, {}],
  ];
  for (const [why, event, metrics] of rows) it(why, () => assert.deepEqual(accountMetrics(event), metrics));
});
