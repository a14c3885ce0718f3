import {
  GetScheduleCommand,
  type GetScheduleCommandOutput,
  type SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { errorText, orNotFound } from '../continuation/scheduler.ts';
import { Failure } from '../failure.ts';
import type { Log } from '../telemetry/telemetry.ts';
import { afterFailure, afterSuccess, type Change, isOnceADay } from './failing.ts';
import { accountOf, type Definition, stateOf } from './schedule-definition.ts';

/** Maximum time of all calls together, which a run of an account has reserved: milliseconds. */
const MAX_NOTE_MS = 2000;

/** The account whose schedule of hourly runs is meant. */
export type ScheduledAccount = {
  readonly client: SchedulerClient;
  /** The schedule group of the accounts. */
  readonly group: string;
  readonly name: string;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
};

/**
 * Notes on the schedule of an account that a run of it has failed, and has it tried once a day after a week. `failingSince`
 * of the event saves the call where there is nothing to note. Never rejects: the log has a warning, and the next run that
 * fails does it. A paused account, or one that was removed, is left as it is. Resolves to whether the account had not
 * been failing, so that this run is the first to fail.
 */
export async function markFailing(account: ScheduledAccount, failingSince?: string): Promise<boolean> {
  const { name, now = Date.now } = account;
  if (failingSince !== undefined && stateOf(new Date(failingSince), now()) === 'failing') return false;
  const change = await note(account, 'marked as failing', async (recent) =>
    afterFailure(name, recent, now()),
  );
  // Of an account that was failing, nothing but the expression changes.
  return change?.Target !== undefined;
}

/** Takes that back after a run that succeeded, and has the account tried as often as others. Never rejects, either. */
export async function clearFailing(account: ScheduledAccount): Promise<void> {
  await note(account, 'marked as working again', async (recent, get) => {
    const hourly = isOnceADay(account.name, recent) ? await get('_recent') : undefined;
    return afterSuccess(recent, hourly);
  });
}

/**
 * Where the account is by now: the number of its shard, or `undefined` for a secret of its own. `shard` itself, where there
 * is no such account any more. Rejects with an `unavailable` failure where Scheduler does not say.
 */
export async function presentShard(
  account: Omit<ScheduledAccount, 'log'>,
  shard: number | undefined,
): Promise<number | undefined> {
  const { name } = account;
  try {
    const recent = await scheduleReader(account)(`${name}-recent`).catch(orNotFound);
    return recent ? accountOf(name, recent, Date.now()).shard : shard;
  } catch (error) {
    throw new Failure('unavailable', `Account "${name}": could not be looked up ${errorText(error)}`);
  }
}

type ReadSchedule = (name: string) => Promise<GetScheduleCommandOutput>;

function scheduleReader(
  { client, group }: Pick<ScheduledAccount, 'client' | 'group'>,
  abortSignal = AbortSignal.timeout(MAX_NOTE_MS),
): ReadSchedule {
  return (Name) => client.send(new GetScheduleCommand({ Name, GroupName: group }), { abortSignal });
}

/** Writes the schedule with what is to change, and resolves to that. All of it is written, since what is left out would get its default. */
async function note(
  account: ScheduledAccount,
  what: string,
  changeOf: (recent: GetScheduleCommandOutput, read: ReadSchedule) => Promise<Change | undefined>,
): Promise<Change | undefined> {
  const { client, name, log } = account;
  const abortSignal = AbortSignal.timeout(MAX_NOTE_MS);
  const read = scheduleReader(account, abortSignal);
  try {
    const recent = await read(`${name}-recent`).catch(orNotFound);
    const change = recent && (await changeOf(recent, read));
    if (!change) return undefined;
    const changed = { ...(recent as Definition), ...change };
    await client.send(new UpdateScheduleCommand(changed), { abortSignal }).catch(orNotFound);
    return change;
  } catch (error) {
    log('WARN', `Account "${name}": could not be ${what} ${errorText(error)}`);
    return undefined;
  }
}
