import { budgetOf } from '../../lib/accounts/budget.ts';
import { CALLS_AT_ONCE } from '../../lib/accounts/in-parallel.ts';
import { FIRST_RUN_WINDOW_MINUTES } from '../../lib/accounts/schedule-definition.ts';
import type { RunTime } from '../lambda-runs.ts';
import type { Measured, MeasuredList } from './measure.ts';
import { LAMBDA_LIMITS, LAMBDA_QUEUE, QUOTAS } from './quotas.ts';
import type { AccountKind, Simulation } from './simulate.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Assumed, not measured: how many accounts have the long list, or fail by a refused token or a service that is silent. */
export const SHARES = { long: 0.1, refused: 0.02, silent: 0.005 };
/** Assumed: a wait is 1.8 times as long as usual, or longer, for an eighth of all runs. */
const SIGMA = 0.5;
/** Assumed: what a call to AWS takes from a terminal. */
const AWS_CALL_MS = 50;
/** `LEAD_MS` of lib/accounts/schedule-definition.ts. */
const FIRST_RUN_AFTER_MS = 2 * MINUTE_MS;
/** A run that goes on where another stopped is planned for a minute later at the earliest. */
const CONTINUES_AFTER_MS = MINUTE_MS;
/** The longest list is done within three hours. */
const SETTLE_MS = 3 * HOUR_MS;

/** Calls to AWS that an import makes for one account; what is looked for before it is written included. */
const IMPORT_CALLS = { own: 6, packed: 5 };
const SCHEDULES_CREATED = 3;

/** Where the credentials are: each account's in a secret of its own, or those of some 200 in one. */
export type Store = 'own' | 'packed';

/** Accounts a second that are imported: as fast as AWS takes them, and as a terminal sends them. */
export function importPerS(store: Store): number {
  const bySchedules = QUOTAS.createSchedulePerS / SCHEDULES_CREATED;
  const byTerminal = (CALLS_AT_ONCE * 1000) / AWS_CALL_MS / IMPORT_CALLS[store];
  return Math.min(
    bySchedules,
    byTerminal,
    store === 'own' ? QUOTAS.createSecretPerS : Number.POSITIVE_INFINITY,
  );
}

/** A run that stopped at its budget goes on when the hour is over. */
export function withinBudget(first: MeasuredList['first'], callsPerHour: number): AccountKind['first'] {
  const calls = first.reduce((sum, run) => sum + run.calls, 0);
  if (calls <= callsPerHour) return first.map((run) => ({ ...run, afterMs: CONTINUES_AFTER_MS }));
  const count = Math.ceil(calls / callsPerHour);
  const sum = (of: keyof RunTime) => first.reduce((all, run) => all + run[of], 0) / count;
  const part = { waitMs: sum('waitMs'), workMs: sum('workMs') };
  return Array.from({ length: count }, () => ({ ...part, afterMs: HOUR_MS - part.waitMs - part.workMs }));
}

/** Accounts with the short list, with the long one, and those whose runs fail. */
export function kindsOf({ lists, refused, silent }: Measured): readonly AccountKind[] {
  const { calls } = budgetOf({});
  const fails = (run: RunTime) => ({ recent: run, weekly: run, first: [{ ...run, afterMs: 0 }] });
  const shares = [1 - SHARES.long - SHARES.refused - SHARES.silent, SHARES.long];
  return [
    ...lists.map((list, at) => ({
      share: shares[at] ?? 0,
      recent: list.recent,
      weekly: list.weekly,
      first: withinBudget(list.first, calls),
    })),
    { share: SHARES.refused, ...fails(refused) },
    { share: SHARES.silent, ...fails(silent) },
  ];
}

/** So that few accounts have runs enough to be looked at. */
function steadyMs(accounts: number): number {
  if (accounts < 100) return 30 * DAY_MS;
  return accounts < 10_000 ? DAY_MS : HOUR_MS;
}

/** A stage as it is deployed, with the quotas that AWS gives, and so many accounts that were imported at once. */
export function stageOf(measured: Measured, accounts: number, store: Store): Simulation {
  return {
    accounts,
    kinds: kindsOf(measured),
    cold: measured.cold,
    sigma: SIGMA,
    importPerS: importPerS(store),
    firstRun: { afterMs: FIRST_RUN_AFTER_MS, windowMs: FIRST_RUN_WINDOW_MINUTES * MINUTE_MS },
    recent: { everyMs: HOUR_MS, windowMs: HOUR_MS },
    weekMs: 7 * DAY_MS,
    scheduledPerS: QUOTAS.scheduledInvocationsPerS,
    lambda: LAMBDA_LIMITS,
    queue: LAMBDA_QUEUE,
    settleMs: SETTLE_MS,
    steadyMs: steadyMs(accounts),
    seed: 1,
  };
}

const SLOW_TIMES = 3;
const RAISED_CONCURRENCY = 5000;
const SLOW_IMPORT_PER_S = 10;

export type Scenario = { readonly name: string; readonly simulation: Simulation; readonly store: Store };

/** The sizes of the tables. */
export function sizesOf(measured: Measured, maxAccounts: number): readonly Scenario[] {
  const size = (accounts: number, store: Store) => ({
    name: `${accounts.toLocaleString('en')}${store === 'packed' ? ', packed' : ''}`,
    simulation: stageOf(measured, accounts, store),
    store,
  });
  return [size(1, 'own'), size(1000, 'own'), size(100_000, 'own'), size(1_000_000, 'packed')].filter(
    ({ simulation }) => simulation.accounts <= maxAccounts,
  );
}

/** What else may be: each differs from a stage of the table in what its name says. */
export function othersOf(measured: Measured, maxAccounts: number): readonly Scenario[] {
  const own = (accounts: number) => stageOf(measured, accounts, 'own');
  const hundred = own(100_000);
  const million = stageOf(measured, 1_000_000, 'packed');
  const limited = (concurrency: number) => ({ ...LAMBDA_LIMITS, concurrency });
  const slow = <Run extends RunTime>(run: Run) => ({ ...run, waitMs: SLOW_TIMES * run.waitMs });
  const scenarios: Scenario[] = [
    {
      name: `1,000, in a new account of AWS that may have ${QUOTAS.newAccountConcurrency} runs at once`,
      simulation: { ...own(1000), lambda: limited(QUOTAS.newAccountConcurrency) },
      store: 'own',
    },
    {
      name: `100,000, services that take ${SLOW_TIMES} times as long`,
      simulation: {
        ...hundred,
        kinds: hundred.kinds.map(({ share, recent, weekly, first }) => ({
          share,
          recent: slow(recent),
          weekly: slow(weekly),
          first: first.map(slow),
        })),
      },
      store: 'own',
    },
    {
      name: `1,000,000, packed, concurrency raised to ${RAISED_CONCURRENCY.toLocaleString('en')}`,
      simulation: { ...million, lambda: limited(RAISED_CONCURRENCY) },
      store: 'packed',
    },
    {
      name: `1,000,000, packed, imported at ${SLOW_IMPORT_PER_S} a second`,
      simulation: { ...million, importPerS: SLOW_IMPORT_PER_S },
      store: 'packed',
    },
  ];
  return scenarios.filter(({ simulation }) => simulation.accounts <= maxAccounts);
}
