import assert from 'node:assert/strict';
import { type Accounts, openAccounts } from '../../lib/accounts/accounts.ts';
import { type AccountsOnAws, startAccountsOnAws } from '../helpers/accounts-on-aws.ts';

/** About 2 kB, so that 26 of them fill a shard. */
const variables = (token: string) => ({ READING_LIST: 'karakeep', KARAKEEP_TOKEN: token.padEnd(2000, '.') });
const FILL_BYTES = 52_428;

describe('accounts that are packed', () => {
  let aws: AccountsOnAws;
  let accounts: Accounts;
  beforeEach(async () => {
    aws = await startAccountsOnAws();
    accounts = openAccounts({ stage: 'prod' }, { settleMs: 0 });
  });
  afterEach(() => aws.close());

  const add = async (count: number, first = 100) => {
    const names = Array.from({ length: count }, (_, at) => `user-${first + at}`);
    const lines = names.map((account) => JSON.stringify({ account, ...variables(account) }));
    assert.equal((await accounts.import(lines)).added, count);
    return names;
  };
  const shards = () =>
    [...aws.secrets.secrets.keys()]
      .filter((name) => name.includes('/shard-') && aws.secrets.text(name) !== undefined)
      .toSorted();
  const membersOf = (shard: number) =>
    Object.keys(JSON.parse(aws.secrets.text(`prod/accounts/shard-${shard}`) ?? '{}'));
  /** Does something once, just before the first call that begins so. */
  const justBefore = (call: string, work: () => void) => {
    aws.onCall = (made) => {
      if (!made.startsWith(call)) return undefined;
      aws.onCall = () => undefined;
      work();
      return undefined;
    };
  };
  const placeAgain = (name: string) =>
    aws.change(`${name}-recent`, ({ Target }) => {
      const { shard, ...before } = aws.event(`${name}-recent`) ?? {};
      return {
        Target: { ...Target, Input: JSON.stringify({ ...before, failingSince: '2026-11-20T10:00:00.000Z' }) },
      };
    });

  it('are in shards that are filled to 80 %, each in one, and named by its schedules', async () => {
    const names = await add(60);
    const seen: number[] = [];
    assert.deepEqual(await accounts.pack((moved) => seen.push(moved)), { moved: 60, shards: 3 });
    assert.equal(seen.at(-1), 60);
    assert.deepEqual(
      shards(),
      [1, 2, 3].map((shard) => `prod/accounts/shard-${shard}`),
    );
    for (const [at, name] of shards().entries()) {
      const bytes = Buffer.byteLength(aws.secrets.text(name) ?? '');
      assert.ok(bytes <= FILL_BYTES && (at === 2 || bytes > FILL_BYTES - 2100), `${name} has ${bytes} bytes`);
    }
    assert.deepEqual([...membersOf(1), ...membersOf(2), ...membersOf(3)].toSorted(), names);
    for (const name of names)
      for (const schedule of ['recent', 'full', 'continue'])
        assert.deepEqual(aws.readFor(aws.event(`${name}-${schedule}`) ?? {}), variables(name));
    for (const name of names) assert.equal(aws.secrets.text(`prod/accounts/${name}`), undefined);
  });

  it('make one version of a shard, although there are many', async () => {
    await add(20);
    await accounts.pack();
    await add(5, 200);
    await accounts.pack();
    assert.equal(aws.secrets.secrets.get('prod/accounts/shard-1')?.versions.length, 2);
  });

  it('are not moved again', async () => {
    await add(3);
    await accounts.pack();
    const before = aws.calls.length;
    assert.deepEqual(await accounts.pack(), { moved: 0, shards: 0 });
    assert.ok(!aws.calls.slice(before).some((call) => /^(PUT|Put|Delete)/.test(call)));
  });

  it('come where others were removed', async () => {
    await add(60);
    await accounts.pack();
    for (const name of membersOf(1).slice(0, 5)) await accounts.remove(name);
    await add(5, 300);
    await accounts.pack();
    assert.equal(shards().length, 3);
    assert.equal(membersOf(1).length, 26 - 1);
  });

  it('come into the shard that has a copy of them from before, so that none is left anywhere', async () => {
    const names = await add(30);
    // Interrupted once the copies are there; then the first shard gets more room.
    aws.onCall = (call) => (call.startsWith('PUT ') ? 'before' : undefined);
    await assert.rejects(accounts.pack());
    aws.onCall = () => undefined;
    const second = membersOf(2);
    for (const name of membersOf(1).slice(0, 10)) await accounts.remove(name);
    await accounts.pack();
    for (const name of second) {
      assert.equal((await accounts.get(name))?.shard, 2, name);
      assert.ok(!membersOf(1).includes(name), name);
    }
    assert.ok(names.length > second.length && second.length > 0);
  });

  it('are at their place although a run that fails writes the old one over it', async () => {
    const [name = ''] = await add(1);
    let written = 0;
    aws.onCall = (call) => {
      // After the schedules name the shard, and before it is looked at them again.
      if (written === 0 && call.startsWith('GET') && aws.event(`${name}-continue`)?.shard === 1) {
        written += 1;
        placeAgain(name);
      }
      return undefined;
    };
    await accounts.pack();
    assert.equal(written, 1);
    const account = await accounts.get(name);
    assert.equal(account?.shard, 1);
    assert.ok(account?.failingSince);
    assert.deepEqual(aws.readFor(aws.event(`${name}-recent`) ?? {}), variables(name));
  });

  it('keep the credentials that came while they were moved', async () => {
    const [name = ''] = await add(1);
    justBefore('PUT ', () => aws.secrets.set(`prod/accounts/${name}`, JSON.stringify(variables('new'))));
    await accounts.pack();
    assert.equal(aws.secrets.text(`prod/accounts/${name}`), undefined);
    assert.deepEqual(aws.readFor(aws.event(`${name}-recent`) ?? {}), variables('new'));
  });

  it('keep the last of credentials that came one after the other while they were moved', async () => {
    const [name = ''] = await add(1);
    const set = (token: string) => aws.secrets.set(`prod/accounts/${name}`, JSON.stringify(variables(token)));
    aws.onCall = (call) => {
      if (call.startsWith('PUT')) set('new');
      if (!call.startsWith('UpdateSecretVersionStage')) return undefined;
      aws.onCall = () => undefined;
      set('newest');
      return undefined;
    };
    await accounts.pack();
    assert.deepEqual(aws.readFor(aws.event(`${name}-recent`) ?? {}), variables('newest'));
  });

  it('leave no copy in a shard where they are removed after a move that was interrupted', async () => {
    const [name = ''] = await add(30);
    aws.onCall = (call) => (call.startsWith('PUT ') ? 'before' : undefined);
    await assert.rejects(accounts.pack());
    aws.onCall = () => undefined;
    assert.ok(membersOf(1).includes(name));
    await accounts.remove(name);
    assert.ok(!membersOf(1).includes(name));
  });

  it('are in no shard where they were removed while they were moved', async () => {
    const [name = '', other = ''] = await add(2);
    justBefore('PUT ', () => {
      for (const schedule of aws.names().filter((one) => one.startsWith(name)))
        aws.scheduler.schedules.delete(`readtime-tagger-prod-accounts/${schedule}`);
    });
    assert.deepEqual(await accounts.pack(), { moved: 1, shards: 1 });
    assert.deepEqual(membersOf(1), [other]);
  });

  it('are only those that were added to the end', async () => {
    const [name] = await add(1);
    aws.secrets.set('prod/accounts/begun', JSON.stringify(variables('begun')));
    await accounts.pack();
    assert.deepEqual(membersOf(1), [name]);
    assert.ok(aws.secrets.text('prod/accounts/begun'));
  });

  it('pass over the number of a shard that is being deleted', async () => {
    await add(1);
    await accounts.pack();
    await accounts.removeAll();
    await add(1, 500);
    await accounts.pack();
    assert.deepEqual(shards(), ['prod/accounts/shard-2']);
  });

  it('stay where they are if what was written cannot be read back', async () => {
    const [name = ''] = await add(1);
    let isWritten = false;
    aws.onCall = (call) => {
      if (call.startsWith('CreateSecret')) isWritten = true;
      else if (isWritten) aws.secrets.secrets.delete('prod/accounts/shard-1');
      return undefined;
    };
    await assert.rejects(accounts.pack(), {
      kind: 'unavailable',
      message: /^Shard 1: has not what was written there, and none of these accounts was moved; try again$/,
    });
    aws.onCall = () => undefined;
    assert.deepEqual(aws.readFor(aws.event(`${name}-recent`) ?? {}), variables(name));
    assert.equal((await accounts.get(name))?.shard, undefined);
  });
});
