import assert from 'node:assert/strict';
import {
  CloudWatchClient,
  PutMetricDataCommand,
  paginateDescribeAlarmHistory,
  paginateDescribeAlarms,
} from '@aws-sdk/client-cloudwatch';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import {
  createSecrets,
  type DeployedStage,
  NOT_IN_A_TEST,
  POCKET_SECRETS,
  stageOn,
} from '../helpers/deployed-stage.ts';
import { metricsFromLog } from '../helpers/embedded-metrics.ts';
import { type MiniStack, showLogOfFailures, startMiniStack } from '../helpers/ministack.ts';
import { overTls } from '../helpers/over-tls.ts';
import { articles, type PocketUnderTest, pocketWith } from '../helpers/pocket.ts';
import { until } from '../helpers/until.ts';

/**
 * Each alarm of the deployed stack, to ALARM and back, by what the deployed function did. Not MiniStack's:
 * - The function's metrics are put from its log (test/helpers/embedded-metrics.ts), as CloudWatch would.
 * - The length of the dead-letter queue is read from the queue and put, as SQS would.
 * MiniStack takes all `EvaluationPeriods` for one, knows nothing of missing data, and counts an asynchronous invocation
 * as one without an error. What CloudWatch makes of periods and gaps is in test/infra/alarm-rules.test.ts.
 */
