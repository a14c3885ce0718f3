import assert from 'node:assert/strict';
import type { Context } from 'aws-lambda';
import { captureOutput } from '../helpers/capture-output.ts';
import { withEnvironment } from '../helpers/environment.ts';
import { faults } from '../helpers/faults.ts';
import { freshHandler } from '../helpers/fresh-handler.ts';
import { articles, environmentFor, pocketWith } from '../helpers/pocket.ts';
import type { TestPocketOptions } from '../helpers/test-pocket.ts';

type Line = Record<string, unknown> & { level?: string; message?: string; _aws?: unknown };

const context = (awsRequestId: string) =>
  ({
    awsRequestId,
    functionName: 'tagger',
    getRemainingTimeInMillis: () => 60_000,
  }) as unknown as Context;

/** What some invocations of one process leave in the log: its lines, and the metrics among them. */
async function logOf(
  events: readonly unknown[],
  { items = articles(3), env = {}, options = {} as Partial<TestPocketOptions> } = {},
) {
  const under = await pocketWith(items, options);
  try {
    return await withEnvironment({ ...environmentFor(under.server), ...env }, async () => {
      const { handler } = await freshHandler();
      const { result: outcomes, written } = await captureOutput(async () => {
        const outcomes: unknown[] = [];
        for (const [at, event] of events.entries())
          outcomes.push(await handler(event, context(`request-${at + 1}`)).catch((error: unknown) => error));
        return outcomes;
      });
      const all: Line[] = written
        .trim()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
      return {
        outcomes,
        written,
        lines: all.filter(({ _aws }) => !_aws),
        metrics: all.filter(({ _aws }) => _aws),
      };
    });
  } finally {
    await under.close();
  }
}

const named = (lines: readonly Line[], message: string) => lines.filter((line) => line.message === message);

/** The first value of a metric. */
const metric = (metrics: readonly Line[], name: string) => metrics.find((found) => name in found)?.[name];

/** What a line tells CloudWatch about the metrics in it. */
const emfOf = (line: Line | undefined) =>
  (line?._aws as { CloudWatchMetrics: Record<string, unknown>[] } | undefined)?.CloudWatchMetrics[0];

describe('the log of a run', () => {
  it('has a line for its start, each page, and its end, with the request id', async () => {
    const { lines } = await logOf([{ mode: 'full' }, { mode: 'full' }], { items: articles(45) });
    const events = lines.filter(({ message }) => /^(run|page|item)-/.test(message ?? ''));
    assert.deepEqual(
      events.map(({ message, function_request_id }) => [message, function_request_id]),
      ['request-1', 'request-2'].flatMap((id) =>
        ['run-started', 'page-read', 'page-read', 'run-finished'].map((message) => [message, id]),
      ),
    );
    const [first, second] = named(lines, 'page-read');
    assert.deepEqual([first?.items, second?.items, second?.listed, second?.total], [30, 15, 45, 45]);
    assert.equal(
      named(lines, 'run-finished')[0]?.result,
      'Tagged 45 of 45 unread items: 12 a quick read, 15 a medium read, 18 a long read.',
    );
  });

  it('has a warning for each item that failed, by its id', async () => {
    const { lines, metrics } = await logOf([''], {
      options: {
        fault: ({ endpoint }) =>
          endpoint === 'send'
            ? {
                kind: 'change',
                change: (body) => ({ ...(body as object), action_results: [true, false, true] }),
              }
            : undefined,
      },
    });
    const [failed, ...others] = named(lines, 'item-failed');
    assert.deepEqual([failed?.level, failed?.itemId, failed?.reason, others], ['WARN', '2', 'refused', []]);
    assert.equal(metric(metrics, 'ItemsFailed'), 1);
  });

  it('has all that a graph could show of a run in the line of its end', async () => {
    const { lines } = await logOf([''], {
      items: [...articles(3), { given_url: 'https://example.com/x', time_added: 1, word_count: 0 }],
      options: { fault: ({ n }) => (n === 1 ? faults.rateLimited(0) : undefined) },
    });
    const [end] = named(lines, 'run-finished');
    assert.partialDeepStrictEqual(end, {
      mode: 'recent',
      complete: true,
      listed: 4,
      tagged: 3,
      unchanged: 0,
      failed: 0,
      byBand: { 'a quick read': 3, 'a medium read': 0, 'a long read': 0 },
      skipped: { 'not-parsed': 1 },
      // A page, twice, a batch, and one item of it read back.
      requests: 4,
      throttled: 1,
      wholeList: true,
      backlogItems: 3,
      backlogMinutes: 4,
    });
    assert.equal(typeof end?.durationMs, 'number');
  });

  const backlogs: [why: string, env: Record<string, string>, items: number | undefined][] = [
    ['the whole list, where all of it was decided on', {}, 40],
    ['nothing of it, where the limit on changes left some', { MAX_CHANGES: '35' }, undefined],
  ];
  for (const [why, env, items] of backlogs) {
    it(`gives as the backlog of a full run ${why}`, async () => {
      const { lines } = await logOf([{ mode: 'full' }], { items: articles(40), env });
      const [end] = named(lines, 'run-finished');
      assert.deepEqual([end?.backlogItems, end?.listed], [items, items ?? 35]);
    });
  }

  it('shows neither titles nor addresses, at any level', async () => {
    const { written } = await logOf([{ mode: 'full' }], { env: { LOG_LEVEL: 'DEBUG' } });
    assert.match(written, /page-read/);
    assert.doesNotMatch(written, /Article|example\.com/);
  });

  const failures: [
    why: string,
    event: unknown,
    env: Record<string, string>,
    kind: string,
    refused: number | undefined,
  ][] = [
    ['a bad event', { mode: 'all' }, {}, 'settings', undefined],
    ['a bad setting', {}, { BANDS: 'x:9, y:3, z' }, 'settings', undefined],
    ['a refused credential, which is counted', {}, { POCKET_TOKEN: 'wrong' }, 'credentials', 1],
  ];
  for (const [why, event, env, kind, refused] of failures) {
    it(`logs ${why}, and the invocation fails`, async () => {
      const { lines, metrics, outcomes } = await logOf([event], { env });
      const [failed] = named(lines, 'run-failed');
      assert.deepEqual(
        [failed?.level, failed?.kind, failed?.function_request_id],
        ['ERROR', kind, 'request-1'],
      );
      assert.equal((outcomes[0] as Error).name, 'Failure');
      assert.equal(metric(metrics, 'CredentialsRefused'), refused);
      assert.equal(metric(metrics, 'RunComplete'), 0);
    });
  }
});

