import assert from 'node:assert/strict';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateFunctionCommand, LambdaClient, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import {
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { zipSync } from 'fflate';
import { lookAtAccount } from '../../lib/deploy/account.ts';
import type { Stage } from '../../lib/deploy/stage.ts';
import { createSecrets, POCKET_SECRETS, stageOn } from '../helpers/deployed-stage.ts';
import { withEnvironment } from '../helpers/environment.ts';
import { type MiniStack, showLogOfFailures, startMiniStack } from '../helpers/ministack.ts';
import { articles, type PocketUnderTest, pocketWith } from '../helpers/pocket.ts';

const FUNCTION = 'readtime-tagger-prod-tagger';

describe('what a deployment would fail at, in an account of an emulator', () => {
  let ministack: MiniStack;
  const open = (account: number) => async () => {
    ministack = await startMiniStack({ LAMBDA_ACCOUNT_CONCURRENCY: String(account) });
  };
  const close = () => ministack?.close();
  showLogOfFailures(() => ministack);

  const look = (more: Partial<Stage> = {}, operator: Record<string, string> = {}) =>
    withEnvironment({ ...ministack.env, ...operator }, () =>
      lookAtAccount({
        name: 'prod',
        region: 'eu-central-1',
        environment: {},
        createdSecrets: [],
        existingSecrets: [],
        stackName: 'readtime-tagger-prod',
        functionName: FUNCTION,
        reservedConcurrency: undefined,
        schedules: ['readtime-tagger-prod-recent', 'readtime-tagger-prod-full'],
        accountsGroup: undefined,
        servesAccountsAlone: false,
        ...more,
      }),
    );

  async function createFunction(name: string): Promise<void> {
    const roles = new IAMClient(ministack.client);
    const trust = { Version: '2012-10-17', Statement: [] };
    const { Role } = await roles.send(
      new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust) }),
    );
    const code = zipSync({ 'index.js': new TextEncoder().encode('exports.handler = () => {}') });
    await new LambdaClient(ministack.client).send(
      new CreateFunctionCommand({
        FunctionName: name,
        Role: Role?.Arn,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Code: { ZipFile: code },
      }),
    );
  }

  describe('that is new, and may run ten functions at once', () => {
    before(open(10));
    after(close);

    it('lets a stage be deployed that reserves nothing', async () => {
      const { problems, skipped } = await look();
      assert.deepEqual([problems, skipped], [[], []]);
    });

    it('refuses a reservation of one', async () => {
      const { problems } = await look({ reservedConcurrency: 1 });
      assert.equal(problems.length, 1);
      assert.match(
        problems[0] ?? '',
        /^reservedConcurrency "1": this account may run 10 functions at once, .* reserve 0 of them; leave/,
      );
    });
  });

  describe('that is new, asked by npm run deploy', () => {
    let pocket: PocketUnderTest;
    before(async () => {
      await open(10)();
      pocket = await pocketWith(articles(1));
      await createSecrets(ministack, POCKET_SECRETS);
    });
    after(async () => {
      await close();
      await pocket?.close();
    });

    it('takes a stage as it is by default, and none that reserves', async () => {
      const stage = stageOn(ministack, pocket);
      const good = await stage.deploy(['--check']);
      assert.deepEqual([good.status, good.stderr], [0, '']);
      assert.match(good.stdout, /^Checked: the stage can be deployed\.$/m);
      const refused = await stage.deploy(['--check', '--param=reservedConcurrency=1']);
      assert.equal(refused.status, 1);
      assert.match(refused.stderr, /nothing was created\.\nreservedConcurrency "1": this account may run 10/);
    });
  });

  describe('that may run a thousand', () => {
    before(open(1000));
    after(close);

    it('lets it reserve all but a hundred, which AWS keeps', async () => {
      assert.deepEqual((await look({ reservedConcurrency: 900 })).problems, []);
      assert.match((await look({ reservedConcurrency: 901 })).problems.join(), /reserve 900 of them/);
    });

    it('finds a log group, a schedule and a function that are not of the stack, all at once', async () => {
      await new CloudWatchLogsClient(ministack.client).send(
        new CreateLogGroupCommand({ logGroupName: `/aws/lambda/${FUNCTION}` }),
      );
      await new CloudWatchLogsClient(ministack.client).send(
        new CreateLogGroupCommand({ logGroupName: `/aws/lambda/${FUNCTION}-of-another` }),
      );
      await new SchedulerClient(ministack.client).send(
        new CreateScheduleCommand({
          Name: 'readtime-tagger-prod-full',
          ScheduleExpression: 'rate(1 day)',
          FlexibleTimeWindow: { Mode: 'OFF' },
          Target: {
            Arn: `arn:aws:lambda:eu-central-1:123456789012:function:${FUNCTION}`,
            RoleArn: 'arn:aws:iam::123456789012:role/none',
          },
        }),
      );
      await createFunction(FUNCTION);
      const { problems } = await look();
      assert.deepEqual(
        problems.map((problem) => problem.split(': ')[0]),
        [
          `Function "${FUNCTION}"`,
          `Log group "/aws/lambda/${FUNCTION}"`,
          'Schedule "readtime-tagger-prod-full"',
        ],
      );
      assert.match(
        problems[1] ?? '',
        /exists, but not in the stack readtime-tagger-prod, .*aws logs delete-log-group --log-group-name \/aws\/lambda\/\S+ --region eu-central-1$/,
      );
      assert.deepEqual((await look({ functionName: 'other', schedules: [] })).problems, []);
    });

    it('finds a schedule group of accounts that is not of the stack', async () => {
      const stage = { functionName: 'other', schedules: [], accountsGroup: 'readtime-tagger-prod-accounts' };
      assert.deepEqual((await look(stage)).problems, []);
      await new SchedulerClient(ministack.client).send(
        new CreateScheduleGroupCommand({ Name: stage.accountsGroup }),
      );
      assert.match(
        (await look(stage)).problems.join(),
        /^Schedule group "readtime-tagger-prod-accounts": exists, .* delete-schedule-group --name \S+ --region eu-central-1$/,
      );
    });

    // The emulator lets everybody see the account's settings: for those see test/deploy/check-stage.test.ts.
    it('names in one list what an operator may not look at, and goes on', async () => {
      const users = new IAMClient(ministack.client);
      const UserName = 'operator';
      await users.send(new CreateUserCommand({ UserName }));
      const statement = { Effect: 'Allow', Action: 'cloudformation:ListStackResources', Resource: '*' };
      const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
      await users.send(new PutUserPolicyCommand({ UserName, PolicyName: 'little', PolicyDocument }));
      const { AccessKey } = await users.send(new CreateAccessKeyCommand({ UserName }));
      const operator = {
        AWS_ACCESS_KEY_ID: AccessKey?.AccessKeyId ?? '',
        AWS_SECRET_ACCESS_KEY: AccessKey?.SecretAccessKey ?? '',
      };
      const { problems, skipped } = await look({}, operator);
      assert.deepEqual(problems, []);
      assert.deepEqual(
        [...new Set(skipped)],
        [
          'lambda:GetFunctionConfiguration (AccessDeniedException)',
          'logs:DescribeLogGroups (AccessDeniedException)',
          'scheduler:GetSchedule (AccessDeniedException)',
        ],
      );
    });

    it('counts what others have reserved, and not what the function has already', async () => {
      await createFunction('another');
      const lambda = new LambdaClient(ministack.client);
      const reserve = (FunctionName: string, ReservedConcurrentExecutions: number) =>
        lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
      await reserve('another', 500);
      await reserve(FUNCTION, 300);
      const found = async (reservedConcurrency: number) =>
        (await look({ reservedConcurrency })).problems.filter((problem) => /^reserved/.test(problem)).length;
      assert.deepEqual([await found(400), await found(401)], [0, 1]);
    });
  });
});
