import { CloudWatchClient, type MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import type { MiniStack } from './ministack.ts';

/** A log line in CloudWatch's embedded metric format: the values stand beside `_aws`. */
type EmbeddedMetrics = Record<string, unknown> & {
  _aws: {
    Timestamp: number;
    CloudWatchMetrics: {
      Namespace: string;
      Dimensions: string[][];
      Metrics: { Name: string; Unit: MetricDatum['Unit'] }[];
    }[];
  };
};

/**
 * Does what CloudWatch does with the log of a function and MiniStack does not: each call takes the metrics out of the
 * lines that are new, as they are written there, and puts them.
 */
export function metricsFromLog({ client }: Pick<MiniStack, 'client'>, functionName: string) {
  const logs = new CloudWatchLogsClient(client);
  const cloudWatch = new CloudWatchClient(client);
  const seen = new Set<string>();
  return async (): Promise<void> => {
    const pages = paginateFilterLogEvents({ client: logs }, { logGroupName: `/aws/lambda/${functionName}` });
    for await (const { events = [] } of pages)
      for (const { message = '' } of events) {
        // With its time in it, each line is another.
        if (seen.has(message) || !message.startsWith('{"_aws"')) continue;
        seen.add(message);
        for (const { Namespace, MetricData } of metricsIn(JSON.parse(message)))
          await cloudWatch.send(new PutMetricDataCommand({ Namespace, MetricData }));
      }
  };
}

function metricsIn(line: EmbeddedMetrics) {
  const { Timestamp, CloudWatchMetrics } = line._aws;
  return CloudWatchMetrics.map(({ Namespace, Dimensions, Metrics }) => ({
    Namespace,
    MetricData: Dimensions.flatMap((names) =>
      Metrics.map(({ Name, Unit }) => ({
        MetricName: Name,
        Unit,
        Value: Number(line[Name]),
        Timestamp: new Date(Timestamp),
        Dimensions: names.map((name) => ({ Name: name, Value: String(line[name]) })),
      })),
    ),
  }));
}
