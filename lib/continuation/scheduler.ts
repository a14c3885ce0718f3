import {
  ConflictException,
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  GetScheduleCommand,
  type GetScheduleCommandOutput,
  ResourceNotFoundException,
  SchedulerClient,
  type Target,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { Failure } from '../failure.ts';
import type { PlannedEvent, PlanRun } from './plan-run.ts';

/** Scheduler is exact to a minute; so a time is never over when it arrives, whatever the clocks say: milliseconds. */
const MIN_WAIT_MS = 60_000;
/** Maximum time of all calls together, which the run has reserved: milliseconds. */
const MAX_PLANNING_MS = 5000;
/** A connection takes well under a second: milliseconds. */
const CONNECTION_TIMEOUT_MS = 2000;

/** Each mode does what those before it do, and more, or what is to stand in the end. */
const MODES: readonly unknown[] = ['recent', 'full', 'untag'];

/** The client of EventBridge Scheduler in a region, for as many schedules as one likes. */
export function schedulerClient(region?: string): SchedulerClient {
  return new SchedulerClient({
    ...(region && { region }),
    requestHandler: { connectionTimeout: CONNECTION_TIMEOUT_MS },
  });
}

type SchedulerOptions = {
  readonly region?: string | undefined;
  /** Default: one of its own. */
  readonly client?: SchedulerClient;
  /** The schedule group of accounts; `prefix` is the name of one of them. Default: the group of stages. */
  readonly group?: string;
  readonly maxPlanningMs?: number;
  readonly now?: () => number;
};

/**
 * Plans runs by a one-time schedule in EventBridge Scheduler, which is deleted once it has been carried out. `prefix` is
 * what the names of a stage's schedules, or of an account's, begin with. `PREFIX-recent` says which function is invoked,
 * by which role, how often, and where an event goes that cannot be delivered; `PREFIX-continue` is the one that is made.
 * An account that is paused or removed has none, also where that happens meanwhile.
 *
 * @example
 * const planRun = scheduler('anna', { group: 'readtime-tagger-prod-accounts', client });
 * const at = await planRun(request, 3_600_000);
 */
export function scheduler(
  prefix: string,
  {
    region,
    client = schedulerClient(region),
    group,
    maxPlanningMs = MAX_PLANNING_MS,
    now = Date.now,
  }: SchedulerOptions = {},
): PlanRun {
  const name = `${prefix}-continue`;
  const inGroup = group === undefined ? {} : { GroupName: group };

  async function plan(event: PlannedEvent, waitMs: number, timeout: { abortSignal: AbortSignal }) {
    const get = (Name: string) => client.send(new GetScheduleCommand({ Name, ...inGroup }), timeout);
    const remove = () => client.send(new DeleteScheduleCommand({ Name: name, ...inGroup }), timeout);
    const targetOfRecent = async () => {
      const recent = await get(`${prefix}-recent`).catch((error: unknown) => {
        if (group === undefined) throw error;
        return orNotFound(error);
      });
      return recent?.State === 'ENABLED' ? recent.Target : undefined;
    };
    const Target = await targetOfRecent();
    if (!Target) return undefined;
    const at = new Date(Math.ceil((now() + Math.max(waitMs, MIN_WAIT_MS)) / 1000) * 1000);
    const schedule = { ...scheduleOf(name, event, at, Target), ...inGroup };
    const make = () => client.send(new CreateScheduleCommand(schedule), timeout);
    const createOrReplace = async () => {
      if (await make().catch(orConflict)) return at;
      const planned = await get(name);
      const isAhead = timeOf(planned).getTime() > now();
      const latest = endOfWindow(planned);
      // In its window, the first run of an account may be still to come; or have begun this one, which has its mode.
      const isToCome = latest.getTime() > now() && isOfStack(planned, Target);
      if (isToCome && doesAsMuch(planned, event, isAhead && timeOf(planned) <= at)) return latest;
      if (isAhead) await client.send(new UpdateScheduleCommand(schedule), timeout);
      else {
        // The one that began this run. Scheduler deletes it shortly after, and AWS does not say that it would keep it if
        // it had a new time by then.
        await remove();
        await make();
      }
      return at;
    };
    const plannedAt = await createOrReplace().catch((error: unknown) => {
      // Deleted, or made by another run, between two of these calls.
      if (error instanceof ResourceNotFoundException || error instanceof ConflictException)
        return createOrReplace();
      throw error;
    });
    if (group === undefined || (await targetOfRecent())) return plannedAt;
    // Whoever paused or removed the account meanwhile may have looked for this one before it was there.
    await remove().catch(orNotFound);
    return undefined;
  }

  return (event, waitMs) =>
    plan(event, waitMs, { abortSignal: AbortSignal.timeout(maxPlanningMs) }).catch((error: unknown) => {
      throw new Failure('unavailable', `Schedule "${name}": could not be made ${errorText(error)}`);
    });
}

/** For `catch`: `undefined` where there is no such schedule. */
export function orNotFound(error: unknown): undefined {
  if (!(error instanceof ResourceNotFoundException)) throw error;
}

/** The same where there is one already. */
function orConflict(error: unknown): undefined {
  if (!(error instanceof ConflictException)) throw error;
}

function scheduleOf(Name: string, event: PlannedEvent, at: Date, target: Target): CreateScheduleCommandInput {
  return {
    Name,
    Description: 'Continues a run that stopped before its end',
    ScheduleExpression: `at(${at.toISOString().slice(0, 19)})`,
    ScheduleExpressionTimezone: 'UTC',
    ActionAfterCompletion: 'DELETE',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { ...target, Input: JSON.stringify(event) },
  };
}

/** When a one-time schedule begins; never, as far as its expression is another. */
function timeOf({ ScheduleExpression = '' }: GetScheduleCommandOutput): Date {
  return new Date(`${/^at\((.*)\)$/.exec(ScheduleExpression)?.[1]}Z`);
}

/** When it has begun at the latest. */
function endOfWindow(schedule: GetScheduleCommandOutput): Date {
  const minutes = schedule.FlexibleTimeWindow?.MaximumWindowInMinutes ?? 0;
  return new Date(timeOf(schedule).getTime() + minutes * 60_000);
}

/** Whether a schedule is carried out by what the stack has; one may be left of a stack that was removed. */
function isOfStack({ Target: planned }: GetScheduleCommandOutput, target: Target): boolean {
  return planned?.RoleArn === target.RoleArn && planned?.Arn === target.Arn;
}

/** Whether a schedule does what `event` asks for: a mode that does more, or the same no later. */
function doesAsMuch(
  { Target }: GetScheduleCommandOutput,
  { mode }: PlannedEvent,
  isNoLater: boolean,
): boolean {
  const planned = MODES.indexOf(modeIn(Target?.Input));
  return isNoLater ? planned >= MODES.indexOf(mode) : planned > MODES.indexOf(mode);
}

function modeIn(input = ''): unknown {
  try {
    return JSON.parse(input).mode;
  } catch {
    return undefined;
  }
}

/** What AWS calls an error, in brackets, and what to do; its own message is not repeated, as it may hold what was sent. */
export function errorText(error: unknown): string {
  const code = error instanceof Error && /^\w{1,60}$/.test(error.name) ? error.name : 'an unknown error';
  const remedy = /^AccessDenied/.test(code) ? '; deploy the stage again, so that its role may do so' : '';
  return `(${code})${remedy}`;
}
