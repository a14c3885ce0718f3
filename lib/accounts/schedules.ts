import {
  ConflictException,
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  type GetScheduleCommandOutput,
  paginateListSchedules,
  ResourceNotFoundException,
  SchedulerClient,
  UpdateScheduleCommand,
  ValidationException,
} from '@aws-sdk/client-scheduler';
import { accountsGroup, checkAccountName, isAccountName } from './account.ts';
import { type AwsPlace, clientOptions, rejectCall } from './aws-calls.ts';
import { inParallel } from './in-parallel.ts';
import {
  type Account,
  accountOf,
  type Definition,
  firstRun,
  hourly,
  type Input,
  inputOf,
  weekly,
  withInput,
} from './schedule-definition.ts';

const RECENT = '-recent';
/** The most that ListSchedules answers at once: docs.aws.amazon.com/scheduler/latest/APIReference/API_ListSchedules.html */
const PAGE_SIZE = 100;
/** A schedule that was deleted may be listed a little longer. */
const MAX_ROUNDS = 20;

/**
 * The schedules of a stage's accounts: the only index of them, and the only place of their state. An account is there
 * as soon, and as long, as `NAME-recent` is: it is made last and deleted last, and says where the credentials are. Each
 * method can be called again after one that failed, and rejects with a `Failure` that says what is missing.
 */
export type AccountSchedules = {
  /** Makes all three. What is left of an `add` that ended early is replaced; `NAME-recent` is never. */
  create(name: string, shard?: number): Promise<void>;
  get(name: string): Promise<Account | undefined>;
  /** In the order of names; those that are added or removed meanwhile may be missing. */
  list(): AsyncIterable<Account>;
  /** No run begins from now on, those planned included; `false`: there is no such account. */
  pause(name: string): Promise<boolean>;
  /** The hourly and weekly runs begin again, and a full one soon. */
  resume(name: string): Promise<boolean>;
  /** Names the shard that the account is now in. */
  move(name: string, shard: number): Promise<boolean>;
  /** As if no run had failed. */
  clearFailing(name: string): Promise<boolean>;
  /** `pause`, and the weekly schedule is gone. */
  retire(name: string): Promise<void>;
  /** The account is no more. */
  delete(name: string): Promise<void>;
  /** Deletes every schedule but the templates; of each account, `before` comes first. */
  deleteAll(before: (name: string) => Promise<void>): Promise<void>;
};

