import type { RunTime } from '../lambda-runs.ts';
import { ACCOUNTS_IN_SHARD } from './cost.ts';
import { LAMBDA_LIMITS, QUOTAS } from './quotas.ts';
import type { AccountKind, Simulation } from './simulate.ts';

/** A quota, and with how many accounts their mean demand is as much. */
export type Limit = {
  readonly quota: string;
  readonly byDefault: number;
  readonly accounts: number;
  /** What raises it, or does without. */
  readonly remedy: string;
};

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SCHEDULES_BESIDE_FIRST_RUN = 2;
/** Assumed: Lambda sends what a run has logged in one call. */
const LOG_CALLS = 1;

/** What a run of a kind of account takes in the mean: `slowness` is how much longer the mean wait is than the usual one. */
function meanMs(
  kinds: readonly AccountKind[],
  slowness: number,
  of: (kind: AccountKind) => readonly RunTime[],
) {
  const ofKind = (kind: AccountKind) =>
    of(kind).reduce((sum, { waitMs, workMs }) => sum + waitMs * slowness + workMs, 0);
  return kinds.reduce((sum, kind) => sum + kind.share * ofKind(kind), 0);
}

/** Worked out from the same input as a simulation, for environments that are all there. The one that binds first is first. */
export function limitsOf({ kinds, sigma, recent, weekMs }: Simulation): readonly Limit[] {
  const slowness = Math.exp(sigma ** 2 / 2);
  const hourly = meanMs(kinds, slowness, (kind) => [kind.recent]) / recent.everyMs;
  const weekly = meanMs(kinds, slowness, (kind) => [kind.weekly]) / weekMs;
  const steady = hourly + weekly;
  // Of a first run that goes on each hour, only the parts that fall within the window meet those of other accounts.
  const within = (windowMs: number) =>
    steady + meanMs(kinds, slowness, ({ first }) => first.slice(0, Math.ceil(windowMs / HOUR_MS))) / windowMs;
  const runsPerS = 1000 / recent.everyMs + 1000 / weekMs;
  const limit = (quota: string, byDefault: number, demand: number, remedy: string): Limit => ({
    quota,
    byDefault,
    accounts: byDefault / demand,
    remedy,
  });
  const concurrency = (what: string, demand: number, byDefault = LAMBDA_LIMITS.concurrency) =>
    limit(
      `Lambda, runs at once: ${what}`,
      byDefault,
      demand,
      'Service Quotas, Lambda, Concurrent executions',
    );
  const scheduler = (what: string, byDefault: number, demand: number) =>
    limit(`Scheduler, ${what}`, byDefault, demand, `Service Quotas, EventBridge Scheduler`);
  return [
    concurrency('a new account of AWS, steady', steady, QUOTAS.newAccountConcurrency),
    concurrency('all first runs within an hour', within(HOUR_MS)),
    concurrency('all first runs within a day', within(DAY_MS)),
    concurrency('steady', steady),
    limit('Secrets Manager, secrets: one each', QUOTAS.secrets, 1, 'cannot be raised: `accounts pack`'),
    limit('Secrets Manager, secrets: packed', QUOTAS.secrets, 1 / ACCOUNTS_IN_SHARD, 'cannot be raised'),
    limit('Secrets Manager, reads a second', QUOTAS.getSecretValuePerS, runsPerS, 'cannot be raised'),
    scheduler('schedules', QUOTAS.schedules, SCHEDULES_BESIDE_FIRST_RUN + 1),
    scheduler('runs a second', QUOTAS.scheduledInvocationsPerS, runsPerS),
    scheduler(
      'runs a second, all first runs within an hour',
      QUOTAS.scheduledInvocationsPerS,
      runsPerS + 1 / 3600,
    ),
    scheduler(
      'changes of schedules a second, where all accounts begin to fail within an hour',
      Math.min(QUOTAS.updateSchedulePerS, QUOTAS.getSchedulePerS),
      1 / 3600,
    ),
    limit(
      'CloudWatch Logs, writes a second',
      QUOTAS.putLogEventsPerS,
      runsPerS * LOG_CALLS,
      'Service Quotas, CloudWatch Logs',
    ),
  ].toSorted((a, b) => a.accounts - b.accounts);
}
