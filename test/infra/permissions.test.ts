import assert from 'node:assert/strict';
import { GetFunctionCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createSecrets } from '../helpers/deployed-stage.ts';
import { showLogOfFailures } from '../helpers/ministack.ts';
import { attempts, credentialsOf, REFUSED } from './attempts.ts';
import { type Clients, clientsFor } from './clients.ts';
import { type SharedStage, sharedStage } from './shared-stage.ts';

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
