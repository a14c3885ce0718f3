import type { Context } from 'aws-lambda';
import type { Summary } from './lib/core/summary.ts';
import { readEvent } from './lib/event.ts';
import { type LambdaTelemetry, lambdaTelemetry } from './lib/lambda-telemetry.ts';
import { check, type Kept, run } from './lib/run.ts';
import type { SecretsCheck } from './lib/secrets/check-secrets.ts';
import { jsonTelemetry, runFailed } from './lib/telemetry.ts';

const kept: Kept & { telemetry?: LambdaTelemetry } = {};

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
      : run(event, { context, kept, telemetry }));
  } catch (error) {
    telemetry.watch(runFailed(error));
    throw error;
  }
};

/** `serverless invoke local` prints the result on standard output, so there the log has standard error. */
function telemetryFor(context: Context | undefined) {
  if (process.env.IS_LOCAL) return jsonTelemetry(process.env);
  kept.telemetry ??= lambdaTelemetry(process.env);
  kept.telemetry.begin(context);
  return kept.telemetry;
}
