import { parseObject } from '../../lib/secrets/with-json-keys.ts';
import { type FakeSchedule, type FakeScheduler, startFakeScheduler } from './fake-scheduler.ts';
import { awsError, type FakeSecretsManager, startFakeSecretsManager } from './fake-secrets-manager.ts';
import { type SecretsMemory, secretsMemory } from './secrets-memory.ts';

export const GROUP = 'readtime-tagger-prod-accounts';

/** What goes wrong at a call: nothing is done; only the answer is lost; AWS says that there are too many calls. */
type Crash = 'before' | 'done' | 'throttled';

export type AccountsOnAws = {
  readonly scheduler: FakeScheduler;
  readonly secrets: SecretsMemory;
  readonly secretsServer: FakeSecretsManager;
  /** Each call to either: `PUT GROUP/anna-recent`, `GetSecretValue prod/accounts/anna`. */
  readonly calls: readonly string[];
  /** Asked before each call, whose number counts from 0; may change what is stored. */
  onCall: (call: string, number: number) => Crash | undefined;
  /** The event of a schedule of the group. */
  event(name: string): Readonly<Record<string, unknown>> | undefined;
  /** Changes a schedule of the group, as somebody else would. */
  change(name: string, change: (schedule: FakeSchedule) => Partial<FakeSchedule>): void;
  /** The names of the group's schedules, without the templates. */
  names(): string[];
  /** What a run of an event would read, at the place that it names, or else where the account is by then. */
  readFor(event: Readonly<Record<string, unknown>>): unknown;
  close(): Promise<void>;
};

const TARGET = {
  Arn: 'arn:aws:lambda:eu-central-1:123456789012:function:readtime-tagger-prod-tagger',
  RoleArn: 'arn:aws:iam::123456789012:role/scheduler',
  Input: '{}',
  RetryPolicy: { MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 900 },
  DeadLetterConfig: { Arn: 'arn:aws:sqs:eu-central-1:123456789012:failed' },
};
const TEMPLATE: FakeSchedule = {
  ScheduleExpression: 'rate(1 hour)',
  ScheduleExpressionTimezone: 'UTC',
  State: 'DISABLED',
  FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 60 },
  Target: TARGET,
};

const codeOf = (crash: Crash) => (crash === 'throttled' ? 'ThrottlingException' : 'CrashException');

/** EventBridge Scheduler with the templates of the stage `prod`, and Secrets Manager; sets the environment to them. */
export async function startAccountsOnAws(): Promise<AccountsOnAws> {
  const calls: string[] = [];
  const crashAt = (call: string) => {
    calls.push(call);
    return aws.onCall(call, calls.length - 1);
  };
  const scheduler = await startFakeScheduler(`${GROUP}/none`, ({ method, name }) => {
    const crash = crashAt(`${method} ${name}`);
    if (crash === undefined) return undefined;
    return crash === 'done' ? [400, codeOf(crash), 'done'] : [400, codeOf(crash)];
  });
  scheduler.schedules.clear();
  scheduler.schedules.set(`${GROUP}/_recent`, TEMPLATE);
  scheduler.schedules.set(`${GROUP}/_full`, { ...TEMPLATE, ScheduleExpression: 'rate(7 days)' });
  const secrets = secretsMemory((call) => {
    const { SecretId = '', Name = SecretId } = call.body;
    const crash = crashAt(`${call.action} ${Name}`);
    return crash && { answer: awsError(codeOf(crash)), isDone: crash === 'done' };
  });
  const secretsServer = await startFakeSecretsManager(secrets.answer);
  const before = { ...process.env };
  const { AWS_ENDPOINT_URL: AWS_ENDPOINT_URL_SCHEDULER = '' } = scheduler.env;
  const { AWS_ENDPOINT_URL: AWS_ENDPOINT_URL_SECRETS_MANAGER = '', ...rest } = secretsServer.env;
  Object.assign(process.env, { ...rest, AWS_ENDPOINT_URL_SCHEDULER, AWS_ENDPOINT_URL_SECRETS_MANAGER });

  const event = (name: string) => {
    const schedule = scheduler.schedules.get(`${GROUP}/${name}`);
    return schedule && parseObject(String(schedule.Target.Input));
  };
  const readAt = (name: unknown, shard: unknown) => {
    const text = secrets.text(`prod/accounts/${shard === undefined ? name : `shard-${shard}`}`);
    const found = text === undefined ? undefined : parseObject(text);
    return shard === undefined ? found : found?.[String(name)];
  };
  const aws: AccountsOnAws = {
    scheduler,
    secrets,
    secretsServer,
    calls,
    onCall: () => undefined,
    event,
    change(name, change) {
      const schedule = scheduler.schedules.get(`${GROUP}/${name}`);
      if (!schedule) throw new Error(`there is no schedule ${name}`);
      scheduler.schedules.set(`${GROUP}/${name}`, { ...schedule, ...change(schedule) });
    },
    names: () =>
      [...scheduler.schedules.keys()]
        .map((name) => name.slice(GROUP.length + 1))
        .filter((name) => !name.startsWith('_'))
        .toSorted(),
    readFor: ({ account, shard }) =>
      readAt(account, shard) ?? readAt(account, event(`${account}-recent`)?.shard),
    async close() {
      for (const name of Object.keys(process.env)) delete process.env[name];
      Object.assign(process.env, before);
      await Promise.all([scheduler.close(), secretsServer.close()]);
    },
  };
  return aws;
}
