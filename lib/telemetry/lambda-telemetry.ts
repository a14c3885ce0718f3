import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import {
  type LogLevel,
  levelFilter,
  type RunEvent,
  type StageTelemetry,
  type Telemetry,
  telemetryOf,
} from './telemetry.ts';

/** Unless `POWERTOOLS_SERVICE_NAME` and `POWERTOOLS_METRICS_NAMESPACE` are set, as serverless.yml does. */
const DEFAULT_NAME = 'readtime-tagger';

const METHODS = { DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const satisfies Record<
  LogLevel,
  string
>;

/**
 * Telemetry in Lambda. `startInvocation` adds the request id of the invocation to the log lines after it. Runs of
 * accounts count for the metrics of accounts alone.
 */
export type LambdaTelemetry = StageTelemetry & { startInvocation(context: Context | undefined): void };

/**
 * Telemetry by Powertools: a structured log line for each event, and CloudWatch embedded metrics at the end of a run.
 * Create one for each process, not each run: cached secrets keep the log that they were created with.
 */
export function lambdaTelemetry(env: Readonly<Record<string, string | undefined>>): LambdaTelemetry {
  const serviceName = env.POWERTOOLS_SERVICE_NAME || DEFAULT_NAME;
  const logger = new Logger({ serviceName });
  const metrics = new Metrics({ serviceName, namespace: env.POWERTOOLS_METRICS_NAMESPACE || DEFAULT_NAME });
  // The level that Lambda has for the logger is another one: see infra/function-settings.cjs.
  const isLogged = levelFilter(env);
  const telemetry = (
    metricsOf: (event: RunEvent) => Readonly<Record<string, number>>,
    account?: string,
  ): Telemetry => {
    const { log, emit } = telemetryOf((level, message, fields) => {
      if (isLogged(level)) logger[METHODS[level]](message, { ...fields });
    }, account);
    return {
      log,
      emit: (event) => {
        emit(event);
        const counts = Object.entries(metricsOf(event));
        for (const [name, value] of counts) metrics.addMetric(name, 'Count', value);
        if (counts.length > 0) metrics.publishStoredMetrics();
      },
    };
  };
  return {
    ...telemetry(alarmMetrics),
    startInvocation: (context) => {
      if (context?.awsRequestId) logger.addContext(context);
    },
    forAccount: (account) => telemetry(accountMetrics, account),
  };
}

/**
 * What the alarms of infra/alarms.yml need to know of a run, and no more: CloudWatch bills each metric, and everything
 * else is in the line `run-finished` of the log. Each run writes what it knows, 0 too, so that a good run ends the alarm
 * of a bad one. Nothing of a dry run.
 * @internal
 */
export function alarmMetrics(event: RunEvent): Readonly<Record<string, number>> {
  if (event.name === 'run-failed')
    return { RunComplete: 0, ...(event.kind === 'credentials' && { CredentialsRefused: 1 }) };
  if (event.name !== 'run-finished' || event.summary.dryRun) return {};
  const { complete, failed } = event.summary;
  return { RunComplete: complete ? 1 : 0, ItemsFailed: failed.count, CredentialsRefused: 0 };
}

/**
 * What the alarms of infra/accounts.yml need to know of a run of an account. There is no dimension by account, so that
 * a million of them are two metrics: the average of `AccountFailed` is the share of runs that fail, and a fault of ours
 * counts when it begins, not each hour and day that it lasts.
 * @internal
 */
export function accountMetrics(event: RunEvent): Readonly<Record<string, number>> {
  if (event.name === 'run-finished' && !event.summary.dryRun) return { AccountFailed: 0 };
  if (event.name !== 'run-failed') return {};
  const isOurs = event.kind === 'unexpected-response' && event.isFirst;
  return { AccountFailed: 1, ...(isOurs && { UnexpectedResponse: 1 }) };
}
