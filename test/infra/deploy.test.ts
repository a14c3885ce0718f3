import assert from 'node:assert/strict';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetRolePolicyCommand, IAMClient, ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import {
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import {
  GetBucketEncryptionCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateSecretCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { command, type Ended } from '../helpers/command.ts';
import { type Moto, startMoto } from '../helpers/moto.ts';
import { articles, CREDENTIALS, type PocketUnderTest, pocketWith } from '../helpers/pocket.ts';
import { SERVERLESS } from '../helpers/template.ts';

const STACK = 'readtime-tagger-prod';
const STAGE = ['--stage', 'prod'];

/**
 * moto creates the stack, bucket, log group, function, roles, queue, topic and key. It only says that it creates the
 * schedules, alarms, policies of queue and topic, and the function's retries, and it forgets the architecture and
 * what the bucket blocks: for those see test/infra/template.test.ts.
 */
describe('npm run deploy, against a stand-in for AWS', () => {
  let moto: Moto;
  let pocket: PocketUnderTest;
  let aws: ReturnType<typeof clients>;
  before(async () => {
    moto = await startMoto();
    pocket = await pocketWith(articles(3));
    aws = clients(moto.env.AWS_ENDPOINT_URL ?? '');
  });
  after(async () => {
    await moto?.close();
    await pocket?.close();
  });

  const env = (more: Record<string, string> = {}) => ({
    ...moto.env,
    POCKET_API_URL: pocket.server.url,
    ...more,
  });
  const deploy = (args: readonly string[] = [], more: Record<string, string> = {}): Promise<Ended> =>
    command('lib/cli/readtime.ts', ['deploy', ...STAGE, ...args], { env: env(more) });
  const remove = () => command(SERVERLESS, ['remove', ...STAGE], { env: env() });
  const createSecrets = async (values: Record<string, string>) => {
    for (const [Name, SecretString] of Object.entries(values))
      await aws.secrets.send(new CreateSecretCommand({ Name, SecretString }));
  };
  const usable = { POCKET_KEY: CREDENTIALS.consumerKey, POCKET_TOKEN: CREDENTIALS.accessToken };

  /** Logical ids of what was really created: moto gives the others no type. */
  async function created(): Promise<Record<string, string>> {
    const { StackResourceSummaries = [] } = await aws.stacks.send(
      new ListStackResourcesCommand({ StackName: STACK }),
    );
    return Object.fromEntries(
      StackResourceSummaries.filter(({ ResourceType }) => ResourceType?.trim()).map(
        ({ LogicalResourceId = '', PhysicalResourceId = '' }) => [LogicalResourceId, PhysicalResourceId],
      ),
    );
  }
  const stackIsThere = () =>
    aws.stacks.send(new DescribeStacksCommand({ StackName: STACK })).then(
      () => true,
      () => false,
    );

  describe('where something is missing', () => {
    beforeEach(() => moto.reset());
    const rows: [
      why: string,
      secrets: Record<string, string>,
      args: string[],
      env: Record<string, string>,
      message: RegExp,
    ][] = [
      [
        'both secrets are missing',
        {},
        [],
        {},
        /Secret "POCKET_KEY": not found in eu-central-1.*\nSecret "POCKET_TOKEN": not found/,
      ],
      ['one secret is missing', { POCKET_KEY: 'x' }, [], {}, /created\.\nSecret "POCKET_TOKEN": not found/],
      [
        'the reading list refuses a secret',
        { ...usable, POCKET_TOKEN: 'wrong' },
        [],
        {},
        /The reading list: POST .*token is not valid/,
      ],
      [
        'the address of the reading list is missing',
        usable,
        [],
        { POCKET_API_URL: '' },
        /POCKET_API_URL: is not set/,
      ],
      ['the bands make no sense', usable, ['--param=bands=x:3'], {}, /BANDS "x:3": the last band/],
      [
        'the schedule is none',
        usable,
        ['--param=recentRate=hourly'],
        {},
        /recentRate "hourly": is not a rate/,
      ],
      [
        'a secret that it is to create exists',
        { 'prod/pocket/key': 'x', 'prod/pocket/token': 'y' },
        ['--param=createSecrets=true'],
        {},
        /Secret "prod\/pocket\/key": exists, but not in this stack/,
      ],
    ];
    for (const [why, secrets, args, more, message] of rows) {
      it(`says that ${why}, and creates nothing`, async () => {
        await createSecrets(secrets);
        const ended = await deploy(args, more);
        assert.equal(ended.status, 1);
        assert.match(ended.stderr, /^readtime deploy: nothing was created\./);
        assert.match(ended.stderr, message);
        assert.equal(await stackIsThere(), false);
        assert.deepEqual((await aws.bucket.send(new ListBucketsCommand({}))).Buckets ?? [], []);
      });
    }

    it('only looks with --check', async () => {
      await createSecrets(usable);
      const ended = await deploy(['--check']);
      assert.deepEqual([ended.status, ended.stderr], [0, '']);
      assert.equal(await stackIsThere(), false);
    });

    it('lets a stage that makes its own secrets be deployed before they are set, and says so', async () => {
      const ended = await deploy(['--check', '--param=createSecrets=true']);
      assert.equal(ended.status, 0, ended.stderr);
      assert.match(
        ended.stdout,
        /Secret "prod\/pocket\/key": runs fail until it is set with: npm run secrets -- set prod\/pocket\/key/,
      );
    });
  });

  describe('where nothing is', () => {
    let first: Ended;
    before(async () => {
      await moto.reset();
      await createSecrets(usable);
      first = await deploy();
    });

    it('deploys', () => {
      assert.equal(first.status, 0, first.stdout + first.stderr);
      assert.match(first.stdout, /Checked: the stage can be deployed\./);
    });

    it('creates a function with the settings of its stage, and reserves nothing, as on a new account', async () => {
      const FunctionName = (await created()).TaggerLambdaFunction ?? '';
      const found = await aws.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
      assert.deepEqual(
        [found.Runtime, found.Handler, found.MemorySize, found.Timeout],
        ['nodejs24.x', 'handler.handler', 256, 300],
      );
      assert.equal(found.Environment?.Variables?.POCKET_API_URL, pocket.server.url);
      assert.equal(found.Environment?.Variables?.POCKET_KEY_SECRET, 'POCKET_KEY');
      assert.ok((found.CodeSize ?? 0) > 0 && (found.CodeSize ?? 0) <= 1_200_000);
      const { ReservedConcurrentExecutions } = await aws.lambda.send(
        new GetFunctionConcurrencyCommand({ FunctionName }),
      );
      assert.equal(ReservedConcurrentExecutions, undefined);
    });

    it('creates roles that may do what the template says, with nothing left open', async () => {
      const { TaggerRole = '', SchedulerRole = '' } = await created();
      const granted = async (RoleName: string) => {
        const { PolicyNames = [] } = await aws.roles.send(new ListRolePoliciesCommand({ RoleName }));
        const policies = await Promise.all(
          PolicyNames.map((PolicyName) => aws.roles.send(new GetRolePolicyCommand({ RoleName, PolicyName }))),
        );
        return policies.map(({ PolicyDocument }) => decodeURIComponent(PolicyDocument ?? '')).join('\n');
      };
      const tagger = await granted(TaggerRole);
      for (const part of [
        'secret:POCKET_KEY-??????',
        'secret:POCKET_TOKEN-??????',
        ':log-group:/aws/lambda/readtime-tagger-prod-tagger',
        ':readtime-tagger-prod-FailedEvents-',
      ])
        assert.ok(tagger.includes(part), `${part} in ${tagger}`);
      const scheduler = await granted(SchedulerRole);
      assert.match(scheduler, /lambda:InvokeFunction/);
      assert.match(scheduler, /:function:readtime-tagger-prod-tagger'?"?/);
      assert.doesNotMatch(scheduler, /sqs|secretsmanager|logs:/);
    });

    it('creates a log group that forgets, and a queue and a bucket that are encrypted', async () => {
      const { logGroups = [] } = await aws.logs.send(new DescribeLogGroupsCommand({}));
      assert.deepEqual(
        logGroups.map(({ logGroupName, retentionInDays }) => [logGroupName, retentionInDays]),
        [['/aws/lambda/readtime-tagger-prod-tagger', 30]],
      );
      const { ServerlessDeploymentBucket: Bucket = '', FailedEvents = '', Alarms = '' } = await created();
      const { ServerSideEncryptionConfiguration } = await aws.bucket.send(
        new GetBucketEncryptionCommand({ Bucket }),
      );
      assert.equal(
        ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
        'AES256',
      );
      const queue = await aws.ask('sqs', {
        Action: 'GetQueueAttributes',
        QueueUrl: FailedEvents,
        'AttributeName.1': 'All',
      });
      assert.match(queue, /MessageRetentionPeriod[\s\S]*1209600/);
      const topic = await aws.ask('sns', { Action: 'GetTopicAttributes', TopicArn: Alarms });
      assert.match(topic, /readtime-tagger-prod/);
    });

    it('changes what a second deployment says, and keeps the rest', async () => {
      const before = await created();
      const again = await deploy(['--param=bands=short:3, long', '--param=memoryMb=512']);
      assert.equal(again.status, 0, again.stdout + again.stderr);
      const found = await aws.lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName: before.TaggerLambdaFunction ?? '' }),
      );
      assert.deepEqual([found.Environment?.Variables?.BANDS, found.MemorySize], ['short:3, long', 512]);
      const { FailedEvents, Alarms, ServerlessDeploymentBucket: Bucket } = await created();
      assert.deepEqual(
        [FailedEvents, Alarms, Bucket],
        [before.FailedEvents, before.Alarms, before.ServerlessDeploymentBucket],
      );
      const { Contents = [] } = await aws.bucket.send(new ListObjectsV2Command({ Bucket: Bucket ?? '' }));
      assert.ok(Contents.some(({ Key }) => Key?.endsWith('tagger.zip')));
    });

    it('leaves nothing but the secrets when the stage is removed', async () => {
      const removed = await remove();
      assert.equal(removed.status, 0, removed.stdout + removed.stderr);
      assert.equal(await stackIsThere(), false);
      assert.deepEqual((await aws.bucket.send(new ListBucketsCommand({}))).Buckets ?? [], []);
      const { logGroups = [] } = await aws.logs.send(new DescribeLogGroupsCommand({}));
      assert.deepEqual(logGroups, []);
      const { SecretList = [] } = await aws.secrets.send(new ListSecretsCommand({}));
      assert.deepEqual(SecretList.map(({ Name }) => Name).sort(), ['POCKET_KEY', 'POCKET_TOKEN']);
    });
  });
});

function clients(endpoint: string) {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const config = { endpoint, region: 'eu-central-1', credentials };
  return {
    stacks: new CloudFormationClient(config),
    lambda: new LambdaClient(config),
    roles: new IAMClient(config),
    bucket: new S3Client({ ...config, forcePathStyle: true }),
    logs: new CloudWatchLogsClient(config),
    secrets: new SecretsManagerClient(config),
    /** A call for which there is no client here; the stand-in asks for no signature. */
    ask: async (service: string, parameters: Record<string, string>): Promise<string> => {
      const answer = await fetch(endpoint, {
        method: 'POST',
        body: new URLSearchParams(parameters),
        headers: {
          Authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/eu-central-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
        },
      });
      return answer.text();
    },
  };
}
