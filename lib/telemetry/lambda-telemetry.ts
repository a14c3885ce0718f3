import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import { type Measure, measuresOf } from './measures.ts';
import { type Log, type LogLevel, lineOf, type RunEvent, type Telemetry } from './telemetry.ts';

/** `POWERTOOLS_SERVICE_NAME` and `POWERTOOLS_METRICS_NAMESPACE` come before it; serverless.yml sets both. */
const NAME = 'readtime-tagger';

const METHODS = { DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const satisfies Record<
  LogLevel,
  string
>;

/** Telemetry in Lambda; `begin` gives the lines that follow the request id of an invocation. */
export type LambdaTelemetry = Telemetry & { begin(context: Context | undefined): void };

/**
 * Powertools: a structured line for each event, and CloudWatch's embedded metrics when a run has ended. Make one
 * for each process: secrets are remembered together with the log that they were read with.
 */
export function lambdaTelemetry(env: Readonly<Record<string, string | undefined>>): LambdaTelemetry {
  const serviceName = env.POWERTOOLS_SERVICE_NAME || NAME;
  const logger = new Logger({ serviceName });
  const metrics = new Metrics({ serviceName, namespace: env.POWERTOOLS_METRICS_NAMESPACE || NAME });
  const put = (level: LogLevel, message: string, fields: object) =>
    logger[METHODS[level]](message, { ...fields });
  const log: Log = (level, message, { secret, versionId, version } = {}) =>
    put(level, message, { secret, versionId, version });
  const publish = (measures: readonly Measure[]) => {
    for (const { name, unit, value } of measures) metrics.addMetric(name, unit, value);
    metrics.publishStoredMetrics();
  };
  const measure = (event: RunEvent) => {
    if (event.name === 'run-failed' && event.kind === 'credentials')
      publish([{ name: 'CredentialsRefused', unit: 'Count', value: 1 }]);
    if (event.name !== 'run-finished') return;
    for (const { by, measures } of measuresOf(event.summary, event)) {
      if (by) metrics.addDimension(by.dimension, by.value);
      publish(measures);
    }
  };
  return {
    log,
    begin: (context) => {
      if (context?.awsRequestId) logger.addContext(context);
    },
    watch: (event) => {
      const { level, fields } = lineOf(event);
      put(level, event.name, fields);
      measure(event);
    },
  };
}
