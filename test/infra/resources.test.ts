import assert from 'node:assert/strict';
import { DescribeAlarmsCommand, GetDashboardCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetPolicyCommand, GetPolicyVersionCommand, GetRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, GetFunctionEventInvokeConfigCommand } from '@aws-sdk/client-lambda';
import {
  GetBucketEncryptionCommand,
  GetBucketPolicyCommand,
  GetPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { GetScheduleCommand, GetScheduleGroupCommand } from '@aws-sdk/client-scheduler';
import { GetTopicAttributesCommand, ListSubscriptionsByTopicCommand } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { showLogOfFailures } from '../helpers/ministack.ts';
import { type Clients, clientsFor } from './clients.ts';
import { allowedBy, readRole } from './read-policies.ts';
import { type SharedStage, sharedStage } from './shared-stage.ts';

const ACCOUNT = '123456789012';
const arn = (service: string, name: string) => `arn:aws:${service}:eu-central-1:${ACCOUNT}:${name}`;
const GROUP = 'readtime-tagger-prod-accounts';
const TAGGER = arn('lambda', 'function:readtime-tagger-prod-tagger');

/** Each resource of the stack, as its own API tells it: not the template, and not what CloudFormation says of it. */
describe('the deployed stack', () => {
  let shared: SharedStage;
  let ids: Readonly<Record<string, string>>;
  let aws: Clients;
  before(async () => {
    shared = await sharedStage();
    ids = await shared.stage.resources();
    aws = clientsFor(shared.ministack);
  });
  showLogOfFailures(() => shared?.ministack);

  const id = (logicalId: string) => ids[logicalId] ?? '';
  const queue = () => arn('sqs', id('FailedEvents').split('/').at(-1) ?? '');

  /** What the function may do for the run that continues another: one schedule, for one role. */
  const CONTINUATION = () => [
    [
      ['Create', 'Update', 'Delete', 'Get'].map((verb) => `scheduler:${verb}Schedule`),
      arn('scheduler', 'schedule/default/readtime-tagger-prod-continue'),
    ],
    ['scheduler:GetSchedule', arn('scheduler', 'schedule/default/readtime-tagger-prod-recent')],
    ['iam:PassRole', `arn:aws:iam::${ACCOUNT}:role/${id('SchedulerRole')}`],
  ];

  /** What it may do for its accounts: their secrets, and the two schedules of each that a run changes or makes. */
  const ACCOUNTS = () => [
    [
      ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
      arn('secretsmanager', 'secret:prod/accounts/*'),
    ],
    ['scheduler:GetSchedule', arn('scheduler', `schedule/${GROUP}/_recent`)],
    [['scheduler:GetSchedule', 'scheduler:UpdateSchedule'], arn('scheduler', `schedule/${GROUP}/*-recent`)],
    [
      ['Create', 'Update', 'Delete', 'Get'].map((verb) => `scheduler:${verb}Schedule`),
      arn('scheduler', `schedule/${GROUP}/*-continue`),
    ],
    ['iam:PassRole', `arn:aws:iam::${ACCOUNT}:role/${id('AccountsSchedulerRole')}`],
  ];

  const rows: Record<string, () => Promise<void>> = {
    async TaggerLambdaFunction() {
      const found = await aws.lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName: id('TaggerLambdaFunction') }),
      );
      assert.deepEqual(
        [
          found.FunctionArn,
          found.Runtime,
          found.Architectures,
          found.Handler,
          found.MemorySize,
          found.Timeout,
        ],
        [TAGGER, 'nodejs24.x', ['arm64'], 'handler.handler', 512, 300],
      );
      assert.deepEqual([found.TracingConfig, found.LoggingConfig?.LogFormat], [{ Mode: 'Active' }, 'JSON']);
      assert.equal(found.Role, `arn:aws:iam::${ACCOUNT}:role/${id('TaggerRole')}`);
      assert.deepEqual(found.Environment?.Variables, {
        NODE_OPTIONS: '--enable-source-maps',
        POWERTOOLS_SERVICE_NAME: 'readtime-tagger-prod',
        POWERTOOLS_METRICS_NAMESPACE: 'readtime-tagger',
        SCHEDULE_PREFIX: 'readtime-tagger-prod',
        READING_LIST: 'pocket',
        BANDS: 'short:3, long',
        FETCH_PAGES: 'false',
        POCKET_API_URL: shared.pocket.server.url,
        POCKET_KEY_SECRET: 'POCKET_KEY',
        POCKET_TOKEN_SECRET: 'POCKET_TOKEN',
        ACCOUNTS: 'prod/accounts',
        ACCOUNTS_GROUP: GROUP,
        ACCOUNTS_ALLOW_HOSTS: 'karakeep.home.arpa:3000',
        ACCOUNT_MINUTES: '20',
        ACCOUNT_CALLS: '4000',
      });
      const { CodeSize = 0 } = found;
      assert.ok(CodeSize > 0 && CodeSize <= 1_200_000, `${CodeSize} bytes`);
    },

    async TaggerLambdaEvConf() {
      const found = await aws.lambda.send(
        // MiniStack wants to be told what is the default.
        new GetFunctionEventInvokeConfigCommand({ FunctionName: TAGGER, Qualifier: '$LATEST' }),
      );
      assert.deepEqual(
        [found.MaximumRetryAttempts, found.MaximumEventAgeInSeconds, found.DestinationConfig],
        [1, 900, { OnFailure: { Destination: queue() } }],
      );
    },

    async TaggerLogGroup() {
      const { logGroups = [] } = await aws.logs.send(
        new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws/lambda/readtime-tagger-prod' }),
      );
      assert.deepEqual(
        logGroups.map(({ logGroupName, retentionInDays }) => [logGroupName, retentionInDays]),
        [['/aws/lambda/readtime-tagger-prod-tagger', 90]],
      );
    },

    async TaggerRole() {
      const { trust, allowed, attached } = await readRole(aws, id('TaggerRole'));
      assert.deepEqual([trust, attached], [{ Service: 'lambda.amazonaws.com' }, [id('TracingPolicy')]]);
      assert.deepEqual(allowed, [
        ...ACCOUNTS(),
        ...CONTINUATION(),
        ['sqs:SendMessage', queue()],
        [
          ['logs:CreateLogStream', 'logs:PutLogEvents'],
          arn('logs', 'log-group:/aws/lambda/readtime-tagger-prod-tagger:*'),
        ],
        [
          ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
          [
            arn('secretsmanager', 'secret:POCKET_KEY-??????'),
            arn('secretsmanager', 'secret:POCKET_TOKEN-??????'),
          ],
        ],
      ]);
    },

    async TracingPolicy() {
      const PolicyArn = id('TracingPolicy');
      const { Policy } = await aws.roles.send(new GetPolicyCommand({ PolicyArn }));
      const { PolicyVersion } = await aws.roles.send(
        new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }),
      );
      assert.deepEqual(allowedBy(decodeURIComponent(PolicyVersion?.Document ?? '')), [
        [undefined, ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*'],
      ]);
    },

    ContinuationPolicy: () => passesToSchedulerAlone('continuation'),
    AccountsPolicy: () => passesToSchedulerAlone('accounts'),

    async SchedulerRole() {
      const { trust, allowed, attached } = await readRole(aws, id('SchedulerRole'));
      assert.deepEqual([trust, attached], [{ Service: 'scheduler.amazonaws.com' }, []]);
      assert.deepEqual(allowed, [['lambda:InvokeFunction', TAGGER]]);
    },

    async AccountsSchedulerRole() {
      const { trust, allowed, attached } = await readRole(aws, id('AccountsSchedulerRole'));
      assert.deepEqual([trust, attached], [{ Service: 'scheduler.amazonaws.com' }, []]);
      assert.deepEqual(allowed, [['lambda:InvokeFunction', TAGGER]]);
    },

    // The time zone is in template.test.ts: MiniStack's CloudFormation forgets it.
    RecentSchedule: () => scheduleIs('recent', 'rate(50 minutes)'),
    FullSchedule: () => scheduleIs('full', 'cron(30 6 ? * MON *)'),

    async AccountsGroup() {
      const { State, Arn } = await aws.scheduler.send(new GetScheduleGroupCommand({ Name: GROUP }));
      assert.deepEqual([State, Arn], ['ACTIVE', arn('scheduler', `schedule-group/${GROUP}`)]);
    },
    AccountRecentSchedule: () => templateIs('recent', 'rate(50 minutes)'),
    AccountFullSchedule: () => templateIs('full', 'cron(30 6 ? * MON *)'),

    async FailedEvents() {
      const { MessageRetentionPeriod, SqsManagedSseEnabled } = await queueAttributes();
      assert.deepEqual([MessageRetentionPeriod, SqsManagedSseEnabled], ['1209600', 'true'], '14 days');
    },

    async FailedEventsPolicy() {
      const { Policy = '' } = await queueAttributes();
      assert.deepEqual(allowedBy(Policy), [
        ...['SchedulerRole', 'AccountsSchedulerRole'].map((role) => [
          { AWS: `arn:aws:iam::${ACCOUNT}:role/${id(role)}` },
          'sqs:SendMessage',
          queue(),
        ]),
      ]);
    },

    async Alarms() {
      const { Attributes } = await aws.topics.send(new GetTopicAttributesCommand({ TopicArn: id('Alarms') }));
      assert.equal(Attributes?.DisplayName, 'readtime-tagger-prod');
    },

    async AlarmsPolicy() {
      const { Attributes } = await aws.topics.send(new GetTopicAttributesCommand({ TopicArn: id('Alarms') }));
      assert.deepEqual(allowedBy(Attributes?.Policy ?? ''), [
        [{ Service: 'cloudwatch.amazonaws.com' }, 'sns:Publish', id('Alarms')],
      ]);
    },

    async AlarmsByMail() {
      const { Subscriptions = [] } = await aws.topics.send(
        new ListSubscriptionsByTopicCommand({ TopicArn: id('Alarms') }),
      );
      assert.deepEqual(
        Subscriptions.map(({ Protocol, Endpoint }) => [Protocol, Endpoint]),
        [['email', 'me@example.com']],
      );
    },

    async AlarmsKey() {
      // MiniStack's topic does not tell its key; template.test.ts does.
      assert.match(id('AlarmsKey'), /^[0-9a-f-]{36}$/);
    },

    RunFailedAlarm: () => alarmIs('run-failed', 'AWS/Lambda', 'Errors'),
    ItemsFailedAlarm: () => alarmIs('items-failed', 'readtime-tagger', 'ItemsFailed'),
    CredentialsRefusedAlarm: () => alarmIs('credentials-refused', 'readtime-tagger', 'CredentialsRefused'),
    FailedEventsAlarm: () => alarmIs('failed-events', 'AWS/SQS', 'ApproximateNumberOfMessagesVisible'),
    NoRunAlarm: () =>
      alarmIs('no-run', 'readtime-tagger', 'RunComplete', {
        Statistic: 'Maximum',
        Period: 3600, // s; that of the schedule, its window, and the longest run
        EvaluationPeriods: 3,
        ComparisonOperator: 'LessThanThreshold',
        TreatMissingData: 'missing',
        InsufficientDataActions: [id('Alarms')],
      }),

    AccountsFailingAlarm: () =>
      alarmIs('accounts-failing', 'readtime-tagger', 'AccountFailed', {
        Statistic: 'Average', // MiniStack tells both; AWS looks at the other one
        ExtendedStatistic: 'p80',
        Period: 3600, // s
      }),
    AllAccountsFailingAlarm: () =>
      alarmIs('all-accounts-failing', 'readtime-tagger', 'AccountFailed', {
        Period: 3600, // s; as no-run
        EvaluationPeriods: 3,
      }),
    AccountUnexpectedResponseAlarm: () =>
      alarmIs('account-unexpected-response', 'readtime-tagger', 'UnexpectedResponse', {
        Statistic: 'Sum',
        Period: 3600, // s
        TreatMissingData: 'notBreaching',
      }),

    async Dashboard() {
      const { DashboardBody = '' } = await aws.metrics.send(
        new GetDashboardCommand({ DashboardName: 'readtime-tagger-prod' }),
      );
      const { widgets } = JSON.parse(DashboardBody);
      assert.ok(widgets.length > 0);
      for (const name of [shared.stage.functionName, id('FailedEvents').split('/').at(-1) ?? '?'])
        assert.ok(DashboardBody.includes(name), `${name} in ${DashboardBody}`);
      assert.ok(!DashboardBody.includes('${'), 'CloudFormation has put every name in');
    },

    async ServerlessDeploymentBucket() {
      const Bucket = id('ServerlessDeploymentBucket');
      const { PublicAccessBlockConfiguration } = await aws.buckets.send(
        new GetPublicAccessBlockCommand({ Bucket }),
      );
      assert.deepEqual(Object.values(PublicAccessBlockConfiguration ?? {}), [true, true, true, true]);
      const { ServerSideEncryptionConfiguration } = await aws.buckets.send(
        new GetBucketEncryptionCommand({ Bucket }),
      );
      const [rule] = ServerSideEncryptionConfiguration?.Rules ?? [];
      assert.equal(rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm, 'AES256');
    },

    async ServerlessDeploymentBucketPolicy() {
      const { Policy = '' } = await aws.buckets.send(
        new GetBucketPolicyCommand({ Bucket: id('ServerlessDeploymentBucket') }),
      );
      const [statement] = JSON.parse(Policy).Statement;
      assert.deepEqual(
        [statement.Effect, statement.Condition],
        ['Deny', { Bool: { 'aws:SecureTransport': false } }],
      );
    },
  };

  it('has no resource that is not read here', () =>
    assert.deepEqual(Object.keys(ids).sort(), Object.keys(rows).sort()));
  for (const [logicalId, check] of Object.entries(rows)) it(`has ${logicalId}`, check);

  async function passesToSchedulerAlone(PolicyName: string): Promise<void> {
    const { PolicyDocument = '' } = await aws.roles.send(
      new GetRolePolicyCommand({ RoleName: id('TaggerRole'), PolicyName }),
    );
    const { Statement } = JSON.parse(decodeURIComponent(PolicyDocument));
    assert.deepEqual(
      Statement.map(({ Action, Condition }: Record<string, unknown>) => [Action, Condition]).at(-1),
      ['iam:PassRole', { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } }],
    );
  }

  async function scheduleIs(mode: 'recent' | 'full', expression: string): Promise<void> {
    const found = await aws.scheduler.send(new GetScheduleCommand({ Name: `readtime-tagger-prod-${mode}` }));
    assert.deepEqual([found.State, found.ScheduleExpression], ['ENABLED', expression]);
    assert.deepEqual(found.FlexibleTimeWindow, { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5 });
    assert.deepEqual(found.Target, target('SchedulerRole', `{"mode":"${mode}"}`));
  }

  /** Of the schedules of accounts. */
  async function templateIs(mode: 'recent' | 'full', expression: string): Promise<void> {
    const found = await aws.scheduler.send(new GetScheduleCommand({ Name: `_${mode}`, GroupName: GROUP }));
    assert.deepEqual([found.State, found.ScheduleExpression], ['DISABLED', expression]);
    assert.deepEqual(found.FlexibleTimeWindow, { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 50 });
    assert.deepEqual(found.Target, target('AccountsSchedulerRole', `{"account":"","mode":"${mode}"}`));
  }

  const target = (role: string, Input: string) => ({
    Arn: TAGGER,
    RoleArn: `arn:aws:iam::${ACCOUNT}:role/${id(role)}`,
    Input,
    RetryPolicy: { MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 900 },
    DeadLetterConfig: { Arn: queue() },
  });

  async function alarmIs(name: string, Namespace: string, MetricName: string, more = {}): Promise<void> {
    const { MetricAlarms = [] } = await aws.metrics.send(
      new DescribeAlarmsCommand({ AlarmNames: [`readtime-tagger-prod-${name}`] }),
    );
    assert.partialDeepStrictEqual(MetricAlarms[0], {
      Namespace,
      MetricName,
      Statistic: 'Minimum',
      Period: 300,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Threshold: 1,
      TreatMissingData: 'ignore',
      AlarmActions: [id('Alarms')],
      OKActions: [id('Alarms')],
      InsufficientDataActions: [],
      ...more,
    });
  }

  async function queueAttributes(): Promise<Partial<Record<string, string>>> {
    const { Attributes = {} } = await aws.queues.send(
      new GetQueueAttributesCommand({ QueueUrl: id('FailedEvents'), AttributeNames: ['All'] }),
    );
    return Attributes;
  }
});
