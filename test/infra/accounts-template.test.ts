import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { ofType, type Properties, resource, type Template, templateFor } from '../helpers/template.ts';

const ACCOUNTS = '--param=accounts=true';
const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

describe('the template of a stage with accounts', function () {
  this.timeout(120_000);
  let without: Template;
  let template: Template;
  let accountsAlone: Template;
  before(async () => {
    without = await templateFor();
    template = await templateFor(ACCOUNTS);
    accountsAlone = await templateFor(ACCOUNTS, '--param=schedules=DISABLED');
  });
  const get = (id: string, type: string) => resource(template, id, type);
  const alarmsOf = (of: Template) =>
    ofType(of, 'AWS::CloudWatch::Alarm').map(({ Properties }) =>
      Properties.AlarmName.replace('readtime-tagger-dev-', ''),
    );

  it('is that of a stage without, where its own parts are taken out', () => {
    const left = structuredClone(template.Resources);
    for (const id of Object.keys(left).filter((id) => /^(All)?Account/.test(id))) delete left[id];
    left.FailedEventsPolicy?.Properties.PolicyDocument.Statement.pop();
    const { Variables } = left.TaggerLambdaFunction?.Properties.Environment ?? {};
    for (const name of Object.keys(Variables).filter((name) => /^ACCOUNT/.test(name))) delete Variables[name];
    const text = (resources: object) => JSON.stringify(resources).replace(/\d{13}-20[\dT:.Z-]+/g, 'TIME');
    assert.equal(text(left), text(without.Resources));
    assert.doesNotMatch(text(without.Resources), /[Aa]ccounts|ACCOUNT|ScheduleGroup/);
  });

  it('tells the function where its accounts are, and what each may take', () =>
    assert.partialDeepStrictEqual(
      get('TaggerLambdaFunction', 'AWS::Lambda::Function').Environment.Variables,
      {
        ACCOUNTS: 'dev/accounts',
        ACCOUNTS_GROUP: get('AccountsGroup', 'AWS::Scheduler::ScheduleGroup').Name,
        ACCOUNT_MINUTES: '15',
        ACCOUNT_CALLS: '3000',
      },
    ));

  for (const [id, mode, expression] of [
    ['AccountRecentSchedule', 'recent', 'cron(10 * * * ? *)'],
    ['AccountFullSchedule', 'full', 'cron(40 14 ? * SUN *)'],
  ] as const)
    it(`has in the group what schedules of mode ${mode} are made after, which is never carried out`, () => {
      const { Target, ...schedule } = get(id, 'AWS::Scheduler::Schedule');
      assert.partialDeepStrictEqual(schedule, {
        Name: `_${mode}`,
        GroupName: { Ref: 'AccountsGroup' },
        State: 'DISABLED',
        ScheduleExpression: expression,
        ScheduleExpressionTimezone: 'UTC',
        FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 60 },
      });
      assert.deepEqual(JSON.parse(Target.Input), { account: '', mode });
      const { RetryPolicy } = get('RecentSchedule', 'AWS::Scheduler::Schedule').Target;
      assert.deepEqual(Target.RetryPolicy, RetryPolicy);
      assert.deepEqual(
        [Target.Arn, Target.RoleArn, Target.DeadLetterConfig.Arn],
        [arn('TaggerLambdaFunction'), arn('AccountsSchedulerRole'), arn('FailedEvents')],
      );
    });

  const valuesOf = createRequire(import.meta.url)('../../infra/alarm-period-and-mail.cjs');
  const windows: [rate: string, minutes: number, why: string][] = [
    ['rate(5 minutes)', 5, 'no longer than the time between two runs'],
    ['rate(59 minutes)', 59, 'as above'],
    ['rate(1 hour)', 60, 'the whole hour'],
    ['rate(2 days)', 60, 'an hour is enough'],
  ];
  for (const [rate, minutes, why] of windows)
    it(`spreads runs of ${rate} over ${minutes} minutes: ${why}`, async () => {
      const { accountWindowMinutes, periodS } = await valuesOf({
        resolveVariable: async (name: string) => (name === 'param:recentRate' ? rate : ''),
      });
      assert.equal(accountWindowMinutes, minutes);
      // Whoever begins first in one round of runs, and last in the next.
      const { EvaluationPeriods } = get('AllAccountsFailingAlarm', 'AWS::CloudWatch::Alarm');
      const { Timeout } = get('TaggerLambdaFunction', 'AWS::Lambda::Function');
      const rateS = periodS - 600; // of the window and the longest run of the stage's own list
      assert.ok(EvaluationPeriods * periodS >= rateS + minutes * 60 + Timeout);
    });

  it('lets the scheduler of this account use the role for this group alone', () => {
    const { AssumeRolePolicyDocument } = get('AccountsSchedulerRole', 'AWS::IAM::Role');
    assert.deepEqual(AssumeRolePolicyDocument.Statement[0].Condition, {
      StringEquals: {
        'aws:SourceAccount': { Ref: 'AWS::AccountId' },
        'aws:SourceArn': arn('AccountsGroup'),
      },
    });
  });

  it('names no more than it has to: secrets by prefix, schedules by group and suffix', () => {
    const { Roles, PolicyDocument } = get('AccountsPolicy', 'AWS::IAM::Policy');
    assert.deepEqual(Roles, [{ Ref: 'TaggerRole' }]);
    const named = PolicyDocument.Statement.map(({ Resource }: Properties) =>
      (Resource['Fn::Sub'] ?? Resource['Fn::GetAtt'].join('.')).replace(/^arn.*AccountId}:/, ''),
    );
    assert.deepEqual(named, [
      'secret:dev/accounts/*',
      `schedule/\${AccountsGroup}/_recent`,
      `schedule/\${AccountsGroup}/*-recent`,
      `schedule/\${AccountsGroup}/*-continue`,
      'AccountsSchedulerRole.Arn',
    ]);
    assert.deepEqual(PolicyDocument.Statement.at(-1).Condition, {
      StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' },
    });
  });

  const OF_ACCOUNTS = ['accounts-failing', 'all-accounts-failing', 'account-unexpected-response'];

  it('has three alarms more', () =>
    assert.deepEqual(alarmsOf(template), [...alarmsOf(without), ...OF_ACCOUNTS]));

  it('has, where it serves accounts alone, those that do not ask whose list a run was of', () => {
    assert.deepEqual(alarmsOf(accountsAlone), ['run-failed', 'failed-events', ...OF_ACCOUNTS]);
    const { Alarms, ...others } = accountsAlone.Resources;
    assert.ok(Alarms);
    assert.deepEqual(
      ofType({ Resources: others }, 'AWS::Scheduler::Schedule').map(({ Properties }) => Properties.State),
      Array(4).fill('DISABLED'),
    );
    assert.deepEqual(
      accountsAlone.Resources.RunFailedAlarm?.Properties,
      template.Resources.RunFailedAlarm?.Properties,
    );
  });

  it('keeps what accounts write from the alarms of the stage’s own list, and looks where the function writes', () => {
    const { Variables } = get('TaggerLambdaFunction', 'AWS::Lambda::Function').Environment;
    const isOfAccounts = ({ Properties }: { Properties: Properties }) =>
      ['AccountFailed', 'UnexpectedResponse'].includes(Properties.MetricName);
    const alarms = ofType(template, 'AWS::CloudWatch::Alarm').filter(isOfAccounts);
    assert.equal(alarms.length, 3);
    assert.ok(!ofType(without, 'AWS::CloudWatch::Alarm').some(isOfAccounts));
    for (const { Properties } of alarms) {
      assert.equal(Properties.Namespace, Variables.POWERTOOLS_METRICS_NAMESPACE);
      assert.deepEqual(Properties.Dimensions, [
        { Name: 'service', Value: Variables.POWERTOOLS_SERVICE_NAME },
      ]);
      assert.deepEqual(
        [Properties.AlarmActions, Properties.OKActions],
        [[{ Ref: 'Alarms' }], [{ Ref: 'Alarms' }]],
      );
    }
  });
});
