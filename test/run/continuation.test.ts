import assert from 'node:assert/strict';
import { emptyTally, type Summary, summarise } from '../../lib/core/summary.ts';
import { nextRun } from '../../lib/run/continuation.ts';
import { type RunRequest, readEvent } from '../../lib/run/event.ts';
import { captureOutput } from '../helpers/capture-output.ts';
import { type FakeScheduler, startFakeScheduler, timeOf } from '../helpers/fake-scheduler.ts';
import { faults } from '../helpers/faults.ts';
import { freshHandler } from '../helpers/fresh-handler.ts';
import { articles, environmentFor, type PocketUnderTest, pocketWith } from '../helpers/pocket.ts';
import type { TestPocketOptions } from '../helpers/test-pocket.ts';

const ended = (ending: Partial<Summary>): Summary => ({
  ...summarise(emptyTally([]), { mode: 'recent', dryRun: false, requests: 1, durationMs: 1 }),
  ...ending,
});
const continuing = (continues: Partial<NonNullable<RunRequest['continues']>>) => ({
  continues: { runs: 3, listed: 1000, withoutProgress: 0, ...continues },
});

describe('the run that continues another', () => {
  const rows: [why: string, event: object, summary: Partial<Summary>, next: object | undefined][] = [
    ['none follows a run that is complete', {}, {}, undefined],
    ['none follows Ctrl-C', {}, { stoppedBy: 'interrupted' }, undefined],
    ['none follows a failure, which is tried again', {}, { stoppedBy: 'failure' }, undefined],
    ['none follows a dry run, which changes nothing', { dryRun: true }, { stoppedBy: 'deadline' }, undefined],
    ['none follows where the event set a limit', { limit: 5 }, { stoppedBy: 'limit' }, undefined],
    [
      'none follows a limit of the event that the deadline came before',
      { limit: 5 },
      { stoppedBy: 'deadline' },
      undefined,
    ],
    [
      'none follows a wait beyond the next full run',
      {},
      { stoppedBy: 'rate-limit', retryAfterMs: 8 * 86_400_000 },
      undefined,
    ],
    [
      'the first says where the run was',
      {},
      { stoppedBy: 'limit', listed: 2000, tagged: 2000 },
      { mode: 'recent', continues: { runs: 1, listed: 2000, withoutProgress: 0 } },
    ],
    [
      'a run by hand that did nothing is not counted',
      {},
      { stoppedBy: 'rate-limit' },
      { mode: 'recent', continues: { runs: 1, listed: 0, withoutProgress: 0 } },
    ],
    [
      'the mode stays',
      { mode: 'full' },
      { stoppedBy: 'deadline', listed: 5 },
      { mode: 'full', continues: { runs: 1, listed: 5, withoutProgress: 0 } },
    ],
    [
      'the account stays, and is not failing, as the run was none that failed',
      { account: 'anna', shard: 17, failingSince: '2026-11-20T10:00:00.000Z' },
      { stoppedBy: 'budget', listed: 5 },
      {
        mode: 'recent',
        account: 'anna',
        shard: 17,
        continues: { runs: 1, listed: 5, withoutProgress: 0 },
      },
    ],
    [
      'untagging goes on, too',
      { mode: 'untag' },
      { stoppedBy: 'limit', listed: 5 },
      { mode: 'untag', continues: { runs: 1, listed: 5, withoutProgress: 0 } },
    ],
    [
      'pages are not read again from the beginning',
      { refetch: true },
      { stoppedBy: 'deadline', listed: 5 },
      { mode: 'recent', continues: { runs: 1, listed: 5, withoutProgress: 0 } },
    ],
    [
      'one that changed something has got further, although the list is shorter',
      continuing({ withoutProgress: 1 }),
      { stoppedBy: 'limit', listed: 900, tagged: 1 },
      { mode: 'recent', continues: { runs: 4, listed: 1000, withoutProgress: 0 } },
    ],
    [
      'one that removed a tag has got further',
      continuing({ withoutProgress: 1 }),
      { stoppedBy: 'limit', listed: 900, untagged: 1 },
      { mode: 'recent', continues: { runs: 4, listed: 1000, withoutProgress: 0 } },
    ],
    [
      'one that decided about one item more has got further',
      continuing({ withoutProgress: 1 }),
      { stoppedBy: 'deadline', listed: 1001 },
      { mode: 'recent', continues: { runs: 4, listed: 1001, withoutProgress: 0 } },
    ],
    [
      'one that got as far as the one before is counted',
      continuing({}),
      { stoppedBy: 'deadline', listed: 1000 },
      { mode: 'recent', continues: { runs: 4, listed: 1000, withoutProgress: 1 } },
    ],
  ];
  for (const [why, event, summary, next] of rows)
    it(why, () => {
      const expected = next && { dryRun: false, refetch: false, ...next };
      assert.deepEqual(nextRun(readEvent(event), ended(summary))?.request, expected);
    });

  it('is an event that the handler takes', () => {
    const { request } = nextRun(readEvent({}), ended({ stoppedBy: 'limit', listed: 9 })) ?? {};
    assert.deepEqual(readEvent(JSON.parse(JSON.stringify(request))), request);
  });

  it('waits as long as the reading list asks', () => {
    const stopped = ended({ stoppedBy: 'rate-limit', retryAfterMs: 3_600_000 });
    assert.equal(nextRun(readEvent({}), stopped)?.waitMs, 3_600_000);
    assert.equal(nextRun(readEvent({}), ended({ stoppedBy: 'limit' }))?.waitMs, 0);
  });

  it('does not follow where two in a row got no further: a failure says so', () => {
    const request = readEvent(continuing({ withoutProgress: 1 }));
    assert.throws(() => nextRun(request, ended({ stoppedBy: 'deadline', listed: 1000 })), {
      name: 'Failure',
      kind: 'unavailable',
      message: /got no further.* stopped when its time was up.* no more than 1,000 items; none goes on/,
    });
  });

  it('does not follow without end, where each changes something', () => {
    const last = readEvent(continuing({ runs: 199 }));
    assert.equal(nextRun(last, ended({ stoppedBy: 'limit', tagged: 9 }))?.request.continues?.runs, 200);
    assert.throws(
      () => nextRun(readEvent(continuing({ runs: 200 })), ended({ stoppedBy: 'limit', tagged: 9 })),
      {
        kind: 'unavailable',
        message: /not done after 200 runs/,
      },
    );
  });
});

