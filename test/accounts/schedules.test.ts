import assert from 'node:assert/strict';
import type { Account } from '../../lib/accounts/schedule-definition.ts';
import { accountSchedules } from '../../lib/accounts/schedules.ts';
import { type AccountsOnAws, GROUP, startAccountsOnAws } from '../helpers/accounts-on-aws.ts';
import { timeOf } from '../helpers/fake-scheduler.ts';

const DAY_MS = 86_400_000;
const agoMs = (ms: number) => new Date(Date.now() - ms).toISOString();

async function collected(accounts: AsyncIterable<Account>): Promise<Account[]> {
  const found: Account[] = [];
  for await (const account of accounts) found.push(account);
  return found;
}

describe('the schedules of accounts', () => {
  let aws: AccountsOnAws;
  beforeEach(async () => {
    aws = await startAccountsOnAws();
  });
  afterEach(() => aws.close());
  const open = (now?: () => number) => accountSchedules('prod', {}, now);
  const schedule = (name: string) => {
    const { ClientToken, ...found } = aws.scheduler.schedules.get(`${GROUP}/${name}`) ?? assert.fail(name);
    return found;
  };
  const setInput = (name: string, more: object) =>
    aws.change(name, ({ Target }) => ({
      Target: { ...Target, Input: JSON.stringify({ ...aws.event(name), ...more }) },
    }));

  it('are three that do what the templates do, each with its event', async () => {
    await open().create('anna');
    assert.deepEqual(aws.names(), ['anna-continue', 'anna-full', 'anna-recent']);
    assert.deepEqual(aws.event('anna-recent'), { account: 'anna', mode: 'recent' });
    assert.deepEqual(aws.event('anna-full'), { account: 'anna', mode: 'full' });
    assert.deepEqual(aws.event('anna-continue'), { account: 'anna', mode: 'full' });
    const { Target, ...template } = schedule('_recent');
    const { Target: own, ...recent } = schedule('anna-recent');
    assert.deepEqual(recent, { ...template, State: 'ENABLED', GroupName: GROUP });
    assert.deepEqual({ ...own, Input: '{}' }, Target);
  });

  it('name the shard of a packed account in each event', async () => {
    await open().create('anna', 17);
    for (const name of aws.names()) assert.equal(aws.event(name)?.shard, 17, name);
  });

  it('have a first run in the next hour, that is deleted once it was', async () => {
    const now = Date.now();
    await open(() => now).create('anna');
    const { ScheduleExpression, Target, Description, ...first } = schedule('anna-continue');
    assert.deepEqual(first, {
      GroupName: GROUP,
      ScheduleExpressionTimezone: 'UTC',
      State: 'ENABLED',
      ActionAfterCompletion: 'DELETE',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 60 },
    });
    const waitMs = timeOf({ ScheduleExpression }) - now;
    assert.ok(waitMs > 60_000 && waitMs <= 120_000, `${waitMs} ms`);
  });

  it('have full runs all over the week, for one name always at the same minute', async () => {
    const names = Array.from({ length: 70 }, (_, at) => `user-${at}`);
    for (const name of names) await open().create(name);
    const expressions = names.map((name) => String(schedule(`${name}-full`).ScheduleExpression));
    for (const one of expressions) assert.match(one, /^cron\([1-5]?\d 1?\d|2[0-3] \? \* [1-7] \*\)$/);
    assert.equal(new Set(expressions.map((one) => one.split(' ')[4])).size, 7);
    assert.ok(new Set(expressions).size > 60);
    const [first] = expressions;
    await open().create('user-0');
    assert.equal(schedule('user-0-full').ScheduleExpression, first);
  });

  it('are listed by pages, each account once, and no template', async () => {
    const names = Array.from({ length: 130 }, (_, at) => `a-${1000 + at}`);
    for (const name of [...names, 'a', 'a-recent', 'a-full']) await open().create(name);
    await open().retire('a-1000');
    aws.scheduler.schedules.delete(`${GROUP}/a-1001-recent`);
    const found = (await collected(open().list())).map(({ name }) => name);
    const expected = ['a', 'a-recent', 'a-full', ...names.filter((name) => name !== 'a-1001')];
    assert.deepEqual(found.toSorted(), expected.toSorted());
    assert.ok(aws.calls.filter((call) => call.startsWith('LIST')).length >= 4);
  });

  const states: [why: string, change: (name: string) => void, account: Partial<Account>][] = [
    ['one that runs', () => {}, { state: 'active' }],
    ['one that is packed', (name) => setInput(name, { shard: 3 }), { state: 'active', shard: 3 }],
    [
      'one whose runs have failed for six days',
      (name) => setInput(name, { failingSince: agoMs(6 * DAY_MS) }),
      { state: 'failing' },
    ],
    [
      'one whose runs have failed for a week',
      (name) => setInput(name, { failingSince: agoMs(7 * DAY_MS) }),
      { state: 'needs attention' },
    ],
    [
      'one that was paused while it failed',
      (name) => {
        setInput(name, { failingSince: agoMs(DAY_MS) });
        aws.change(name, () => ({ State: 'DISABLED' }));
      },
      { state: 'paused' },
    ],
  ];
  for (const [why, change, expected] of states)
    it(`say how an account is: ${why}`, async () => {
      await open().create('anna');
      change('anna-recent');
      const { name, failingSince, nextRun, ...found } = (await open().get('anna')) ?? assert.fail();
      assert.deepEqual(found, expected);
      assert.equal(failingSince?.toISOString(), aws.event('anna-recent')?.failingSince);
      assert.equal(nextRun === undefined, expected.state === 'paused');
      assert.ok(nextRun === undefined || nextRun.getTime() > Date.now());
    });

  it('are off while an account is paused, and its next run is deleted', async () => {
    await open().create('anna');
    assert.equal(await open().pause('anna'), true);
    assert.deepEqual(aws.names(), ['anna-full', 'anna-recent']);
    for (const name of aws.names()) assert.equal(schedule(name).State, 'DISABLED', name);
  });

  it('are on again after a pause, where the account is by then, with a full run soon', async () => {
    await open().create('anna', 5);
    await open().pause('anna');
    assert.equal(await open().resume('anna'), true);
    for (const name of aws.names()) assert.equal(schedule(name).State, 'ENABLED', name);
    assert.deepEqual(aws.event('anna-continue'), { account: 'anna', mode: 'full', shard: 5 });
  });

  it('have no other first run where an account is resumed that was not paused', async () => {
    await open().create('anna');
    aws.scheduler.fire(`${GROUP}/anna-continue`);
    await open().resume('anna');
    assert.deepEqual(aws.names(), ['anna-full', 'anna-recent']);
  });

  it('keep what else their events say where an account is moved', async () => {
    await open().create('anna');
    const failingSince = agoMs(DAY_MS);
    setInput('anna-recent', { failingSince });
    assert.equal(await open().move('anna', 4), true);
    assert.deepEqual(aws.event('anna-recent'), { account: 'anna', mode: 'recent', failingSince, shard: 4 });
    assert.deepEqual(aws.event('anna-continue'), { account: 'anna', mode: 'full', shard: 4 });
  });

  it('may have a run that has just begun where an account is moved', async () => {
    await open().create('anna');
    aws.change('anna-continue', () => ({ ScheduleExpression: 'at(2026-01-01T00:00:00)' }));
    assert.equal(await open().move('anna', 4), true);
    assert.equal(aws.event('anna-full')?.shard, 4);
  });

  it('are hourly again where an account no longer fails', async () => {
    await open().create('anna', 2);
    setInput('anna-recent', { failingSince: agoMs(9 * DAY_MS) });
    aws.change('anna-recent', () => ({ ScheduleExpression: 'cron(5 7 * * ? *)' }));
    await open().clearFailing('anna');
    assert.deepEqual(aws.event('anna-recent'), { account: 'anna', mode: 'recent', shard: 2 });
    assert.equal(schedule('anna-recent').ScheduleExpression, 'rate(1 hour)');
  });

  it('are not written where nothing is to change', async () => {
    await open().create('anna', 2);
    const before = aws.calls.length;
    await open().move('anna', 2);
    await open().resume('anna');
    await open().clearFailing('anna');
    assert.deepEqual(
      aws.calls.slice(before).filter((call) => !call.startsWith('GET ')),
      [],
    );
  });

  it('are none of a name that is not there', async () => {
    assert.equal(await open().get('anna'), undefined);
    for (const change of ['pause', 'resume', 'clearFailing'] as const)
      assert.equal(await open()[change]('anna'), false, change);
    assert.equal(await open().move('anna', 1), false);
    assert.deepEqual(aws.names(), []);
  });

  it('are looked for under no name that is none', async () => {
    for (const name of ['', 'Anna', '../prod', 'shard-1', 'a'.repeat(49)]) {
      for (const method of ['create', 'get', 'pause', 'resume', 'clearFailing', 'retire', 'delete'] as const)
        await assert.rejects(
          open()[method](name),
          { name: 'Failure', kind: 'settings' },
          `${method} ${name}`,
        );
      await assert.rejects(open().move(name, 1), { name: 'Failure', kind: 'settings' });
    }
    assert.deepEqual(aws.calls, []);
  });

  it('need a stage with accounts', async () => {
    const message =
      /^Account "anna": the stage "other" has no accounts here; deploy it with the parameter accounts: true/;
    await assert.rejects(accountSchedules('other', {}).create('anna'), { kind: 'settings', message });
    await assert.rejects(collected(accountSchedules('other', {}).list()), {
      kind: 'settings',
      message: /^Stage "other": the stage "other" has no accounts here/,
    });
  });
});
