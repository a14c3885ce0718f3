import assert from 'node:assert/strict';
import type { FailedAccountRun } from '../../lib/accounts/run-account.ts';
import type { Summary } from '../../lib/core/summary.ts';
import { Failure } from '../../lib/failure.ts';
import type { SecretsCheck } from '../../lib/secrets/check-secrets.ts';
import { type AccountsStage, accountOn, type Invoked, startAccountsStage } from '../helpers/accounts.ts';
import { type FakeItem, type FakeServer, fakeItems } from '../helpers/services/fake-service.ts';
import { fakeKarakeep } from '../helpers/services/karakeep.ts';

const ANNA = 'prod/accounts/anna';
const BANDS = 'quick:2, long';
const SINCE = '2026-11-20T10:00:00.000Z';

describe('a run of an account', () => {
  let items: FakeItem[];
  let server: FakeServer;
  let others: FakeServer[];
  let stage: AccountsStage;
  const tags = () => items.map((item) => item.tags);
  const writes = () => server.calls.filter(({ isWrite }) => isWrite).length;
  const summaryOf = ({ outcome }: Invoked) => outcome as Summary;

  beforeEach(async () => {
    others = [];
    items = fakeItems(3, { words: 100 });
    server = await fakeKarakeep(items);
    stage = await startAccountsStage([server]);
    stage.secrets.set(ANNA, accountOn('karakeep', server, { BANDS }));
  });
  afterEach(() => Promise.all([server, ...others, stage].map((one) => one.close())));

  it('tags its list by its own bands, and every line of the log names it', async () => {
    const { outcome, lines, metrics } = await stage.invoke({ account: 'anna' });
    assert.partialDeepStrictEqual(outcome, { mode: 'recent', complete: true, tagged: 3 });
    assert.deepEqual(tags(), Array(3).fill(['quick']));
    assert.deepEqual(
      lines.map(({ message, account }) => [message, account]),
      ['Read a secret', 'run-started', 'page-read', 'run-finished'].map((message) => [message, 'anna']),
    );
    assert.deepEqual(metrics, { AccountFailed: 0 });
  });

  for (const mode of ['recent', 'check'])
    it(`calls no private address that the operator does not let accounts name: ${mode}`, async () => {
      const { host } = new URL(server.url);
      Object.assign(stage.env, { ACCOUNTS_ALLOW_HOSTS: '', PAGES_ALLOW_HOSTS: host });
      const { outcome } = await stage.invoke({ account: 'anna', mode });
      assert.match(
        (outcome as FailedAccountRun).message,
        /was not called: it has a port .* accountsAllowHosts/,
      );
      assert.deepEqual(server.calls, []);
    });

  it('stops where the runs before it have used up the calls of the hour', async () => {
    const hour = { began: new Date().toISOString(), ms: 0, calls: 1500 };
    const continues = { runs: 1, listed: 0, withoutProgress: 0, hour };
    const { outcome } = await stage.invoke({ account: 'anna', mode: 'full', continues });
    assert.partialDeepStrictEqual(outcome, { complete: false, stoppedBy: 'budget', tagged: 0 });
  });

  it('reads the packed secret that the event names', async () => {
    stage.secrets.set('prod/accounts/shard-17', { ben: {}, anna: stage.secrets.get(ANNA) });
    stage.secrets.delete(ANNA);
    const { outcome, lines } = await stage.invoke({ account: 'anna', shard: 17 });
    assert.partialDeepStrictEqual(outcome, { complete: true, tagged: 3 });
    assert.equal(lines[0]?.secret, 'prod/accounts/shard-17');
  });

  it('has the stage’s bands where it has none of its own, and not its reading list', async () => {
    Object.assign(stage.env, { BANDS: 'of the stage:2, more', READING_LIST: 'readeck', SECRETS_FROM: 'env' });
    stage.secrets.set(ANNA, accountOn('karakeep', server));
    await stage.invoke({ account: 'anna' });
    assert.deepEqual(tags(), Array(3).fill(['of the stage']));
  });

  it('changes nothing on a dry run, of which there are no metrics', async () => {
    const { outcome, metrics } = await stage.invoke({ account: 'anna', dryRun: true });
    assert.partialDeepStrictEqual(outcome, { dryRun: true, tagged: 3 });
    assert.deepEqual([writes(), metrics], [0, {}]);
  });

  it('changes no more than the event says', async () => {
    const { outcome } = await stage.invoke({ account: 'anna', mode: 'full', limit: 2 });
    assert.partialDeepStrictEqual(outcome, { mode: 'full', tagged: 2, complete: false });
    assert.equal(tags().flat().length, 2);
  });

  it('says on standard error how it ended, where it is invoked on this machine', async () => {
    Object.assign(stage.env, { IS_LOCAL: 'true', LOG_LEVEL: 'INFO' });
    const { outcome, lines, written } = await stage.invoke({ account: 'anna' });
    assert.ok(written.endsWith(`\n${(outcome as Summary).message}\n`));
    assert.ok(lines.length > 0 && lines.every(({ account }) => account === 'anna'));
  });

  it('reads its variables anew: what was changed since the last one counts, and who had the name before does not', async () => {
    await stage.invoke({ account: 'anna' });
    const otherItems = fakeItems(2, { words: 100 });
    const other = await fakeKarakeep(otherItems, { token: 'of-another-anna' });
    others.push(other);
    stage.env.ACCOUNTS_ALLOW_HOSTS += `,${new URL(other.url).host}`;
    stage.secrets.set(ANNA, accountOn('karakeep', other, { BANDS: 'short:2, more' }));
    const callsBefore = server.calls.length;
    assert.equal(summaryOf(await stage.invoke({ account: 'anna' })).tagged, 2);
    assert.deepEqual(
      otherItems.map((item) => item.tags),
      [['short'], ['short']],
    );
    assert.equal(server.calls.length, callsBefore);
    assert.equal(stage.aws.calls.length, 2);
  });

  describe('that fails', () => {
    const unknown = { status: 200, headers: {}, body: { bookmarks: 7 } };
    const failures: [why: string, setUp: () => void, kind: string, message: RegExp][] = [
      [
        'nothing has its name',
        () => stage.secrets.clear(),
        'credentials',
        /"prod\/accounts\/anna": not found/,
      ],
      ['its token is refused', () => server.tokens.clear(), 'credentials', /credentials refused/],
      [
        'a setting makes no sense',
        () => stage.secrets.set(ANNA, accountOn('karakeep', server, { BANDS: 'x:9, y:3, z' })),
        'settings',
        /"y:3" is out of order/,
      ],
      [
        'a variable is not allowed',
        () => stage.secrets.set(ANNA, accountOn('karakeep', server, { LOG_LEVEL: 'DEBUG' })),
        'settings',
        /LOG_LEVEL is set by who runs the stage/,
      ],
      ['its secret is no JSON', () => stage.secrets.set(ANNA, 'S3CRET'), 'settings', /not a JSON object/],
      [
        'Secrets Manager is too busy',
        () => {
          stage.isThrottled = true;
        },
        'unavailable',
        /answered ThrottlingException; try again later/,
      ],
      [
        'its service answers what no version of it does',
        () => {
          server.fault = () => ({ kind: 'answer', answer: unknown });
        },
        'unexpected-response',
        /not what was expected/,
      ],
    ];
    for (const [why, setUp, kind, message] of failures)
      it(`resolves, and says that ${why}`, async () => {
        setUp();
        const { outcome, lines, metrics, written } = await stage.invoke({ account: 'anna', mode: 'full' });
        const failed = outcome as FailedAccountRun;
        assert.deepEqual(Object.keys(failed), ['account', 'mode', 'complete', 'kind', 'message']);
        assert.partialDeepStrictEqual(failed, { account: 'anna', mode: 'full', complete: false, kind });
        assert.match(failed.message, message);
        assert.partialDeepStrictEqual(lines.at(-1), {
          level: 'ERROR',
          message: 'run-failed',
          account: 'anna',
          kind,
          reason: failed.message,
        });
        assert.ok(lines.every(({ account }) => account === 'anna'));
        assert.doesNotMatch(written, /token-5678|S3CRET/);
        const isOurs = kind === 'unexpected-response';
        assert.deepEqual(metrics, { AccountFailed: 1, ...(isOurs && { UnexpectedResponse: 1 }) });
      });

    it('is no fault of ours again where it was failing already', async () => {
      server.fault = () => ({ kind: 'answer', answer: unknown });
      const { metrics } = await stage.invoke({ account: 'anna', failingSince: SINCE });
      assert.deepEqual(metrics, { AccountFailed: 1 });
    });

    it('says what it had done before', async () => {
      server.fault = ({ n }) => (n > 2 ? { kind: 'answer', answer: { ...unknown, status: 401 } } : undefined);
      const { message } = (await stage.invoke({ account: 'anna' })).outcome as FailedAccountRun;
      assert.match(message, /\. Before that, /);
    });

    it('leaves the next one of another as it is', async () => {
      stage.secrets.set('prod/accounts/ben', accountOn('karakeep', server, { BANDS: 'x:9, y:3, z' }));
      await stage.invoke({ account: 'ben' });
      assert.partialDeepStrictEqual((await stage.invoke({ account: 'anna' })).outcome, { tagged: 3 });
    });

    it('rejects for a bug, whose words are not logged', async () => {
      const bug = new TypeError('of S3CRET');
      const { outcome, lines, metrics } = await stage.invoke({ account: 'anna' }, () => {
        throw bug;
      });
      assert.equal(outcome, bug);
      const [, failed] = lines;
      assert.partialDeepStrictEqual(failed, {
        message: 'run-failed',
        account: 'anna',
        kind: 'unknown',
        reason: 'TypeError',
      });
      assert.deepEqual(metrics, { AccountFailed: 1 });
    });

    const noStage: [why: string, ACCOUNTS: string | undefined][] = [
      ['has none', undefined],
      ['has an empty name for them', ''],
    ];
    for (const [why, ACCOUNTS] of noStage)
      it(`rejects where the stage ${why}, and asks nobody for a secret`, async () => {
        if (ACCOUNTS === undefined) delete stage.env.ACCOUNTS;
        else stage.env.ACCOUNTS = ACCOUNTS;
        const { outcome, lines } = await stage.invoke({ account: 'anna' });
        assert.ok(outcome instanceof Failure && outcome.kind === 'settings');
        assert.match(
          outcome.message,
          /this stage has no accounts; deploy it with the parameter accounts: true/,
        );
        assert.deepEqual([lines.at(-1)?.message, stage.aws.calls.length], ['run-failed', 0]);
      });

    it('resolves for the name of a packed secret, which it does not read', async () => {
      stage.secrets.set('prod/accounts/shard-17', { anna: {} });
      const { outcome } = await stage.invoke({ account: 'shard-17' });
      assert.partialDeepStrictEqual(outcome, { account: 'shard-17', kind: 'settings' });
      assert.equal(stage.aws.calls.length, 0);
    });

    it('rejects for a name that is none, which no line of the log has', async () => {
      const { outcome, lines } = await stage.invoke({ account: '../anna' });
      assert.ok(outcome instanceof Failure && outcome.kind === 'settings');
      assert.deepEqual([lines.length, lines[0]?.account, stage.aws.calls.length], [1, undefined, 0]);
    });
  });

  describe('that only checks', () => {
    const checkOf = async () => (await stage.invoke({ account: 'anna', mode: 'check' })).outcome;

    it('says that its credentials are accepted, and changes nothing', async () => {
      const check = (await checkOf()) as SecretsCheck;
      assert.deepEqual(
        [check.mode, check.ok, check.readingList],
        ['check', true, { accepts: true, writes: true }],
      );
      assert.deepEqual(
        check.secrets.map(({ name, usable, versionId }) => [name, usable, versionId]),
        [['KARAKEEP_TOKEN', true, 'v1']],
      );
      assert.deepEqual(tags(), [[], [], []]);
    });

    it('says that they are refused, and by which command they are set', async () => {
      server.tokens.clear();
      const check = (await checkOf()) as SecretsCheck;
      assert.deepEqual([check.ok, check.readingList.kind], [false, 'credentials']);
      assert.match(check.message, /npm run accounts -- rotate anna/);
    });

    it('resolves where there is no such account', async () => {
      stage.secrets.clear();
      assert.partialDeepStrictEqual(await checkOf(), { account: 'anna', mode: 'check', kind: 'credentials' });
    });
  });
});