const NAMES = 'readtime-tagger-prod';
const CONTINUE = `${NAMES}-continue`;
const ITEMS = 150;

describe('a run in Lambda that stopped before its end', () => {
  const before = { ...process.env };
  let under: PocketUnderTest;
  let fake: FakeScheduler;

  async function start(
    env: Record<string, string> = {},
    options: Partial<TestPocketOptions> = {},
    fault?: Parameters<typeof startFakeScheduler>[1],
  ): Promise<void> {
    under = await pocketWith(articles(ITEMS), options);
    fake = await startFakeScheduler(NAMES, fault);
    const own = { LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true', SCHEDULE_PREFIX: NAMES };
    Object.assign(process.env, environmentFor(under.server), fake.env, own, env);
  }
  afterEach(async () => {
    process.env = { ...before };
    await under?.close();
    await fake?.close();
  });

  /** Each in a process of its own: the worst case, which has no memory of the run before. */
  async function invoke(event: unknown, remainingMs = 60_000): Promise<Summary> {
    const { handler } = await freshHandler();
    const endsAt = performance.now() + remainingMs;
    const context = { getRemainingTimeInMillis: () => endsAt - performance.now() };
    return (await handler(event, context as Parameters<typeof handler>[1])) as Summary;
  }
  const planned = () => fake.schedules.get(CONTINUE) ?? assert.fail('none is planned');
  const tagged = () => Object.values(under.tagsById()).flat().length;

  for (const mode of ['recent', 'full']) {
    it(`goes on until all is done, after a ${mode} run, and then no more`, async () => {
      await start({ MAX_CHANGES: '40' });
      let event: unknown = { mode };
      for (const run of [1, 2, 3]) {
        const { message, continuesAt = '', complete } = await invoke(event);
        assert.match(message, /limit on changes.*; it goes on by itself at \d{4}-\d\d-\d\d \d\d:\d\d UTC\.$/);
        assert.deepEqual([complete, tagged()], [false, run * 40]);
        assert.deepEqual(
          [...fake.schedules.keys()],
          [`${NAMES}-recent`, CONTINUE],
          'never two that continue',
        );
        assert.equal(Date.parse(continuesAt), timeOf(planned()));
        event = fake.fire(CONTINUE);
      }
      const { message, continuesAt, complete } = await invoke(event);
      assert.match(message, /^Tagged 30 of 150 unread items: [^;]*\.$/);
      assert.deepEqual([complete, continuesAt, tagged()], [true, undefined, ITEMS]);
      assert.deepEqual([...fake.schedules.keys()], [`${NAMES}-recent`]);
    });
  }

  it('without that, has its older items left by a new process that sees unchanged pages first', async () => {
    await start({ MAX_CHANGES: '120' });
    await invoke({});
    await invoke({ mode: 'recent' });
    assert.equal(tagged(), 120);
    await invoke(fake.fire(CONTINUE));
    assert.equal(tagged(), ITEMS);
  });

  it('goes on when the wait ends that the reading list asks for', async () => {
    await start({}, { fault: ({ n }) => (n > 3 ? faults.rateLimited(7200) : undefined) });
    const { stoppedBy, retryAfterMs = 0, continuesAt = '' } = await invoke({});
    assert.equal(stoppedBy, 'rate-limit');
    assert.ok(retryAfterMs > 7_000_000 && retryAfterMs <= 7_200_000, `${retryAfterMs} ms`);
    const waitMs = Date.parse(continuesAt) - Date.now();
    assert.ok(waitMs > 7_000_000 && waitMs <= 7_201_000, `${waitMs} ms`);
  });

  it('goes on after its deadline', async () => {
    await start({}, { fault: ({ n }) => (n > 3 ? { kind: 'hang' } : undefined) });
    const { stoppedBy, continuesAt } = await invoke({}, 4000);
    assert.equal(stoppedBy, 'deadline');
    assert.ok(continuesAt);
  });

  it('has one schedule, too, where another run comes meanwhile', async () => {
    await start({ MAX_CHANGES: '40' });
    const full = await invoke({ mode: 'full' });
    const recent = await invoke({ mode: 'recent' });
    assert.equal(recent.continuesAt, full.continuesAt, 'the full run stays planned: it does more');
    assert.equal(fake.schedules.size, 2);
    assert.equal((fake.fire(CONTINUE) as RunRequest).mode, 'full');
  });

  it('fails when two in a row got no further, and plans none', async () => {
    await start({}, { fault: ({ n }) => (n > 2 ? faults.rateLimited(600) : undefined) });
    await invoke({});
    await invoke(fake.fire(CONTINUE));
    await assert.rejects(invoke(fake.fire(CONTINUE)), {
      name: 'Failure',
      kind: 'unavailable',
      message: /got no further.*allows no more calls for now.*none goes on by itself.*no item was changed$/,
    });
    assert.equal(fake.schedules.size, 1);
  });

  const others: [why: string, event: object, env: Record<string, string>][] = [
    ['a dry run', { dryRun: true }, {}],
    ['a limit of the event’s own', { limit: 10 }, {}],
    ['a run by `invoke local`', {}, { IS_LOCAL: 'true' }],
    ['a stack without the name of its schedules', {}, { SCHEDULE_PREFIX: '' }],
  ];
  for (const [why, event, env] of others) {
    it(`does not go on by itself after ${why}`, async () => {
      await start({ MAX_CHANGES: '40', ...env });
      const { continuesAt } = await invoke(event);
      assert.equal(continuesAt, undefined);
      assert.deepEqual(fake.calls, []);
    });
  }

  it('is no failure where none can be planned: the rest waits for the next full run', async () => {
    await start({ MAX_CHANGES: '40', LOG_LEVEL: 'WARN' }, {}, ({ method }) =>
      method === 'POST' ? [403, 'AccessDeniedException'] : undefined,
    );
    const { result, written } = await captureOutput(() => invoke({}));
    const { message, complete, tagged: done, continuesAt } = result;
    assert.deepEqual([complete, done, continuesAt], [false, 40, undefined]);
    assert.match(message, /; the next full run continues\.$/);
    const [line, ...others] = written.trim().split('\n');
    const { level, message: said } = JSON.parse(line ?? '');
    assert.deepEqual([level, others], ['WARN', []]);
    assert.match(
      said,
      /could not be made \(AccessDeniedException\).*; the rest waits for the next full run$/,
    );
  });
});
