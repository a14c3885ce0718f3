import assert from 'node:assert/strict';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import { ListSecretsCommand } from '@aws-sdk/client-secrets-manager';
import { command } from '../helpers/command.ts';
import { type DeployedStage, stageOn } from '../helpers/deployed-stage.ts';
import { showLogOfFailures } from '../helpers/ministack.ts';
import { articles, CREDENTIALS, type PocketUnderTest, pocketWith } from '../helpers/pocket.ts';
import { type Clients, clientsFor } from './clients.ts';
import { type SharedStage, sharedStage } from './shared-stage.ts';

const CREATES = '--param=createSecrets=true';
const SECRETS = ['beside/pocket/key', 'beside/pocket/token'];

/** The life of a stage `beside` prod, from its first deployment to its second. Each test begins where the last ended. */
describe('a stage beside another', () => {
  let shared: SharedStage;
  let pocket: PocketUnderTest;
  let stage: DeployedStage;
  let aws: Clients;
  let kept: Readonly<Record<string, string>>;
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
  const setSecret = (name: string, value: string) =>
    command('lib/cli/readtime.ts', ['secrets', 'set', name], { env: shared.ministack.env, input: value });

  it('is deployed with secrets that it creates, and says which to set', async () => {
    const { status, stdout, stderr } = await stage.deploy([CREATES]);
    assert.equal(status, 0, stdout + stderr);
    for (const name of SECRETS)
      assert.match(
        stdout,
        new RegExp(`"${name}": runs fail until it is set with: npm run secrets -- set ${name}`),
      );
  });

  it('fails as long as they are not set, and says how to set them', async () => {
    const { error, result } = await stage.invoke({ mode: 'full' });
    assert.equal(error, 'Unhandled');
    assert.match(result.errorMessage, /"beside\/pocket\/\w+".*npm run secrets -- set beside\/pocket\/\w+/);
  });

  it('runs when they are set, without another deployment', async () => {
    const [key = '', token = ''] = SECRETS;
    await setSecret(key, CREDENTIALS.consumerKey);
    await setSecret(token, CREDENTIALS.accessToken);
    const { error, result } = await stage.invoke({ mode: 'full' });
    assert.deepEqual([error, result.tagged], [undefined, 3], JSON.stringify(result));
  });

  it('changes its bands with a second deployment, and keeps its secrets, queue, topic and bucket', async () => {
    kept = await stage.resources();
    await stage.mustDeploy([
      CREATES,
      '--param=bands=now:5, later:60, never',
      '--param=retiredTags=a quick read',
    ]);
    assert.deepEqual(await stage.resources(), kept);
    assert.equal(await bands(stage.functionName), 'now:5, later:60, never');
    const { error, result } = await stage.invoke({ mode: 'full' });
    assert.deepEqual([error, result.tagged], [undefined, 3], JSON.stringify(result));
    assert.deepEqual(Object.values(pocket.tagsById())[0], ['now']);
  });

  it('leaves the other stage as it was', async () => {
    assert.equal(await bands(shared.stage.functionName), 'short:3, long');
    const own = Object.values(await stage.resources());
    for (const [id, name] of Object.entries(await shared.stage.resources()))
      assert.ok(!own.includes(name), `${id}: ${name}`);
  });

  it('leaves nothing but its secrets when it is removed', async () => {
    await stage.remove();
    assert.equal(await stage.exists(), false);
    const { SecretList = [] } = await aws.secrets.send(new ListSecretsCommand({}));
    assert.deepEqual(
      SecretList.map(({ Name = '' }) => Name)
        .filter((name) => name.startsWith('beside/'))
        .sort(),
      SECRETS,
    );
    const { Buckets = [] } = await aws.buckets.send(new ListBucketsCommand({}));
    const { Schedules = [] } = await aws.scheduler.send(new ListSchedulesCommand({}));
    const left = [...Buckets, ...Schedules].map(({ Name = '' }) => Name);
    assert.deepEqual(
      left.filter((name) => name.includes('beside')),
      [],
    );
    assert.equal(left.filter((name) => name.includes('prod')).length, 3);
    await assert.rejects(bands(stage.functionName), { name: 'ResourceNotFoundException' });
    const { error } = await shared.stage.invoke({ dryRun: true });
    assert.equal(error, undefined);
  });
});
