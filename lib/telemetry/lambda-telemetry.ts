import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import type { Summary } from '../core/summary.ts';
import { type LogLevel, type RunEvent, type RunFacts, type Telemetry, telemetryOf } from './telemetry.ts';

/** One number of a run for a graph or an alarm. `None` is CloudWatch's unit for what it has no unit for. */
type Metric = {
  readonly name: string;
  readonly unit: 'Count' | 'Milliseconds' | 'None';
  readonly value: number;
};

/** Metrics that share a dimension; without one, they are of the run as a whole. */
type MetricGroup = {
  readonly by?: { readonly dimension: 'band' | 'reason'; readonly value: string };
  readonly metrics: readonly Metric[];
};

/** `POWERTOOLS_SERVICE_NAME` and `POWERTOOLS_METRICS_NAMESPACE` come before it; serverless.yml sets both. */
const NAME = 'readtime-tagger';

const METHODS = { DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const satisfies Record<
  LogLevel,
  string
>;

/** Telemetry in Lambda; `startInvocation` gives the lines that follow the request id of an invocation. */
export type LambdaTelemetry = Telemetry & { startInvocation(context: Context | undefined): void };

/**
 * Powertools: a structured line for each event, and CloudWatch's embedded metrics when a run has ended. Make one
 * for each process: cached secrets keep the log that they were read with.
 */
export function lambdaTelemetry(env: Readonly<Record<string, string | undefined>>): LambdaTelemetry {
  const serviceName = env.POWERTOOLS_SERVICE_NAME || NAME;
  const logger = new Logger({ serviceName });
  const metrics = new Metrics({ serviceName, namespace: env.POWERTOOLS_METRICS_NAMESPACE || NAME });
  const { log, emit } = telemetryOf((level, message, fields) =>
    logger[METHODS[level]](message, { ...fields }),
  );
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
 * The metrics of a run, for graphs and alarms. A dry run has none. CloudWatch bills a metric
 * for each hour in which it is written, so bands and reasons that were not met are left out.
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
