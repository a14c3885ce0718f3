import type { CreateScheduleCommandInput, GetScheduleCommandOutput } from '@aws-sdk/client-scheduler';
import { parseObject } from '../secrets/with-json-keys.ts';
import { slotOf } from './account.ts';
import { nextRun } from './next-run.ts';

export type AccountState = 'active' | 'paused' | 'failing' | 'needs attention';

/** An account as its schedules say. */
export type Account = {
  readonly name: string;
  readonly state: AccountState;
  /** Every run has failed since then. */
  readonly failingSince?: Date;
  /** The number of the secret that it is packed in with others; absent: it has a secret of its own. */
  readonly shard?: number;
  /** When the window of the next hourly run begins; absent: paused. */
  readonly nextRun?: Date;
};

/** From then on somebody has to look at it: milliseconds. */
const NEEDS_ATTENTION_MS = 7 * 86_400_000;
const WEEK_MINUTES = 7 * 24 * 60;
/** So that a time is not over when it arrives: milliseconds. */
const LEAD_MS = 120_000;
/**
 * First runs take long; those of many accounts are spread over: minutes.
 * @internal
 */
export const FIRST_RUN_WINDOW_MINUTES = 60;

/** The event of a schedule, as far as it is an object. */
export type Input = Readonly<Record<string, unknown>>;
/** A schedule as it is made. */
export type Definition = Omit<CreateScheduleCommandInput, 'ClientToken'>;

/** The names of an account's schedules, and the group that they are in. */
export type Place = { readonly group: string; readonly name: string; readonly shard?: number | undefined };

/** The hourly schedule of an account, which is what the template is. */
export function hourly(template: GetScheduleCommandOutput, place: Place): Definition {
  return fromTemplate(template, place, 'recent');
}

/** The weekly one, at a minute that is always the same for a name, so that many accounts are spread over the week. */
export function weekly(template: GetScheduleCommandOutput, place: Place): Definition {
  const at = slotOf(place.name, WEEK_MINUTES);
  const [day, hour, minute] = [Math.floor(at / 1440) + 1, Math.floor(at / 60) % 24, at % 60];
  return {
    ...fromTemplate(template, place, 'full'),
    ScheduleExpression: `cron(${minute} ${hour} ? * ${day} *)`,
  };
}

/** The first run, of every item, at some time of the next hour; then the schedule is gone. */
export function firstRun(template: GetScheduleCommandOutput, place: Place, now: number): Definition {
  return {
    ...fromTemplate(template, place, 'full'),
    Name: `${place.name}-continue`,
    Description: 'The first run of an account, or one that continues another',
    ScheduleExpression: `at(${new Date(now + LEAD_MS).toISOString().slice(0, 19)})`,
    ScheduleExpressionTimezone: 'UTC',
    ActionAfterCompletion: 'DELETE',
    FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: FIRST_RUN_WINDOW_MINUTES },
  };
}

function fromTemplate(
  {
    ScheduleExpression,
    ScheduleExpressionTimezone,
    FlexibleTimeWindow,
    Target,
    KmsKeyArn,
  }: GetScheduleCommandOutput,
  { group, name, shard }: Place,
  mode: 'recent' | 'full',
): Definition {
  return {
    Name: `${name}-${mode}`,
    GroupName: group,
    ScheduleExpression,
    ScheduleExpressionTimezone,
    FlexibleTimeWindow,
    ...(KmsKeyArn && { KmsKeyArn }),
    State: 'ENABLED',
    Target: withInput({ Target }, { account: name, mode, shard }),
  };
}

/** What a schedule invokes, with another event. */
export function withInput(
  { Target }: Pick<GetScheduleCommandOutput, 'Target'>,
  input: Input,
): Definition['Target'] {
  return { Arn: undefined, RoleArn: undefined, ...Target, Input: JSON.stringify(input) };
}

export function inputOf({ Target }: Pick<GetScheduleCommandOutput, 'Target'>): Input {
  return parseObject(Target?.Input ?? '') ?? {};
}

/** What `NAME-recent` says of an account. */
export function accountOf(name: string, recent: GetScheduleCommandOutput, now: number): Account {
  const { shard, failingSince } = inputOf(recent);
  const since = typeof failingSince === 'string' ? new Date(failingSince) : undefined;
  const isPaused = recent.State === 'DISABLED';
  const next = isPaused ? undefined : nextRun(recent, now);
  return {
    name,
    state: isPaused ? 'paused' : stateOf(since, now),
    ...(since && { failingSince: since }),
    ...(typeof shard === 'number' && { shard }),
    ...(next && { nextRun: next }),
  };
}

/** The state of an account that is not paused. */
export function stateOf(failingSince: Date | undefined, now: number): AccountState {
  if (!failingSince) return 'active';
  return now - failingSince.getTime() < NEEDS_ATTENTION_MS ? 'failing' : 'needs attention';
}
