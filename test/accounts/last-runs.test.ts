import assert from 'node:assert/strict';
import { lastRuns } from '../../lib/accounts/last-runs.ts';
import {
  awsError,
  type FakeSecretsManager,
  startFakeSecretsManager,
} from '../helpers/fake-secrets-manager.ts';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const HOUR_MS = 3_600_000;
const MAX_ROWS = 200;

/** A line of the log; `hours` ago. */
type Line = { readonly hours: number; readonly account: string } & Readonly<Record<string, unknown>>;

/** A small CloudWatch Logs Insights, whose protocol is that of Secrets Manager. Knows the one query that is asked. */
async function startFakeLogs(lines: readonly Line[], ends: string[] = []): Promise<FakeSecretsManager> {
  const sorted = lines.toSorted((one, other) => one.hours - other.hours);
  const queries: (readonly Line[])[] = [];
  return startFakeSecretsManager(({ action, body }) => {
    if (action === 'StartQuery') {
      queries.push(newestOf(sorted, body));
      return { body: { queryId: String(queries.length - 1) } };
    }
    const status = ends.shift() ?? 'Complete';
    const rows = status === 'Complete' ? (queries[Number(body.queryId)] ?? []) : [];
    return { body: { status, results: rows.map(rowOf) } };
  });
}

function newestOf(sorted: readonly Line[], asked: Readonly<Record<string, unknown>>): Line[] {
  const { logGroupName, queryString, startTime, endTime, limit } = asked;
  assert.equal(logGroupName, '/aws/lambda/readtime-tagger-prod-tagger');
  const query = String(queryString);
  assert.ok(query.length <= 10_000 && query.endsWith('| sort @timestamp desc | dedup account'), query);
  const names = JSON.parse(/account in (\[.*?\])/.exec(query)?.[1] ?? 'null');
  const isAsked = ({ hours, account }: Line) => {
    const seconds = (NOW - hours * HOUR_MS) / 1000;
    return seconds >= Number(startTime) && seconds <= Number(endTime) && (names?.includes(account) ?? true);
  };
  const newest = new Map<string, Line>();
  for (const line of sorted.filter(isAsked)) if (!newest.has(line.account)) newest.set(line.account, line);
  return [...newest.values()].slice(0, Number(limit));
}

function rowOf({ hours, ...fields }: Line): object[] {
  const at = new Date(NOW - hours * HOUR_MS).toISOString().replace('T', ' ').replace('Z', '');
  const row = { '@timestamp': at, '@message': JSON.stringify({ level: 'INFO', ...fields }), '@ptr': 'x' };
  return Object.entries(row).map(([field, value]) => ({ field, value }));
}

const finished = { message: 'run-finished', mode: 'recent', listed: 30, tagged: 4, result: 'Tagged 4.' };
const failed = { message: 'run-failed', kind: 'credentials', reason: 'Karakeep answered 401' };

describe('the last runs of accounts', () => {
  const before = { ...process.env };
  let logs: FakeSecretsManager;
  afterEach(async () => {
    process.env = { ...before };
    await logs?.close();
  });
  const start = async (...given: Parameters<typeof startFakeLogs>) => {
    logs = await startFakeLogs(...given);
    Object.assign(process.env, logs.env);
  };
  const ask = (names?: readonly string[]) =>
    lastRuns(names, { stage: 'prod', now: () => NOW, lookMs: 1, maxRows: MAX_ROWS });
  const queries = () => logs.calls.filter(({ action }) => action === 'StartQuery').length;

  it('are the newest of each, one that failed with why', async () => {
    await start(
      [
        { hours: 1, account: 'anna', ...finished },
        { hours: 2, account: 'anna', ...failed },
        { hours: 3, account: 'berta', ...failed },
        { hours: 4, account: 'berta', ...finished },
        { hours: 24 * 9, account: 'carl', ...finished },
      ],
      ['Scheduled', 'Running'],
    );
    assert.deepEqual(
      await ask(),
      new Map([
        [
          'anna',
          {
            at: new Date(NOW - HOUR_MS),
            mode: 'recent',
            ok: true,
            listed: 30,
            tagged: 4,
            message: 'Tagged 4.',
          },
        ],
        ['berta', { at: new Date(NOW - 3 * HOUR_MS), ok: false, message: 'Karakeep answered 401' }],
      ]),
    );
  });

  it('are of those that are named', async () => {
    await start(['anna', 'berta', 'carl'].map((account) => ({ hours: 1, account, ...finished })));
    assert.deepEqual([...(await ask(['carl', 'anna', 'nobody'])).keys()].toSorted(), ['anna', 'carl']);
  });

  it('are not asked for where none is named', async () => {
    await start([]);
    assert.equal((await ask([])).size, 0);
    assert.equal(logs.calls.length, 0);
  });

  it('are of those that are named, although they are more than a query can name', async () => {
    const names = Array.from({ length: 400 }, (_, at) => `user-${at}-`.padEnd(48, 'x'));
    await start(names.map((account, at) => ({ hours: 1 + at / 10, account, ...finished })));
    assert.deepEqual([...(await ask(names.slice(0, 300))).keys()].toSorted(), names.slice(0, 300).toSorted());
  });

  it('are all of them, although they are more than a query answers', async () => {
    const count = 2.5 * MAX_ROWS;
    const lines = Array.from({ length: count }, (_, at) => ({
      hours: (at * 190) / count,
      account: `user-${at}`,
      ...finished,
    }));
    // Older lines of the same, which are in another part.
    await start([...lines, { hours: 189, account: 'user-0', ...failed }]);
    const found = await ask();
    assert.equal(found.size, count);
    assert.equal(found.get('user-0')?.ok, true);
    assert.ok(queries() > 3 && queries() < 12, `${queries()} queries`);
  });

  it('are those that a query can answer, where more are in one second', async () => {
    await start(
      Array.from({ length: MAX_ROWS + 5 }, (_, at) => ({ hours: 1, account: `user-${at}`, ...finished })),
    );
    assert.equal((await ask()).size, MAX_ROWS);
  });

  it('are not known where a query ends otherwise', async () => {
    await start([], ['Failed']);
    await assert.rejects(ask(), {
      name: 'Failure',
      kind: 'unavailable',
      message:
        /^Log group "\/aws\/lambda\/readtime-tagger-prod-tagger": the query .* ended as Failed; try again/,
    });
  });

  const refusals: [why: string, error: string, said: RegExp][] = [
    [
      'the permission is missing',
      'AccessDeniedException',
      /"Action":\["logs:StartQuery","logs:GetQueryResults"\],"Resource":"\*"}$/,
    ],
    ['there is no such stage', 'ResourceNotFoundException', /^Stage "prod": has no log group \/aws\/lambda/],
  ];
  for (const [why, error, said] of refusals)
    it(`are not known where ${why}`, async () => {
      logs = await startFakeSecretsManager(() => awsError(error));
      Object.assign(process.env, logs.env);
      await assert.rejects(ask(), { name: 'Failure', kind: 'settings', message: said });
    });

  it('are looked for under no name that is none', async () => {
    await start([]);
    await assert.rejects(ask(['anna"] or 1 in ["1']), { name: 'Failure', message: /is no name of one/ });
    assert.equal(logs.calls.length, 0);
  });
});
