import assert from 'node:assert/strict';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type Accounts, openAccounts } from '../../lib/accounts/accounts.ts';
import { storedAccounts } from '../../lib/accounts/stored-accounts.ts';
import { withEnvironment } from '../helpers/environment.ts';
import { type MiniStack, showLogOfFailures, startMiniStack } from '../helpers/ministack.ts';

const GROUP = 'readtime-tagger-prod-accounts';
const LOG_GROUP = '/aws/lambda/readtime-tagger-prod-tagger';
const TARGET = {
  Arn: 'arn:aws:lambda:eu-central-1:123456789012:function:readtime-tagger-prod-tagger',
  RoleArn: 'arn:aws:iam::123456789012:role/readtime-tagger-prod-scheduler',
  Input: '{}',
};
const variables = (token: string) => ({ READING_LIST: 'karakeep', KARAKEEP_TOKEN: token });

/** Without a deployment: the group and the templates are made by hand. No schedule that is made here begins in time. */
describe('accounts in an emulator of AWS', () => {
  let ministack: MiniStack;
  let scheduler: SchedulerClient;
  let secrets: SecretsManagerClient;
  before(async () => {
    ministack = await startMiniStack();
    scheduler = new SchedulerClient(ministack.client);
    secrets = new SecretsManagerClient(ministack.client);
  });
  after(() => ministack?.close());
  beforeEach(async () => {
    await ministack.reset();
    await scheduler.send(new CreateScheduleGroupCommand({ Name: GROUP }));
    for (const [Name, ScheduleExpression] of [
      ['_recent', 'rate(1 hour)'],
      ['_full', 'rate(7 days)'],
    ])
      await scheduler.send(
        new CreateScheduleCommand({
          Name,
          GroupName: GROUP,
          ScheduleExpression,
          State: 'DISABLED',
          FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 60 },
          Target: TARGET,
        }),
      );
  });
  showLogOfFailures(() => ministack);

  const inStage = <Result>(work: (accounts: Accounts) => Promise<Result>, env = {}) =>
    withEnvironment({ ...ministack.env, ...env }, () =>
      work(openAccounts({ stage: 'prod' }, { settleMs: 0 })),
    );
  const names = async () => {
    const { Schedules = [] } = await scheduler.send(new ListSchedulesCommand({ GroupName: GROUP }));
    return Schedules.flatMap(({ Name = '' }) => (Name.startsWith('_') ? [] : Name)).toSorted();
  };
  const secretNames = async () => {
    const { SecretList = [] } = await secrets.send(new ListSecretsCommand({}));
    return SecretList.map(({ Name }) => Name);
  };
  const lines = ['anna', 'berta', 'carl'].map((account) =>
    JSON.stringify({ account, ...variables(account) }),
  );

  it('are imported, packed, changed, paused, resumed and removed, and nothing is left', async () => {
    await inStage(async (accounts) => {
      assert.deepEqual(await accounts.import(lines), { added: 3, wereThere: 0, refused: 0 });
      assert.equal(await accounts.add('anna', variables('anna')), 'was there');
      assert.deepEqual(await accounts.pack(), { moved: 3, shards: 1 });
      assert.deepEqual(await secretNames(), ['prod/accounts/shard-1']);
      for (const name of ['anna-recent', 'anna-full', 'anna-continue']) {
        const { Target, State } = await scheduler.send(
          new GetScheduleCommand({ Name: name, GroupName: GROUP }),
        );
        assert.deepEqual([JSON.parse(Target?.Input ?? '').shard, State], [1, 'ENABLED'], name);
      }
      await accounts.rotate('anna', { KARAKEEP_TOKEN: 'new' });
      assert.deepEqual(await storedAccounts('prod', {}).read({ name: 'anna', shard: 1 }), variables('new'));
      assert.deepEqual(
        await storedAccounts('prod', {}).read({ name: 'berta', shard: 1 }),
        variables('berta'),
      );
      await accounts.pause('berta');
      const states: [string, string, boolean][] = [];
      for await (const { name, state, nextRun } of accounts.list())
        states.push([name, state, nextRun !== undefined]);
      assert.deepEqual(states.toSorted(), [
        ['anna', 'active', true],
        ['berta', 'paused', false],
        ['carl', 'active', true],
      ]);
      await accounts.resume('berta');
      assert.equal((await accounts.get('berta'))?.state, 'active');
      assert.equal(await accounts.remove('carl'), undefined);
      assert.deepEqual(
        (await names()).filter((name) => name.startsWith('carl')),
        [],
      );
      await accounts.add('dora', variables('dora'));
      assert.deepEqual(await accounts.removeAll(), { removed: 3 });
      assert.deepEqual([await names(), await secretNames()], [[], []]);
    });
  });

  it('are not lost where several write one shard', async () => {
    const writers = ['anna', 'berta', 'carl', 'dora'];
    await withEnvironment(ministack.env, async () => {
      await Promise.all(
        writers.map((name) =>
          storedAccounts('prod', {}).changeShard(
            1,
            (accounts) => new Map([...accounts, [name, variables(name)]]),
          ),
        ),
      );
      const shard = await storedAccounts('prod', {}).readShard(1);
      assert.deepEqual(typeof shard === 'string' ? [] : [...shard.keys()].toSorted(), writers);
    });
  });

  it('are refused by the name of one that was removed, with the command that restores it', async () => {
    await inStage(async (accounts) => {
      await accounts.add('anna', variables('anna'));
      const until = await accounts.remove('anna', { recoveryDays: 7 });
      await assert.rejects(accounts.add('anna', variables('anna')), {
        name: 'Failure',
        kind: 'credentials',
        message: `Secret "prod/accounts/anna": scheduled for deletion; it can be restored until ${until?.toISOString().slice(0, 10)} with: aws secretsmanager restore-secret --secret-id prod/accounts/anna --region eu-central-1`,
      });
    });
  });

  it('are kept by who may use Scheduler, Secrets Manager and its role alone, for this stage alone', async () => {
    const users = new IAMClient(ministack.client);
    await users.send(new CreateUserCommand({ UserName: 'sign-up' }));
    const allow = (Action: string[], Resource: string) => ({ Effect: 'Allow', Action, Resource });
    const policy = {
      Version: '2012-10-17',
      Statement: [
        // MiniStack asks for a schedule of any group as for one of the default group.
        allow(['scheduler:*'], 'arn:aws:scheduler:*:*:schedule/default/*'),
        allow(['secretsmanager:*'], 'arn:aws:secretsmanager:*:*:secret:prod/accounts/*'),
        allow(['iam:PassRole'], TARGET.RoleArn),
      ],
    };
    await users.send(
      new PutUserPolicyCommand({
        UserName: 'sign-up',
        PolicyName: 'accounts',
        PolicyDocument: JSON.stringify(policy),
      }),
    );
    const { AccessKey } = await users.send(new CreateAccessKeyCommand({ UserName: 'sign-up' }));
    const env = {
      AWS_ACCESS_KEY_ID: AccessKey?.AccessKeyId ?? '',
      AWS_SECRET_ACCESS_KEY: AccessKey?.SecretAccessKey ?? '',
    };
    await inStage(async (accounts) => {
      assert.equal(await accounts.add('anna', variables('anna')), 'added');
      await accounts.rotate('anna', { KARAKEEP_TOKEN: 'new' });
      assert.ok(await accounts.remove('anna'));
    }, env);
    await withEnvironment({ ...ministack.env, ...env }, async () => {
      await assert.rejects(openAccounts({ stage: 'other' }).add('anna', variables('anna')), {
        name: 'Failure',
        message: /^Secret "other\/accounts\/anna": access denied .* lacks {.*"secretsmanager:CreateSecret"/,
      });
      await assert.rejects(storedAccounts('other', {}).read({ name: 'anna' }), {
        name: 'Failure',
        message: /"other\/accounts\/anna": access denied in eu-central-1/,
      });
    });
  });

  it('have last runs, of which the log tells', async () => {
    const logs = new CloudWatchLogsClient(ministack.client);
    await logs.send(new CreateLogGroupCommand({ logGroupName: LOG_GROUP }));
    await logs.send(new CreateLogStreamCommand({ logGroupName: LOG_GROUP, logStreamName: 'one' }));
    const now = Date.now();
    const line = (minutes: number, fields: object) => ({
      timestamp: now - minutes * 60_000,
      message: JSON.stringify({ level: 'INFO', ...fields }),
    });
    await logs.send(
      new PutLogEventsCommand({
        logGroupName: LOG_GROUP,
        logStreamName: 'one',
        logEvents: [
          line(30, { message: 'run-failed', account: 'anna', reason: 'refused' }),
          line(20, {
            message: 'run-finished',
            account: 'anna',
            mode: 'recent',
            listed: 3,
            tagged: 0,
            result: 'ok',
          }),
          line(10, { message: 'run-failed', account: 'berta', reason: 'refused' }),
          line(5, { message: 'Read a secret', account: 'berta' }),
        ],
      }),
    );
    const found = await inStage((accounts) => accounts.lastRuns());
    assert.deepEqual(
      [...found]
        .map(([name, { ok, listed, tagged, message }]) => [name, ok, listed, tagged, message])
        .toSorted(),
      [
        ['anna', true, 3, 0, 'ok'],
        ['berta', false, undefined, undefined, 'refused'],
      ],
    );
  });
});
