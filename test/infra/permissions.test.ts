import assert from 'node:assert/strict';
import { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeLogStreamsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetRoleCommand, ListRolesCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  GetFunctionCommand,
  InvokeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { ListBucketsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import {
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
} from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { zipSync } from 'fflate';
import { createSecrets } from '../helpers/deployed-stage.ts';
import { showLogOfFailures } from '../helpers/ministack.ts';
import { type Clients, type Credentials, clientsFor } from './clients.ts';
import { type SharedStage, sharedStage } from './shared-stage.ts';

const REFUSED = /^(AccessDenied|AccessDeniedException|AuthorizationErrorException)$/;

/**
 * MiniStack evaluates every policy as IAM does, but for logs: it compares the ARN of a log group without the `:*` that
 * AWS has at its end and policies need, so that it would refuse the function its own log. Lambda's log is here in
 * failed-run.test.ts, since MiniStack writes it itself, and the ARN in resources.test.ts. Nor does it ask, where a
 * schedule is made, whether its role may be passed; resources.test.ts reads which one may.
 */
describe('IAM', () => {
  let shared: SharedStage;
  let resources: Readonly<Record<string, string>>;
  let root: Clients;
  let tagger: ReturnType<typeof attempts>;
  let scheduler: ReturnType<typeof attempts>;
  let otherQueue = '';
  before(async () => {
    shared = await sharedStage();
    resources = await shared.stage.resources();
    root = clientsFor(shared.ministack);
    await createSecrets(shared.ministack, { OTHER: 'x', 'POCKET_KEY-2': 'x' });
    otherQueue = (await root.queues.send(new CreateQueueCommand({ QueueName: 'other' }))).QueueUrl ?? '';
    const as = async (role: string, name: string) =>
      attempts(clientsFor(shared.ministack, await credentialsOf(root, id(role), name)));
    tagger = await as('TaggerRole', 'as-tagger');
    scheduler = await as('SchedulerRole', 'as-scheduler');
  });
  showLogOfFailures(() => shared?.ministack);

  const id = (logicalId: string) => resources[logicalId] ?? '';
  const functionName = () => shared.stage.functionName;
  /** Of the schedule that continues a run. */
  const own = () => `${shared.stage.stackName}-continue`;

  type Rows = [what: string, call: () => Promise<unknown>][];
  function allows(rows: Rows): void {
    for (const [what, call] of rows) it(`allows ${what}`, call);
  }
  function refuses(rows: Rows): void {
    for (const [what, call] of rows) it(`refuses ${what}`, () => assert.rejects(call, { name: REFUSED }));
  }

  describe('for the function', () => {
    allows([
      ['its first secret', () => tagger.readSecret('POCKET_KEY')],
      ['its second secret', () => tagger.readSecret('POCKET_TOKEN')],
      ['the age of a secret', () => tagger.describeSecret('POCKET_KEY')],
      ['to give up an event', () => tagger.sendTo(id('FailedEvents'))],
      ['the schedule that says what to invoke', () => tagger.readSchedule(id('RecentSchedule'))],
      [
        'to make the schedule that continues a run',
        () => tagger.makeSchedule(own(), functionName(), id('SchedulerRole')),
      ],
      ['to read that', () => tagger.readSchedule(own())],
      ['to change that', () => tagger.changeSchedule(own(), functionName(), id('SchedulerRole'))],
      ['to delete that', () => tagger.deleteSchedule(own())],
    ]);
    refuses([
      ['another secret', () => tagger.readSecret('OTHER')],
      ['a secret whose name begins the same', () => tagger.readSecret('POCKET_KEY-2')],
      ['to list secrets', () => tagger.listSecrets()],
      ['to change its secret', () => tagger.changeSecret('POCKET_KEY')],
      ['to delete its secret', () => tagger.deleteSecret('POCKET_KEY')],
      ['another queue', () => tagger.sendTo(otherQueue)],
      ['to take what was given up', () => tagger.receiveFrom(id('FailedEvents'))],
      ['to read its log', () => tagger.listStreams(id('TaggerLogGroup'))],
      ['another schedule', () => tagger.readSchedule(id('FullSchedule'))],
      ['to make another schedule', () => tagger.makeSchedule('other', functionName(), id('SchedulerRole'))],
      [
        'to make that of another stage',
        () => tagger.makeSchedule('readtime-tagger-dev-continue', functionName(), id('SchedulerRole')),
      ],
      [
        'to change the others of its stage',
        () => tagger.changeSchedule(id('RecentSchedule'), functionName(), id('SchedulerRole')),
      ],
      ['to delete a schedule', () => tagger.deleteSchedule(id('RecentSchedule'))],
      ['to invoke itself', () => tagger.invoke(functionName())],
      ['to fetch its code', () => tagger.readFunction(functionName())],
      ['to send an alarm', () => tagger.publish(id('Alarms'))],
      ['metrics, which its log brings', () => tagger.putMetric()],
      ['the bucket with its zip', () => tagger.listObjects(id('ServerlessDeploymentBucket'))],
      ['every bucket', () => tagger.listBuckets()],
      ['IAM', () => tagger.listRoles()],
    ]);
  });

  describe('for the schedules', () => {
    allows([
      ['the function', () => scheduler.invoke(functionName())],
      // By the policy of the queue.
      ['to give up an event', () => scheduler.sendTo(id('FailedEvents'))],
    ]);
    refuses([
      ['another function', () => scheduler.invoke('as-tagger')],
      ['another queue', () => scheduler.sendTo(otherQueue)],
      ['a secret of the function', () => scheduler.readSecret('POCKET_KEY')],
      ['to delete a schedule', () => scheduler.deleteSchedule(id('FullSchedule'))],
      ['IAM', () => scheduler.listRoles()],
    ]);
  });

  describe('for everybody, root included', () => {
    refuses([
      [
        'to give up an event over plain HTTP',
        () =>
          new SQSClient(shared.ministack.client).send(
            new SendMessageCommand({ QueueUrl: id('FailedEvents'), MessageBody: '{}' }),
          ),
      ],
      [
        'to send an alarm over plain HTTP',
        () =>
          new SNSClient(shared.ministack.client).send(
            new PublishCommand({ TopicArn: id('Alarms'), Message: 'x' }),
          ),
      ],
    ]);
    allows([
      ['to give one up over TLS', () => attempts(root).sendTo(id('FailedEvents'))],
      ['to send one over TLS', () => attempts(root).publish(id('Alarms'))],
    ]);
  });

  describe('for a function that is told to read a secret which its role does not name', () => {
    const tell = async (POCKET_TOKEN_SECRET: string) => {
      const FunctionName = functionName();
      const { Configuration } = await root.lambda.send(new GetFunctionCommand({ FunctionName }));
      const Variables = { ...Configuration?.Environment?.Variables, POCKET_TOKEN_SECRET };
      await root.lambda.send(
        new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }),
      );
    };
    before(() => tell('OTHER'));
    after(() => tell('POCKET_TOKEN'));

    it('lets the run fail with a sentence that names the secret and the permission', async () => {
      const { error, result } = await shared.stage.invoke({ mode: 'full' });
      assert.equal(error, 'Unhandled');
      assert.match(result.errorMessage, /Secret "OTHER": .*secretsmanager:GetSecretValue/);
    });
  });
});

