import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetScheduleCommand, ListSchedulesCommand, UpdateScheduleCommand } from '@aws-sdk/client-scheduler';
import { paginateListSecrets } from '@aws-sdk/client-secrets-manager';
import { accountsGroup, accountsPrefix } from '../../lib/accounts/account.ts';
import { type Accounts, openAccounts } from '../../lib/accounts/accounts.ts';
import { type AccountFront, startAccountFront } from '../helpers/account-front.ts';
import {
  allowSchedulesOfAccounts,
  type DeployedStage,
  NOT_IN_A_TEST,
  stageOn,
} from '../helpers/deployed-stage.ts';
import { withEnvironment } from '../helpers/environment.ts';
import { type MiniStack, showLogOfFailures, startMiniStack } from '../helpers/ministack.ts';
import { articles, type PocketUnderTest, pocketWith } from '../helpers/pocket.ts';
import { until } from '../helpers/until.ts';
import { bandsOf, type Holder, startHolders } from './account-holders.ts';
import { type Clients, clientsFor } from './clients.ts';

const STAGE = 'many';
const ACCOUNTS = 200;
const RATE = 'rate(2 minutes)';
/** So that all are added within a round: milliseconds. */
const BETWEEN_LINES_MS = 500;
const TENTH = ACCOUNTS / 10;

type FaultOfService = Parameters<Holder['fail']>[0];

/** A limit on calls is no failure: the run ends, and goes on when it is over. */
const RATE_LIMITED: FaultOfService = () =>
  new Response('later', { status: 429, headers: { 'Retry-After': '86400' } });

/** What a service may do wrong for as long as it likes. */
const FAULTS: readonly FaultOfService[] = [
  () => new Response('down', { status: 503 }),
  RATE_LIMITED,
  () => new Response('no', { status: 401 }),
  () => new Response('<html>moved</html>', { status: 200, headers: { 'Content-Type': 'text/html' } }),
  () => ({ kind: 'reset' }),
];

/** Far longer than a round takes on a busy machine; every account has a run in two minutes. */
const PATIENTLY = { limitMs: 900_000, everyMs: 2000 };

/**
 * A stage that serves 200 accounts at every service, by their own schedules. MiniStack has no flexible windows, and counts
 * a rate from when a schedule was made: so accounts are added as slowly as a window would spread their runs.
 */
