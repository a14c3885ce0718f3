import type { Properties } from './template.ts';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** One value of a metric; `atS` as that of any clock: seconds. */
export type Sample = { readonly atS: number; readonly value: number };

/** How many periods CloudWatch looks back beyond `EvaluationPeriods` where data is missing, in its own examples. */
const EXTRA_PERIODS = 2;

const STATISTICS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  Minimum: (values) => Math.min(...values),
  Maximum: (values) => Math.max(...values),
  Sum: (values) => values.reduce((sum, value) => sum + value, 0),
  p80: (values) => values.toSorted((a, b) => a - b)[Math.ceil(0.8 * values.length) - 1] ?? Number.NaN,
};

/**
 * Samples below which CloudWatch takes a percentile for chance: 10 / (1 - percentile), from
 * docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/percentiles-with-low-samples.html
 */
const MIN_SAMPLES: Readonly<Record<string, number>> = { p80: 50 };

/**
 * The state that CloudWatch gives an alarm at `nowS`: its windows slide, and its rules for missing data are those of
 * "How alarm state is evaluated when data is missing" in the CloudWatch user guide, whose examples
 * test/infra/alarm-rules.test.ts has. MiniStack knows neither.
 */
export function stateAt(
  alarm: Properties,
  samples: readonly Sample[],
  nowS: number,
  before: AlarmState,
): AlarmState {
  const startS = nowS - alarm.EvaluationPeriods * alarm.Period;
  const isChance =
    alarm.EvaluateLowSampleCountPercentile === 'ignore' &&
    samples.filter(({ atS }) => atS > startS && atS <= nowS).length <
      (MIN_SAMPLES[alarm.ExtendedStatistic] ?? 0);
  if (isChance) return before;
  const points = Array.from({ length: alarm.EvaluationPeriods + EXTRA_PERIODS }, (_, age) => {
    const endS = nowS - age * alarm.Period;
    const values = samples.filter(({ atS }) => atS > endS - alarm.Period && atS <= endS);
    return isBreaching(alarm, values);
  });
  return stateOf(alarm, points.reverse(), before);
}

function isBreaching(alarm: Properties, samples: readonly Sample[]): boolean | undefined {
  if (samples.length === 0) return undefined;
  const statistic = STATISTICS[alarm.Statistic ?? alarm.ExtendedStatistic];
  const value = statistic?.(samples.map((sample) => sample.value)) ?? Number.NaN;
  return alarm.ComparisonOperator === 'LessThanThreshold'
    ? value < alarm.Threshold
    : value >= alarm.Threshold;
}

/** `points`: whether each period breaches, the latest last; undefined where data is missing. */
export function stateOf(
  { EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods, TreatMissingData }: Properties,
  points: readonly (boolean | undefined)[],
  before: AlarmState,
): AlarmState {
  const existing = points.filter((point) => point !== undefined).slice(-EvaluationPeriods);
  const breaching = existing.filter(Boolean).length;
  const missing = EvaluationPeriods - existing.length;
  const assumed = TreatMissingData === 'breaching' ? missing : 0;
  if (breaching + assumed >= DatapointsToAlarm) return 'ALARM';
  const isKnown = missing === 0 || breaching < existing.length;
  if (isKnown || ['breaching', 'notBreaching'].includes(TreatMissingData)) return 'OK';
  if (TreatMissingData === 'ignore') return before;
  // All that there is breaches. That is an alarm once the oldest of it is old enough.
  const oldest = points.slice(-EvaluationPeriods).indexOf(true);
  const age = oldest === -1 ? 0 : EvaluationPeriods - oldest;
  return age >= DatapointsToAlarm ? 'ALARM' : existing.length === 0 ? 'INSUFFICIENT_DATA' : before;
}
