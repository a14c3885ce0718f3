import { FREE, PRICES, RUNS } from '../fixed-costs.ts';
import { MEMORY_MB } from '../lambda-runs.ts';
import type { Measured } from './measure.ts';
import type { Phase } from './phase.ts';
import type { Store } from './scenarios.ts';

/** Accounts in one packed secret, which is filled to four fifths of 64 kB: lib/accounts/shard-space.ts. */
export const ACCOUNTS_IN_SHARD = 200;
/** Two lines that Lambda adds to the log of each run, platform.start and platform.report as JSON, and 26 bytes for each. */
const PLATFORM_LOG_BYTES = 700;
/** Of a stage that serves accounts alone, whatever their number: test/infra/cost-and-dashboard.test.ts counts them. */
export const METRICS = 2;
export const ALARMS = 5;

/**
 * What AWS gives for good: aws.amazon.com/lambda/pricing, aws.amazon.com/eventbridge/pricing, aws.amazon.com/cloudwatch/pricing
 */
const FREE_A_MONTH = { schedules: 14e6, requests: 1e6, gigabyteSeconds: 400_000, logGigabytes: 5 };

/** USD a month for each account. */
export type CostPart = { readonly what: string; readonly usd: number; readonly usdWithAllowances: number };

/** What a month costs for each account, in the steady state of a simulation. */
export function costParts(
  { accounts, steady, store }: { accounts: number; steady: Phase; store: Store },
  { logBytes, secretCalls }: Pick<Measured, 'logBytes' | 'secretCalls'>,
): readonly CostPart[] {
  const runs = accounts * (RUNS.recent + RUNS.full);
  const gigabyteSeconds = (runs * steady.meanBilledMs * MEMORY_MB) / 1000 / 1024;
  const secrets = store === 'own' ? accounts : Math.ceil(accounts / ACCOUNTS_IN_SHARD);
  const part = (what: string, count: number, price: number, free = 0): CostPart => ({
    what,
    usd: (count * price) / accounts,
    usdWithAllowances: (Math.max(0, count - free) * price) / accounts,
  });
  return [
    part('Scheduler', runs, PRICES.schedule, FREE_A_MONTH.schedules),
    part('Lambda, time', gigabyteSeconds, PRICES.gigabyteSecond, FREE_A_MONTH.gigabyteSeconds),
    part('Lambda, requests', runs, PRICES.invocation, FREE_A_MONTH.requests),
    part('secrets', secrets, PRICES.secretMonth),
    part('reading secrets', runs * secretCalls, PRICES.secretCall),
    part(
      'log',
      (runs * (logBytes + PLATFORM_LOG_BYTES)) / 1e9,
      PRICES.logGigabyte,
      FREE_A_MONTH.logGigabytes,
    ),
    part('metrics and alarms', METRICS, PRICES.metricMonth, FREE.metrics),
    part('metrics and alarms', ALARMS, PRICES.alarmMonth, FREE.alarms),
  ];
}
