import assert from 'node:assert/strict';
import { handler } from '../handler.ts';
import type { Summary } from '../lib/core/summary.ts';
import { Failure } from '../lib/failure.ts';
import type { NewItem } from '../lib/pocket-server/stored-item.ts';
import { faults } from './helpers/faults.ts';
import { articles, environmentFor, type PocketUnderTest, pocketWith } from './helpers/pocket.ts';
import type { TestPocketOptions } from './helpers/test-pocket.ts';

/** What the log and the metrics hold is for test/telemetry/lambda-telemetry.test.ts. */
const QUIET = { LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' };

describe('handler', () => {
  const before = { ...process.env };
  let under: PocketUnderTest;

  const start = async (
    items: readonly NewItem[],
    env: Record<string, string> = {},
    options: Partial<TestPocketOptions> = {},
  ) => {
    under = await pocketWith(items, options);
    Object.assign(process.env, environmentFor(under.server), QUIET, env);
  };
  afterEach(async () => {
    process.env = { ...before };
    await under?.close();
  });
  const lambda = (remainingMs: number) =>
    ({ getRemainingTimeInMillis: () => remainingMs }) as Parameters<typeof handler>[1];
  const tag = async (...asked: Parameters<typeof handler>) => (await handler(...asked)) as Summary;

  it('takes two arguments, since Node 24’s runtime refuses a handler with a callback', () => {
    assert.equal(handler.length, 2);
  });

  it('tags the list on a scheduled event, and gives a summary that is JSON', async () => {
    await start(articles(45));
    const summary = await tag({ source: 'aws.events', 'detail-type': 'Scheduled Event' }, lambda(60_000));
    assert.deepEqual(JSON.parse(JSON.stringify(summary)), summary);
    assert.equal(
      summary.message,
      'Tagged 45 of 45 unread items: 12 a quick read, 15 a medium read, 18 a long read.',
    );
    assert.deepEqual(
      [summary.mode, summary.complete, summary.listed, summary.tagged, summary.requests],
      ['recent', true, 45, 45, under.server.callCount()],
    );
  });

  it('fails, rather than being incomplete, where the listing never ends, and says what it has tagged', async () => {
    const row = { item_id: '1', status: '0', word_count: '100' };
    const change = (body: unknown) => ({ ...(body as object), list: Array(100).fill(row), total: '9' });
    const fault = ({ endpoint, n }: { endpoint: string; n: number }) =>
      endpoint === 'get' && n === 1 ? ({ kind: 'change', change } as const) : undefined;
    await start(articles(3), {}, { fault });
    await assert.rejects(tag({}, lambda(60_000)), (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.kind, 'unexpected-response');
      assert.match(error.message, /one item came 100 times on a page; .*\? Before that, 1 item was tagged$/);
      assert.deepEqual([error.summary?.listed, error.summary?.tagged], [1, 1]);
      return true;
    });
    assert.deepEqual(under.tagsById()[1], ['a quick read']);
  });

  it('writes nothing on a dry run', async () => {
    await start(articles(3));
    const summary = await tag({ dryRun: true });
    assert.deepEqual([summary.dryRun, summary.tagged], [true, 3]);
    assert.deepEqual(Object.values(under.tagsById()).flat(), []);
  });

  it('keeps to the bands and the speed of the settings', async () => {
    await start([{ given_url: 'https://example.com/', word_count: 1000, time_to_read: 9 }], {
      BANDS: 'short:2, long',
      WORDS_PER_MINUTE: '500',
    });
    await tag('');
    assert.deepEqual(under.tagsById(), { 1: ['short'] });
  });

  const failures: [
    why: string,
    event: unknown,
    env: Record<string, string>,
    kind: string,
    message: RegExp,
  ][] = [
    ['an event that makes no sense', { mode: 'all' }, {}, 'settings', /"mode" is "all"/],
    ['a setting that makes no sense', {}, { BANDS: 'x:9, y:3, z' }, 'settings', /"y:3" is out of order/],
    ['a secret that is not there', {}, { POCKET_KEY_SECRET: 'NOWHERE' }, 'credentials', /"NOWHERE"/],
    ['a secret that is refused', {}, { POCKET_TOKEN: 'wrong' }, 'credentials', /token/],
  ];
  for (const [why, event, env, kind, message] of failures) {
    it(`rejects on ${why}, with a kind that says who can fix it`, async () => {
      await start(articles(1), env);
      await assert.rejects(handler(event), { name: 'Failure', kind, message });
    });
  }

  it('refuses settings that contradict each other before the first call', async () => {
    await start(articles(1), { BANDS: 'a:2, A' });
    await assert.rejects(handler({}), { name: 'Failure', kind: 'settings' });
    assert.equal(under.server.callCount(), 0);
  });

  it('changes no more than MAX_CHANGES, or fewer where the event says so', async () => {
    await start(articles(50), { MAX_CHANGES: '20' });
    const dry = await tag({ mode: 'full', dryRun: true });
    assert.deepEqual([dry.tagged, dry.left, dry.complete], [50, undefined, true]);
    const first = await tag({ mode: 'full' });
    assert.deepEqual([first.tagged, first.left], [20, { changes: 30, unseen: 0 }]);
    assert.match(
      first.message,
      /at the limit on changes, with 30 more to change; the next full run continues\.$/,
    );
    const few = await tag({ mode: 'full', limit: 5 });
    assert.deepEqual([few.tagged, few.left], [5, { changes: 5, unseen: 20 }]);
  });

  it('ends by itself, before Lambda’s time is over, when a service does not respond', async () => {
    await start(articles(90), {}, { fault: ({ n }) => (n > 2 ? { kind: 'hang' } : undefined) });
    const summary = await tag({}, lambda(900));
    assert.equal(summary.complete, false);
    assert.match(summary.message, /Stopped when its time was up; the next full run continues\.$/);
  });

  it('continues where a stopped run ended, after pages that are right already', async () => {
    await start(articles(150));
    const first = await tag({ limit: 120 });
    assert.deepEqual([first.complete, first.tagged], [false, 120]);
    const second = await tag({});
    assert.deepEqual([second.complete, second.tagged], [true, 30]);
    const third = await tag({});
    assert.equal(third.listed, 90);
  });

  it('says what a failed run had done, and the next one continues there', async () => {
    let fails = true;
    await start(
      articles(150),
      {},
      { fault: ({ n }) => (fails && n > 9 ? faults.noPermission() : undefined) },
    );
    await assert.rejects(handler({}), (error) => {
      assert.ok(error instanceof Failure && error.summary);
      const { tagged, listed, complete, stoppedBy } = error.summary;
      const written = Object.values(under.tagsById()).filter((tags) => tags.length === 1).length;
      assert.ok(written > 0 && written < 150 && listed >= written, 'in the middle');
      assert.deepEqual([error.kind, tagged, complete, stoppedBy], ['credentials', written, false, 'failure']);
      assert.ok(error.message.endsWith(`. Before that, ${written} items were tagged`), error.message);
      return true;
    });
    fails = false;
    await tag({});
    assert.equal(Object.values(under.tagsById()).filter((tags) => tags.length === 1).length, 150);
  });
});
