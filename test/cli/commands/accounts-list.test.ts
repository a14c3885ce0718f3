import assert from 'node:assert/strict';
import {
  type AccountsAtTerminal,
  startAccountsAtTerminal,
  WRONG_TOKEN,
} from '../../helpers/accounts-at-terminal.ts';
import { GROUP } from '../../helpers/accounts-on-aws.ts';

const DAY_MS = 86_400_000;

describe('readtime accounts list and check', () => {
  let one: AccountsAtTerminal;
  beforeEach(async () => {
    one = await startAccountsAtTerminal();
  });
  afterEach(() => one.close());

  describe('list', () => {
    /** Marks it as a run of it would that failed so many days ago. */
    const failsSince = (name: string, days: number) =>
      one.aws.change(`${name}-recent`, ({ Target }) => ({
        Target: {
          ...Target,
          Input: JSON.stringify({
            account: name,
            mode: 'recent',
            failingSince: new Date(Date.now() - days * DAY_MS).toISOString(),
          }),
        },
      }));

    beforeEach(async () => {
      await one.addAll(['anna', 'ben', 'cleo', 'dora']);
      failsSince('ben', 1.5);
      failsSince('cleo', 9);
      assert.equal((await one.accounts(['pause', 'dora'])).status, 0);
      const hourAgo = new Date(Date.now() - 3_600_000).toISOString().replace('T', ' ').replace('Z', '');
      one.runs = [
        {
          '@timestamp': hourAgo,
          message: 'run-finished',
          account: 'anna',
          mode: 'recent',
          listed: 1234,
          tagged: 3,
        },
        {
          '@timestamp': hourAgo,
          message: 'run-failed',
          account: 'ben',
          reason: 'GET /bookmarks: no answer',
        },
      ];
    });

    it('shows state, last run, items, next run and what is wrong, and sums up', async () => {
      const { status, stdout, stderr } = await one.accounts(['list']);
      assert.deepEqual([status, stderr], [0, '']);
      const [head, anna, ben, cleo, dora, , sum] = stdout.split('\n').map((line) => line.split(/ {2,}/));
      assert.deepEqual(head, ['account', 'state', 'last run', 'items', 'tagged', 'next run']);
      assert.deepEqual(anna?.slice(0, 5), ['anna', 'active', '1 h ago', '1,234', '3']);
      assert.match(anna?.[5] ?? '', /^(in \d+ (min|h)|now)$/);
      assert.deepEqual(ben?.slice(0, 3), ['ben', 'failing', '1 h ago']);
      assert.match(ben?.[4] ?? '', /^since \d{4}-\d\d-\d\d: GET \/bookmarks: no answer$/);
      assert.deepEqual(cleo?.slice(0, 2), ['cleo', 'needs attention']);
      assert.deepEqual(dora, ['dora', 'paused']);
      assert.equal(one.queries, 1, 'the log is asked once for all');
      assert.deepEqual(sum, ['4 accounts: 1 active, 1 paused, 1 failing, 1 needs attention.']);
    });

    it('is JSON, a line for each, of those in some states, or with some names', async () => {
      const all = await one.accounts(['list', '--json']);
      const rows = all.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      assert.deepEqual(
        rows.map(({ name, state }) => [name, state]),
        [
          ['anna', 'active'],
          ['ben', 'failing'],
          ['cleo', 'needs attention'],
          ['dora', 'paused'],
        ],
      );
      assert.deepEqual([rows[0].lastRun.ok, rows[0].lastRun.listed, rows[1].lastRun.ok], [true, 1234, false]);
      const some = await one.accounts(['list', '--json', '--state', 'needs-attention,paused']);
      assert.deepEqual(
        some.stdout
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line).name),
        ['cleo', 'dora'],
      );
      const named = await one.accounts(['list', 'dora', 'nobody', '--json']);
      assert.deepEqual([named.status, JSON.parse(named.stdout).name], [1, 'dora']);
      assert.match(named.stderr, /Account "nobody": is not there; add it with: .* add nobody --stage prod$/m);
    });

    it('says in a sentence that the logs may not be read, and shows the rest', async () => {
      one.runs = undefined;
      const { status, stdout, stderr } = await one.accounts(['list']);
      assert.equal(status, 0);
      assert.match(stderr, /^readtime: last runs are not shown: .*access denied.*logs:StartQuery/);
      assert.match(stdout, /^ben +failing +\S+ ?\S* ?\S* +since \d{4}-\d\d-\d\d$/m);
      assert.match(stdout, /^4 accounts: /m);
    });
  });

  it('says where there is nobody yet, and where there is no stage', async () => {
    const none = await one.accounts(['list']);
    assert.deepEqual([none.status, none.stderr], [0, '']);
    assert.match(
      none.stdout,
      /^The stage prod has no accounts yet; add one with: npm run accounts -- add NAME --stage prod$/m,
    );
    for (const name of ['_recent', '_full']) one.aws.scheduler.schedules.delete(`${GROUP}/${name}`);
    const noStage = await one.accounts(['list']);
    assert.deepEqual([noStage.status, noStage.stdout], [1, '']);
    assert.match(noStage.stderr, /"prod".*; deploy it with the parameter accounts: true/);
  });

  it('checks one account as readtime check does, or all of them, a line each', async () => {
    await one.addAll(['anna', 'ben', 'cleo'], ['ben']);
    const anna = await one.accounts(['check', 'anna']);
    assert.equal(anna.status, 0);
    assert.match(
      anna.stdout,
      /^KARAKEEP_TOKEN +yes[\s\S]*The reading list accepts the secrets, for writing too\.$/m,
    );
    const ben = await one.accounts(['check', 'ben', '--quiet']);
    assert.deepEqual([ben.status, ben.stdout], [1, '']);
    assert.match(ben.stderr, /credentials refused.* rotate ben --stage prod/);
    // Not there any longer where its schedule says: what cannot be checked keeps no other from it.
    one.aws.secrets.secrets.delete('prod/accounts/cleo');
    const all = await one.accounts(['check', '--all']);
    assert.equal(all.status, 1);
    const lines = all.stdout.split('\n');
    assert.ok(lines.includes('anna: The reading list accepts the secrets, for writing too.'), all.stdout);
    assert.ok(
      lines.some((line) => line.startsWith('ben: The reading list: ')),
      all.stdout,
    );
    assert.ok(
      lines.some((line) => line.startsWith('cleo: Account "cleo": has no credentials')),
      all.stdout,
    );
    assert.match(all.stdout, /^3 accounts checked: 1 well, 2 not\.$/m);
    const json = await one.accounts(['check', '--all', '--json']);
    const rows = json.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(rows.map(({ account, ok }) => `${account} ${ok}`).toSorted(), [
      'anna true',
      'ben false',
      'cleo false',
    ]);
    one.karakeep.tokens.add(WRONG_TOKEN);
    await one.accounts(['remove', 'cleo']);
    const well = await one.accounts(['check', '--all', '--quiet']);
    assert.deepEqual(well, { status: 0, stdout: '', stderr: '' });
  });
});