const daily = (Name: string, target: string, role: string) => ({
  Name,
  ScheduleExpression: 'rate(1 day)',
  FlexibleTimeWindow: { Mode: 'OFF' as const },
  Target: {
    Arn: `arn:aws:lambda:eu-central-1:123456789012:function:${target}`,
    RoleArn: `arn:aws:iam::123456789012:role/${role}`,
  },
});

/** Calls that somebody may or may not make. */
function attempts(by: Clients) {
  const name = (Name: string) => ({ Name });
  const secret = (SecretId: string) => ({ SecretId });
  return {
    readSecret: (id: string) => by.secrets.send(new GetSecretValueCommand(secret(id))),
    describeSecret: (id: string) => by.secrets.send(new DescribeSecretCommand(secret(id))),
    listSecrets: () => by.secrets.send(new ListSecretsCommand({})),
    changeSecret: (id: string) =>
      by.secrets.send(new PutSecretValueCommand({ ...secret(id), SecretString: 'x' })),
    deleteSecret: (id: string) => by.secrets.send(new DeleteSecretCommand(secret(id))),
    sendTo: (QueueUrl: string) => by.queues.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}' })),
    receiveFrom: (QueueUrl: string) => by.queues.send(new ReceiveMessageCommand({ QueueUrl })),
    listStreams: (logGroupName: string) => by.logs.send(new DescribeLogStreamsCommand({ logGroupName })),
    readSchedule: (schedule: string) => by.scheduler.send(new GetScheduleCommand(name(schedule))),
    deleteSchedule: (schedule: string) => by.scheduler.send(new DeleteScheduleCommand(name(schedule))),
    makeSchedule: (...schedule: Parameters<typeof daily>) =>
      by.scheduler.send(new CreateScheduleCommand(daily(...schedule))),
    changeSchedule: (...schedule: Parameters<typeof daily>) =>
      by.scheduler.send(new UpdateScheduleCommand(daily(...schedule))),
    // A dry run of the function writes nothing.
    invoke: (FunctionName: string) =>
      by.lambda.send(new InvokeCommand({ FunctionName, Payload: '{"dryRun":true}' })),
    readFunction: (FunctionName: string) => by.lambda.send(new GetFunctionCommand({ FunctionName })),
    publish: (TopicArn: string) => by.topics.send(new PublishCommand({ TopicArn, Message: 'x' })),
    putMetric: () =>
      by.metrics.send(
        new PutMetricDataCommand({ Namespace: 'x', MetricData: [{ MetricName: 'x', Value: 1 }] }),
      ),
    listObjects: (Bucket: string) => by.buckets.send(new ListObjectsV2Command({ Bucket })),
    listBuckets: () => by.buckets.send(new ListBucketsCommand({})),
    listRoles: () => by.roles.send(new ListRolesCommand({})),
  };
}

/**
 * The credentials of a role as a function has them: a function of that role tells its own. The role trusts Lambda for so
 * long, if it does not.
 */
async function credentialsOf(root: Clients, RoleName: string, FunctionName: string): Promise<Credentials> {
  const { Role } = await root.roles.send(new GetRoleCommand({ RoleName }));
  const trust = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '');
  const setTrust = (PolicyDocument: string) =>
    root.roles.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
  await setTrust(trust.replace('scheduler.amazonaws.com', 'lambda.amazonaws.com'));
  try {
    const code = `exports.handler = async () => ({
      accessKeyId: process.env.AWS_ACCESS_KEY_ID,
      secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
      sessionToken: process.env.AWS_SESSION_TOKEN,
    });`;
    await root.lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: Role?.Arn,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Code: { ZipFile: zipSync({ 'index.js': Buffer.from(code) }) },
      }),
    );
    const { Payload } = await root.lambda.send(new InvokeCommand({ FunctionName }));
    return JSON.parse(Payload?.transformToString() ?? '');
  } finally {
    await setTrust(trust);
  }
}
