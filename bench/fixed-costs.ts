import { ofType, resource, statementsOf, type Template } from '../test/helpers/template.ts';

/** USD, us-east-1, arm64, without any free tier; docs/cost.md says when these pages were read. */
export const PRICES = {
  // aws.amazon.com/lambda/pricing: up to 7.5 billion a month
  gigabyteSecond: 0.000_013_333_4,
  invocation: 0.2 / 1e6,
  // aws.amazon.com/eventbridge/pricing
  schedule: 1 / 1e6,
  // aws.amazon.com/secrets-manager/pricing
  secretMonth: 0.4,
  secretCall: 0.05 / 1e4,
  // aws.amazon.com/cloudwatch/pricing: up to 10,000 metrics, and 10 TB of Lambda's log a month
  metricMonth: 0.3,
  alarmMonth: 0.1,
  dashboardMonth: 3,
  keyMonth: 1,
  logGigabyte: 0.5,
};

/** Scheduled runs of one list in a month. */
export const RUNS = { recent: 730, full: 4.35 };

/** How many of each an account has for nothing, for good. Lambda, Scheduler and the log are free, too, at this size. */
export const FREE = { metrics: 10, alarms: 10, dashboards: 3 };

/** Something that is billed whatever the list: USD a month. */
export type FixedCost = {
  readonly what: string;
  readonly count: number;
  readonly usd: number;
  /** With what AWS gives every account for good. */
  readonly usdWithAllowances: number;
};

/** What a stage costs whatever its list, by what is in its template; metrics are counted by what its function writes. */
export function fixedCosts(template: Template, metricCount: number): readonly FixedCost[] {
  const secrets = statementsOf(resource(template, 'TaggerRole', 'AWS::IAM::Role'))
    .filter(({ Action }) => [Action].flat().includes('secretsmanager:GetSecretValue'))
    .flatMap(({ Resource }) => Resource);
  const cost = (what: string, count: number, price: number, free = 0): FixedCost => ({
    what,
    count,
    usd: count * price,
    usdWithAllowances: Math.max(0, count - free) * price,
  });
  const countOf = (type: string) => ofType(template, type).length;
  return [
    cost('secrets', secrets.length, PRICES.secretMonth),
    cost('metrics', metricCount, PRICES.metricMonth, FREE.metrics),
    cost('alarms', countOf('AWS::CloudWatch::Alarm'), PRICES.alarmMonth, FREE.alarms),
    cost('dashboards', countOf('AWS::CloudWatch::Dashboard'), PRICES.dashboardMonth, FREE.dashboards),
    cost('keys', countOf('AWS::KMS::Key'), PRICES.keyMonth),
  ];
}

/** One JSON secret instead of two plaintext ones. */
export const ONE_SECRET = ['--param=pocketKeySecret=POCKET#key', '--param=pocketTokenSecret=POCKET#token'];
