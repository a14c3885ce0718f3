import { Failure } from '../failure.ts';
import type { Budget } from '../run/budget.ts';
import type { Environment } from '../settings.ts';

/**
 * What an account may use in an hour. Two kinds of runs share it, so 120 minutes are an hour for each; with few calls,
 * most of them would be kept for writing.
 */
export const BUDGET = {
  ACCOUNT_MINUTES: { byDefault: 15, min: 2, max: 120, what: 'minutes' },
  ACCOUNT_CALLS: { byDefault: 3000, min: 1000, max: 1_000_000, what: 'calls' },
} as const;

/**
 * The half of what an account may use in an hour, by `ACCOUNT_MINUTES` and `ACCOUNT_CALLS`: its hourly runs have one, and
 * the full ones, with those that go on by themselves, the other. Throws a `settings` failure for what is no such number.
 *
 * @example
 * budgetOf({}); // { ms: 450_000, calls: 1500 }
 */
export function budgetOf(env: Environment): Budget {
  return {
    ms: numberIn(env, 'ACCOUNT_MINUTES') * 30_000,
    calls: Math.floor(numberIn(env, 'ACCOUNT_CALLS') / 2),
  };
}

function numberIn(env: Environment, name: keyof typeof BUDGET): number {
  const { byDefault, min, max, what } = BUDGET[name];
  const given = env[name]?.trim() || String(byDefault);
  const number = Number(given);
  if (Number.isInteger(number) && number >= min && number <= max) return number;
  throw new Failure(
    'settings',
    `${name} ${JSON.stringify(given)}: is not a number of ${what} an hour; give a whole one from ${min} to ${max}, such as ${byDefault}`,
  );
}
