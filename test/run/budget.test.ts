import assert from 'node:assert/strict';
import type { PlannedEvent } from '../../lib/continuation/plan-run.ts';
import { emptyTally, type Summary, summarise } from '../../lib/core/summary.ts';
import { allowanceOf, type Budget } from '../../lib/run/budget.ts';
import { nextRun } from '../../lib/run/continuation.ts';
import { deadlinesOf } from '../../lib/run/deadlines.ts';
import { type RunRequest, readEvent } from '../../lib/run/event.ts';
import { runIn } from '../helpers/run.ts';
import { type FakeItem, type FakeServer, fakeItems } from '../helpers/services/fake-service.ts';
import { fakeKarakeep } from '../helpers/services/karakeep.ts';
import { fakeReadeck } from '../helpers/services/readeck.ts';
import { environmentOf } from '../helpers/services/under-test.ts';

const NOW = Date.parse('2026-11-27T10:00:00Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Half of 15 minutes and of 3,000 calls. */
const HALF: Budget = { ms: 450_000, calls: 1500 };

type Hour = NonNullable<NonNullable<RunRequest['continues']>['hour']>;
const hour = (minutesAgo: number, ms: number, calls: number): Hour => ({
  began: new Date(NOW - minutesAgo * MINUTE_MS).toISOString(),
  ms,
  calls,
});
const going = (hour?: Hour, others: object = {}) => ({
  mode: 'full',
  continues: { runs: 3, listed: 1000, withoutProgress: 0, ...(hour && { hour }), ...others },
});
const ended = (ending: Partial<Summary>): Summary => ({
  ...summarise(emptyTally([]), { mode: 'full', dryRun: false, requests: 0, durationMs: 0 }),
  tagged: 5,
  ...ending,
});

/** The run after one that ended at `now` like this. */
const next = (event: object, ending: Partial<Summary>, now = NOW) => {
  const request = readEvent(event);
  const summary = ended(ending);
  return nextRun(request, summary, {
    allowance: allowanceOf(request, HALF, now - summary.durationMs),
    now,
  });
};

describe('the hour of an account whose runs go on by themselves', () => {
  const minutes = (count: number) => count * MINUTE_MS;
  type Row = [why: string, event: object, ending: Partial<Summary>, hour: Hour | undefined, waitMs: number];
  const rows: Row[] = [
    [
      'begins with a full run, and has room for another',
      { mode: 'full' },
      { stoppedBy: 'deadline', durationMs: minutes(5), requests: 400 },
      hour(5, minutes(5), 400),
      0,
    ],
    [
      'begins anew with the first run that goes on after an hourly one, which has a half of its own',
      { mode: 'recent' },
      { stoppedBy: 'budget', durationMs: minutes(5), requests: 1500 },
      undefined,
      0,
    ],
    [
      'holds what every run of it has used',
      going(hour(20, minutes(2), 300)),
      { stoppedBy: 'deadline', durationMs: minutes(3), requests: 500 },
      hour(20, minutes(5), 800),
      0,
    ],
    [
      'is waited for where its minutes are used up',
      going(hour(20, minutes(5), 300)),
      { stoppedBy: 'deadline', durationMs: minutes(2.5), requests: 10 },
      hour(20, minutes(7.5), 310),
      minutes(40),
    ],
    [
      'is waited for where its calls are used up',
      going(hour(20, minutes(1), 300)),
      { stoppedBy: 'budget', durationMs: minutes(1), requests: 1200 },
      hour(20, minutes(2), 1500),
      minutes(40),
    ],
    [
      'is waited for at the limit on changes, too',
      going(hour(20, minutes(1), 300)),
      { stoppedBy: 'limit', durationMs: minutes(1), requests: 2400 },
      hour(20, minutes(2), 2700),
      minutes(40),
    ],
    [
      'is enough with a minute and 500 calls',
      going(hour(20, minutes(6), 900)),
      { stoppedBy: 'deadline', durationMs: 30_000, requests: 100 },
      hour(20, 390_000, 1000),
      0,
    ],
    [
      'is not with a second less',
      going(hour(20, minutes(6), 900)),
      { stoppedBy: 'deadline', durationMs: 31_000, requests: 100 },
      hour(20, 391_000, 1000),
      minutes(40),
    ],
    [
      'is not with a call less',
      going(hour(20, minutes(6), 900)),
      { stoppedBy: 'deadline', durationMs: 30_000, requests: 101 },
      hour(20, 390_000, 1001),
      minutes(40),
    ],
    [
      'begins anew with a run that starts when it is over',
      going(hour(61, minutes(7), 1500)),
      { stoppedBy: 'deadline', durationMs: minutes(1), requests: 9 },
      hour(1, minutes(1), 9),
      0,
    ],
    [
      'is not waited for where it is over by the end of the run',
      going(hour(63, minutes(1), 1000)),
      { stoppedBy: 'budget', durationMs: minutes(5), requests: 500 },
      hour(63, minutes(6), 1500),
      0,
    ],
    [
      'ends before a rate limit does',
      going(hour(20, minutes(7), 9)),
      { stoppedBy: 'rate-limit', retryAfterMs: 2 * HOUR_MS, durationMs: minutes(1), requests: 9 },
      hour(20, minutes(8), 18),
      2 * HOUR_MS,
    ],
    [
      'ends after a rate limit does',
      going(hour(20, minutes(7), 9)),
      { stoppedBy: 'rate-limit', retryAfterMs: minutes(2), durationMs: minutes(1), requests: 9 },
      hour(20, minutes(8), 18),
      minutes(40),
    ],
    [
      'is none of which an event says that it has not begun yet',
      going(hour(-600, minutes(7), 1500)),
      { stoppedBy: 'deadline', durationMs: minutes(1), requests: 9 },
      hour(1, minutes(1), 9),
      0,
    ],
  ];
  for (const [why, event, ending, expected, waitMs] of rows)
    it(why, () => {
      const { request, waitMs: ms } = next(event, ending) ?? assert.fail();
      assert.deepEqual([request.continues?.hour, ms], [expected, waitMs]);
    });

  it('is not counted without a budget', () => {
    const event = readEvent(going(hour(20, 450_000, 1500)));
    const { request, waitMs } = nextRun(event, ended({ stoppedBy: 'limit' })) ?? assert.fail();
    assert.deepEqual([request.continues?.hour, waitMs], [undefined, 0]);
  });

  it('is no lack of progress where the rest of it took a run no further', () => {
    const rest = going(hour(20, 300_000, 900), { withoutProgress: 1 });
    const none = { tagged: 0, listed: 700, durationMs: 150_000, requests: 600 };
    for (const stoppedBy of ['budget', 'deadline'] as const)
      assert.equal(next(rest, { ...none, stoppedBy })?.request.continues?.withoutProgress, 1);
  });

  it('is one where Lambda has ended a run that had more of it left', () => {
    const rest = going(hour(20, 60_000, 9), { withoutProgress: 1 });
    assert.throws(() =>
      next(rest, { tagged: 0, listed: 700, durationMs: 150_000, requests: 6, stoppedBy: 'deadline' }),
    );
  });

  it('is a lack of progress where a whole one did not', () => {
    const none = {
      stoppedBy: 'budget',
      tagged: 0,
      listed: 1000,
      durationMs: 60_000,
      requests: 1500,
    } as const;
    const first = next(going(hour(61, 450_000, 9)), none) ?? assert.fail();
    assert.equal(first.request.continues?.withoutProgress, 1);
    assert.throws(() => next(first.request, none, NOW + first.waitMs + MINUTE_MS), {
      kind: 'unavailable',
      message:
        /got no further.* its calls for this hour are used up, .* no more than 1,000 items; none goes on/,
    });
  });

  it('is left to a run as far as it is not used', () => {
    const left = (event: object) => allowanceOf(readEvent(event), HALF, NOW)?.left;
    assert.deepEqual(left({ mode: 'recent' }), HALF);
    assert.deepEqual(left(going(hour(59, 300_000, 400))), { ms: 150_000, calls: 1100 });
    assert.deepEqual(left(going(hour(60, 300_000, 400))), HALF);
    assert.deepEqual(left(going(hour(5, 460_000, 1800))), { ms: 0, calls: 0 });
    assert.equal(allowanceOf(readEvent({}), undefined, NOW), undefined);
  });

  it('ends the run with its minutes, where Lambda would give more', () => {
    const context = { getRemainingTimeInMillis: () => 300_000 };
    const { reading, writing } = deadlinesOf({ context, left: { ms: 100_000, calls: 9 } });
    assert.ok(reading.remainingMs() < writing.remainingMs() && writing.remainingMs() <= 97_000);
    const lambda = deadlinesOf({ context, left: { ms: 450_000, calls: 9 } });
    assert.ok(lambda.writing.remainingMs() <= 297_000);
  });
});

describe('an account that is a noisy neighbour', () => {
  let server: FakeServer;
  afterEach(() => server?.close());
  const start = async (items: FakeItem[], fake = fakeReadeck): Promise<FakeItem[]> => {
    server = await fake(items);
    return items;
  };

  /** One run that starts at `now`, and the run that it plans. */
  async function run(event: unknown, { service = 'readeck', budget = HALF, now = NOW, env = {} } = {}) {
    const before = server.calls.length;
    const startedAt = performance.now();
    const time = () => Math.round(now + performance.now() - startedAt);
    let planned: { event: PlannedEvent; waitMs: number; at: number } | undefined;
    const summary = await runIn({ ...environmentOf(service, server), ...env }, event, {
      budget,
      now: time,
      planRun: async (event, waitMs) => {
        const at = time() + Math.max(waitMs, MINUTE_MS);
        planned = { event: JSON.parse(JSON.stringify(event)), waitMs, at };
        return new Date(planned.at);
      },
    });
    return { ...summary, calls: server.calls.length - before, planned };
  }

  it('with 100,000 items makes no more calls than it may, and waits for the next hour', async () => {
    const items = await start(fakeItems(100_000));
    const { calls, requests, planned, message, ...summary } = await run({ mode: 'full' });
    assert.equal(calls, requests);
    assert.ok(calls > 1000 && calls <= HALF.calls, `${calls} calls`);
    assert.equal(summary.stoppedBy, 'budget');
    assert.match(message, /Stopped because its calls for this hour are used up; it goes on by itself at /);
    assert.ok(summary.tagged > 500 && summary.failed.count === 0);
    assert.equal(items.filter(({ tags }) => tags.length > 0).length, summary.tagged);
    const waitMs = planned?.waitMs ?? 0;
    assert.ok(waitMs > HOUR_MS / 2 && waitMs <= HOUR_MS, `${waitMs} ms`);
  });

  it('is done some hours later, and keeps to its half in each of them', async () => {
    const items = await start(fakeItems(600));
    const budget = { ms: 450_000, calls: 700 };
    let runs = 0;
    const callsByHour: number[] = [];
    let event: unknown = { mode: 'full' };
    let now = NOW;
    for (let isDone = false; !isDone; ) {
      const { planned, calls, complete } = await run(event, { budget, now, env: { MAX_CHANGES: '90' } });
      runs += 1;
      const began = (event as RunRequest).continues?.hour?.began;
      const isSameHour = began !== undefined && now - Date.parse(began) < HOUR_MS;
      callsByHour.push(calls + ((isSameHour && callsByHour.pop()) || 0));
      isDone = complete;
      event = planned?.event;
      now = planned?.at ?? now;
    }
    assert.ok(items.every(({ tags }) => tags.length === 1));
    assert.ok(Math.max(...callsByHour) <= budget.calls, `${callsByHour}`);
    const hours = callsByHour.length;
    assert.ok(
      hours > 2 && runs > hours && now - NOW >= (hours - 1) * HOUR_MS,
      `${runs} runs, ${hours} hours`,
    );
  });

  it('that hangs has its minutes, and no more calls than were waiting for an answer', async () => {
    await start(fakeItems(300));
    server.fault = ({ n }) => (n > 3 ? { kind: 'hang' } : undefined);
    const budget = { ms: 500, calls: 1500 };
    const { stoppedBy, calls, planned } = await run({ mode: 'full' }, { budget });
    assert.equal(stoppedBy, 'deadline');
    assert.ok(calls <= 8, `${calls} calls`);
    assert.ok((planned?.waitMs ?? 0) > HOUR_MS - MINUTE_MS, 'it waits until the hour is over');
  });

  it('sends nothing where nothing is left, and goes on in the next hour', async () => {
    await start(fakeItems(30));
    const { stoppedBy, calls, planned } = await run(going(hour(20, 0, 1500)));
    assert.deepEqual([stoppedBy, calls], ['budget', 0]);
    const waitMs = planned?.waitMs ?? 0;
    assert.ok(waitMs > 40 * MINUTE_MS - 1000 && waitMs <= 40 * MINUTE_MS, `${waitMs} ms`);
  });

  it('keeps what it has read when its calls are used up', async () => {
    // Each takes a call for its text, since Readeck's count may be that of a wall.
    const items = await start(fakeItems(300, { words: 150 }));
    const { stoppedBy, tagged } = await run({ mode: 'full' }, { budget: { ms: 450_000, calls: 330 } });
    assert.equal(stoppedBy, 'budget');
    assert.ok(tagged > 70, `${tagged} of the 79 that were read`);
    assert.equal(items.filter(({ tags }) => tags.length === 1).length, tagged);
  });

  it('has no change half made: each takes two calls here, of which the second removes a tag', async () => {
    const items = await start(fakeItems(1000, { tags: ['a wrong read'] }), fakeKarakeep);
    const { stoppedBy, calls } = await run(
      { mode: 'full' },
      {
        service: 'karakeep',
        budget: { ms: 450_000, calls: 600 },
        env: { RETIRED_TAGS: 'a wrong read' },
      },
    );
    assert.equal(stoppedBy, 'budget');
    assert.ok(calls <= 600, `${calls} calls`);
    const changed = items.filter(({ tags }) => !tags.includes('a wrong read'));
    assert.ok(changed.length > 100, `${changed.length} changed`);
    assert.deepEqual(
      items.filter(({ tags }) => tags.length !== 1),
      [],
    );
  });

  it('spends no calls on counting what its limit on changes leaves', async () => {
    await start(fakeItems(2000, { words: 800 }));
    const { stoppedBy, calls } = await run({ mode: 'full' }, { env: { MAX_CHANGES: '100' } });
    assert.equal(stoppedBy, 'limit');
    assert.ok(calls < 115, `${calls} calls`);
  });

  it('without a budget reads its list to the end', async () => {
    await start(fakeItems(700));
    const summary = await runIn(environmentOf('readeck', server), { mode: 'full' });
    assert.deepEqual([summary.complete, summary.tagged], [true, 700]);
  });
});
