import type { GetScheduleCommandOutput } from '@aws-sdk/client-scheduler';
import { slotOf } from './account.ts';
import { accountOf, type Definition, inputOf, withInput } from './schedule-definition.ts';

const DAY_MINUTES = 24 * 60;

/** What changes in `NAME-recent`, the schedule of an account's hourly runs, where its state is kept. */
export type Change = Partial<
  Pick<Definition, 'ScheduleExpression' | 'ScheduleExpressionTimezone' | 'Target'>
>;

/**
 * What to change of an account of which a run has failed: since when it fails or, once it needs attention, how often it is
 * tried. `undefined` where there is nothing to change, or the account is paused. `now`: milliseconds since 1970.
 */
export function afterFailure(
  name: string,
  recent: GetScheduleCommandOutput,
  now: number,
): Change | undefined {
  const input = inputOf(recent);
  const { state } = accountOf(name, recent, now);
  if (state === 'active' && input.account === name) {
    const failing = { ...input, failingSince: new Date(now).toISOString() };
    return { Target: withInput(recent, failing) };
  }
  if (state !== 'needs attention' || isOnceADay(name, recent)) return undefined;
  return { ScheduleExpression: onceADay(name) };
}

/**
 * The same where a run has succeeded: it fails no longer. `hourly`: the schedule that says how often accounts are tried;
 * absent: the account is tried so.
 */
export function afterSuccess(
  recent: GetScheduleCommandOutput,
  hourly?: GetScheduleCommandOutput,
): Change | undefined {
  const { failingSince, ...input } = inputOf(recent);
  if (recent.State === 'DISABLED' || failingSince === undefined) return undefined;
  const { ScheduleExpression, ScheduleExpressionTimezone } = hourly ?? recent;
  return { ScheduleExpression, ScheduleExpressionTimezone, Target: withInput(recent, input) };
}

/** Whether an account is tried once a day, as it has failed for a week. */
export function isOnceADay(
  name: string,
  { ScheduleExpression }: Pick<GetScheduleCommandOutput, 'ScheduleExpression'>,
): boolean {
  return ScheduleExpression === onceADay(name);
}

/** At a time of day that depends on the name, so that accounts whose service is down are not tried all at once. */
function onceADay(name: string): string {
  const minute = slotOf(name, DAY_MINUTES);
  return `cron(${minute % 60} ${Math.floor(minute / 60)} * * ? *)`;
}
