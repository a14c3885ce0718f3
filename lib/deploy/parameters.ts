import * as z from 'zod';
import { BUDGET } from '../accounts/budget.ts';
import { secretNameProblem } from '../secrets/get-secret.ts';
import { mayBeSecret, nearestName } from '../setting-names.ts';
import { scheduleProblem } from './schedule-expression.ts';

/** Days that CloudWatch Logs can keep a log: PutRetentionPolicy of its API. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
/** Memory that Lambda can give a function: MB. */
const MIN_MEMORY_MB = 128;
const MAX_MEMORY_MB = 10_240;
/** Far more than one account has: runs at once. */
const MAX_CONCURRENCY = 10_000;

/** How often new items are tagged. */
const MIN_RATE_MINUTES = 5;
const MAX_RATE_MINUTES = 2880;
const MINUTES: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1440 };

type Check = (value: string) => string | undefined;

/** What is wrong with the value of a parameter of the stack, in a clause with the remedy. */
const CHECKS: Readonly<Record<string, Check>> = {
  createSecrets: oneOf('true', 'false'),
  alarmKey: oneOf('true', 'false'),
  watchSecrets: oneOf('true', 'false'),
  dashboard: oneOf('true', 'false'),
  tracing: oneOf('true', 'false'),
  existingSecrets: (value) => firstProblem(value.split(',').map((name) => secretNameProblem(name.trim()))),
  recentRate: recentRateProblem,
  fullSchedule: scheduleProblem,
  timeZone: timeZoneProblem,
  schedules: oneOf('ENABLED', 'DISABLED'),
  alarmMail: (value) =>
    z.email().safeParse(value).success
      ? undefined
      : 'is not a mail address; give one such as me@example.com, or leave it out',
  logRetentionDays: (value) =>
    RETENTION_DAYS.map(String).includes(value)
      ? undefined
      : `is not a time that CloudWatch can keep a log; choose ${RETENTION_DAYS.join(', ')} days`,
  memoryMb: (value) =>
    isWhole(value, MIN_MEMORY_MB, MAX_MEMORY_MB)
      ? undefined
      : `is not memory that Lambda can give; give whole MB from ${MIN_MEMORY_MB} to ${MAX_MEMORY_MB}, such as 256`,
  reservedConcurrency: (value) =>
    isWhole(value, 1, MAX_CONCURRENCY)
      ? undefined
      : 'is not a number of runs at once; give 1, or leave it out to reserve none',
  accounts: oneOf('true', 'false'),
  accountsAllowHosts: (value) => firstProblem(value.split(',').map((entry) => hostProblem(entry.trim()))),
  accountMinutes: budgetProblem(BUDGET.ACCOUNT_MINUTES),
  accountCalls: budgetProblem(BUDGET.ACCOUNT_CALLS),
};

/** Parameters that may be empty, which is the same as leaving them out. */
const OPTIONAL = ['alarmMail', 'reservedConcurrency', 'existingSecrets', 'accountsAllowHosts'];

/** The parameters of the stack whose values are checked. */
export const CHECKED_PARAMETERS: readonly string[] = Object.keys(CHECKS);

/**
 * A sentence for each value that AWS would refuse, or that would not do what is meant. `values`: those of the
 * parameters of the stack, as text; what is `undefined` is not a parameter of this stack.
 */
export function parameterProblems(values: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    if (value === undefined || (value === '' && OPTIONAL.includes(name))) return [];
    const problem = CHECKS[name]?.(value);
    const shown = value === '' || mayBeSecret(value) ? '' : ` "${value}"`;
    return problem === undefined ? [] : [`${name}${shown}: ${problem}`];
  });
}

/**
 * Minutes between recent runs, of a rate such as `rate(1 hour)`; `undefined` where it is none between 5 minutes and 2
 * days. A run takes up to 5 minutes; CloudWatch evaluates seven days at most, and the alarm `no-run` three periods.
 */
export function recentRateMinutes(value: string): number | undefined {
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(value) ?? [];
  const minutes = Number(count) * (MINUTES[unit] ?? 0);
  return minutes >= MIN_RATE_MINUTES && minutes <= MAX_RATE_MINUTES ? minutes : undefined;
}

function recentRateProblem(value: string): string | undefined {
  if (recentRateMinutes(value) !== undefined) return scheduleProblem(value);
  return 'is not a rate between 5 minutes and 2 days; give one such as "rate(1 hour)"';
}

function oneOf(...choices: readonly [string, string]): Check {
  return (value) => (choices.includes(value) ? undefined : `choose ${choices.join(' or ')}`);
}

/** `what`: of which there are so many in the budget of an account and hour. */
function budgetProblem({ min, max, byDefault, what }: (typeof BUDGET)[keyof typeof BUDGET]): Check {
  return (value) =>
    isWhole(value, min, max)
      ? undefined
      : `is not a number of ${what} an hour for an account; give a whole one from ${min} to ${max}, such as ${byDefault}`;
}

function isWhole(value: string, min: number, max: number): boolean {
  return /^\d{1,7}$/.test(value) && Number(value) >= min && Number(value) <= max;
}

/** `host:port`, or `[::1]:port`. */
function hostProblem(entry: string): string | undefined {
  const isHostAndPort = /^([\w.-]+|\[[\da-f:.]+\]):\d+$/i.test(entry);
  if (isHostAndPort && URL.canParse(`http://${entry}`)) return undefined;
  return 'is not hosts with their ports; give one such as karakeep.home.arpa:3000, several with commas';
}

function firstProblem(problems: readonly (string | undefined)[]): string | undefined {
  return problems.find((problem) => problem !== undefined);
}

/**
 * EventBridge Scheduler takes a name of the IANA database as it is written there. `Intl` knows the names, but takes
 * them in any case, and offsets such as +01:00, too.
 */
function timeZoneProblem(value: string): string | undefined {
  const known = knownTimeZone(value);
  const isAlias = known?.toLowerCase() !== value.toLowerCase();
  if (known !== undefined && /^[A-Z]/.test(value) && (isAlias || known === value)) return undefined;
  return `is not a name of the IANA time zone database; did you mean ${nearestTimeZone(value)}?`;
}

function knownTimeZone(value: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/** The city alone is the most common mistake. */
function nearestTimeZone(value: string): string | undefined {
  const zones = [...Intl.supportedValuesOf('timeZone'), 'UTC'];
  const city = `/${value.replaceAll(' ', '_').toLowerCase()}`;
  return zones.find((zone) => zone.toLowerCase().endsWith(city)) ?? nearestName(value, zones);
}
