import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { storedAccounts } from '../../lib/accounts/stored-accounts.ts';
import { Failure } from '../../lib/failure.ts';
import { type AccountsOnAws, startAccountsOnAws } from '../helpers/accounts-on-aws.ts';

const SHARD = 'prod/accounts/shard-1';
const OWN = 'prod/accounts/anna';
const token = (KARAKEEP_TOKEN: string) => ({ KARAKEEP_TOKEN });

describe('the stored variables of accounts', () => {
  let aws: AccountsOnAws;
  beforeEach(async () => {
    aws = await startAccountsOnAws();
  });
  afterEach(() => aws.close());
  const stored = () => storedAccounts('prod', {});
  const shard = () => JSON.parse(aws.secrets.text(SHARD) ?? '{}');
  /** Does something once, just before the first call that begins so. */
  const justBefore = (call: string, work: () => void) => {
    aws.onCall = (made) => {
      if (!made.startsWith(call)) return undefined;
      aws.onCall = () => undefined;
      work();
      return undefined;
    };
  };

  it('are in a secret of the account, or in a shard', async () => {
    await stored().create('anna', token('a'));
    await stored().changeShard(1, () => new Map([['berta', token('b')]]));
    assert.equal(aws.secrets.text(OWN), '{"KARAKEEP_TOKEN":"a"}');
    assert.deepEqual(shard(), { berta: token('b') });
    assert.deepEqual(await stored().read({ name: 'anna' }), token('a'));
    assert.deepEqual(await stored().read({ name: 'berta', shard: 1 }), token('b'));
  });

  for (const place of [{ name: 'berta' }, { name: 'anna', shard: 2 }, { name: 'constructor', shard: 1 }])
    it(`are not where they are not: ${inspect(place)}`, async () => {
      await stored().changeShard(1, () => new Map([['anna', token('a')]]));
      assert.equal(await stored().read(place), undefined);
      assert.equal(await stored().change(place, () => token('b')), false);
      assert.deepEqual([...aws.secrets.secrets.keys()], [SHARD]);
    });

  it('are not lost where another writes the shard at the same time', async () => {
    aws.secrets.set(SHARD, JSON.stringify({ anna: token('a'), berta: token('b') }));
    justBefore('UpdateSecretVersionStage', () =>
      aws.secrets.set(SHARD, JSON.stringify({ anna: token('a'), berta: token('new'), carl: token('c') })),
    );
    await stored().change({ name: 'anna', shard: 1 }, () => token('changed'));
    assert.deepEqual(shard(), { anna: token('changed'), berta: token('new'), carl: token('c') });
  });

  it('are not lost where several write the shard, one of which makes it', async () => {
    const names = ['anna', 'berta', 'carl', 'dora', 'emil'];
    await Promise.all(
      names.map((name) => stored().changeShard(1, (accounts) => new Map([...accounts, [name, token(name)]]))),
    );
    assert.deepEqual(shard(), Object.fromEntries(names.map((name) => [name, token(name)])));
  });

  it('are never current before they are known to follow what was read', async () => {
    aws.secrets.set(OWN, '{"KARAKEEP_TOKEN":"a"}');
    aws.onCall = (call) => {
      if (call.startsWith('Update')) assert.equal(aws.secrets.text(OWN), '{"KARAKEEP_TOKEN":"a"}');
      return undefined;
    };
    await stored().change({ name: 'anna' }, () => token('b'));
    assert.equal(aws.secrets.text(OWN), '{"KARAKEEP_TOKEN":"b"}');
    const { versions = [] } = aws.secrets.secrets.get(OWN) ?? {};
    assert.deepEqual(
      versions.map(({ stages }) => stages),
      [['AWSPREVIOUS'], ['AWSPENDING', 'AWSCURRENT']],
    );
  });

  it('make no version where there is nothing to change', async () => {
    await stored().changeShard(1, () => new Map([['anna', token('a')]]));
    assert.equal(await stored().changeShard(1, (accounts) => accounts), false);
    assert.equal(aws.secrets.secrets.get(SHARD)?.versions.length, 1);
  });

  it('may be written by hand, with what is no text', async () => {
    aws.secrets.set(OWN, '{"WORDS_PER_MINUTE":250,"WALLABAG":{"token":"t"}}');
    assert.deepEqual(await stored().read({ name: 'anna' }), {
      WORDS_PER_MINUTE: '250',
      WALLABAG: '{"token":"t"}',
    });
  });

  type Row = [why: string, work: () => Promise<unknown>, kind: Failure['kind'], said: RegExp];
  const failures: Row[] = [
    [
      'what is no JSON object',
      async () => {
        aws.secrets.set(OWN, 'S3CRET');
        await stored().read({ name: 'anna' });
      },
      'credentials',
      /^Secret "prod\/accounts\/anna": is not a JSON object of variables; set it anew$/,
    ],
    [
      'an account of a shard that is no object',
      async () => {
        aws.secrets.set(SHARD, '{"anna":"S3CRET"}');
        await stored().read({ name: 'anna', shard: 1 });
      },
      'credentials',
      /^Secret "prod\/accounts\/shard-1": is not a JSON object/,
    ],
    [
      'a shard that would be too large',
      () => stored().changeShard(1, () => new Map([['anna', token('S3CRET'.repeat(12_000))]])),
      'settings',
      /^Secret "prod\/accounts\/shard-1": would have 72\d\d\d bytes, and 65536 at most are kept; remove the account/,
    ],
    [
      'a secret that was written too often',
      async () => {
        for (let at = 0; at < 100; at += 1) aws.secrets.set(OWN, `{"at":"${at}"}`);
        await stored().change({ name: 'anna' }, () => token('S3CRET'));
      },
      'unavailable',
      /^Secret "prod\/accounts\/anna": was written about 100 times within a day, .* try again tomorrow$/,
    ],
    [
      'a secret that others write all the time',
      async () => {
        aws.secrets.set(OWN, '{}');
        aws.onCall = (call) => {
          if (call.startsWith('Update')) aws.secrets.set(OWN, `{"calls":"${aws.calls.length}"}`);
          return undefined;
        };
        await stored().change({ name: 'anna' }, () => token('S3CRET'));
      },
      'unavailable',
      /^Secret "prod\/accounts\/anna": others write it all the time; try again later$/,
    ],
    [
      'a shard whose number is taken by one that is being deleted',
      async () => {
        await stored().changeShard(1, () => new Map([['anna', token('a')]]));
        await stored().deleteShard(1, 7);
        await stored().changeShard(1, () => new Map([['anna', token('a')]]));
      },
      'credentials',
      /shard-1": scheduled for deletion; it can be restored until .* aws secretsmanager restore-secret/,
    ],
    ['a name that is none', () => stored().create('../x', {}), 'settings', /^Account "..\/x": is no name/],
  ];
  for (const [why, work, kind, said] of failures)
    it(`are refused with a sentence that has no value: ${why}`, async () => {
      const failure = await work().then(
        () => assert.fail('it was not refused'),
        (error: unknown) => error,
      );
      assert.ok(failure instanceof Failure, inspect(failure));
      assert.equal(failure.kind, kind);
      assert.match(failure.message, said);
      assert.doesNotMatch(inspect(failure, { depth: 10, showHidden: true }), /S3CRET/);
    });

  it('are listed by pages, without those of other stages, and without those that are being deleted', async () => {
    for (let at = 100; at < 350; at += 1) aws.secrets.set(`prod/accounts/a${at}`, '{}');
    for (const name of [
      'prod/accounts/shard-3',
      'prod/accounts/No_Account',
      'prod2/accounts/b',
      'prod/pocket',
    ])
      aws.secrets.set(name, '{}');
    await stored().deleteOwn('a100', 7);
    const pages: { names: readonly string[]; shards: readonly number[] }[] = [];
    for await (const page of stored().list()) pages.push(page);
    assert.equal(pages.length, 3);
    const names = pages.flatMap((page) => page.names);
    assert.deepEqual([names.length, names[0], names.at(-1)], [249, 'a101', 'a349']);
    assert.deepEqual(
      pages.flatMap((page) => page.shards),
      [3],
    );
  });

  it('are deleted once, and then there is nothing to delete', async () => {
    await stored().create('anna', {});
    const until = await stored().deleteOwn('anna', 7);
    assert.ok(until && until.getTime() > Date.now());
    assert.equal(await stored().deleteOwn('anna', 7), undefined);
    assert.equal(await stored().deleteOwn('berta', 7), undefined);
  });
});