/** Opens the schedule group of a stage, which `accounts: true` has made. */
export function accountSchedules(
  stage: string,
  place: AwsPlace,
  now: () => number = Date.now,
): AccountSchedules {
  const client = new SchedulerClient(clientOptions(place));
  const GroupName = accountsGroup(stage);
  const failing = (name: string, actions: readonly string[]) =>
    rejectCall({
      subject: name ? `Account "${name}"` : `Stage "${stage}"`,
      service: 'EventBridge Scheduler',
      actions: actions.map((action) => `scheduler:${action}`),
      resource: name ? `schedule/${GroupName}/*` : undefined,
      region: client.config.region,
      absent: `the stage "${stage}" has no accounts here; deploy it with the parameter accounts: true, or name another stage or region`,
    });

  const find = (Name: string) => client.send(new GetScheduleCommand({ Name, GroupName })).catch(orNotFound);
  const template = (Name: string) => client.send(new GetScheduleCommand({ Name, GroupName }));
  let templates: Promise<readonly [GetScheduleCommandOutput, GetScheduleCommandOutput]> | undefined;
  function readTemplates() {
    templates ??= Promise.all([template('_recent'), template('_full')]).catch((error: unknown) => {
      templates = undefined;
      throw error;
    });
    return templates;
  }

  /** Resolves to whether it is there. */
  async function update(Name: string, change: (input: Input, now: Definition) => Partial<Definition>) {
    const found = await find(Name);
    if (!found) return false;
    const { Arn, CreationDate, LastModificationDate, $metadata, ...definition } = found as Definition &
      GetScheduleCommandOutput;
    const changed = { ...definition, ...change(inputOf(found), definition) };
    if (JSON.stringify(changed) === JSON.stringify(definition)) return true;
    const done = await client.send(new UpdateScheduleCommand(changed)).catch(orNotFound);
    return done !== undefined;
  }
  const turn = (Name: string, State: 'ENABLED' | 'DISABLED') => update(Name, () => ({ State }));
  const setInput = (Name: string, changed: (input: Input) => Input) =>
    update(Name, (input, schedule) => ({ Target: withInput(schedule, changed(input)) }));
  async function remove(Name: string): Promise<void> {
    await client.send(new DeleteScheduleCommand({ Name, GroupName })).catch(orNotFound);
  }

  const make = (schedule: Definition) => client.send(new CreateScheduleCommand(schedule));
  /** Makes one, or replaces what is there. */
  async function put(schedule: Definition): Promise<void> {
    if (await make(schedule).catch(orConflict)) return;
    // One that is carried out just now is deleted.
    (await client.send(new UpdateScheduleCommand(schedule)).catch(orNotFound)) ?? (await make(schedule));
  }

  async function create(name: string, shard: number | undefined): Promise<void> {
    const [recent, full] = await readTemplates();
    const place = { group: GroupName, name, shard };
    await put(weekly(full, place));
    await put(firstRun(recent, place, now()));
    await make(hourly(recent, place)).catch(orConflict);
  }

  async function get(name: string): Promise<Account | undefined> {
    const found = await find(`${name}${RECENT}`);
    return found && accountOf(name, found, now());
  }

  async function pause(name: string): Promise<boolean> {
    await turn(`${name}-full`, 'DISABLED');
    const isThere = await turn(`${name}${RECENT}`, 'DISABLED');
    // A run in hand that plans another looks at NAME-recent once it has.
    await remove(`${name}-continue`);
    return isThere;
  }

  async function retire(name: string): Promise<void> {
    await pause(name);
    await remove(`${name}-full`);
  }

  async function resume(name: string): Promise<boolean> {
    const account = await get(name);
    if (!account) return false;
    const [recent] = await readTemplates();
    await turn(`${name}-full`, 'ENABLED');
    if (account.state === 'paused') await put(firstRun(recent, { group: GroupName, ...account }, now()));
    return turn(`${name}${RECENT}`, 'ENABLED');
  }

  async function move(name: string, shard: number): Promise<boolean> {
    // First the one that a run asks which finds nothing where its event says.
    const isThere = await setInput(`${name}${RECENT}`, (input) => ({ ...input, shard }));
    await setInput(`${name}-full`, (input) => ({ ...input, shard }));
    await setInput(`${name}-continue`, (input) => ({ ...input, shard })).catch((error: unknown) => {
      // Its time is over: the run has begun, and asks.
      if (!(error instanceof ValidationException)) throw error;
    });
    return isThere;
  }

  async function clearFailing(name: string): Promise<boolean> {
    const [{ ScheduleExpression, ScheduleExpressionTimezone }] = await readTemplates();
    return update(`${name}${RECENT}`, ({ failingSince, ...input }, schedule) => {
      if (failingSince === undefined) return {};
      return { ScheduleExpression, ScheduleExpressionTimezone, Target: withInput(schedule, input) };
    });
  }

  async function* pagesOfNames(): AsyncGenerator<readonly string[]> {
    const paging = { client, pageSize: PAGE_SIZE, stopOnSameToken: true };
    for await (const { Schedules = [] } of paginateListSchedules(paging, { GroupName }))
      yield Schedules.flatMap(({ Name = '' }) => Name);
  }

  async function* list(): AsyncGenerator<Account> {
    for await (const names of pagesOfNames()) {
      const accounts = await inParallel(names.flatMap(accountIn), get);
      yield* accounts.filter((account) => account !== undefined);
    }
  }

  async function deleteAll(before: (name: string) => Promise<void>): Promise<void> {
    const deleteOne = async (Name: string) => {
      for (const name of accountIn(Name)) await before(name);
      await remove(Name);
    };
    // Until none is listed: what was being added meanwhile, and what a page missed because others were deleted.
    for (let rounds = 0; rounds < MAX_ROUNDS; rounds += 1) {
      let found = 0;
      for await (const names of pagesOfNames()) {
        const ofAccounts = names.filter((name) => !name.startsWith('_'));
        found += ofAccounts.length;
        await inParallel(ofAccounts, deleteOne);
      }
      if (found === 0) return;
    }
  }

  /** `work` for a name that is one, with what AWS calls the permissions for it. */
  const allowed =
    <More extends readonly unknown[], Result>(
      work: (name: string, ...more: More) => Promise<Result>,
      ...actions: readonly string[]
    ) =>
    async (name: string, ...more: More) =>
      work(checkAccountName(name), ...more).catch(failing(name, actions));
  const CHANGE = ['GetSchedule', 'UpdateSchedule'];
  return {
    create: allowed(create, 'CreateSchedule', ...CHANGE),
    get: allowed(get, 'GetSchedule'),
    list: () => withFailures(list(), failing('', ['ListSchedules', 'GetSchedule'])),
    pause: allowed(pause, ...CHANGE, 'DeleteSchedule'),
    resume: allowed(resume, ...CHANGE, 'CreateSchedule'),
    move: allowed(move, ...CHANGE),
    clearFailing: allowed(clearFailing, ...CHANGE),
    retire: allowed(retire, ...CHANGE, 'DeleteSchedule'),
    delete: allowed((name) => remove(`${name}${RECENT}`), 'DeleteSchedule'),
    deleteAll: (before) => deleteAll(before).catch(failing('', ['ListSchedules', 'DeleteSchedule'])),
  };
}

/** The account whose hourly schedule it is, if it is one. */
function accountIn(scheduleName: string): string[] {
  if (!scheduleName.endsWith(RECENT)) return [];
  return [scheduleName.slice(0, -RECENT.length)].filter(isAccountName);
}

/** For `.catch`: `undefined` where there is no such schedule. */
function orNotFound(error: unknown): undefined {
  if (!(error instanceof ResourceNotFoundException)) throw error;
}

/** For `.catch`: `undefined` where there is one already. */
function orConflict(error: unknown): undefined {
  if (!(error instanceof ConflictException)) throw error;
}

async function* withFailures<Item>(
  items: AsyncIterable<Item>,
  reject: (error: unknown) => Promise<never>,
): AsyncGenerator<Item> {
  try {
    yield* items;
  } catch (error) {
    await reject(error);
  }
}
