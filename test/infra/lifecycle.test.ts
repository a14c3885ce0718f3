import assert from 'node:assert/strict';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import { ListSecretsCommand } from '@aws-sdk/client-secrets-manager';
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

  it('tags its own list by its own bands', async () => {
    await stage.mustDeploy(NOT_IN_A_TEST);
    const { error, result } = await stage.invoke({ mode: 'full' });
    assert.deepEqual([error, result.tagged], [undefined, 3], JSON.stringify(result));
    assert.deepEqual(firstTags(), ['a quick read']);
    assert.equal(await bands(shared.stage.functionName), 'short:3, long');
  });

  it('has no resource of the other', async () => {
    const own = Object.values(await stage.resources());
    for (const [id, name] of Object.entries(await shared.stage.resources()))
      assert.ok(!own.includes(name), `${id}: ${name}`);
  });

  it('changes its bands with a second deployment, and keeps its resources', async () => {
    const before = await stage.resources();
    await stage.mustDeploy([
      ...NOT_IN_A_TEST,
      '--param=bands=now:5, later',
      '--param=retiredTags=a quick read',
    ]);
    assert.deepEqual(await stage.resources(), before);
    const { error, result } = await stage.invoke({ mode: 'full' });
    assert.deepEqual([error, result.tagged], [undefined, 3], JSON.stringify(result));
    assert.deepEqual(firstTags(), ['now']);
  });

  it('leaves nothing but the secrets when it is removed, and the other as it was', async () => {
    await stage.remove();
    assert.equal(await stage.exists(), false);
    await assert.rejects(bands(stage.functionName), { name: 'ResourceNotFoundException' });
    const { Buckets = [] } = await aws.buckets.send(new ListBucketsCommand({}));
    const { Schedules = [] } = await aws.scheduler.send(new ListSchedulesCommand({}));
    const left = [...Buckets, ...Schedules].map(({ Name = '' }) => Name);
    assert.deepEqual(
      left.filter((name) => name.includes('-beside-')),
      [],
    );
    assert.equal(left.filter((name) => name.includes('-prod-')).length, 3, left.join());
    const { SecretList = [] } = await aws.secrets.send(new ListSecretsCommand({}));
    for (const name of Object.keys(POCKET_SECRETS)) assert.ok(SecretList.some(({ Name }) => Name === name));
    const { error } = await shared.stage.invoke({ dryRun: true });
    assert.equal(error, undefined);
  });
});
