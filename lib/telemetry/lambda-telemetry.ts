import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import type { Summary } from '../core/summary.ts';
import {
  type LogLevel,
  levelFilter,
  type RunEvent,
  type RunFacts,
  type Telemetry,
  telemetryOf,
} from './telemetry.ts';

/** One metric of a run. `None` is CloudWatch's unit for anything it has no unit for. */
type Metric = {
  readonly name: string;
  readonly unit: 'Count' | 'Milliseconds' | 'None';
  readonly value: number;
};

/** Metrics that share a dimension; without one, they are about the whole run. */
type MetricGroup = {
  readonly by?: { readonly dimension: 'band' | 'reason'; readonly value: string };
  readonly metrics: readonly Metric[];
};

/** Unless `POWERTOOLS_SERVICE_NAME` and `POWERTOOLS_METRICS_NAMESPACE` are set, as serverless.yml does. */
const DEFAULT_NAME = 'readtime-tagger';

const METHODS = { DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const satisfies Record<
  LogLevel,
  string
>;

/** Telemetry in Lambda. `startInvocation` adds the request id of the invocation to the log lines after it. */
export type LambdaTelemetry = Telemetry & { startInvocation(context: Context | undefined): void };

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
  const { log, emit } = telemetryOf((level, message, fields) => {
    if (isLogged(level)) logger[METHODS[level]](message, { ...fields });
  });
  return {
    log,
    startInvocation: (context) => {
      if (context?.awsRequestId) logger.addContext(context);
    },
    emit: (event) => {
      emit(event);
      for (const group of metricsOf(event)) {
        if (group.by) metrics.addDimension(group.by.dimension, group.by.value);
        for (const { name, unit, value } of group.metrics) metrics.addMetric(name, unit, value);
        metrics.publishStoredMetrics();
      }
    },
  };
}

function metricsOf(event: RunEvent): readonly MetricGroup[] {
  if (event.name === 'run-finished') return runMetrics(event.summary, event);
  const isRefused = event.name === 'run-failed' && event.kind === 'credentials';
  return isRefused ? [{ metrics: [count('CredentialsRefused', 1)] }] : [];
}

/**
 * The metrics of a run, for graphs and alarms; none for a dry run. CloudWatch bills a metric for each hour in which it
 * is written, so bands and reasons with a count of 0 are left out.
 * @internal
 */
export function runMetrics(summary: Summary, { throttled, wholeList }: RunFacts): readonly MetricGroup[] {
  if (summary.dryRun) return [];
  const whole: MetricGroup = {
    metrics: [
      count('ItemsListed', summary.listed),
      count('ItemsFailed', summary.failed.count),
      count('Requests', summary.requests),
      count('Throttled', throttled),
      count('RunComplete', summary.complete ? 1 : 0),
      { name: 'RunDurationMs', unit: 'Milliseconds', value: summary.durationMs },
      ...(wholeList ? backlog(summary) : []),
    ],
  };
  return [
    whole,
    ...groups('band', 'ItemsTagged', summary.byBand),
    ...groups('reason', 'ItemsSkipped', summary.skipped),
  ];
}

function backlog({ backlog }: Summary): Metric[] {
  const bands = Object.values(backlog);
  const minutes = bands.reduce((sum, band) => sum + band.minutes, 0);
  const items = bands.reduce((sum, band) => sum + band.items, 0);
  return [{ name: 'BacklogMinutes', unit: 'None', value: minutes }, count('BacklogItems', items)];
}

function groups(
  dimension: 'band' | 'reason',
  name: string,
  counts: Readonly<Record<string, number>>,
): MetricGroup[] {
  return Object.entries(counts)
    .filter(([, items]) => items > 0)
    .map(([value, items]) => ({ by: { dimension, value }, metrics: [count(name, items)] }));
}

function count(name: string, value: number): Metric {
  return { name, unit: 'Count', value };
}
