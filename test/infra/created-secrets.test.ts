import assert from 'node:assert/strict';
import {
  CloudFormationClient,
  CreateStackCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { command } from '../helpers/command.ts';
import { type DeployedStage, stageOn } from '../helpers/deployed-stage.ts';
import { type MiniStack, showLogOfFailures, startMiniStack } from '../helpers/ministack.ts';
import { articles, CREDENTIALS, type PocketUnderTest, pocketWith } from '../helpers/pocket.ts';
import { ofType, templateFor } from '../helpers/template.ts';

const CREATE = '--param=createSecrets=true';
const KEY = 'prod/pocket/key';
const TOKEN = 'prod/pocket/token';

describe('secrets that a stage creates', () => {
  let ministack: MiniStack;
  let pocket: PocketUnderTest;
  let stage: DeployedStage;
  let secrets: SecretsManagerClient;
  before(async () => {
    ministack = await startMiniStack();
    pocket = await pocketWith(articles(3));
    stage = stageOn(ministack, pocket);
    secrets = new SecretsManagerClient(ministack.client);
  });
  after(async () => {
    await ministack?.close();
    await pocket?.close();
  });
  showLogOfFailures(() => ministack);

  const names = async () => {
    const { SecretList = [] } = await secrets.send(new ListSecretsCommand({}));
    return SecretList.map(({ Name }) => Name).toSorted();
  };
  const values = () =>
    Promise.all(
      [KEY, TOKEN].map(
        async (SecretId) => (await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString,
      ),
    );
  const readtimeSecrets = (args: readonly string[], input = '') =>
    command('lib/cli/readtime.ts', ['secrets', ...args], {
      env: { ...ministack.env, POCKET_API_URL: pocket.server.url },
      input,
    });
  /** Whether the stack itself has them. */
  const madeByStack = async () =>
    Object.keys(await stage.resources()).filter((id) => /^Pocket.*Secret$/.test(id));

  it('are not left behind by a first deployment that fails', async () => {
    const buckets = new S3Client({ ...ministack.client, forcePathStyle: true });
    await buckets.send(new CreateBucketCommand({ Bucket: 'taken-by-another' }));
    const template = await templateFor('--stage=prod', CREATE);
    const made = Object.entries(template.Resources).filter(([, { Type }]) => /Secret$/.test(Type));
    assert.equal(made.length, ofType(template, 'AWS::SecretsManager::Secret').length);
    const failing = {
      Type: 'AWS::S3::Bucket',
      Properties: { BucketName: 'taken-by-another' },
      DependsOn: made.map(([id]) => id),
    };
    const stacks = new CloudFormationClient(ministack.client);
    await stacks.send(
      new CreateStackCommand({
        StackName: 'failing',
        TemplateBody: JSON.stringify({ Resources: { ...Object.fromEntries(made), Failing: failing } }),
      }),
    );
    await assert.rejects(
      waitUntilStackCreateComplete(
        { client: stacks, maxWaitTime: 30, minDelay: 1 },
        { StackName: 'failing' },
      ),
      /ROLLBACK_COMPLETE/,
    );
    assert.deepEqual(await names(), []);
  });

  it('are made with a placeholder, of which every check tells until they are set', async () => {
    const { status, stdout, stderr } = await stage.deploy([CREATE]);
    assert.equal(status, 0, stdout + stderr);
    for (const name of [KEY, TOKEN])
      assert.match(
        stdout,
        new RegExp(`"${name}": runs fail until it is set with: .* set ${name} --region eu-central-1`),
      );
    assert.deepEqual(await names(), [KEY, TOKEN]);
    assert.deepEqual(await madeByStack(), ['PocketKeySecret', 'PocketTokenSecret']);
    const again = await stage.deploy([CREATE, '--check']);
    assert.equal(again.status, 0, again.stderr);
    assert.match(
      again.stdout,
      /"prod\/pocket\/key" still holds its placeholder; set it with: .* set prod\/pocket\/key --region eu-central-1; until then runs fail/,
    );
    const { error, result } = await stage.invoke();
    assert.ok(error);
    assert.match(JSON.stringify(result), /still holds its placeholder/);
  });

  it('are set and checked by the names that the stage gives them', async () => {
    const unset = await readtimeSecrets(['check', '--stage', 'prod', CREATE]);
    assert.equal(unset.status, 1);
    assert.match(unset.stdout, /"prod\/pocket\/token" still holds its placeholder/);
    await readtimeSecrets(['set', KEY], CREDENTIALS.consumerKey);
    await readtimeSecrets(['set', TOKEN], CREDENTIALS.accessToken);
    const set = await readtimeSecrets(['check', '--stage', 'prod', CREATE]);
    assert.equal(set.status, 0, set.stdout + set.stderr);
    assert.match(set.stdout, /prod\/pocket\/key +yes[\s\S]*accepts them: yes/);
    const listed = await readtimeSecrets(['list', '--stage=prod', CREATE, '--region=eu-central-1']);
    assert.deepEqual([listed.status, listed.stderr], [0, '']);
    assert.match(listed.stdout, /prod\/pocket\/key +\S+ +0 days +\S+ +0 days/);
    assert.doesNotMatch(set.stdout + listed.stdout, new RegExp(CREDENTIALS.accessToken));
    assert.equal((await stage.invoke({ mode: 'full' })).result.tagged, 3);
  });

  it('are kept by a further deployment and by a removal', async () => {
    await stage.mustDeploy([CREATE, '--param=memoryMb=512']);
    assert.deepEqual(await madeByStack(), ['PocketKeySecret', 'PocketTokenSecret']);
    await stage.remove();
    assert.deepEqual(await values(), [CREDENTIALS.consumerKey, CREDENTIALS.accessToken]);
  });

  it('are used with their values when the stage is deployed again, and once more, by the same command', async () => {
    for (const more of [[], ['--param=memoryMb=512']]) {
      const { status, stdout, stderr } = await stage.deploy([CREATE, ...more]);
      assert.equal(status, 0, stdout + stderr);
      assert.match(stdout, /"prod\/pocket\/key": exists from before; it is used as it is, not created/);
      assert.deepEqual(await madeByStack(), []);
      assert.deepEqual(await values(), [CREDENTIALS.consumerKey, CREDENTIALS.accessToken]);
      assert.equal((await stage.invoke({ mode: 'full' })).result.complete, true);
    }
  });

  it('are refused where one is scheduled for deletion, with the command that restores it', async () => {
    await secrets.send(new DeleteSecretCommand({ SecretId: KEY, RecoveryWindowInDays: 7 }));
    const { status, stderr } = await stage.deploy([CREATE, '--check']);
    assert.equal(status, 1);
    assert.match(
      stderr,
      /"prod\/pocket\/key": scheduled for deletion; it can be restored until \S+ with: aws secretsmanager restore-secret --secret-id prod\/pocket\/key --region eu-central-1\n/,
    );
    await secrets.send(new RestoreSecretCommand({ SecretId: KEY }));
    assert.equal((await stage.deploy([CREATE, '--check'])).status, 0);
  });

  it('are refused where somebody else made one, and taken where npm run secrets did', async () => {
    const other = stageOn(ministack, pocket, 'other');
    await secrets.send(new CreateSecretCommand({ Name: 'other/pocket/key', SecretString: 'of a program' }));
    await readtimeSecrets(['set', 'other/pocket/token'], CREDENTIALS.accessToken);
    const { Description } = await secrets.send(new DescribeSecretCommand({ SecretId: 'other/pocket/token' }));
    assert.equal(Description, 'Read by readtime-tagger');
    const { status, stdout, stderr } = await other.deploy([CREATE, '--check']);
    assert.equal(status, 1);
    assert.match(
      stderr,
      /"other\/pocket\/key": exists, but not in this stack, .*nothing of this project made it/,
    );
    assert.doesNotMatch(stderr, /other\/pocket\/token|reading list/);
    assert.match(stdout, /"other\/pocket\/token": exists from before/);
  });
});
