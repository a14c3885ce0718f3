import type { GetScheduleCommandOutput } from '@aws-sdk/client-scheduler';
import { slotOf } from './account.ts';

/** For so long an account that fails is tried as often as before: its server may be away for a while. Milliseconds. */
const MAX_FAILING_MS = 7 * 86_400_000;
const MINUTES_A_DAY = 1440;

/** The part of `NAME-recent`, the schedule of an account's hourly runs, in which its state is kept. */
export type Recent = Pick<GetScheduleCommandOutput, 'State' | 'ScheduleExpression' | 'Target'>;

/** Whether an account has failed for a week, by when it began, as its event has it: then it is tried once a day. */
export function needsAttention(failingSince: string, now: Date): boolean {
  return now.getTime() - Date.parse(failingSince) >= MAX_FAILING_MS;
}

/**
 * What to change in the schedule of an account of which a run has failed: since when it fails or, after a week, how often
 * it is tried. `undefined` where there is nothing to change, or the account is paused.
 */
export function afterFailure(name: string, recent: Recent, now: Date): Recent | undefined {
  const event = recent.State === 'ENABLED' ? eventOf(recent) : undefined;
  if (!event) return undefined;
  const { failingSince } = event;
  if (typeof failingSince !== 'string' || Number.isNaN(Date.parse(failingSince)))
    return withEvent(recent, { ...event, failingSince: now.toISOString() });
  if (isOnceADay(name, recent) || !needsAttention(failingSince, now)) return undefined;
  return { ScheduleExpression: onceADay(name) };
}

/**
 * The same where a run has succeeded: it fails no longer. `hourly`: the schedule that says how often accounts are tried;
 * absent: the account is tried so.
 */
export function afterSuccess(
  recent: Recent,
  hourly?: Pick<Recent, 'ScheduleExpression'>,
): Recent | undefined {
  const { failingSince, ...event } = (recent.State === 'ENABLED' && eventOf(recent)) || {};
  if (failingSince === undefined) return undefined;
  return {
    ...withEvent(recent, event),
    ...(hourly && { ScheduleExpression: hourly.ScheduleExpression }),
  };
}

/** Whether an account is tried once a day, as it has failed for a week. */
export function isOnceADay(name: string, { ScheduleExpression }: Recent): boolean {
  return ScheduleExpression === onceADay(name);
}

/** At a time of day that depends on the name, so that accounts whose service is down are not tried all at once. */
function onceADay(name: string): string {
  const minute = slotOf(name, MINUTES_A_DAY);
  return `cron(${minute % 60} ${Math.floor(minute / 60)} * * ? *)`;
}

/** The event of a schedule; `undefined` if it is none of ours, which is left as it is. */
export function eventOf({ Target }: Recent): Readonly<Record<string, unknown>> | undefined {
  try {
    const event: unknown = JSON.parse(Target?.Input ?? '');
    return typeof event === 'object' && event !== null ? (event as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function withEvent({ Target }: Recent, event: object): Recent {
  return Target ? { Target: { ...Target, Input: JSON.stringify(event) } } : {};
}
