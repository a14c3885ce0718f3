import { setTimeout as sleep } from 'node:timers/promises';
import type { CloudWatchLogsClient, ResultField } from '@aws-sdk/client-cloudwatch-logs';
import pLimit from 'p-limit';
import * as z from 'zod';
import { Failure } from '../failure.ts';
import { parseObject } from '../secrets/with-json-keys.ts';
import { checkAccountName } from './account.ts';
import { type AwsPlace, clientOptions, rejectCall } from './aws-calls.ts';

/** The newest run of an account that the log tells of. */
export type LastRun = {
  readonly at: Date;
  /** Absent: it failed. */
  readonly mode?: string;
  readonly ok: boolean;
  /** Items that it read of the list; absent: it failed. */
  readonly listed?: number;
  readonly tagged?: number;
  readonly message?: string;
};

/** Weekly runs included: seconds. */
const DAYS_S = 8 * 86_400;
/** The most that a query answers: docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html */
const MAX_ROWS = 10_000;
/** A query has at most 10,000 characters; with names of 48 there is room for so many. Of more, all are asked for. */
const MAX_NAMES = 150;
/** 30 queries at once in a region, dashboards included, and 5 to begin a second: the same page. */
const QUERIES_AT_ONCE = 4;
/** Between two looks at whether a query has ended: milliseconds. */
const LOOK_MS = 1000;

/** The line of the log at the end of a run, as lib/telemetry writes it. */
const LINE = z.object({
  message: z.enum(['run-finished', 'run-failed']),
  account: z.string(),
  mode: z.string().optional(),
  listed: z.number().optional(),
  tagged: z.number().optional(),
  result: z.string().optional(),
  reason: z.string().optional(),
});

type Options = AwsPlace & {
  readonly stage: string;
  readonly now?: (() => number) | undefined;
  readonly lookMs?: number | undefined;
  readonly maxRows?: number | undefined;
};

/**
 * The newest run of each account within 8 days, or of those that are named, by CloudWatch Logs Insights, which costs
 * 0.005 USD a GB of log: aws.amazon.com/cloudwatch/pricing. The client is loaded here, since only a terminal needs it.
 * Rejects with a `Failure` where AWS cannot be asked.
 */
export async function lastRuns(
  names: readonly string[] | undefined,
  { stage, now = Date.now, lookMs = LOOK_MS, maxRows = MAX_ROWS, ...place }: Options,
): Promise<ReadonlyMap<string, LastRun>> {
  const wanted = names && new Set(names.map(checkAccountName));
  if (wanted?.size === 0) return new Map();
  const { CloudWatchLogsClient, GetQueryResultsCommand, StartQueryCommand } = await import(
    '@aws-sdk/client-cloudwatch-logs'
  );
  const client = new CloudWatchLogsClient(clientOptions(place));
  const logGroupName = `/aws/lambda/readtime-tagger-${stage}-tagger`;
  const queryString = queryFor(wanted && wanted.size <= MAX_NAMES ? [...wanted] : undefined);
  const limit = pLimit(QUERIES_AT_ONCE);

  async function query(startTime: number, endTime: number): Promise<ResultField[][]> {
    const { queryId } = await client.send(
      new StartQueryCommand({ logGroupName, queryString, startTime, endTime, limit: maxRows }),
    );
    for (;;) {
      const { status, results = [] } = await client.send(new GetQueryResultsCommand({ queryId }));
      if (status === 'Complete') return results;
      if (status !== 'Scheduled' && status !== 'Running')
        throw new Failure(
          'unavailable',
          `Log group "${logGroupName}": the query for the last runs ended as ${status ?? 'Unknown'}; try again later`,
        );
      await sleep(lookMs);
    }
  }

  /** Where there are more rows than a query answers, each half of the time is asked for by itself. Times in seconds. */
  async function rowsOf(start: number, end: number): Promise<ResultField[][]> {
    const rows = await limit(query, start, end);
    if (rows.length < maxRows || start >= end) return rows;
    const middle = Math.floor((start + end) / 2);
    return (await Promise.all([rowsOf(start, middle), rowsOf(middle + 1, end)])).flat();
  }

  const end = Math.floor(now() / 1000);
  const rows = await rowsOf(end - DAYS_S, end).catch(rejectedBy(client, stage, logGroupName));
  const newest = new Map<string, LastRun>();
  for (const [name, run] of rows.flatMap(runsIn)) {
    const known = newest.get(name);
    if (!known || known.at < run.at) newest.set(name, run);
  }
  return wanted ? new Map([...newest].filter(([name]) => wanted.has(name))) : newest;
}

/** Each line of one account but the newest is left out by AWS, as long as it is in the time that is asked for. */
function queryFor(names: readonly string[] | undefined): string {
  const ofNames = names ? ` and account in ${JSON.stringify(names)}` : '';
  return [
    'fields @timestamp, @message',
    `filter message in ["run-finished", "run-failed"] and ispresent(account)${ofNames}`,
    'sort @timestamp desc',
    'dedup account',
  ].join(' | ');
}

/** The run that a row tells of; none where it is another line: an emulator of AWS does not know all of the query. */
function runsIn(row: readonly ResultField[]): [name: string, run: LastRun][] {
  const { '@timestamp': at = '', '@message': text = '' } = Object.fromEntries(
    row.map(({ field, value }) => [field, value]),
  );
  const line = LINE.safeParse(parseObject(text));
  if (!line.success) return [];
  const { account, message, mode, listed, tagged, result, reason } = line.data;
  const ok = message === 'run-finished';
  const said = ok ? result : reason;
  const run = {
    at: new Date(`${at.replace(' ', 'T')}Z`),
    ...(mode && { mode }),
    ok,
    ...(listed !== undefined && { listed }),
    ...(tagged !== undefined && { tagged }),
    ...(said && { message: said }),
  };
  return [[account, run]];
}

function rejectedBy(client: CloudWatchLogsClient, stage: string, logGroupName: string) {
  return rejectCall({
    subject: `Stage "${stage}"`,
    service: 'CloudWatch Logs',
    actions: ['logs:StartQuery', 'logs:GetQueryResults'],
    region: client.config.region,
    absent: `has no log group ${logGroupName} here; deploy it, or name another stage or region`,
  });
}
