import { Failure } from '../failure.ts';
import type { SecretsCheck } from '../secrets/check-secrets.ts';
import { type AccountPlace, accountsPrefix, checkAccountName, rotateCommand } from './account.ts';
import { checkAccount } from './check-account.ts';
import { type ImportedLine, type ImportResult, importAccounts, type Lines } from './import-accounts.ts';
import { type LastRun, lastRuns } from './last-runs.ts';
import { isSame, leaveOwnSecret, type Packed, packAccounts, without } from './pack.ts';
import { pauseAccount } from './pause.ts';
import { removeAllAccounts } from './remove-all.ts';
import type { Account } from './schedule-definition.ts';
import { accountSchedules } from './schedules.ts';
import { readShardSpace } from './shard-space.ts';
import { storedAccounts } from './stored-accounts.ts';
import { type AccountVariables, readAccountVariables, withoutSecrets } from './variables.ts';

export type { ImportedLine, ImportResult } from './import-accounts.ts';
export type { LastRun } from './last-runs.ts';
export type { Account, AccountState } from './schedule-definition.ts';
export type { AccountVariables as Variables } from './variables.ts';

/** Which stage, and where; region, profile and credentials by default as the usual variables of AWS say. */
export type AccountsOptions = {
  readonly stage: string;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  /** `host:port` of services that may be called although private, as the parameter `accountsAllowHosts` of the stage. */
  readonly allowHosts?: readonly string[] | undefined;
};

/** For tests: how long `pack` and `pause` wait; default: as long as a run may take that writes the schedule; milliseconds. */
type Waits = { readonly settleMs?: number };

/** Default of `remove`; the most that Secrets Manager takes: days. */
const RECOVERY_DAYS = 30;
const MIN_RECOVERY_DAYS = 7;
/** How often a change is made again because `pack` moved the account meanwhile. */
const MAX_MOVES = 5;

/**
 * The accounts of one stage: for the command `readtime accounts`, and for a page where people sign up. It needs EventBridge
 * Scheduler and Secrets Manager in the stage's region, and `iam:PassRole` for the role that Scheduler has; `lastRuns`
 * CloudWatch Logs. A method that failed, or was interrupted, can be called again, and goes on where it was. All reject
 * with a `Failure`, whose message is for people and has no value of a variable.
 */
export type Accounts = {
  /** Whether the service accepts these variables, of which nothing is stored; without them, the stored ones. */
  check(name: string, variables?: AccountVariables): Promise<SecretsCheck>;
  /**
   * Stores the variables in a secret of the account's own, and makes its schedules; the first run begins within an hour
   * or so. Rejects with `settings` where there is an account of that name with other variables, and with `credentials`
   * where its secret is scheduled for deletion, with the command that restores it.
   */
  add(name: string, variables: AccountVariables): Promise<'added' | 'was there'>;
  /**
   * Whether the service accepts what `rotate` would store. Only for who may read all that is stored: a changed address is
   * sent the stored token.
   */
  checkRotated(name: string, changed: AccountVariables): Promise<SecretsCheck>;
  get(name: string): Promise<Account | undefined>;
  list(): AsyncIterable<Account>;
  /** The stored variables that are no secrets. */
  settings(name: string): Promise<AccountVariables>;
  /** By account, of those that have run within 8 days; default: of all. */
  lastRuns(names?: readonly string[]): Promise<ReadonlyMap<string, LastRun>>;
  pause(name: string): Promise<void>;
  /** A full run begins within an hour or so; then all is as before. */
  resume(name: string): Promise<void>;
  /** Merges into what is stored, and ends `failing`; completes an account that was not added to the end. */
  rotate(name: string, changed: AccountVariables): Promise<void>;
  /**
   * No run begins from now on, and the credentials are deleted, in `recoveryDays` (7 to 30, default 30) for good: resolves
   * to when that is. Of a packed account they are gone from its shard at once, and it resolves to `undefined`; Secrets
   * Manager keeps earlier versions of the shard, so a token should be revoked at its service.
   */
  remove(name: string, options?: { readonly recoveryDays?: number }): Promise<Date | undefined>;
  /** `remove` of every account, with all that is left of any. `on`: called with how many it are so far. */
  removeAll(
    options?: { readonly recoveryDays?: number },
    on?: (removed: number) => void,
  ): Promise<{ readonly removed: number }>;
  /**
   * Adds an account for each line of JSON: `{"account":"anna","READING_LIST":"karakeep",...}`. `on`: called with each
   * line. Accounts that are there already are left as they are. `packed`: see `importAccounts`.
   */
  import(
    lines: Lines,
    on?: (done: ImportedLine) => void,
    options?: { readonly packed?: boolean },
  ): Promise<ImportResult>;
  /** Moves accounts into secrets that about 200 of them share, at a 200th of the cost. One at a time. */
  pack(on?: (moved: number) => void): Promise<Packed>;
};

/**
 * Opens the accounts of a stage that was deployed with the parameter `accounts: true`.
 *
 * @example
 * const accounts = openAccounts({ stage: 'prod', region: 'eu-central-1' });
 * const { ok, message } = await accounts.check('anna', variables);
 * if (ok) await accounts.add('anna', variables);
 * for await (const { name, state } of accounts.list()) console.log(name, state);
 */
