import assert from 'node:assert/strict';
import { scheduler, schedulerClient } from '../../lib/continuation/scheduler.ts';
import { type FakeScheduler, startFakeScheduler, timeOf } from '../helpers/fake-scheduler.ts';

const NAMES = 'tagger-prod';
const CONTINUE = `${NAMES}-continue`;
const MINUTE_MS = 60_000;
const inMs = (ms: number) => `at(${new Date(Date.now() + ms).toISOString().slice(0, 19)})`;

describe('a run that is planned by EventBridge Scheduler', () => {
  const before = { ...process.env };
  let fake: FakeScheduler;
  const start = async (
    ...fault: Parameters<typeof startFakeScheduler> extends [string, ...infer Rest] ? Rest : []
  ) => {
    fake = await startFakeScheduler(NAMES, ...fault);
    Object.assign(process.env, fake.env);
  };
  afterEach(async () => {
    process.env = { ...before };
    await fake?.close();
  });
  const ofStack = () => fake.schedules.get(`${NAMES}-recent`)?.Target;
  const plan = (ScheduleExpression: string, Input: string, role?: string) =>
    fake.schedules.set(CONTINUE, {
      ScheduleExpression,
      Target: { ...ofStack(), ...(role && { RoleArn: role }), Input },
    });
  const made = () => {
    const schedule = fake.schedules.get(CONTINUE);
    assert.ok(schedule);
    return schedule;
  };

  it('comes once, to the same function, by the same role, and is then deleted', async () => {
    await start();
    const event = { mode: 'recent' as const, continues: { runs: 1, listed: 30, withoutProgress: 0 } };
    const at = await scheduler(NAMES)(event, 0);
    const { Target, ClientToken, Description, ...schedule } = made();
    assert.deepEqual(Target, { ...ofStack(), Input: JSON.stringify(event) });
    assert.deepEqual(schedule, {
      ScheduleExpression: `at(${at?.toISOString().slice(0, 19)})`,
      ScheduleExpressionTimezone: 'UTC',
      ActionAfterCompletion: 'DELETE',
      FlexibleTimeWindow: { Mode: 'OFF' },
    });
  });

  const waits: [why: string, waitMs: number, least: number, most: number][] = [
    ['a minute at least, so that it is not over when it arrives', 0, MINUTE_MS, MINUTE_MS + 1000],
    ['the same where a shorter wait is asked for', 5000, MINUTE_MS, MINUTE_MS + 1000],
    ['as long as is asked for', 7_200_500, 7_200_500, 7_201_500],
  ];
  for (const [why, waitMs, least, most] of waits) {
    it(`is in ${why}`, async () => {
      await start();
      const now = Date.now();
      const at = await scheduler(NAMES, { now: () => now })({ mode: 'recent' }, waitMs);
      assert.equal(at?.getTime(), timeOf(made()));
      const ms = timeOf(made()) - now;
      assert.ok(ms >= least && ms < most, `${ms} ms`);
    });
  }

  type Row = [
    why: string,
    planned: { expression: string; input: string; role?: string },
    asked: { mode: 'recent' | 'full' | 'untag'; waitMs: number },
    stays: boolean,
  ];
  const planned: Row[] = [
    [
      'the one that began this run, which is not deleted yet',
      { expression: inMs(-5000), input: '{"mode":"full"}' },
      { mode: 'recent', waitMs: 0 },
      false,
    ],
    [
      'one that comes later',
      { expression: inMs(3_600_000), input: '{"mode":"recent"}' },
      { mode: 'recent', waitMs: 0 },
      false,
    ],
    [
      'one that comes sooner',
      { expression: inMs(30_000), input: '{"mode":"recent"}' },
      { mode: 'recent', waitMs: 7_200_000 },
      true,
    ],
    [
      'one that does less',
      { expression: inMs(30_000), input: '{"mode":"recent"}' },
      { mode: 'full', waitMs: 0 },
      false,
    ],
    [
      'one that does more, although it comes later',
      { expression: inMs(3_600_000), input: '{"mode":"full"}' },
      { mode: 'recent', waitMs: 0 },
      true,
    ],
    [
      'one that removes tags, which a full run would write again',
      { expression: inMs(30_000), input: '{"mode":"untag"}' },
      { mode: 'full', waitMs: 0 },
      true,
    ],
    [
      'one of a stack that was removed, whose role is gone',
      { expression: inMs(30_000), input: '{"mode":"full"}', role: 'arn:aws:iam::123456789012:role/removed' },
      { mode: 'recent', waitMs: 0 },
      false,
    ],
    [
      'one that somebody else wrote',
      { expression: inMs(30_000), input: 'nonsense' },
      { mode: 'recent', waitMs: 0 },
      false,
    ],
    [
      'one that is no one-time schedule',
      { expression: 'rate(1 hour)', input: '{"mode":"full"}' },
      { mode: 'recent', waitMs: 0 },
      false,
    ],
  ];
  for (const [why, { expression, input, role }, { mode, waitMs }, stays] of planned) {
    it(`${stays ? 'leaves' : 'replaces'} ${why}`, async () => {
      await start();
      plan(expression, input, role);
      const at = await scheduler(NAMES)({ mode }, waitMs);
      assert.equal(at?.getTime(), timeOf(made()));
      assert.equal(made().ScheduleExpression === expression && made().Target.Input === input, stays);
      assert.deepEqual([...fake.schedules.keys()], [`${NAMES}-recent`, CONTINUE]);
    });
  }

  it('is no new time for the one that began this run, which AWS is about to delete', async () => {
    await start();
    plan(inMs(-5000), '{"mode":"full"}');
    await scheduler(NAMES)({ mode: 'recent' }, 0);
    assert.deepEqual(
      fake.calls.slice(1),
      ['POST', 'GET', 'DELETE', 'POST'].map((method) => `${method} ${CONTINUE}`),
    );
  });

  const deleted: [before: string, of: string, expression: string][] = [
    ['GET', 'that is over', inMs(-5000)],
    ['DELETE', 'that is over', inMs(-5000)],
    ['PUT', 'that waits', inMs(3_600_000)],
  ];
  for (const [method, which, expression] of deleted) {
    it(`is made all the same where the one ${which} is deleted just before the ${method}`, async () => {
      await start((call, schedules) => {
        if (call.method === method && call.name === CONTINUE) schedules.delete(CONTINUE);
        return undefined;
      });
      plan(expression, '{}');
      const at = await scheduler(NAMES)({ mode: 'recent' }, 0);
      assert.equal(at?.getTime(), timeOf(made()));
    });
  }

  it('is left to another run that makes one in its place at the same time', async () => {
    const other = { ScheduleExpression: inMs(30_000), Target: { Input: '{"mode":"full"}' } };
    await start((call, schedules) => {
      if (call.method === 'POST' && fake.calls.includes(`DELETE ${CONTINUE}`))
        schedules.set(CONTINUE, { ...other, Target: { ...ofStack(), ...other.Target } });
      return undefined;
    });
    plan(inMs(-5000), '{}');
    const at = await scheduler(NAMES)({ mode: 'recent' }, 0);
    assert.equal(at?.getTime(), timeOf(other));
  });

  it('is not made where the schedules of the stage are off', async () => {
    await start();
    const recent = fake.schedules.get(`${NAMES}-recent`);
    assert.ok(recent);
    fake.schedules.set(`${NAMES}-recent`, { ...recent, State: 'DISABLED' });
    assert.equal(await scheduler(NAMES)({ mode: 'recent' }, 0), undefined);
    assert.equal(fake.schedules.size, 1);
  });

  const refusals: [why: string, error: readonly [number, string], said: RegExp][] = [
    [
      'the role may not make it',
      [403, 'AccessDeniedException'],
      /^Schedule "tagger-prod-continue": could not be made \(AccessDeniedException\); deploy the stage again/,
    ],
    ['AWS fails', [500, 'InternalServerException'], /could not be made \(InternalServerException\)$/],
    ['too many calls are made', [429, 'ThrottlingException'], /could not be made \(ThrottlingException\)$/],
  ];
  for (const [why, error, said] of refusals) {
    it(`says that ${why}, and not what AWS says`, async () => {
      await start(({ method }) => (method === 'POST' ? error : undefined));
      await assert.rejects(scheduler(NAMES)({ mode: 'recent' }, 0), {
        name: 'Failure',
        kind: 'unavailable',
        message: said,
      });
    });
  }

  it('says that a stage has no schedule to take function and role from', async () => {
    await start();
    fake.schedules.clear();
    await assert.rejects(scheduler(NAMES)({ mode: 'recent' }, 0), {
      message: /could not be made \(ResourceNotFoundException\)$/,
    });
  });

  describe('of an account', () => {
    const GROUP = 'tagger-prod-accounts';
    const ACCOUNT = `${GROUP}/anna`;
    const OWN = `${ACCOUNT}-continue`;
    type Fault = Parameters<typeof startFakeScheduler>[1];
    const startGroup = async (fault?: Fault) => {
      fake = await startFakeScheduler(ACCOUNT, fault);
      Object.assign(process.env, fake.env);
    };
    const change = (fields: object) => {
      const recent = fake.schedules.get(`${ACCOUNT}-recent`);
      assert.ok(recent);
      fake.schedules.set(`${ACCOUNT}-recent`, { ...recent, ...fields });
    };
    const planRun = scheduler.bind(undefined, 'anna');
    const event = { mode: 'full' as const, account: 'anna', shard: 17 };

    it('is in the group of accounts, and its event says whose it is and where its secret is', async () => {
      await startGroup();
      change({ ScheduleExpression: 'cron(34 5 * * ? *)' });
      const client = schedulerClient();
      const at = await planRun({ group: GROUP, client })(event, 0);
      const { Target, ScheduleExpression, FlexibleTimeWindow, GroupName } =
        fake.schedules.get(OWN) ?? assert.fail();
      assert.deepEqual(Target, {
        ...fake.schedules.get(`${ACCOUNT}-recent`)?.Target,
        Input: JSON.stringify(event),
      });
      assert.deepEqual([FlexibleTimeWindow, GroupName], [{ Mode: 'OFF' }, GROUP]);
      assert.equal(ScheduleExpression, `at(${at?.toISOString().slice(0, 19)})`);
    });

    it('replaces its own one only', async () => {
      await startGroup();
      const others = ['anna-continue', `${GROUP}/ben-continue`];
      for (const name of [...others, OWN])
        fake.schedules.set(name, { ScheduleExpression: inMs(-5000), Target: { Input: '{}' } });
      const before = others.map((name) => fake.schedules.get(name));
      const at = await planRun({ group: GROUP })(event, 0);
      assert.equal(at?.getTime(), timeOf(fake.schedules.get(OWN) ?? assert.fail()));
      assert.deepEqual(
        others.map((name) => fake.schedules.get(name)),
        before,
      );
    });

    it('is not made where the account is paused', async () => {
      await startGroup();
      change({ State: 'DISABLED' });
      assert.equal(await planRun({ group: GROUP })(event, 0), undefined);
      assert.deepEqual(fake.calls, [`GET ${ACCOUNT}-recent`]);
    });

    it('is not made where the account was removed, and that is no failure', async () => {
      await startGroup();
      fake.schedules.clear();
      assert.equal(await planRun({ group: GROUP })(event, 0), undefined);
      assert.equal(fake.schedules.size, 0);
    });

    const firstRuns: [why: string, mode: 'recent' | 'full' | 'untag', startsInMs: number, stays: boolean][] =
      [
        ['before its window, since it does more', 'recent', 60_000, true],
        ['in its window, since it does more and is still to come', 'recent', -600_000, true],
        ['in its window, for one that does more', 'untag', -600_000, false],
        ['in its window, where it is this one that stopped', 'full', -600_000, false],
        ['after its window', 'recent', -3_700_000, false],
      ];
    for (const [why, mode, startsInMs, stays] of firstRuns) {
      it(`${stays ? 'leaves' : 'replaces'} the first run of the account ${why}`, async () => {
        await startGroup();
        const { Target } = fake.schedules.get(`${ACCOUNT}-recent`) ?? assert.fail();
        const FlexibleTimeWindow = { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 60 };
        const Input = '{"account":"anna","mode":"full"}';
        const first = {
          ScheduleExpression: inMs(startsInMs),
          Target: { ...Target, Input },
          FlexibleTimeWindow,
        };
        fake.schedules.set(OWN, first);
        const at = await planRun({ group: GROUP })({ mode }, 0);
        const planned = fake.schedules.get(OWN) ?? assert.fail();
        assert.equal(planned.Target.Input === Input, stays);
        assert.equal(at?.getTime(), timeOf(planned) + (stays ? 3_600_000 : 0));
      });
    }

    const ends: [how: string, end: (schedules: FakeScheduler['schedules']) => void][] = [
      ['paused', () => change({ State: 'DISABLED' })],
      ['removed', (schedules) => schedules.clear()],
    ];
    for (const [how, end] of ends) {
      it(`does not stay where the account is ${how} just before it is made`, async () => {
        await startGroup(({ method }, schedules) => {
          if (method === 'POST') end(schedules);
          return undefined;
        });
        assert.equal(await planRun({ group: GROUP })(event, 0), undefined);
        assert.equal(fake.schedules.has(OWN), false);
      });
    }

    it('is not there any more, either, where it was removed with the account after it was made', async () => {
      await startGroup((call, schedules) => {
        if (call.method === 'GET' && schedules.has(OWN)) schedules.clear();
        return undefined;
      });
      assert.equal(await planRun({ group: GROUP })(event, 0), undefined);
      assert.equal(fake.schedules.size, 0);
    });
  });

  it('is given up in the time that a run reserves for it', async () => {
    await start();
    await assert.rejects(scheduler(NAMES, { maxPlanningMs: 0 })({ mode: 'recent' }, 0), {
      message: /could not be made \(\w+\)$/,
    });
  });
});
