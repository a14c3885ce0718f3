import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { type Accounts, openAccounts } from '../../lib/accounts/accounts.ts';
import type { AccountVariables } from '../../lib/accounts/variables.ts';
import { Failure } from '../../lib/failure.ts';
import { type AccountsOnAws, GROUP, startAccountsOnAws } from '../helpers/accounts-on-aws.ts';
import { type FakeServer, fakeItems } from '../helpers/services/fake-service.ts';
import { fakeKarakeep } from '../helpers/services/karakeep.ts';

const ANNA = { READING_LIST: 'karakeep', KARAKEEP_URL: 'https://keep.example', KARAKEEP_TOKEN: 'S3CRET' };
const OWN = 'prod/accounts/anna';
const DAY_MS = 86_400_000;

describe('the accounts of a stage', () => {
  let aws: AccountsOnAws;
  let accounts: Accounts;
  beforeEach(async () => {
    aws = await startAccountsOnAws();
    accounts = openAccounts({ stage: 'prod' }, { settleMs: 0 });
  });
  afterEach(() => aws.close());
  const stored = (name: string) => JSON.parse(aws.secrets.text(name) ?? assert.fail(`${name} is not there`));
  const writes = (since: number) =>
    aws.calls.slice(since).filter((call) => !/^(GET|LIST|Get|List|Describe)/.test(call));

  it('are added with a secret first, then schedules, the hourly one last', async () => {
    assert.equal(await accounts.add('anna', ANNA), 'added');
    assert.deepEqual(stored(OWN), ANNA);
    assert.deepEqual(writes(0), [
      `CreateSecret ${OWN}`,
      ...['anna-full', 'anna-continue', 'anna-recent'].map((name) => `POST ${GROUP}/${name}`),
    ]);
  });

  it('are not added twice', async () => {
    await accounts.add('anna', ANNA);
    const before = aws.calls.length;
    const { KARAKEEP_TOKEN, ...rest } = ANNA;
    assert.equal(await accounts.add('anna', { KARAKEEP_TOKEN, ...rest }), 'was there');
    assert.deepEqual(writes(before), []);
  });

  it('are there, too, where they were packed', async () => {
    await accounts.add('anna', ANNA);
    await accounts.pack();
    assert.equal(await accounts.add('anna', ANNA), 'was there');
    assert.equal((await accounts.get('anna'))?.shard, 1);
  });

  it('get new credentials beside what else is stored', async () => {
    await accounts.add('anna', ANNA);
    await accounts.rotate('anna', { KARAKEEP_TOKEN: 'new', BANDS: 'short=5, long' });
    assert.deepEqual(stored(OWN), { ...ANNA, KARAKEEP_TOKEN: 'new', BANDS: 'short=5, long' });
  });

  it('get new credentials in their shard, where the others stay', async () => {
    await accounts.add('anna', ANNA);
    await accounts.add('berta', ANNA);
    await accounts.pack();
    await accounts.rotate('anna', { KARAKEEP_TOKEN: 'new' });
    assert.deepEqual(stored('prod/accounts/shard-1'), {
      anna: { ...ANNA, KARAKEEP_TOKEN: 'new' },
      berta: ANNA,
    });
    assert.equal(aws.secrets.text(OWN), undefined);
  });

  it('are asked again as often as before with new credentials', async () => {
    await accounts.add('anna', ANNA);
    aws.change('anna-recent', ({ Target }) => ({
      ScheduleExpression: 'cron(5 7 * * ? *)',
      Target: {
        ...Target,
        Input: JSON.stringify({
          ...aws.event('anna-recent'),
          failingSince: new Date(Date.now() - 8 * DAY_MS).toISOString(),
        }),
      },
    }));
    assert.equal((await accounts.get('anna'))?.state, 'needs attention');
    await accounts.rotate('anna', { KARAKEEP_TOKEN: 'new' });
    assert.equal((await accounts.get('anna'))?.state, 'active');
  });

  it('get new credentials where they are, although packed at the same moment', async () => {
    await accounts.add('anna', ANNA);
    aws.onCall = (call) => {
      if (!call.startsWith('PutSecretValue')) return undefined;
      // Its copy has the old ones, and its schedule names the shard, before the new ones are written.
      aws.onCall = () => undefined;
      aws.secrets.set('prod/accounts/shard-1', JSON.stringify({ anna: ANNA }));
      aws.change('anna-recent', ({ Target }) => ({
        Target: { ...Target, Input: JSON.stringify({ ...aws.event('anna-recent'), shard: 1 }) },
      }));
      return undefined;
    };
    await accounts.rotate('anna', { KARAKEEP_TOKEN: 'new' });
    assert.equal(stored('prod/accounts/shard-1').anna.KARAKEEP_TOKEN, 'new');
    await accounts.pack();
    assert.equal(stored('prod/accounts/shard-1').anna.KARAKEEP_TOKEN, 'new');
  });

  it('get new credentials that stay, although a move was interrupted before its end', async () => {
    await accounts.add('anna', ANNA);
    aws.onCall = (call) => (call.startsWith('DeleteSecret') ? 'before' : undefined);
    await assert.rejects(accounts.pack());
    aws.onCall = () => undefined;
    assert.deepEqual([(await accounts.get('anna'))?.shard, stored(OWN)], [1, ANNA]);
    await accounts.rotate('anna', { KARAKEEP_TOKEN: 'new' });
    await accounts.pack();
    assert.equal(stored('prod/accounts/shard-1').anna.KARAKEEP_TOKEN, 'new');
  });

  it('are completed by new credentials where they were not added to the end', async () => {
    aws.onCall = (call) => (call.endsWith('anna-recent') && call.startsWith('POST') ? 'before' : undefined);
    await assert.rejects(accounts.add('anna', ANNA));
    aws.onCall = () => undefined;
    assert.equal(await accounts.get('anna'), undefined);
    await accounts.rotate('anna', { KARAKEEP_TOKEN: 'new' });
    assert.equal((await accounts.get('anna'))?.state, 'active');
    assert.equal(stored(OWN).KARAKEEP_TOKEN, 'new');
  });

  it('are removed, schedules off first, with a secret that can be restored', async () => {
    await accounts.add('anna', ANNA);
    const before = aws.calls.length;
    const until = await accounts.remove('anna', { recoveryDays: 10 });
    const days = ((until?.getTime() ?? 0) - Date.now()) / DAY_MS;
    assert.ok(days > 9.9 && days < 10.1, `${days} days`);
    assert.deepEqual(aws.names(), []);
    assert.deepEqual(writes(before), [
      `PUT ${GROUP}/anna-full`,
      `PUT ${GROUP}/anna-recent`,
      `DELETE ${GROUP}/anna-continue`,
      `DELETE ${GROUP}/anna-full`,
      `DeleteSecret ${OWN}`,
      `DELETE ${GROUP}/anna-recent`,
    ]);
  });

  it('are removed from their shard', async () => {
    await accounts.add('anna', ANNA);
    await accounts.add('berta', ANNA);
    await accounts.pack();
    assert.equal(await accounts.remove('anna'), undefined);
    assert.deepEqual(stored('prod/accounts/shard-1'), { berta: ANNA });
    assert.deepEqual(aws.names(), ['berta-full', 'berta-recent', 'berta-continue'].toSorted());
  });

  it('are removed, too, where only a secret is there', async () => {
    aws.secrets.set(OWN, JSON.stringify(ANNA));
    assert.ok(await accounts.remove('anna'));
    assert.equal(aws.secrets.text(OWN), undefined);
  });

  it('are all removed, and nothing is left but the templates', async () => {
    for (const name of ['anna', 'berta', 'carl']) await accounts.add(name, ANNA);
    await accounts.pack();
    for (const name of ['dora', 'emil']) await accounts.add(name, ANNA);
    aws.secrets.set('prod/accounts/frida', '{}');
    aws.secrets.set('prod2/accounts/other', '{}');
    const seen: number[] = [];
    assert.deepEqual(await accounts.removeAll({}, (removed) => seen.push(removed)), { removed: 5 });
    assert.equal(seen.at(-1), 5);
    assert.deepEqual(aws.names(), []);
    const left = [...aws.secrets.secrets.keys()].filter((name) => aws.secrets.text(name) !== undefined);
    assert.deepEqual(left, ['prod2/accounts/other']);
    assert.equal(aws.scheduler.schedules.size, 2);
  });

  it('are paused and resumed', async () => {
    await accounts.add('anna', ANNA);
    await accounts.pause('anna');
    assert.equal((await accounts.get('anna'))?.state, 'paused');
    await accounts.resume('anna');
    assert.equal((await accounts.get('anna'))?.state, 'active');
  });

  it('stay paused where a run in hand writes their schedule as it was before', async () => {
    await accounts.add('anna', ANNA);
    const read = aws.scheduler.schedules.get(`${GROUP}/anna-recent`);
    let wrote = false;
    aws.onCall = (call) => {
      if (wrote || call !== `DELETE ${GROUP}/anna-continue`) return undefined;
      wrote = true;
      aws.change('anna-recent', () => read ?? {});
      return undefined;
    };
    await accounts.pause('anna');
    assert.ok(wrote);
    assert.equal((await accounts.get('anna'))?.state, 'paused');
  });

  it('are added again, and run, where a removal from a shard was interrupted before its end', async () => {
    const line = JSON.stringify({ account: 'anna', ...ANNA });
    await accounts.import([line], undefined, { packed: true });
    aws.onCall = (call) => (call === `DELETE ${GROUP}/anna-recent` ? 'before' : undefined);
    await assert.rejects(accounts.remove('anna'), Failure);
    aws.onCall = () => undefined;
    assert.equal(await accounts.add('anna', ANNA), 'added');
    assert.deepEqual(aws.readFor(aws.event('anna-recent') ?? {}), ANNA);
    assert.equal((await accounts.get('anna'))?.state, 'active');
  });

  describe('at their service', () => {
    let server: FakeServer;
    let variables: AccountVariables;
    beforeEach(async () => {
      server = await fakeKarakeep(fakeItems(1));
      variables = { ...ANNA, KARAKEEP_URL: server.url, KARAKEEP_TOKEN: [...server.tokens][0] ?? '' };
      accounts = openAccounts({ stage: 'prod', allowHosts: [new URL(server.url).host] }, { settleMs: 0 });
    });
    afterEach(() => server.close());

    it('are checked by variables that are given, and then nothing is written', async () => {
      assert.equal((await accounts.check('anna', variables)).ok, true);
      assert.ok(server.calls.length > 0);
      assert.deepEqual(aws.calls, []);
    });

    it('are checked by what is stored, wherever it is', async () => {
      await accounts.add('anna', variables);
      assert.equal((await accounts.check('anna')).ok, true);
      await accounts.pack();
      assert.equal((await accounts.check('anna')).ok, true);
    });

    it('say which variable is refused, and never its value', async () => {
      const { ok, message } = await accounts.check('anna', { ...variables, KARAKEEP_TOKEN: 'S3CRET' });
      assert.equal(ok, false);
      assert.match(message, /: the variable KARAKEEP_TOKEN/);
      assert.doesNotMatch(message, /S3CRET/);
    });

    it('are not called at an address that is not public, unless the operator lets it be', async () => {
      const { ok, message } = await openAccounts({ stage: 'prod' }).check('anna', variables);
      assert.equal(ok, false);
      assert.match(message, /has a port that is neither 80 nor 443/);
      assert.deepEqual(server.calls, []);
    });
  });

  it('show their settings, and no secret', async () => {
    await accounts.add('anna', { ...ANNA, BANDS: 'short=5, long', WALLABAG: '{"token":"S3CRET"}' });
    const { KARAKEEP_TOKEN, ...settings } = ANNA;
    assert.deepEqual(await accounts.settings('anna'), { ...settings, BANDS: 'short=5, long' });
  });

  const inUse = async () => {
    await accounts.add('anna', ANNA);
  };
  type Row = [why: string, prepare: () => unknown, work: () => Promise<unknown>, kind: string, said: RegExp];
  const refused: Row[] = [
    [
      'one that is there with other variables',
      inUse,
      () => accounts.add('anna', { ...ANNA, KARAKEEP_TOKEN: 'S3CRET2' }),
      'settings',
      /^Account "anna": is there already, with other variables; change them with: npm run accounts -- rotate anna --stage prod$/,
    ],
    [
      'one that somebody else adds just now',
      () => aws.secrets.set(OWN, JSON.stringify({ ...ANNA, KARAKEEP_TOKEN: 'S3CRET2' })),
      () => accounts.add('anna', ANNA),
      'settings',
      /^Account "anna": is there already, with other variables/,
    ],
    [
      'one that was removed lately',
      async () => {
        await inUse();
        await accounts.remove('anna');
      },
      () => accounts.add('anna', ANNA),
      'credentials',
      /^Secret "prod\/accounts\/anna": scheduled for deletion; it can be restored until \d{4}-\d\d-\d\d with: aws secretsmanager restore-secret --secret-id prod\/accounts\/anna --region eu-central-1$/,
    ],
    [
      'a variable that it may not have',
      () => {},
      () => accounts.add('anna', { ...ANNA, AWS_PROFILE: 'S3CRET' }),
      'settings',
      /^Account "anna": AWS_PROFILE is set by who runs the stage/,
    ],
    [
      'a variable that it may not have by then',
      inUse,
      () => accounts.rotate('anna', { LOG_LEVEL: 'S3CRET' }),
      'settings',
      /^Account "anna": LOG_LEVEL is set by who runs the stage/,
    ],
    ['a name that is none', () => {}, () => accounts.add('../x', ANNA), 'settings', /is no name of one/],
    ['a check of such a name', () => {}, () => accounts.check('../x', ANNA), 'settings', /is no name of one/],
    ...(['pause', 'resume', 'check', 'settings', 'remove'] as const).map(
      (method): Row => [
        `${method} of one that is not there`,
        () => {},
        () => accounts[method]('anna'),
        'settings',
        /^Account "anna": there is none of this name in this stage$/,
      ],
    ),
    [
      'new credentials of one that is not there',
      () => {},
      () => accounts.rotate('anna', ANNA),
      'settings',
      /^Account "anna": there is none of this name/,
    ],
    [
      'a check of one whose secret somebody deleted',
      async () => {
        await inUse();
        aws.secrets.secrets.clear();
      },
      () => accounts.check('anna'),
      'credentials',
      /^Account "anna": has no credentials where its schedule says; remove it, and add it again$/,
    ],
    ...[6, 31, 7.5].map(
      (recoveryDays): Row => [
        `${recoveryDays} days of recovery`,
        inUse,
        () => accounts.remove('anna', { recoveryDays }),
        'settings',
        /^recoveryDays "[\d.]+": Secrets Manager keeps what is deleted for 7 to 30 days/,
      ],
    ),
  ];
  for (const [why, prepare, work, kind, said] of refused)
    it(`are refused with a sentence, and nothing is written: ${why}`, async () => {
      await prepare();
      const before = aws.calls.length;
      const failure = await work().then(
        () => assert.fail('it was not refused'),
        (error: unknown) => error,
      );
      assert.ok(failure instanceof Failure, inspect(failure));
      assert.equal(failure.kind, kind);
      assert.match(failure.message, said);
      assert.doesNotMatch(inspect(failure, { depth: 10, showHidden: true }), /S3CRET|keep\.example/);
      assert.deepEqual(
        writes(before).filter((call) => !/^(CreateSecret|DELETE|DeleteSecret) /.test(call)),
        [],
      );
    });

  for (const stage of ['', 'a/b', '*', 'x'.repeat(40)])
    it(`are of a stage whose name is one: not ${JSON.stringify(stage)}`, () =>
      assert.throws(() => openAccounts({ stage }), { name: 'Failure', message: /^The name of the stage/ }));
});