describe('a stage with 200 accounts', function () {
  this.timeout(1_800_000);
  let ministack: MiniStack;
  let pocket: PocketUnderTest;
  let front: AccountFront;
  let stage: DeployedStage;
  let holders: Holder[];
  let accounts: Accounts;
  let clients: Clients;
  const part = (from: number, count = TENTH) => holders.slice(from, from + count);
  /** By tenths: their service does wrong; their secret is rotated; packed early; removed while they run. */
  const [FAULTY, ROTATED, REMOVED] = [0, TENTH, 2 * TENTH];
  const removed = () => part(REMOVED, 10);
  const faultOf = (holder: Holder) =>
    holder.service === 'pocket' ? undefined : FAULTS[holders.indexOf(holder) % FAULTS.length];
  const isFaulty = (holder: Holder) => holders.indexOf(holder) < TENTH;
  const remaining = () => holders.filter((holder) => !removed().includes(holder));
  const isDone = (holder: Holder) => holder.tags().every((tags) => tags.length === 1);
  const rightOnes = () => remaining().filter((holder) => !isFaulty(holder));

  before(async () => {
    ministack = await startMiniStack();
    clients = clientsFor(ministack);
    pocket = await pocketWith(articles(1));
    front = await startAccountFront();
    holders = await startHolders(ACCOUNTS, front);
    for (const holder of part(FAULTY)) {
      const fault = faultOf(holder);
      if (fault) holder.fail(fault);
    }
    stage = stageOn(ministack, pocket, STAGE);
    await stage.mustDeploy([
      ...NOT_IN_A_TEST,
      '--param=accounts=true',
      '--param=schedules=DISABLED',
      `--param=accountsAllowHosts=${front.host}`,
    ]);
    await allowSchedulesOfAccounts(ministack, stage);
    await setTemplateRate(RATE);
    accounts = openAccounts({ stage: STAGE, region: ministack.client.region });
  });
  after(async () => {
    await Promise.all(holders?.map((holder) => holder.close()) ?? []);
    await front?.close();
    await pocket?.close();
    await ministack?.close();
  });
  showLogOfFailures(() => ministack);

  const atMiniStack = <Result>(work: () => Promise<Result>) => withEnvironment({ ...ministack.env }, work);

  async function setTemplateRate(ScheduleExpression: string) {
    const named = { GroupName: accountsGroup(STAGE), Name: '_recent' };
    const { Target, State } = await clients.scheduler.send(new GetScheduleCommand(named));
    const FlexibleTimeWindow = { Mode: 'OFF' as const };
    await clients.scheduler.send(
      new UpdateScheduleCommand({ ...named, Target, State, ScheduleExpression, FlexibleTimeWindow }),
    );
  }

  /** MiniStack lists the first 100 schedules of a group, and no more. */
  async function statesOf(some: readonly Holder[]) {
    const states: (string | undefined)[] = [];
    for (const { name } of some) states.push((await accounts.get(name))?.state);
    return states;
  }

  const round = (what: string) => until(what, () => rightOnes().every(isDone), PATIENTLY);

  it('has them all by one import, whose lines may be wrong', async () => {
    async function* lines() {
      for (const [at, { name, variables }] of holders.entries()) {
        if (at === 50) yield '{"account":"Not A Name"}';
        yield JSON.stringify({ account: name, ...variables });
        await sleep(BETWEEN_LINES_MS);
      }
    }
    const { added, refused } = await atMiniStack(() => accounts.import(lines()));
    assert.deepEqual([added, refused], [ACCOUNTS, 1]);
  });

  it('tags every list by its own schedule, the first time', async () => {
    await round('every list has been tagged');
  });

  it('knows which accounts fail, and fails for none of them', async () => {
    const faulty = part(FAULTY).filter((holder) => ![undefined, RATE_LIMITED].includes(faultOf(holder)));
    await until(
      'the faulty accounts are known as failing',
      async () => (await atMiniStack(() => statesOf(faulty))).every((state) => state === 'failing'),
      PATIENTLY,
    );
    const states = await atMiniStack(() => statesOf(rightOnes()));
    assert.deepEqual([...new Set(states)], ['active']);
  });

  it('goes on in a second round, while secrets are rotated and accounts removed', async () => {
    for (const holder of rightOnes()) holder.save();
    await atMiniStack(async () => {
      for (const holder of part(ROTATED)) await accounts.rotate(holder.name, holder.rotate());
      for (const { name } of removed()) await accounts.remove(name);
    });
    for (const { name } of removed()) front.seen.get(name)?.splice(0);
    await round('every list has been tagged again');
  });

  it('goes on in a third, while accounts are packed, and faults have passed', async () => {
    for (const holder of part(FAULTY)) if (faultOf(holder)) holder.fail(() => undefined);
    for (const holder of rightOnes()) holder.save();
    const { moved } = await atMiniStack(() => accounts.pack());
    assert.equal(moved, ACCOUNTS - removed().length);
    await round('every list has been tagged a third time');
    await until('those that failed are right, too', () => remaining().every(isDone), PATIENTLY);
    await until(
      'no account is failing',
      async () => (await atMiniStack(() => statesOf(remaining()))).every((state) => state === 'active'),
      PATIENTLY,
    );
  });

  it('ran no account that was removed', () => {
    // A run that had begun may have sent its last calls meanwhile; none begins after that.
    const calls = removed().map(({ name }) => front.seen.get(name)?.length ?? 0);
    assert.ok(
      calls.every((count) => count < 20),
      `${calls}`,
    );
  });

  it('mixed nothing of one account into another', () => {
    for (const { name, tags } of holders) {
      const own: readonly string[] = bandsOf(name);
      assert.deepEqual(
        tags()
          .flat()
          .filter((tag) => !own.includes(tag)),
        [],
      );
      const secrets = (front.seen.get(name) ?? []).flatMap(
        (call) => call.match(/secret-of-[a-z0-9-]+(?=-version)/g) ?? [],
      );
      assert.deepEqual(
        secrets.filter((secret) => secret !== `secret-of-${name}`),
        [],
      );
      assert.ok(
        front.seen.get(name)?.every((call) => !call.includes('short-u-') || call.includes(`short-${name}`)),
      );
    }
  });

  it('kept secrets out of its log', () => {
    assert.doesNotMatch(ministack.log(), /secret-of-u-/);
  });

  it('leaves nothing behind when all are removed', async () => {
    const { removed: count } = await atMiniStack(() => accounts.removeAll());
    assert.equal(count, remaining().length);
    const { Schedules = [] } = await clients.scheduler.send(
      new ListSchedulesCommand({ GroupName: accountsGroup(STAGE) }),
    );
    assert.deepEqual(Schedules.map(({ Name }) => Name).toSorted(), ['_full', '_recent']);
    const left: string[] = [];
    const prefix = `${accountsPrefix(STAGE)}/`;
    for await (const { SecretList = [] } of paginateListSecrets(
      { client: clients.secrets },
      { IncludePlannedDeletion: true, Filters: [{ Key: 'name', Values: [prefix] }] },
    ))
      left.push(...SecretList.filter(({ DeletedDate }) => !DeletedDate).map(({ Name = '' }) => Name));
    assert.deepEqual(left, []);
  });
});
