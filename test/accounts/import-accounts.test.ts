import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { type Accounts, type ImportedLine, openAccounts } from '../../lib/accounts/accounts.ts';
import { type AccountsOnAws, startAccountsOnAws } from '../helpers/accounts-on-aws.ts';

const lineOf = (account: string, more: object = {}) =>
  JSON.stringify({ account, READING_LIST: 'karakeep', KARAKEEP_TOKEN: `S3CRET-${account}`, ...more });
const names = (count: number) => Array.from({ length: count }, (_, at) => `user-${1000 + at}`);

describe('an import of accounts', () => {
  let aws: AccountsOnAws;
  let accounts: Accounts;
  let done: ImportedLine[];
  beforeEach(async () => {
    aws = await startAccountsOnAws();
    done = [];
    accounts = openAccounts({ stage: 'prod' }, { settleMs: 0 });
  });
  afterEach(() => aws.close());
  const run = (lines: Iterable<string> | AsyncIterable<string>, packed = false) =>
    accounts.import(lines, (line) => done.push(line), { packed });
  const inOrder = () => done.toSorted((one, other) => one.line - other.line);

  for (const packed of [false, true]) {
    describe(packed ? 'into shards' : 'into secrets of their own', () => {
      it('adds each, and passes over those that are there', async () => {
        await accounts.add('user-1001', { READING_LIST: 'karakeep', KARAKEEP_TOKEN: 'mine' });
        const lines = names(50).map((name) => lineOf(name));
        assert.deepEqual(await run(lines, packed), { added: 49, wereThere: 1, refused: 0 });
        assert.deepEqual(inOrder()[1], { line: 2, account: 'user-1001', outcome: 'was there' });
        assert.equal(aws.names().length, 150);
        for (const name of names(50)) {
          const { KARAKEEP_TOKEN } = aws.readFor(aws.event(`${name}-recent`) ?? {}) as Record<string, string>;
          assert.equal(KARAKEEP_TOKEN, name === 'user-1001' ? 'mine' : `S3CRET-${name}`);
        }
      });

      it('writes nothing of a wrong line, says which it is and no value, and goes on', async () => {
        const lines = [
          lineOf('anna'),
          'S3CRET',
          '',
          '{"READING_LIST":"S3CRET"}',
          lineOf('No Name'),
          lineOf('berta', { AWS_PROFILE: 'S3CRET', S3CRET: '' }),
          lineOf('anna', { KARAKEEP_TOKEN: 'S3CRET2' }),
          lineOf('shard-1'),
          lineOf('carl'),
        ];
        assert.deepEqual(await run(lines, packed), { added: 2, wereThere: 0, refused: 6 });
        const refused = inOrder().filter(({ outcome }) => outcome === 'refused');
        assert.deepEqual(
          refused.map(({ line, account }) => [line, account]),
          [
            [2, undefined],
            [4, undefined],
            [5, undefined],
            [6, 'berta'],
            [7, 'anna'],
            [8, undefined],
          ],
        );
        for (const { problem } of refused) assert.ok(problem && !problem.includes('\n'));
        assert.match(
          refused[0]?.problem ?? '',
          /^is not a JSON object with an account, such as {"account":"anna"/,
        );
        assert.match(refused[3]?.problem ?? '', /^Account "berta": AWS_PROFILE is set by who runs the stage/);
        assert.match(refused[4]?.problem ?? '', /^Account "anna": is in another line, too$/);
        const said = inspect(refused, { depth: 10 });
        for (const value of ['S3CRET2', 'S3CRET-']) assert.ok(!said.includes(value), said);
        assert.deepEqual(new Set(aws.names().map((name) => name.split('-')[0])), new Set(['anna', 'carl']));
      });

      it('goes on where it was interrupted, and then is as if it had not been', async () => {
        const lines = names(45).map((name) => lineOf(name));
        let calls = 0;
        aws.onCall = (call) => {
          if (call.startsWith('POST')) calls += 1;
          return calls > 60 ? 'before' : undefined;
        };
        await assert.rejects(run(lines, packed), { name: 'Failure' });
        const before = aws.names().filter((name) => name.endsWith('-recent')).length;
        assert.ok(before > 0 && before < 45, `${before}`);
        aws.onCall = () => undefined;
        assert.deepEqual(await run(lines, packed), { added: 45 - before, wereThere: before, refused: 0 });
        assert.equal(aws.names().length, 135);
        const secrets = [...aws.secrets.secrets.keys()];
        assert.equal(secrets.length, packed ? 1 : 45);
      });

      it('reads no more lines than it works on', async () => {
        let read = 0;
        let mostAhead = 0;
        async function* lines() {
          for (const name of names(200)) {
            read += 1;
            mostAhead = Math.max(
              mostAhead,
              read - aws.calls.filter((call) => /^GET .*-recent/.test(call)).length,
            );
            yield lineOf(name);
          }
        }
        await run(lines(), packed);
        assert.equal(read, 200);
        assert.ok(mostAhead <= 21, `${mostAhead} lines ahead`);
      });
    });
  }

  it('fills shards to 80 %, in few versions', async () => {
    const lines = names(60).map((name) => lineOf(name, { BANDS: 'x=5, '.repeat(400) }));
    await run(lines, true);
    const shards = [...aws.secrets.secrets].toSorted();
    assert.deepEqual(
      shards.map(([name]) => name),
      [1, 2, 3].map((shard) => `prod/accounts/shard-${shard}`),
    );
    for (const [name, { versions }] of shards) {
      assert.ok(Buffer.byteLength(versions.at(-1)?.text ?? '') <= 52_428, name);
      assert.ok(versions.length <= 2, `${name}: ${versions.length} versions`);
    }
  });

  it('leaves what was begun with a secret of its own there, also where others come into shards', async () => {
    aws.secrets.set('prod/accounts/anna', lineOf('anna').replace('"account":"anna",', ''));
    await run([lineOf('anna'), lineOf('berta')], true);
    assert.equal((await accounts.get('anna'))?.shard, undefined);
    assert.equal((await accounts.get('berta'))?.shard, 1);
  });

  it('reports an account that cannot be added, and adds the others', async () => {
    await run([lineOf('anna'), lineOf('berta')]);
    await accounts.remove('anna');
    aws.secrets.set('prod/accounts/carl', '{"KARAKEEP_TOKEN":"of another"}');
    done = [];
    assert.deepEqual(await run(['anna', 'berta', 'carl', 'dora'].map((name) => lineOf(name))), {
      added: 1,
      wereThere: 1,
      refused: 2,
    });
    const [anna, , carl] = inOrder();
    assert.match(
      anna?.problem ?? '',
      /^Secret "prod\/accounts\/anna": scheduled for deletion; .*restore-secret/,
    );
    assert.match(carl?.problem ?? '', /^Account "carl": is there already, with other variables/);
  });

  it('waits as AWS asks for, and then has missed nothing', async () => {
    let calls = 0;
    let throttled = 0;
    aws.onCall = () => {
      calls += 1;
      if (calls % 12 > 0) return undefined;
      throttled += 1;
      return 'throttled';
    };
    const lines = names(6).map((name) => lineOf(name));
    assert.deepEqual(await run(lines), { added: 6, wereThere: 0, refused: 0 });
    assert.equal(aws.names().length, 18);
    assert.ok(throttled > 1);
  });

  it('ends at a failure that every line would have', async () => {
    aws.onCall = (call) => (call.startsWith('CreateSecret') ? 'before' : undefined);
    const lines = names(500).map((name) => lineOf(name));
    await assert.rejects(run(lines), { name: 'Failure', message: /^Secret "prod\/accounts\/user-10\d\d": / });
    assert.ok(aws.calls.length < 100, `${aws.calls.length} calls`);
  });
});
