import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import {
  ofType,
  type Properties,
  resource,
  type Statement,
  statementsOf,
  type Template,
  templateFor,
} from '../helpers/template.ts';

const PROD = [
  '--stage=prod',
  '--param=timeZone=Europe/Berlin',
  '--param=recentRate=rate(15 minutes)',
  '--param=fullSchedule=cron(30 6 ? * MON *)',
  '--param=alarmMail=me@example.com',
  '--param=alarmKey=true',
  '--param=logRetentionDays=90',
  '--param=memoryMb=512',
  '--param=bands=short:3, long',
  '--param=reservedConcurrency=1',
  '--param=tracing=true',
];

const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

/** Every policy of a template, with the resource it belongs to. */
function policies({ Resources }: Template): { id: string; statement: Statement }[] {
  return Object.entries(Resources).flatMap(([id, { Properties }]) => {
    const documents: Properties[] = [
      ...(Properties.Policies ?? []).map((policy: Properties) => policy.PolicyDocument),
      Properties.PolicyDocument,
      Properties.KeyPolicy,
      Properties.AssumeRolePolicyDocument,
    ].filter(Boolean);
    return documents.flatMap(({ Statement }) => Statement.map((statement: Statement) => ({ id, statement })));
  });
}

describe('the compiled template', function () {
  this.timeout(120_000);
  let template: Template;
  let prod: Template;
  let byHand: Template;
  before(async () => {
    template = await templateFor();
    prod = await templateFor(...PROD);
    byHand = await templateFor('--param=schedules=DISABLED', '--param=alarmMail=me@example.com');
  });
  const get = (id: string, type: string) => resource(template, id, type);
  const tagger = () => get('TaggerLambdaFunction', 'AWS::Lambda::Function');

  describe('permissions', () => {
    it('of the function are its secrets, its log group and its dead-letter queue', () => {
      const secret = (name: string) => ({
        'Fn::Sub': `arn:\${AWS::Partition}:secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:${name}-??????`,
      });
      assert.deepEqual(tagger().Role, { 'Fn::Sub': `\${TaggerRole.Arn}` });
      assert.deepEqual(statementsOf(get('TaggerRole', 'AWS::IAM::Role')), [
        {
          Effect: 'Allow',
          Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
          Resource: [secret('POCKET_KEY'), secret('POCKET_TOKEN')],
        },
        {
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: arn('TaggerLogGroup'),
        },
        { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: arn('FailedEvents') },
      ]);
    });

    it('of the scheduler are to invoke this function, and nothing else', () => {
      assert.deepEqual(statementsOf(get('SchedulerRole', 'AWS::IAM::Role')), [
        { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: arn('TaggerLambdaFunction') },
      ]);
    });

    it('of X-Ray are there where a stage is traced, and nowhere else', () => {
      assert.equal(tagger().TracingConfig, undefined);
      assert.deepEqual(get('TaggerRole', 'AWS::IAM::Role').ManagedPolicyArns, []);
      assert.deepEqual(ofType(template, 'AWS::IAM::ManagedPolicy'), []);
      const traced = resource(prod, 'TaggerLambdaFunction', 'AWS::Lambda::Function');
      assert.deepEqual(traced.TracingConfig, { Mode: 'Active' });
      assert.deepEqual(resource(prod, 'TaggerRole', 'AWS::IAM::Role').ManagedPolicyArns, [
        { Ref: 'TracingPolicy' },
      ]);
      const policy = resource(prod, 'TracingPolicy', 'AWS::IAM::ManagedPolicy');
      assert.deepEqual(policy.PolicyDocument.Statement, [
        { Effect: 'Allow', Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], Resource: '*' },
      ]);
    });

    it('of the function are, besides, to make the one schedule that continues a run, for the role of the others', () => {
      const schedule = (name: string) => ({
        'Fn::Sub': `arn:\${AWS::Partition}:scheduler:\${AWS::Region}:\${AWS::AccountId}:schedule/default/readtime-tagger-dev-${name}`,
      });
      const { Roles, PolicyDocument } = get('ContinuationPolicy', 'AWS::IAM::Policy');
      assert.deepEqual(Roles, [{ Ref: 'TaggerRole' }]);
      assert.deepEqual(PolicyDocument.Statement, [
        {
          Effect: 'Allow',
          Action: ['Create', 'Update', 'Delete', 'Get'].map((verb) => `scheduler:${verb}Schedule`),
          Resource: schedule('continue'),
        },
        { Effect: 'Allow', Action: 'scheduler:GetSchedule', Resource: schedule('recent') },
        {
          Effect: 'Allow',
          Action: 'iam:PassRole',
          Resource: arn('SchedulerRole'),
          Condition: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
        },
      ]);
      const { SCHEDULE_PREFIX } = tagger().Environment.Variables;
      assert.equal(get('RecentSchedule', 'AWS::Scheduler::Schedule').Name, `${SCHEDULE_PREFIX}-recent`);
    });

    it('are for one service each, and for the scheduler of this account only', () => {
      const trust = (id: string) => get(id, 'AWS::IAM::Role').AssumeRolePolicyDocument.Statement[0];
      assert.deepEqual(trust('TaggerRole').Principal, { Service: 'lambda.amazonaws.com' });
      assert.deepEqual(trust('SchedulerRole').Principal, { Service: 'scheduler.amazonaws.com' });
      assert.deepEqual(trust('SchedulerRole').Condition, {
        StringEquals: {
          'aws:SourceAccount': { Ref: 'AWS::AccountId' },
          'aws:SourceArn': {
            'Fn::Sub': `arn:\${AWS::Partition}:scheduler:\${AWS::Region}:\${AWS::AccountId}:schedule-group/default`,
          },
        },
      });
      // Scheduler names the group of a schedule, and these are in none of their own.
      for (const { Properties } of ofType(template, 'AWS::Scheduler::Schedule'))
        assert.equal(Properties.GroupName, undefined);
    });

    it('of the queue let the scheduler leave what it could not deliver', () => {
      const [first] = get('FailedEventsPolicy', 'AWS::SQS::QueuePolicy').PolicyDocument.Statement;
      assert.deepEqual(first, {
        Effect: 'Allow',
        Principal: { AWS: arn('SchedulerRole') },
        Action: 'sqs:SendMessage',
        Resource: arn('FailedEvents'),
      });
    });

    const unencrypted: [what: string, id: string, type: string, actions: string, of: unknown][] = [
      ['queue', 'FailedEventsPolicy', 'AWS::SQS::QueuePolicy', 'sqs:*', arn('FailedEvents')],
      ['topic', 'AlarmsPolicy', 'AWS::SNS::TopicPolicy', 'sns:Publish', { Ref: 'Alarms' }],
    ];
    for (const [what, id, type, Action, Resource] of unencrypted)
      it(`of the ${what} deny everybody a call without TLS`, () =>
        assert.deepEqual(get(id, type).PolicyDocument.Statement.at(-1), {
          Sid: 'EncryptedCallsOnly',
          Effect: 'Deny',
          Principal: '*',
          Action,
          Resource,
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }));

    it('of the bucket deny the same, which the framework sees to', () => {
      const { Statement } = get('ServerlessDeploymentBucketPolicy', 'AWS::S3::BucketPolicy').PolicyDocument;
      assert.deepEqual(
        Statement.map(({ Effect, Action, Condition }: Properties) => [Effect, Action, Condition]),
        [['Deny', 's3:*', { Bool: { 'aws:SecureTransport': false } }]],
      );
    });

    it('have no wildcard, but for a key in its own policy and for traces, which have no other name', () => {
      for (const { id, statement } of policies(prod).filter(
        ({ statement }) => statement.Effect === 'Allow',
      )) {
        const isNameless = ['AlarmsKey', 'TracingPolicy'].includes(id);
        const granted = isNameless ? { ...statement, Resource: 'this one' } : statement;
        assert.doesNotMatch(JSON.stringify(granted).replaceAll('-??????"', '"'), /[*?]/, id);
      }
    });

    it('are all that there is: no public URL, no other way in', () => {
      const types = new Set(Object.values(prod.Resources).map(({ Type }) => Type));
      for (const open of ['AWS::Lambda::Url', 'AWS::Lambda::Permission', 'AWS::ApiGateway::RestApi'])
        assert.ok(!types.has(open), open);
      assert.ok(![...types].some((type) => /ApiGateway|LoadBalancing|Events::Rule/.test(type)));
    });
  });

  describe('what is kept', () => {
    it('is encrypted in queue and bucket, and in the topic where the stage pays for a key', () => {
      assert.equal(get('FailedEvents', 'AWS::SQS::Queue').SqsManagedSseEnabled, true);
      assert.equal(get('Alarms', 'AWS::SNS::Topic').KmsMasterKeyId, undefined);
      assert.deepEqual(ofType(template, 'AWS::KMS::Key'), []);
      assert.deepEqual(resource(prod, 'Alarms', 'AWS::SNS::Topic').KmsMasterKeyId, { Ref: 'AlarmsKey' });
      const bucket = get('ServerlessDeploymentBucket', 'AWS::S3::Bucket');
      const [encryption] = bucket.BucketEncryption.ServerSideEncryptionConfiguration;
      assert.equal(encryption.ServerSideEncryptionByDefault.SSEAlgorithm, 'AES256');
    });

    it('in the bucket is public in no way', () => {
      assert.deepEqual(get('ServerlessDeploymentBucket', 'AWS::S3::Bucket').PublicAccessBlockConfiguration, {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
    });

    it('is deleted after a while: logs and failed events', () => {
      for (const [of, days] of [
        [template, 30],
        [prod, 90],
      ] as const)
        assert.deepEqual(
          ofType(of, 'AWS::Logs::LogGroup').map(({ Properties }) => Properties.RetentionInDays),
          [days],
        );
      assert.equal(get('FailedEvents', 'AWS::SQS::Queue').MessageRetentionPeriod, 14 * 86_400);
    });
  });

  describe('a run', () => {
    it('is kept alone where a stage asks for it, and not by default, since a new account may reserve nothing', () => {
      assert.ok(!('ReservedConcurrentExecutions' in tagger()));
      const { ReservedConcurrentExecutions } = resource(
        prod,
        'TaggerLambdaFunction',
        'AWS::Lambda::Function',
      );
      assert.equal(ReservedConcurrentExecutions, 1);
    });

    it('is tried once more where it failed', () => {
      const asynchronous = get('TaggerLambdaEvConf', 'AWS::Lambda::EventInvokeConfig');
      assert.equal(asynchronous.MaximumRetryAttempts, 1);
      assert.deepEqual(asynchronous.DestinationConfig.OnFailure, { Destination: arn('FailedEvents') });
    });

    const schedules: [id: string, mode: string, expression: string, ofProd: string][] = [
      ['RecentSchedule', 'recent', 'cron(10 * * * ? *)', 'rate(15 minutes)'],
      ['FullSchedule', 'full', 'cron(40 14 ? * SUN *)', 'cron(30 6 ? * MON *)'],
    ];
    for (const [id, mode, expression, ofProd] of schedules) {
      it(`of mode ${mode} begins at ${expression}, or when the stage says, in the stage's time zone`, () => {
        const schedule = get(id, 'AWS::Scheduler::Schedule');
        const { Target } = schedule;
        assert.equal(schedule.ScheduleExpression, expression);
        assert.deepEqual([schedule.State, schedule.FlexibleTimeWindow.Mode], ['ENABLED', 'FLEXIBLE']);
        assert.deepEqual(JSON.parse(Target.Input), { mode });
        assert.deepEqual(
          [Target.Arn, Target.RoleArn, Target.DeadLetterConfig.Arn],
          [arn('TaggerLambdaFunction'), arn('SchedulerRole'), arn('FailedEvents')],
        );
        assert.ok(Target.RetryPolicy.MaximumRetryAttempts <= 1);
        assert.equal(schedule.ScheduleExpressionTimezone, 'UTC');
        const other = resource(prod, id, 'AWS::Scheduler::Schedule');
        assert.deepEqual(
          [other.ScheduleExpression, other.ScheduleExpressionTimezone],
          [ofProd, 'Europe/Berlin'],
        );
      });
    }

    it('of the whole list starts when no hourly one can still be running, nor be started', () => {
      const minuteOf = (id: string) => {
        const { ScheduleExpression, FlexibleTimeWindow } = get(id, 'AWS::Scheduler::Schedule');
        const first = Number(/^cron\((\d+) /.exec(ScheduleExpression)?.[1]);
        return { first, last: first + FlexibleTimeWindow.MaximumWindowInMinutes };
      };
      const [recent, full] = [minuteOf('RecentSchedule'), minuteOf('FullSchedule')];
      // Lambda tries a run that failed again after a minute.
      const longestMinutes = 2 * (tagger().Timeout / 60) + 1;
      assert.ok(recent.last + longestMinutes <= full.first);
      assert.ok(full.last + longestMinutes <= recent.first + 60);
    });

    const rates: [why: string, rate: string, expression: string][] = [
      ['every hour', 'rate(1 hour)', 'cron(10 * * * ? *)'],
      ['an even part of a day', 'rate(6 hours)', 'cron(10 0/6 * * ? *)'],
      ['no even part of a day', 'rate(5 hours)', 'rate(5 hours)'],
      ['a day, which is no part of one', 'rate(24 hours)', 'rate(24 hours)'],
      ['minutes, which meet the full run anyway', 'rate(15 minutes)', 'rate(15 minutes)'],
      ['days', 'rate(1 day)', 'rate(1 day)'],
    ];
    const recentExpression = createRequire(import.meta.url)('../../infra/recent-expression.cjs');
    for (const [why, rate, expression] of rates)
      it(`of new items is ${expression} for ${rate}: ${why}`, async () =>
        assert.deepEqual(await recentExpression({ resolveVariable: async () => rate }), { expression }));

    const levels: [why: string, args: string[], level: string][] = [
      ['by default', [], 'INFO'],
      ['since the setting asks for more', ['--param=logLevel=debug'], 'DEBUG'],
      ['since the metrics count as INFO, and the log itself drops lines', ['--param=logLevel=ERROR'], 'INFO'],
    ];
    for (const [why, args, ApplicationLogLevel] of levels)
      it(`is logged as JSON, from ${ApplicationLogLevel} on: ${why}`, async () => {
        const { LoggingConfig } = resource(
          await templateFor(...args),
          'TaggerLambdaFunction',
          'AWS::Lambda::Function',
        );
        assert.deepEqual(LoggingConfig, { LogFormat: 'JSON', ApplicationLogLevel });
      });

    it('has the settings of its stage', () => {
      const { MemorySize, Environment, Runtime, Architectures } = resource(
        prod,
        'TaggerLambdaFunction',
        'AWS::Lambda::Function',
      );
      assert.deepEqual([MemorySize, Runtime, Architectures], [512, 'nodejs24.x', ['arm64']]);
      assert.equal(Environment.Variables.BANDS, 'short:3, long');
      assert.equal(Environment.Variables.POWERTOOLS_SERVICE_NAME, 'readtime-tagger-prod');
    });
  });

  describe('alarms', () => {
    const TOPIC = { Ref: 'Alarms' };
    const latest: [id: string, metric: string][] = [
      ['RunFailedAlarm', 'AWS/Lambda Errors'],
      ['ItemsFailedAlarm', 'readtime-tagger ItemsFailed'],
      ['CredentialsRefusedAlarm', 'readtime-tagger CredentialsRefused'],
      ['FailedEventsAlarm', 'AWS/SQS ApproximateNumberOfMessagesVisible'],
    ];
    for (const [id, metric] of latest) {
      it(`${id} follows ${metric} of the latest run, whatever the schedule is`, () => {
        const alarm = get(id, 'AWS::CloudWatch::Alarm');
        assert.equal(`${alarm.Namespace} ${alarm.MetricName}`, metric);
        assert.deepEqual(
          [alarm.Statistic, alarm.ComparisonOperator, alarm.Threshold, alarm.TreatMissingData],
          ['Minimum', 'GreaterThanOrEqualToThreshold', 1, 'ignore'],
        );
        assert.deepEqual([alarm.EvaluationPeriods, alarm.Period], [1, tagger().Timeout]);
        assert.equal(resource(prod, id, 'AWS::CloudWatch::Alarm').Period, alarm.Period);
        assert.deepEqual(
          [alarm.AlarmActions, alarm.OKActions, alarm.InsufficientDataActions],
          [[TOPIC], [TOPIC], undefined],
        );
      });
    }

    it('NoRunAlarm has a period in which a run ends, and notifies that there was none', () => {
      const alarm = get('NoRunAlarm', 'AWS::CloudWatch::Alarm');
      assert.partialDeepStrictEqual(alarm, {
        Namespace: 'readtime-tagger',
        MetricName: 'RunComplete',
        Statistic: 'Maximum',
        EvaluationPeriods: 3,
        ComparisonOperator: 'LessThanThreshold',
        Threshold: 1,
        TreatMissingData: 'missing',
        AlarmActions: [TOPIC],
        OKActions: [TOPIC],
        InsufficientDataActions: [TOPIC],
      });
      const { FlexibleTimeWindow } = get('RecentSchedule', 'AWS::Scheduler::Schedule');
      const lateness = FlexibleTimeWindow.MaximumWindowInMinutes * 60 + tagger().Timeout;
      assert.equal(alarm.Period, 3600 + lateness);
      assert.equal(resource(prod, 'NoRunAlarm', 'AWS::CloudWatch::Alarm').Period, 900 + lateness);
    });

    it('are these, and no more', () =>
      assert.equal(ofType(template, 'AWS::CloudWatch::Alarm').length, latest.length + 1));

    it('are left out of a stage that is only run by hand; its topic keeps a confirmed address', () => {
      assert.deepEqual(ofType(byHand, 'AWS::CloudWatch::Alarm'), []);
      assert.equal(ofType(byHand, 'AWS::SNS::Subscription').length, 1);
      assert.equal(resource(byHand, 'RecentSchedule', 'AWS::Scheduler::Schedule').State, 'DISABLED');
    });

    it('look where the function writes', () => {
      const { Variables } = tagger().Environment;
      for (const { Properties } of ofType(template, 'AWS::CloudWatch::Alarm')) {
        const [dimension, ...others] = Properties.Dimensions;
        assert.deepEqual(others, []);
        if (dimension.Name === 'FunctionName')
          assert.deepEqual(dimension.Value, { Ref: 'TaggerLambdaFunction' });
        else if (dimension.Name === 'QueueName')
          assert.deepEqual(dimension.Value, { 'Fn::GetAtt': ['FailedEvents', 'QueueName'] });
        else {
          assert.deepEqual(dimension, { Name: 'service', Value: Variables.POWERTOOLS_SERVICE_NAME });
          assert.equal(Properties.Namespace, Variables.POWERTOOLS_METRICS_NAMESPACE);
        }
      }
    });

    it('reach the topic, whose policy and key let CloudWatch in', () => {
      const [topic] = get('AlarmsPolicy', 'AWS::SNS::TopicPolicy').PolicyDocument.Statement;
      assert.deepEqual(
        [topic.Principal, topic.Action, topic.Resource],
        [{ Service: 'cloudwatch.amazonaws.com' }, 'sns:Publish', TOPIC],
      );
      const [, key] = resource(prod, 'AlarmsKey', 'AWS::KMS::Key').KeyPolicy.Statement;
      assert.deepEqual(key.Principal, { Service: 'cloudwatch.amazonaws.com' });
      assert.deepEqual(key.Action, ['kms:Decrypt', 'kms:GenerateDataKey']);
    });

    it('reach an address where the stage gives one', () => {
      assert.deepEqual(ofType(template, 'AWS::SNS::Subscription'), []);
      const { Properties } = ofType(prod, 'AWS::SNS::Subscription')[0] ?? {};
      assert.deepEqual(Properties, { TopicArn: TOPIC, Protocol: 'email', Endpoint: 'me@example.com' });
    });
  });

  describe('is not made', () => {
    const stage = createRequire(import.meta.url)('../../infra/alarm-period-and-mail.cjs');
    for (const rate of ['cron(0 * * * ? *)', 'rate(0 hours)', 'rate(1 minute)', 'rate(3 days)', 'hourly', ''])
      it(`where the hourly schedule is "${rate}", which the alarms cannot follow`, () =>
        assert.rejects(
          stage({ resolveVariable: async (name: string) => (name === 'param:recentRate' ? rate : '') }),
          {
            message: `recentRate${rate && ` "${rate}"`}: is not a rate between 5 minutes and 2 days; give one such as "rate(1 hour)"`,
          },
        ));
  });
});
