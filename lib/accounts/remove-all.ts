import { inParallel } from './in-parallel.ts';
import type { AccountSchedules } from './schedules.ts';
import type { StoredAccounts } from './stored-accounts.ts';

type RemoveAllOptions = {
  readonly schedules: AccountSchedules;
  readonly stored: StoredAccounts;
  readonly recoveryDays: number;
};

/** Deletes every schedule and every secret of a stage's accounts. Can be interrupted anywhere, and begun again. */
export async function removeAllAccounts(
  { schedules, stored, recoveryDays }: RemoveAllOptions,
  on?: (removed: number) => void,
): Promise<{ readonly removed: number }> {
  const removed = new Set<string>();
  await schedules.deleteAll(async (name) => {
    // Secrets Manager lists what is new with a delay; its schedule names it now.
    await stored.deleteOwn(name, recoveryDays);
    removed.add(name);
    on?.(removed.size);
  });
  for (let shard = 1; (await stored.readShard(shard)) !== 'absent'; shard += 1)
    await stored.deleteShard(shard, recoveryDays);
  for await (const { names, shards } of stored.list()) {
    await inParallel(names, (name) => stored.deleteOwn(name, recoveryDays));
    await inParallel(shards, (shard) => stored.deleteShard(shard, recoveryDays));
  }
  return { removed: removed.size };
}
