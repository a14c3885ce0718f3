import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../failure.ts';
import { inParallel } from './in-parallel.ts';
import type { AccountSchedules } from './schedules.ts';
import { readShardSpace } from './shard-space.ts';
import type { Shard, StoredAccounts } from './stored-accounts.ts';
import type { AccountVariables } from './variables.ts';

/** How many accounts were moved, and into how many shards. */
export type Packed = { readonly moved: number; readonly shards: number };

/**
 * A run that marks its account as failing reads the account's schedule and writes it within 5 s, with the place that it
 * read. After this time it is seen whether one has written the old place over the new one: milliseconds.
 */
const SETTLE_MS = 10_000;
/** The least that Secrets Manager takes; the account is elsewhere, and its name is free again sooner: days. */
const RECOVERY_DAYS = 7;
/** How often it is looked again at what is not yet as it was written. */
const MAX_LOOKS = 5;
/** Each has about 200 accounts, whose own secrets are deleted at 50 a second. */
const SHARDS_AT_ONCE = 5;

export type PackOptions = {
  readonly stored: StoredAccounts;
  readonly schedules: AccountSchedules;
  readonly settleMs?: number | undefined;
};

/** Accounts that come into one shard; `copies`: those that are not in it yet. */
type Batch = { readonly shard: number; readonly names: readonly string[]; readonly copies: Shard };

/**
 * Moves accounts with secrets of their own into shards. At each moment an account can be read at the place that its
 * schedule names, and for an event that was sent before, at the one that the event names until that is empty: its copy is
 * in the shard before the schedule names it, and its own secret is deleted after that. Can be interrupted anywhere, and
 * begun again. One at a time: two would keep no account from its credentials, but leave copies in both their shards.
 */
export async function packAccounts(options: PackOptions, on?: (moved: number) => void): Promise<Packed> {
  const shards = new Set<number>();
  let moved = 0;
  const move = (batch: Batch) =>
    moveBatch(batch, options, (shard) => {
      shards.add(shard);
      moved += 1;
      on?.(moved);
    });
  await inParallel(batches(options), move, SHARDS_AT_ONCE);
  return { moved, shards: shards.size };
}

async function* batches({ stored, schedules }: PackOptions): AsyncGenerator<Batch> {
  const space = await readShardSpace(stored);
  const waiting = new Map<number, Map<string, AccountVariables>>();
  const batchOf = (shard: number): Batch => {
    const copies = waiting.get(shard) ?? new Map();
    waiting.delete(shard);
    return { shard, names: [...copies.keys()], copies };
  };
  for await (const { names } of stored.list()) {
    const found = await inParallel(names, async (name) => ({
      name,
      account: await schedules.get(name),
      variables: await stored.read({ name }),
    }));
    for (const { name, account, variables } of found) {
      // One that is not there yet is being added, or is not listed as deleted yet.
      if (!account || !variables) continue;
      // An earlier move that was interrupted.
      if (account.shard !== undefined) yield { shard: account.shard, names: [name], copies: new Map() };
      else {
        const shard = space.place(name, variables);
        waiting.set(shard, (waiting.get(shard) ?? new Map()).set(name, variables));
      }
    }
    for (const shard of [...waiting.keys()].filter(space.isFull)) yield batchOf(shard);
  }
  for (const shard of [...waiting.keys()]) yield batchOf(shard);
}

async function moveBatch(
  { shard, names, copies }: Batch,
  { stored, schedules, settleMs = SETTLE_MS }: PackOptions,
  onMoved: (shard: number) => void,
): Promise<void> {
  await writeCopies({ shard, copies }, stored, settleMs);
  await inParallel(names, (name) => schedules.move(name, shard));
  await sleep(settleMs);
  const gone = await inParallel(names, async (name) => {
    for (let looks = 0; looks < MAX_LOOKS; looks += 1) {
      const account = await schedules.get(name);
      if (!account) return [name];
      if (account.shard !== undefined) {
        await leaveOwnSecret(stored, name, account.shard);
        onMoved(account.shard);
        return [];
      }
      await schedules.move(name, shard);
      await sleep(settleMs);
    }
    throw new Failure(
      'unavailable',
      `Account "${name}": its runs write its schedule all the time; try again`,
    );
  });
  if (gone.flat().length > 0) await stored.changeShard(shard, (accounts) => without(accounts, gone.flat()));
}

/** Writes copies into a shard, and reads them back: Secrets Manager may answer with what was there a moment before. */
async function writeCopies(
  { shard, copies }: Pick<Batch, 'shard' | 'copies'>,
  stored: StoredAccounts,
  settleMs: number,
): Promise<void> {
  if (copies.size === 0) return;
  await stored.changeShard(shard, (before) => new Map([...before, ...copies]));
  for (let looks = 0; looks < MAX_LOOKS; looks += 1) {
    const written = await stored.readShard(shard);
    const isThere = ([name, variables]: [string, AccountVariables]) =>
      typeof written !== 'string' && isSame(written.get(name), variables);
    if ([...copies].every(isThere)) return;
    await sleep(settleMs);
  }
  throw new Failure(
    'unavailable',
    `Shard ${shard}: has not what was written there, and none of these accounts was moved; try again`,
  );
}

/**
 * Deletes the secret that an account had of its own, once it is the same as what the shard has. While it is there, it is
 * the newer one: whoever changes an account in its shard calls this first.
 */
export async function leaveOwnSecret(stored: StoredAccounts, name: string, shard: number): Promise<void> {
  for (let looks = 0; looks < MAX_LOOKS; looks += 1) {
    const own = await stored.read({ name });
    if (!own) return;
    const hasChanged = await stored.changeShard(shard, (accounts) =>
      isSame(accounts.get(name), own) ? accounts : new Map([...accounts, [name, own]]),
    );
    if (hasChanged) continue;
    await stored.deleteOwn(name, RECOVERY_DAYS);
    return;
  }
  throw new Failure('unavailable', `Account "${name}": its credentials change all the time; try again`);
}

export function without(accounts: Shard, names: readonly string[]): Shard {
  return new Map([...accounts].filter(([name]) => !names.includes(name)));
}

/** Whether two have the same variables, in whatever order. */
export function isSame(one: AccountVariables | undefined, other: AccountVariables): boolean {
  const sorted = (variables: AccountVariables) => JSON.stringify(Object.entries(variables).toSorted());
  return one !== undefined && sorted(one) === sorted(other);
}
