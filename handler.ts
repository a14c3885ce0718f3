import type { Context } from 'aws-lambda';
import type { FailedAccountRun, WarmAccounts } from './lib/accounts/run-account.ts';
import type { PlanRun } from './lib/continuation/plan-run.ts';
import type { Summary } from './lib/core/summary.ts';
import { check } from './lib/run/check.ts';
import { type EventRequest, readEvent } from './lib/run/event.ts';
import { run, type WarmState } from './lib/run/run.ts';
import type { SecretsCheck } from './lib/secrets/check-secrets.ts';
import { type Environment, readSettings } from './lib/settings.ts';
import { type LambdaTelemetry, lambdaTelemetry } from './lib/telemetry/lambda-telemetry.ts';
import { jsonTelemetry, runFailed, type StageTelemetry, type Telemetry } from './lib/telemetry/telemetry.ts';

const warm: WarmState & { telemetry?: LambdaTelemetry; readonly accounts: WarmAccounts } = {
  accounts: { runs: new Map() },
};

/**
 * The tagger in Lambda. `event`: `{}`, `""` or a scheduled event for the defaults, else
 * `{ mode?: "recent" | "full" | "untag" | "check", dryRun?: boolean, limit?: number, refetch?: boolean }`, and
 * `account?: string` where a stage serves many.
 * Rejects with a `Failure` whose `kind` says who can fix it. A check does not reject for a
 * problem with the secrets, nor a run of an account for one of its own: the result says what is wrong.
 */
export const handler = async (
  event: unknown,
  context?: Context,
): Promise<Summary | SecretsCheck | FailedAccountRun> => {
  const { env } = process;
  const stage = telemetryFor(context, env);
  let telemetry: Telemetry = stage;
  try {
    const request = readEvent(event);
    const { account } = request;
    if (account !== undefined) telemetry = stage.forAccount(account);
    const options = { request, env, context, telemetry };
    const result = await (account === undefined ? runOfStage(options) : runOfAccount(options));
    if (env.IS_LOCAL) process.stderr.write(`${result.message}\n`);
    return result;
  } catch (error) {
    telemetry.emit(runFailed(error));
    throw error;
  }
};

type Invocation = {
  readonly request: EventRequest;
  readonly env: Environment;
  readonly context: Context | undefined;
  readonly telemetry: Telemetry;
};

function runOfStage(invocation: Invocation): Promise<Summary | SecretsCheck> {
  const { env, request } = invocation;
  const options = { ...invocation, settings: readSettings(env), warm, planRun: planRunFor(env) };
  return request.mode === 'check' ? check(options) : run(options);
}

async function runOfAccount(invocation: Invocation): Promise<Summary | SecretsCheck | FailedAccountRun> {
  const { runAccount } = await import('./lib/accounts/run-account.ts');
  return runAccount({ ...invocation, warm: warm.accounts });
}

/** How a run plans the one that continues it; the client for that is not loaded before. Not with `invoke local`. */
function planRunFor(env: Environment): PlanRun | undefined {
  const { SCHEDULE_PREFIX: prefix, AWS_REGION: region } = env;
  if (!prefix || env.IS_LOCAL) return undefined;
  return async (event, waitMs) => {
    const { scheduler } = await import('./lib/continuation/scheduler.ts');
    return scheduler(prefix, { region })(event, waitMs);
  };
}

/**
 * `serverless invoke local` prints the result on standard output, so there the log has standard error: what went wrong,
 * unless `LOG_LEVEL` asks for more.
 */
function telemetryFor(context: Context | undefined, env: Environment): StageTelemetry {
  if (env.IS_LOCAL) return jsonTelemetry({ ...env, LOG_LEVEL: env.LOG_LEVEL || 'WARN' });
  warm.telemetry ??= lambdaTelemetry(env);
  warm.telemetry.startInvocation(context);
  return warm.telemetry;
}
