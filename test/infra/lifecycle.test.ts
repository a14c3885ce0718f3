import assert from 'node:assert/strict';
import { ListRolesCommand } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import {
  CreateScheduleCommand,
  GetScheduleCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
} from '@aws-sdk/client-scheduler';
import { ListSecretsCommand } from '@aws-sdk/client-secrets-manager';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { type DeployedStage, NOT_IN_A_TEST, POCKET_SECRETS, stageOn } from '../helpers/deployed-stage.ts';
import { showLogOfFailures } from '../helpers/ministack.ts';
import { articles, type PocketUnderTest, pocketWith } from '../helpers/pocket.ts';
import { type Clients, clientsFor } from './clients.ts';
import { type SharedStage, sharedStage } from './shared-stage.ts';

/**
 * The life of a stage beside prod. Each test begins where the last one ended. created-secrets.test.ts has a stage that is
 * deployed again after it was removed.
 */
describe('a stage beside another', () => {
  let shared: SharedStage;
  let pocket: PocketUnderTest;
  let stage: DeployedStage;
  let aws: Clients;
  before(async () => {
    shared = await sharedStage();
    pocket = await pocketWith(articles(3));
    stage = stageOn(shared.ministack, pocket, 'beside');
    aws = clientsFor(shared.ministack);
  });
  after(() => pocket?.close());
  showLogOfFailures(() => shared?.ministack);

  const bands = async (FunctionName: string) => {
    const found = await aws.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    return found.Environment?.Variables?.BANDS;
  };
  const firstTags = () => Object.values(pocket.tagsById())[0];

  /** Of its accounts. */
  const GROUP = 'readtime-tagger-beside-accounts';
  const WITH_ACCOUNTS = '--param=accounts=true';

  /** Made after the one that the stack has for that. */
  async function addAccount(account: string): Promise<void> {
    const { ScheduleExpression, FlexibleTimeWindow, Target } = await aws.scheduler.send(
      new GetScheduleCommand({ Name: '_recent', GroupName: GROUP }),
    );
    await aws.scheduler.send(
      new CreateScheduleCommand({
        Name: `${account}-recent`,
        GroupName: GROUP,
        ScheduleExpression,
        FlexibleTimeWindow,
        Target: Target && { ...Target, Input: JSON.stringify({ account, mode: 'recent' }) },
      }),
    );
  }

  async function accountSchedules(): Promise<readonly (string | undefined)[]> {
    const { Schedules = [] } = await aws.scheduler.send(new ListSchedulesCommand({ GroupName: GROUP }));
    return Schedules.map(({ Name }) => Name).toSorted();
  }

  it('tags its own list by its own bands', async () => {
    await stage.mustDeploy([...NOT_IN_A_TEST, WITH_ACCOUNTS]);
    const { error, result } = await stage.invoke({ mode: 'full' });
    assert.deepEqual([error, result.tagged], [undefined, 3], JSON.stringify(result));
    assert.deepEqual(firstTags(), ['a quick read']);
    assert.equal(await bands(shared.stage.functionName), 'short:3, long');
  });

  it('has no resource of the other', async () => {
    const own = Object.values(await stage.resources());
    // `_recent` and `_full` are in the group of each stage.
    for (const [id, name] of Object.entries(await shared.stage.resources()))
      assert.ok(!own.includes(name) || name.startsWith('_'), `${id}: ${name}`);
  });

  it('changes its bands with a second deployment, and keeps its resources and its accounts', async () => {
    const before = await stage.resources();
    await addAccount('anna');
    await stage.mustDeploy([
      ...NOT_IN_A_TEST,
      WITH_ACCOUNTS,
      '--param=bands=now:5, later',
      '--param=retiredTags=a quick read',
    ]);
    assert.deepEqual(await stage.resources(), before);
    const { error, result } = await stage.invoke({ mode: 'full' });
    assert.deepEqual([error, result.tagged], [undefined, 3], JSON.stringify(result));
    assert.deepEqual(firstTags(), ['now']);
    assert.deepEqual(await accountSchedules(), ['_full', '_recent', 'anna-recent']);
  });

  it('is not deployed without the accounts it has, whose schedules AWS would delete', async () => {
    const { status, stderr } = await stage.deploy(NOT_IN_A_TEST);
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^accounts "false": the stage beside has accounts, .*; give --param="accounts=true"/m,
    );
    assert.deepEqual(await accountSchedules(), ['_full', '_recent', 'anna-recent']);
  });

  // As AWS does, MiniStack deletes the schedules of a group with the group.
  it('leaves nothing but the secrets when it is removed, and the other as it was', async () => {
    await stage.remove();
    const { ScheduleGroups = [] } = await aws.scheduler.send(new ListScheduleGroupsCommand({}));
    assert.deepEqual(ScheduleGroups.map(({ Name }) => Name).toSorted(), [
      'default',
      'readtime-tagger-prod-accounts',
    ]);
    assert.deepEqual(await accountSchedules(), []);
    assert.equal(await stage.exists(), false);
    await assert.rejects(bands(stage.functionName), { name: 'ResourceNotFoundException' });
    const { Buckets = [] } = await aws.buckets.send(new ListBucketsCommand({}));
    const { Schedules = [] } = await aws.scheduler.send(new ListSchedulesCommand({}));
    const left = [...Buckets, ...Schedules].map(({ Name = '' }) => Name);
    const { QueueUrls = [] } = await aws.queues.send(new ListQueuesCommand({}));
    const { Roles = [] } = await aws.roles.send(new ListRolesCommand({}));
    assert.deepEqual(
      [...left, ...QueueUrls, ...Roles.map(({ RoleName = '' }) => RoleName)].filter((name) =>
        name.includes('-beside-'),
      ),
      [],
    );
    assert.equal(left.filter((name) => name.includes('-prod-')).length, 3, left.join());
    const { SecretList = [] } = await aws.secrets.send(new ListSecretsCommand({}));
    for (const name of Object.keys(POCKET_SECRETS)) assert.ok(SecretList.some(({ Name }) => Name === name));
    const { error } = await shared.stage.invoke({ dryRun: true });
    assert.equal(error, undefined);
  });
});
