import type { Context } from 'aws-lambda';
import type { Summary } from './lib/core/summary.ts';
import { readEvent } from './lib/run/event.ts';
import { check, run, type WarmState } from './lib/run/run.ts';
import type { SecretsCheck } from './lib/secrets/check-secrets.ts';
import { type LambdaTelemetry, lambdaTelemetry } from './lib/telemetry/lambda-telemetry.ts';
import { jsonTelemetry, runFailed } from './lib/telemetry/telemetry.ts';

const warm: WarmState & { telemetry?: LambdaTelemetry } = {};

/**
 * The tagger in Lambda. `event`: `{}`, `""` or a scheduled event for the defaults, else
 * `{ mode?: "recent" | "full" | "untag" | "check", dryRun?: boolean, limit?: number, refetch?: boolean }`.
 * Rejects with a `Failure` whose `kind` says who can put it right; a check tells what it found instead.
 */
export const handler = async (event: unknown, context?: Context): Promise<Summary | SecretsCheck> => {
  const telemetry = telemetryFor(context);
  try {
    const { mode } = readEvent(event);
    return await (mode === 'check'
      ? check({ context, telemetry })
      : run(event, { context, warm, telemetry }));
  } catch (error) {
    telemetry.watch(runFailed(error));
    throw error;
  }
};

/** `serverless invoke local` prints the result on standard output, so there the log has standard error. */
function telemetryFor(context: Context | undefined) {
  if (process.env.IS_LOCAL) return jsonTelemetry(process.env);
  warm.telemetry ??= lambdaTelemetry(process.env);
  warm.telemetry.begin(context);
  return warm.telemetry;
}