describe('the metrics of a run', () => {
  it('are in CloudWatch’s embedded format, in the namespace and under the name of the stage', async () => {
    const { metrics } = await logOf([''], {
      env: { POWERTOOLS_SERVICE_NAME: 'tagger-prod', POWERTOOLS_METRICS_NAMESPACE: 'reading' },
    });
    const { Namespace, Dimensions } = emfOf(metrics[0]) ?? {};
    assert.deepEqual([Namespace, Dimensions, metrics[0]?.service], ['reading', [['service']], 'tagger-prod']);
  });

  it('are three, on one line, with the name of the stage as their only dimension', async () => {
    const { metrics } = await logOf([{ mode: 'full' }], { items: articles(45) });
    assert.equal(metrics.length, 1);
    assert.deepEqual(emfOf(metrics[0])?.Metrics, [
      { Name: 'RunComplete', Unit: 'Count' },
      { Name: 'ItemsFailed', Unit: 'Count' },
      { Name: 'CredentialsRefused', Unit: 'Count' },
    ]);
  });

  it('know of a run that was stopped, which is no failure', async () => {
    const { metrics, outcomes } = await logOf([{ limit: 1 }]);
    assert.equal(metric(metrics, 'RunComplete'), 0);
    assert.ok(!(outcomes[0] instanceof Error));
  });

  // What Lambda sets for JSON logs; it drops lines below its level, and takes a line without one for INFO.
  const asInLambda = { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: 'INFO' };
  const levels: [level: string, lines: number][] = [
    ['INFO', 3],
    ['WARN', 0],
    ['SILENT', 0],
  ];
  for (const [level, count] of levels)
    it(`are written whatever the level is, with ${count} lines of the log at ${level}`, async () => {
      const { lines, metrics } = await logOf([''], { env: { ...asInLambda, LOG_LEVEL: level } });
      const ofRun = lines.filter(({ message }) => /^(run|page)-/.test(message ?? ''));
      assert.deepEqual([ofRun.length, metric(metrics, 'RunComplete')], [count, 1]);
      if (count === 0) assert.deepEqual(lines, []);
    });

  it('leave a dry run out', async () => {
    const { metrics } = await logOf([{ dryRun: true }]);
    assert.deepEqual(metrics, []);
  });
});
