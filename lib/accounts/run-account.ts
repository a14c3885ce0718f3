import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import type { Context } from 'aws-lambda';
import type { PlanRun } from '../continuation/plan-run.ts';
import type { Mode, Summary } from '../core/summary.ts';
import { Failure, type FailureKind } from '../failure.ts';
import { httpRequest } from '../http/request.ts';
import { check } from '../run/check.ts';
import type { EventRequest } from '../run/event.ts';
import { run, type WarmState } from '../run/run.ts';
import type { SecretsCheck } from '../secrets/check-secrets.ts';
import { openStore } from '../secrets/open-secrets.ts';
import { type Environment, readSecretMaxAgeMs, readSettings } from '../settings.ts';
import { runFailed, type Telemetry } from '../telemetry/telemetry.ts';
import { checkAccountName } from './account.ts';
import { type AccountSecrets, accountSecrets } from './account-secrets.ts';
import { budgetOf } from './budget.ts';
import { accountEnvironment } from './variables.ts';

/** A process of Lambda is given any account in turn; what it keeps of one takes a few kB. */
const MAX_WARM_ACCOUNTS = 200;

/** What a run of an account came to that failed. It is no error of the function, whose alarm would wake the operator. */
export type FailedAccountRun = {
  readonly account: string;
  readonly mode: Mode | 'check';
  readonly complete: false;
  readonly kind: FailureKind;
  readonly message: string;
};

/** What a warm process keeps of one account, of which nothing else is kept. */
type WarmAccount = WarmState & { readonly shard: number | undefined; readonly secrets: AccountSecrets };

/** What a warm process keeps: of accounts, by name, the one that ran last at the end; and clients, which are of none. */
export type WarmAccounts = { readonly byName: Map<string, WarmAccount>; scheduler?: SchedulerClient };

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
  const { request, env, context, telemetry } = options;
  const { account = '', mode, dryRun, failingSince } = request;
  if (!env.ACCOUNTS)
    throw new Failure(
      'settings',
      'Event: "account" is given, but this stage has no accounts; deploy it with the parameter accounts: true',
    );
  const schedule = scheduleOf(options);
  const isNoted = mode !== 'check' && !dryRun;
  try {
    const kept = warmAccount(options, schedule);
    const settings = readSettings(accountEnvironment(await kept.secrets.variables(), env));
    const http = httpRequest({ env, publicOnly: { allowHosts: settings.pages.allowHosts } });
    const opened = { settings, env, context, telemetry, http, secrets: kept.secrets };
    if (mode === 'check') return await check(opened);
    const planRun: PlanRun | undefined =
      schedule && (async (event, waitMs) => (await schedule()).planRun(event, waitMs));
    // What a run that continues this one has to clear is cleared by this one.
    const { failingSince: _, ...asked } = request;
    const summary = await run({ ...opened, request: asked, warm: kept, planRun, budget: budgetOf(env) });
    if (isNoted && failingSince !== undefined) await (await schedule?.())?.clearFailing();
    return summary;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    telemetry.emit(runFailed(error));
    if (isNoted) await (await schedule?.())?.markFailing(failingSince);
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

/** What the process keeps of the account, or a new one; a check begins with nothing. */
function warmAccount(
  { request: { account = '', mode, shard }, warm: { byName }, env, telemetry: { log } }: AccountOptions,
  schedule: ReturnType<typeof scheduleOf>,
): WarmAccount {
  const name = checkAccountName(account);
  const isCheck = mode === 'check';
  const known = isCheck ? undefined : byName.get(name);
  const kept =
    known && known.shard === shard
      ? known
      : {
          shard,
          secrets: accountSecrets(
            openStore({ env, log }),
            { prefix: env.ACCOUNTS ?? '', name, shard },
            {
              maxAgeMs: isCheck ? 0 : readSecretMaxAgeMs(env),
              ...(schedule && { presentShard: async () => (await schedule()).presentShard() }),
            },
          ),
        };
  if (isCheck) return kept;
  byName.delete(name);
  byName.set(name, kept);
  const [oldest] = byName.keys();
  if (byName.size > MAX_WARM_ACCOUNTS && oldest !== undefined) byName.delete(oldest);
  return kept;
}
