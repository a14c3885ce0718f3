import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Context } from 'aws-lambda';
import type { PlanRun } from '../continuation/plan-run.ts';
import type { Mode, Summary } from '../core/summary.ts';
import { Failure, type FailureKind } from '../failure.ts';
import { httpRequest } from '../http/request.ts';
import { check } from '../run/check.ts';
import type { EventRequest } from '../run/event.ts';
import { run, type WarmState } from '../run/run.ts';
import type { SecretsCheck } from '../secrets/check-secrets.ts';
import { openStore, storeClient } from '../secrets/open-secrets.ts';
import { type Environment, readSettings } from '../settings.ts';
import { runFailed, type Telemetry } from '../telemetry/telemetry.ts';
import { accountSecrets } from './account-secrets.ts';
import { budgetOf } from './budget.ts';
import { accountEnvironment } from './variables.ts';

/** A process of Lambda is given any account in turn, and is not to keep more the longer it lives. */
const MAX_WARM_ACCOUNTS = 200;

/** What a run of an account came to that failed. It is no error of the function, whose alarm would wake the operator. */
export type FailedAccountRun = {
  readonly account: string;
  readonly mode: Mode | 'check';
  readonly complete: false;
  readonly kind: FailureKind;
  readonly message: string;
};

/**
 * What a warm process keeps for its next run: clients, and of an account, by name, whether its last run stopped, the one
 * that ran last at the end. No secret and no setting: these are read for each run, so that what is changed counts for the
 * next one, and somebody who gets a name that was removed nothing of who had it.
 */
export type WarmAccounts = {
  client?: SecretsManagerClient;
  scheduler?: SchedulerClient;
  readonly runs: Map<string, WarmState>;
};

type AccountOptions = {
  /** Names the account. */
  readonly request: EventRequest;
  /** That of the function: what the operator says, and the region. */
  readonly env: Environment;
  readonly context: Context | undefined;
  readonly warm: WarmAccounts;
  /** Its lines name the account. */
  readonly telemetry: Telemetry;
};

/**
 * One run, or one check, of an account. Resolves also where it fails, since the account's owner or time can help, and
 * nobody has to be woken; that it fails is noted on its schedule. Rejects for an error that is no `Failure`, and with
 * `settings` where the stage has no accounts.
 */
export async function runAccount(
  options: AccountOptions,
): Promise<Summary | SecretsCheck | FailedAccountRun> {
  const { request, env, context, telemetry, warm } = options;
  const { account = '', mode, dryRun, shard, failingSince } = request;
  if (!env.ACCOUNTS)
    throw new Failure(
      'settings',
      'Event: "account" is given, but this stage has no accounts; deploy it with the parameter accounts: true',
    );
  // The operator's own, so that an error in it is no account's.
  const budget = budgetOf(env);
  const schedule = scheduleOf(options);
  const isNoted = mode !== 'check' && !dryRun;
  try {
    warm.client ??= storeClient(env);
    const secrets = accountSecrets(
      openStore({ env, log: telemetry.log }, warm.client),
      { prefix: env.ACCOUNTS, name: account, shard },
      schedule && (async () => (await schedule()).presentShard()),
    );
    const settings = readSettings(accountEnvironment(await secrets.variables(), env));
    const http = httpRequest({ env, publicOnly: { allowHosts: settings.pages.allowHosts } });
    const opened = { settings, env, context, telemetry, http, secrets };
    if (mode === 'check') return await check(opened);
    const planRun: PlanRun | undefined =
      schedule && (async (event, waitMs) => (await schedule()).planRun(event, waitMs));
    const summary = await run({
      ...opened,
      request,
      warm: keptOf(account, warm),
      planRun,
      budget,
    });
    if (isNoted && failingSince !== undefined) await (await schedule?.())?.clearFailing();
    return summary;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const isFirst = isNoted && (await isFirstFailure(schedule, failingSince));
    telemetry.emit({ ...runFailed(error), ...(isFirst && { isFirst }) });
    return { account, mode, complete: false, kind: error.kind, message: error.message };
  }
}

/** What runs do with the schedule of an account; the client for that is not loaded before. Not with `invoke local`. */
function scheduleOf({
  request: { account: name = '', shard },
  env,
  warm,
  telemetry: { log },
}: AccountOptions) {
  const group = env.ACCOUNTS_GROUP;
  if (!group || env.IS_LOCAL) return undefined;
  return async () => {
    const { scheduler, schedulerClient } = await import('../continuation/scheduler.ts');
    const { clearFailing, markFailing, presentShard } = await import('./recent-schedule.ts');
    warm.scheduler ??= schedulerClient(env.AWS_REGION);
    const scheduled = { client: warm.scheduler, group, name, log };
    return {
      planRun: scheduler(name, scheduled),
      markFailing: (failingSince?: string) => markFailing(scheduled, failingSince),
      clearFailing: () => clearFailing(scheduled),
      presentShard: () => presentShard(scheduled, shard),
    };
  };
}

/** Notes that a run has failed, and resolves to whether none before it had; without a schedule, as the event says. */
async function isFirstFailure(
  schedule: ReturnType<typeof scheduleOf>,
  failingSince: string | undefined,
): Promise<boolean> {
  return schedule ? (await schedule()).markFailing(failingSince) : failingSince === undefined;
}

/** What the process keeps of the account, or begins to keep. */
function keptOf(account: string, { runs }: WarmAccounts): WarmState {
  const kept = runs.get(account) ?? {};
  runs.delete(account);
  runs.set(account, kept);
  const [oldest] = runs.keys();
  if (runs.size > MAX_WARM_ACCOUNTS && oldest !== undefined) runs.delete(oldest);
  return kept;
}