export function openAccounts(
  { stage, allowHosts = [], ...place }: AccountsOptions,
  { settleMs }: Waits = {},
): Accounts {
  checkStage(stage);
  const prefix = accountsPrefix(stage);
  const schedules = accountSchedules(stage, place);
  const stored = storedAccounts(stage, place);

  /** What is stored of an account that is there; `pack` may move it meanwhile. */
  async function storedOf(name: string): Promise<AccountVariables | undefined> {
    for (let moves = 0; moves < MAX_MOVES; moves += 1) {
      const account = await schedules.get(name);
      if (!account) throw noSuchAccount(name);
      const variables = await stored.read(account);
      if (variables || (await schedules.get(name))?.shard === account.shard) return variables;
    }
    throw alwaysMoved(name);
  }

  async function variablesOf(name: string): Promise<AccountVariables> {
    const variables = await storedOf(checkAccountName(name));
    if (variables) return variables;
    throw new Failure(
      'credentials',
      `Account "${name}": has no credentials where its schedule says; remove it, and add it again`,
    );
  }

  async function add(name: string, variables: AccountVariables): Promise<'added' | 'was there' | Failure> {
    const account = await schedules.get(name);
    const present = account && (await storedOf(name));
    if (present) return isSame(present, variables) ? 'was there' : otherVariables({ prefix, name });
    const created = await stored.create(name, variables);
    if (created instanceof Failure) return created;
    // Of two who add a name at the same time, the first has it.
    if (!created && !isSame(await stored.read({ name }), variables)) return otherVariables({ prefix, name });
    // Left of a removal that was interrupted: it is off, and may name a shard in which the account is no more.
    if (account) await schedules.delete(name);
    await schedules.create(name);
    return 'added';
  }

  async function rotate(name: string, changed: AccountVariables): Promise<void> {
    for (let moves = 0; moves < MAX_MOVES; moves += 1) {
      const account = await schedules.get(name);
      const shard = account?.shard;
      if (shard !== undefined) await leaveOwnSecret(stored, name, shard);
      const isThere = await stored.change({ name, shard }, (before) =>
        readAccountVariables(name, { ...before, ...changed }),
      );
      const now = await schedules.get(name);
      if (now?.shard !== shard) continue;
      if (!isThere) throw noSuchAccount(name);
      if (account) await schedules.clearFailing(name);
      else await schedules.create(name);
      return;
    }
    throw alwaysMoved(name);
  }

  async function remove(name: string, recoveryDays: number): Promise<Date | undefined> {
    await schedules.retire(name);
    const account = await schedules.get(name);
    const until = await stored.deleteOwn(name, recoveryDays);
    // A move into a shard that was interrupted may have left a copy.
    const shard = account?.shard ?? (await readShardSpace(stored)).homeOf(name);
    if (shard !== undefined) await stored.changeShard(shard, (accounts) => without(accounts, [name]));
    // Last, since it says where the credentials are.
    await schedules.delete(name);
    if (!account && !until) throw noSuchAccount(name);
    return until;
  }

  const checked = (name: string, variables: AccountVariables, howToSet?: () => string) =>
    checkAccount(name, readAccountVariables(name, variables), { allowHosts, howToSet });
  const mustBeThere = async (name: string, isThere: Promise<boolean>) => {
    if (!(await isThere)) throw noSuchAccount(name);
  };
  return {
    check: async (name, variables) =>
      variables
        ? checked(name, variables)
        : checked(name, await variablesOf(name), () => rotateCommand({ prefix, name })),
    checkRotated: async (name, changed) => checked(name, { ...(await variablesOf(name)), ...changed }),
    async add(name, variables) {
      const added = await add(name, readAccountVariables(name, variables));
      if (added instanceof Failure) throw added;
      return added;
    },
    get: async (name) => schedules.get(name),
    list: () => schedules.list(),
    settings: async (name) => withoutSecrets(await variablesOf(name)),
    lastRuns: (names) => lastRuns(names, { stage, ...place }),
    pause: async (name) => mustBeThere(name, pauseAccount(name, schedules, settleMs)),
    resume: async (name) => mustBeThere(name, schedules.resume(name)),
    rotate: async (name, changed) => rotate(checkAccountName(name), changed),
    remove: async (name, { recoveryDays = RECOVERY_DAYS } = {}) =>
      remove(checkAccountName(name), checkRecoveryDays(recoveryDays)),
    removeAll: async ({ recoveryDays = RECOVERY_DAYS } = {}, on) =>
      removeAllAccounts({ schedules, stored, recoveryDays: checkRecoveryDays(recoveryDays) }, on),
    import: (lines, on, { packed } = {}) => importAccounts(lines, { stored, schedules, add }, { packed, on }),
    pack: (on) => packAccounts({ stored, schedules, settleMs }, on),
  };
}

/** Part of names and ARNs; the schedule group `readtime-tagger-STAGE-accounts` has 64 characters at most. */
function checkStage(stage: string): void {
  if (/^[A-Za-z0-9-]{1,39}$/.test(stage)) return;
  throw new Failure(
    'settings',
    'The name of the stage is none; give 1 to 39 letters, digits and -, such as prod',
  );
}

function checkRecoveryDays(days: number): number {
  if (Number.isInteger(days) && days >= MIN_RECOVERY_DAYS && days <= RECOVERY_DAYS) return days;
  throw new Failure(
    'settings',
    `recoveryDays "${days}": Secrets Manager keeps what is deleted for ${MIN_RECOVERY_DAYS} to ${RECOVERY_DAYS} days; give one of these`,
  );
}

function noSuchAccount(name: string): Failure {
  return new Failure('settings', `Account "${name}": there is none of this name in this stage`);
}

function otherVariables(account: Pick<AccountPlace, 'prefix' | 'name'>): Failure {
  return new Failure(
    'settings',
    `Account "${account.name}": is there already, with other variables; change them with: ${rotateCommand(account)}`,
  );
}

function alwaysMoved(name: string): Failure {
  return new Failure(
    'unavailable',
    `Account "${name}": is moved from one secret to another; try again later`,
  );
}
