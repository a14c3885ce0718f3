import assert from 'node:assert/strict';
import { clearFailing, markFailing, presentShard } from '../../lib/accounts/recent-schedule.ts';
import { schedulerClient } from '../../lib/continuation/scheduler.ts';
import { type FakeScheduler, startFakeScheduler } from '../helpers/fake-scheduler.ts';

const GROUP = 'readtime-tagger-prod-accounts';
const RECENT = `${GROUP}/anna-recent`;
const SINCE = '2026-11-27T10:00:00.000Z';
const NOW = Date.parse(SINCE);
const WEEK_AGO = '2026-11-20T10:00:00.000Z';
const DAILY = 'cron(37 20 * * ? *)';

describe('an account’s schedule of hourly runs', () => {
  const before = { ...process.env };
  let fake: FakeScheduler;
  let logged: string[];

  /** `event`: in place of what the account's own has; `fields`: in place of those of the schedule. */
  async function start(
    { event = {}, fields = {} }: { event?: object; fields?: object } = {},
    fault?: Parameters<typeof startFakeScheduler>[1],
  ) {
    logged = [];
    fake = await startFakeScheduler(`${GROUP}/_`, fault);
    Object.assign(process.env, fake.env);
    const template = fake.schedules.get(`${GROUP}/_-recent`) ?? assert.fail();
    fake.schedules.clear();
    fake.schedules.set(`${GROUP}/_recent`, { ...template, State: 'DISABLED' });
    fake.schedules.set(RECENT, {
      ...template,
      Description: 'New items, newest first',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      ActionAfterCompletion: 'NONE',
      KmsKeyArn: 'arn:aws:kms:eu-central-1:123456789012:key/1',
      Target: {
        ...template.Target,
        Input: JSON.stringify({ account: 'anna', mode: 'recent', shard: 17, ...event }),
      },
      ...fields,
    });
    const client = schedulerClient();
    return {
      client,
      group: GROUP,
      name: 'anna',
      now: () => NOW,
      log: (level: string, message: string) => void logged.push(`${level} ${message}`),
    };
  }
  afterEach(async () => {
    process.env = { ...before };
    await fake?.close();
  });
  const schedule = () => {
    const { ClientToken: _, ...kept } = fake.schedules.get(RECENT) ?? assert.fail('it is gone');
    return kept;
  };
  const event = () => JSON.parse(String(schedule().Target.Input));

  it('says since when its runs fail, and is else what it was', async () => {
    const account = await start();
    const { Target, ...others } = schedule();
    assert.equal(await markFailing(account), true);
    assert.deepEqual(event(), { account: 'anna', mode: 'recent', shard: 17, failingSince: SINCE });
    const { Target: marked, GroupName, Name: _, ...after } = schedule();
    assert.deepEqual([after, GroupName], [others, GROUP]);
    assert.deepEqual({ ...marked, Input: '' }, { ...Target, Input: '' });
    assert.deepEqual(logged, []);
  });

  it('is daily from a week on, and says no longer when they work again', async () => {
    const account = await start({ event: { failingSince: WEEK_AGO } });
    const hourly = schedule();
    assert.equal(await markFailing(account, WEEK_AGO), false);
    assert.deepEqual([schedule().ScheduleExpression, event().failingSince], [DAILY, WEEK_AGO]);
    await clearFailing(account);
    assert.equal(schedule().ScheduleExpression, hourly.ScheduleExpression);
    assert.equal('failingSince' in event(), false);
    assert.deepEqual(logged, []);
  });

  it('is asked for nothing where its event tells that there is nothing to note', async () => {
    const account = await start();
    await markFailing(account, '2026-11-20T10:00:00.001Z');
    assert.deepEqual(fake.calls, []);
  });

  it('is not written where it is daily already', async () => {
    const account = await start({
      event: { failingSince: WEEK_AGO },
      fields: { ScheduleExpression: DAILY },
    });
    await markFailing(account, WEEK_AGO);
    assert.deepEqual(fake.calls, [`GET ${RECENT}`]);
  });

  it('tells of no first failure where a weekly run fails, whose event does not say that others have', async () => {
    const account = await start({ event: { failingSince: SINCE } });
    assert.equal(await markFailing(account), false);
  });

  it('is read once and written once where it works again within a week', async () => {
    const account = await start({ event: { failingSince: SINCE } });
    await clearFailing(account);
    assert.deepEqual(fake.calls, [`GET ${RECENT}`, `PUT ${RECENT}`]);
    assert.equal('failingSince' in event(), false);
  });

  for (const [what, act] of [
    ['failed', markFailing],
    ['succeeded', clearFailing],
  ] as const) {
    it(`stays as it is where a run has ${what} and the account is paused`, async () => {
      const fields = { State: 'DISABLED', ScheduleExpression: DAILY };
      const account = await start({ event: { failingSince: WEEK_AGO }, fields });
      const paused = schedule();
      await act(account);
      assert.deepEqual(schedule(), paused);
    });

    for (const removedBefore of ['GET', 'PUT'])
      it(`is not made anew where a run has ${what} and the account is removed before the ${removedBefore}`, async () => {
        const account = await start({ event: { failingSince: WEEK_AGO } }, ({ method }, schedules) => {
          if (method === removedBefore) schedules.delete(RECENT);
          return undefined;
        });
        await act(account);
        assert.deepEqual([fake.schedules.has(RECENT), logged], [false, []]);
      });

    it(`is left where a run has ${what} and Scheduler refuses: a warning says so, and nothing fails`, async () => {
      const account = await start({ event: { failingSince: WEEK_AGO } }, ({ method }) =>
        method === 'PUT' ? [403, 'AccessDeniedException'] : undefined,
      );
      await act(account);
      assert.equal(logged.length, 1);
      assert.match(
        logged[0] ?? '',
        /^WARN Account "anna": could not be marked as .* \(AccessDeniedException\); deploy the stage again/,
      );
      assert.equal(logged[0]?.includes('said by AWS'), false);
    });
  }

  it('is not put back to nothing where the template is gone', async () => {
    const account = await start({
      event: { failingSince: WEEK_AGO },
      fields: { ScheduleExpression: DAILY },
    });
    fake.schedules.delete(`${GROUP}/_recent`);
    const failing = schedule();
    await clearFailing(account);
    assert.deepEqual(schedule(), failing);
    assert.match(logged[0] ?? '', /^WARN .* marked as working again \(ResourceNotFoundException\)/);
  });

  it('takes no harm from two runs that fail at once', async () => {
    const account = await start();
    await Promise.all([markFailing(account), markFailing(account)]);
    assert.deepEqual([event().failingSince, logged], [SINCE, []]);
  });

  it('keeps its first time of failing', async () => {
    const account = await start();
    await markFailing(account);
    await markFailing({ ...account, now: () => NOW + 86_400_000 });
    assert.equal(event().failingSince, SINCE);
  });

  const places: [why: string, event: object, shard: number | undefined][] = [
    ['the shard that it was packed in', { shard: 18 }, 18],
    ['a secret of its own', { shard: undefined }, undefined],
  ];
  for (const [why, place, shard] of places)
    it(`says that the account is in ${why}`, async () => {
      const { log: _, ...account } = await start({ event: place });
      assert.equal(await presentShard(account, 17), shard);
    });

  it('tells of no other place where it is gone', async () => {
    const account = await start();
    fake.schedules.clear();
    assert.equal(await presentShard(account, 17), 17);
  });

  it('does not tell where Scheduler refuses', async () => {
    const account = await start({}, () => [403, 'AccessDeniedException']);
    await assert.rejects(presentShard(account, 17), {
      kind: 'unavailable',
      message: /^Account "anna": could not be looked up \(AccessDeniedException\)/,
    });
  });
});
