import type { Summary } from '../core/summary.ts';

/** One number of a run for a graph or an alarm. `None` is CloudWatch's unit for what it has no unit for. */
export type Measure = {
  readonly name: string;
  readonly unit: 'Count' | 'Milliseconds' | 'None';
  readonly value: number;
};

/** Measures that share a dimension; without one, they are of the run as a whole. */
export type MeasureGroup = {
  readonly by?: { readonly dimension: 'band' | 'reason'; readonly value: string };
  readonly measures: readonly Measure[];
};

/** What is known of a run beside its summary. */
export type RunFacts = {
  /** Requests that the reading list refused because of a limit on calls. */
  readonly throttled: number;
  /** Whether every unread item was looked at: a recent run may end before the last, and knows no backlog then. */
  readonly wholeList: boolean;
};

/**
 * What a run leaves for graphs and alarms. A dry run leaves nothing: it did nothing. CloudWatch bills a metric
 * for each hour in which it is written, so bands and reasons that were not met are left out.
 */
export function measuresOf(summary: Summary, { throttled, wholeList }: RunFacts): readonly MeasureGroup[] {
  if (summary.dryRun) return [];
  const whole: MeasureGroup = {
    measures: [
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

function backlog({ backlog }: Summary): Measure[] {
  const bands = Object.values(backlog);
  const minutes = bands.reduce((sum, band) => sum + band.minutes, 0);
  const items = bands.reduce((sum, band) => sum + band.items, 0);
  return [{ name: 'BacklogMinutes', unit: 'None', value: minutes }, count('BacklogItems', items)];
}

function groups(
  dimension: 'band' | 'reason',
  name: string,
  counts: Readonly<Record<string, number>>,
): MeasureGroup[] {
  return Object.entries(counts)
    .filter(([, items]) => items > 0)
    .map(([value, items]) => ({ by: { dimension, value }, measures: [count(name, items)] }));
}

function count(name: string, value: number): Measure {
  return { name, unit: 'Count', value };
}
