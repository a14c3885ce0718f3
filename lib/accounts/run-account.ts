import type { Context } from 'aws-lambda';
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
type WarmAccount = WarmState & { readonly secrets: AccountSecrets };

/** What a warm process keeps of accounts, by name, the one that ran last at the end. */
export type WarmAccounts = Map<string, WarmAccount>;

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
 * nobody has to be woken. Rejects for an error that is no `Failure`, and with `settings` where the stage has no accounts.
 */
export async function runAccount({
  request,
  env,
  context,
  warm,
  telemetry,
}: AccountOptions): Promise<Summary | SecretsCheck | FailedAccountRun> {
  const { account = '', mode } = request;
  const prefix = env.ACCOUNTS;
  if (!prefix)
    throw new Failure(
      'settings',
      'Event: "account" is given, but this stage has no accounts; deploy it with the parameter accounts: true',
    );
  try {
    const kept = warmAccount(request, warm, { env, telemetry, prefix });
    const settings = readSettings(accountEnvironment(await kept.secrets.variables(), env));
    const http = httpRequest({ env, publicOnly: { allowHosts: settings.pages.allowHosts } });
    const options = { request, settings, env, context, telemetry, http, secrets: kept.secrets, warm: kept };
    return await (mode === 'check' ? check(options) : run(options));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    telemetry.emit(runFailed(error));
    return { account, mode, complete: false, kind: error.kind, message: error.message };
  }
}

/** What the process keeps of the account, or a new one; a check begins with nothing. */
function warmAccount(
  { account = '', mode, shard }: EventRequest,
  warm: WarmAccounts,
  { env, telemetry: { log }, prefix }: Pick<AccountOptions, 'env' | 'telemetry'> & { prefix: string },
): WarmAccount {
  const name = checkAccountName(account);
  const isCheck = mode === 'check';
  const kept = (!isCheck && warm.get(name)) || {
    secrets: accountSecrets(
      openStore({ env, log }),
      { prefix, name, shard },
      { maxAgeMs: isCheck ? 0 : readSecretMaxAgeMs(env) },
    ),
  };
  if (isCheck) return kept;
  warm.delete(name);
  warm.set(name, kept);
  const [oldest] = warm.keys();
  if (warm.size > MAX_WARM_ACCOUNTS && oldest !== undefined) warm.delete(oldest);
  return kept;
}