describe('the alarms of a deployed stage', () => {
  let ministack: MiniStack;
  let pocket: PocketUnderTest;
  let stage: DeployedStage;
  let cloudWatch: CloudWatchClient;
  let queues: SQSClient;
  let inbox: string;
  let deadLetters: string;
  let putMetricsOfLog: () => Promise<void>;
  let refusesAnItem = false;

  before(async () => {
    ministack = await startMiniStack();
    pocket = await pocketWith(articles(5), {
      fault: ({ endpoint }) =>
        endpoint === 'send' && refusesAnItem ? { kind: 'change', change: refuseFirst } : undefined,
    });
    await createSecrets(ministack, POCKET_SECRETS);
    stage = stageOn(ministack, pocket);
    await stage.mustDeploy(NOT_IN_A_TEST);
    cloudWatch = new CloudWatchClient(ministack.client);
    queues = overTls(new SQSClient(ministack.client));
    putMetricsOfLog = metricsFromLog(ministack, stage.functionName);
    const { Alarms: TopicArn = '', FailedEvents = '' } = await stage.resources();
    deadLetters = FailedEvents;
    const sent = {
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: '*',
    };
    const { QueueUrl = '' } = await queues.send(
      new CreateQueueCommand({
        QueueName: 'inbox',
        Attributes: { Policy: JSON.stringify({ Version: '2012-10-17', Statement: [sent] }) },
      }),
    );
    inbox = QueueUrl;
    const { Attributes } = await queues.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
    );
    await new SNSClient(ministack.client).send(
      new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: Attributes?.QueueArn }),
    );
  });
  after(async () => {
    await ministack?.close();
    await pocket?.close();
  });
  showLogOfFailures(() => ministack);

  async function deadLetterCount(): Promise<number> {
    const { Attributes } = await queues.send(
      new GetQueueAttributesCommand({
        QueueUrl: deadLetters,
        AttributeNames: ['ApproximateNumberOfMessages'],
      }),
    );
    return Number(Attributes?.ApproximateNumberOfMessages);
  }

  /** As SQS does each minute. */
  async function putQueueLength(): Promise<void> {
    const Dimensions = [{ Name: 'QueueName', Value: new URL(deadLetters).pathname.split('/').at(-1) }];
    const Value = await deadLetterCount();
    const length = { MetricName: 'ApproximateNumberOfMessagesVisible', Value, Dimensions };
    await cloudWatch.send(new PutMetricDataCommand({ Namespace: 'AWS/SQS', MetricData: [length] }));
  }

  /** By the end of their names. */
  async function states(): Promise<Record<string, string | undefined>> {
    const found: Record<string, string | undefined> = {};
    for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client: cloudWatch }, {}))
      for (const { AlarmName = '', StateValue } of MetricAlarms)
        found[AlarmName.replace(`${stage.stackName}-`, '')] = StateValue;
    return found;
  }

  it('know nothing before the first run, and so raise nothing', async () => {
    assert.deepEqual(await states(), {
      'run-failed': 'INSUFFICIENT_DATA',
      'no-run': 'INSUFFICIENT_DATA',
      'items-failed': 'INSUFFICIENT_DATA',
      'credentials-refused': 'INSUFFICIENT_DATA',
      'failed-events': 'INSUFFICIENT_DATA',
    });
  });

  it('say that a run failed, and was refused', async () => {
    pocket.rotate();
    assert.ok((await stage.invoke({ mode: 'recent' })).error);
    await putMetricsOfLog();
    assert.deepEqual(await states(), {
      'run-failed': 'ALARM',
      'no-run': 'ALARM',
      'items-failed': 'INSUFFICIENT_DATA',
      'credentials-refused': 'ALARM',
      'failed-events': 'INSUFFICIENT_DATA',
    });
  });

  it('say that the next run was let in, was stopped, and could not change an item', async () => {
    await new SecretsManagerClient(ministack.client).send(
      new PutSecretValueCommand({ SecretId: 'POCKET_TOKEN', SecretString: 'rotated' }),
    );
    refusesAnItem = true;
    const { error, result } = await stage.invoke({ limit: 3 });
    assert.deepEqual(
      [error, result.complete, result.failed?.count],
      [undefined, false, 1],
      JSON.stringify(result),
    );
    await putMetricsOfLog();
    assert.deepEqual(await states(), {
      'run-failed': 'OK',
      'no-run': 'ALARM',
      'items-failed': 'ALARM',
      'credentials-refused': 'OK',
      'failed-events': 'INSUFFICIENT_DATA',
    });
  });

  it('are over with a good run', async () => {
    refusesAnItem = false;
    const { error, result } = await stage.invoke({ mode: 'full' });
    assert.deepEqual(
      [error, result.complete, result.failed?.count],
      [undefined, true, 0],
      JSON.stringify(result),
    );
    await putMetricsOfLog();
    assert.deepEqual(await states(), {
      'run-failed': 'OK',
      'no-run': 'OK',
      'items-failed': 'OK',
      'credentials-refused': 'OK',
      'failed-events': 'INSUFFICIENT_DATA',
    });
  });

  it('say that an event was given up, until its queue is purged', async () => {
    await stage.invokeAsync({ mode: 'not one' });
    await until('the event is in the dead-letter queue', async () => (await deadLetterCount()) > 0);
    await putQueueLength();
    assert.equal((await states())['failed-events'], 'ALARM');
    await queues.send(new PurgeQueueCommand({ QueueUrl: deadLetters }));
    await putQueueLength();
    assert.equal((await states())['failed-events'], 'OK');
  });

  for (const name of ['run-failed', 'no-run', 'items-failed', 'credentials-refused', 'failed-events'])
    it(`were on once, and once over, and notified both: ${name}`, async () => {
      assert.deepEqual(await transitionsOf(`${stage.stackName}-${name}`), [
        'INSUFFICIENT_DATA to ALARM',
        'ALARM to OK',
      ]);
      notified ??= await everythingIn(inbox);
      const own = notified.filter(({ AlarmName }) => AlarmName === `${stage.stackName}-${name}`);
      assert.deepEqual(
        own.map(({ NewStateValue }) => NewStateValue),
        ['ALARM', 'OK'],
      );
    });

  type Notification = { readonly AlarmName: string; readonly NewStateValue: string };
  let notified: readonly Notification[] | undefined;

  /** What CloudWatch published to the topic, in this order. */
  async function everythingIn(QueueUrl: string): Promise<readonly Notification[]> {
    const found: Notification[] = [];
    for (;;) {
      const { Messages = [] } = await queues.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 3600 }),
      );
      if (Messages.length === 0) return found;
      for (const { Body = '{}' } of Messages) found.push(JSON.parse(JSON.parse(Body).Message));
    }
  }

  async function transitionsOf(AlarmName: string): Promise<readonly string[]> {
    const summaries: string[] = [];
    const pages = paginateDescribeAlarmHistory(
      { client: cloudWatch },
      { AlarmName, HistoryItemType: 'StateUpdate', ScanBy: 'TimestampAscending' },
    );
    for await (const { AlarmHistoryItems = [] } of pages)
      for (const { HistorySummary = '' } of AlarmHistoryItems)
        summaries.push(HistorySummary.replace('Alarm updated from ', ''));
    // Its creation, which is no change.
    return summaries.filter((summary) => summary !== 'INSUFFICIENT_DATA to INSUFFICIENT_DATA');
  }
});

/** An answer of `send` that says that its first action was not carried out. */
function refuseFirst(body: unknown): unknown {
  const { action_results: results } = body as { action_results: unknown[] };
  return { ...(body as object), action_results: [false, ...results.slice(1)] };
}
