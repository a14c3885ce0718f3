import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { awsEnvironment } from './fake-secrets-manager.ts';

export type FakeSchedule = Readonly<Record<string, unknown>> & {
  readonly ScheduleExpression: string;
  readonly Target: Readonly<Record<string, unknown>>;
};

/** `name`: as `schedules` has it; of a listing, the group. */
type Call = { readonly method: string; readonly name: string };
/** `done`: what was asked for is done all the same, and only the answer is lost. */
export type AwsError = readonly [status: number, code: string, done?: 'done'];

export type FakeScheduler = {
  /** Environment that directs the SDK to this server. */
  readonly env: Readonly<Record<string, string>>;
  /** By name; those of a group by `GROUP/NAME`. */
  readonly schedules: Map<string, FakeSchedule>;
  /** Each call: `POST name`. */
  readonly calls: readonly string[];
  /** Carries a one-time schedule out: it is gone, and its event is returned. */
  fire(name: string): unknown;
  close(): Promise<void>;
};

/** What a stack has: where to find the function, and which role invokes it. */
const RECENT: FakeSchedule = {
  ScheduleExpression: 'rate(1 hour)',
  State: 'ENABLED',
  FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5 },
  Target: {
    Arn: 'arn:aws:lambda:eu-central-1:123456789012:function:tagger',
    RoleArn: 'arn:aws:iam::123456789012:role/scheduler',
    Input: '{"mode":"recent"}',
    RetryPolicy: { MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 900 },
    DeadLetterConfig: { Arn: 'arn:aws:sqs:eu-central-1:123456789012:failed' },
  },
};

/**
 * A small EventBridge Scheduler with a memory, which has the schedule `NAMES-recent`; `NAMES` may begin with a group, as
 * in `GROUP/anna`. `fault` is asked before each call, and may change the schedules, as Scheduler itself does; what it
 * returns is answered.
 */
export async function startFakeScheduler(
  names: string,
  fault: (call: Call, schedules: Map<string, FakeSchedule>) => AwsError | undefined = () => undefined,
): Promise<FakeScheduler> {
  const schedules = new Map([[`${names}-recent`, RECENT]]);
  const calls: string[] = [];

  function answer({ method, name }: Call, body: FakeSchedule | undefined): AwsError | object {
    const found = schedules.get(name);
    if (!found && method !== 'POST') return [404, 'ResourceNotFoundException'];
    if (method === 'GET') return { State: 'ENABLED', ...found, ...placeOf(name) };
    if (method === 'DELETE') {
      schedules.delete(name);
      return {};
    }
    if (!body || isOver(body)) return [400, 'ValidationException'];
    if (method === 'POST' && found) return [409, 'ConflictException'];
    if (!hasGroup(name.split('/').at(-2))) return [404, 'ResourceNotFoundException'];
    schedules.set(name, body);
    return { ScheduleArn: `arn:aws:scheduler:eu-central-1:123456789012:schedule/default/${name}` };
  }

  /** The one that it begins with; that of stages always is. */
  const hasGroup = (group: string | undefined) => group === undefined || names.startsWith(`${group}/`);

  function listed(group: string, query: URLSearchParams): AwsError | object {
    const inGroup = [...schedules.keys()].filter((name) => name.startsWith(`${group}/`)).toSorted();
    // Without its templates a group stands for a stage that has none.
    if (inGroup.length === 0) return [404, 'ResourceNotFoundException'];
    const size = Number(query.get('MaxResults') ?? 100);
    if (!(size >= 1 && size <= 100)) return [400, 'ValidationException'];
    // By the last name of the page before, so that one that is deleted meanwhile does not move the others.
    const rest = inGroup.filter((name) => name > (query.get('NextToken') ?? ''));
    const page = rest.slice(0, size);
    const Schedules = page.map((name) => ({
      ...placeOf(name),
      State: schedules.get(name)?.State ?? 'ENABLED',
    }));
    return { Schedules, ...(rest.length > size && { NextToken: page.at(-1) }) };
  }

  const server = createServer(async (request, response) => {
    const { method = '', url = '' } = request;
    const body =
      method === 'GET' || method === 'DELETE' ? undefined : ((await json(request)) as FakeSchedule);
    const query = new URL(url, 'http://aws').searchParams;
    const call = callOf(method, url, body?.GroupName ?? query.get('groupName'));
    calls.push(`${call.method} ${call.name}`);
    const error = fault(call, schedules);
    const due = () => (call.method === 'LIST' ? listed(call.name, query) : answer(call, body));
    const done = error === undefined || error[2] === 'done' ? due() : error;
    const given = error ?? done;
    const [status, code] = isError(given) ? given : [200, ''];
    response.writeHead(status, {
      'Content-Type': 'application/json',
      ...(code && { 'x-amzn-errortype': code }),
    });
    response.end(JSON.stringify(code ? { Message: 'said by AWS' } : given));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    env: awsEnvironment(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    schedules,
    calls,
    fire(name) {
      const { Target } = schedules.get(name) ?? RECENT;
      schedules.delete(name);
      return JSON.parse(String(Target.Input));
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function callOf(method: string, url: string, group: unknown): Call {
  const list = new URL(url, 'http://aws').searchParams.get('ScheduleGroup');
  if (list !== null) return { method: 'LIST', name: list };
  const name = /^\/schedules\/([\w.-]{1,64})(?:\?|$)/.exec(url)?.[1] ?? '';
  return { method, name: group ? `${group}/${name}` : name };
}

/** What Scheduler says of where a schedule is. */
function placeOf(key: string): object {
  const [Name, GroupName = 'default'] = key.split('/').toReversed();
  const Arn = `arn:aws:scheduler:eu-central-1:123456789012:schedule/${GroupName}/${Name}`;
  return { Name, GroupName, Arn, CreationDate: 1_764_000_000, LastModificationDate: 1_764_000_000 };
}

/** When a one-time schedule is carried out: milliseconds since 1970. */
export function timeOf({ ScheduleExpression }: Pick<FakeSchedule, 'ScheduleExpression'>): number {
  const [, time = ''] = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(ScheduleExpression) ?? [];
  return Date.parse(`${time}Z`);
}

function isOver(schedule: FakeSchedule): boolean {
  return schedule.ScheduleExpression.startsWith('at(') && !(timeOf(schedule) > Date.now());
}

function isError(given: AwsError | object): given is AwsError {
  return Array.isArray(given);
}
