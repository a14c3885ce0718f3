import { inParallel } from './in-parallel.ts';
import { MAX_SECRET_BYTES, type Shard, type StoredAccounts } from './stored-accounts.ts';
import type { AccountVariables } from './variables.ts';

/** So far a shard is filled, which leaves room for longer credentials of those that are in it: bytes. */
const FILL_BYTES = Math.floor(0.8 * MAX_SECRET_BYTES);

/** Which shards have room. */
export type ShardSpace = {
  /** Where a copy of an account is already, whether or not its schedule names it. */
  homeOf(name: string): number | undefined;
  /** The shard that an account is to be in: the one that it is in, else the first with room. */
  place(name: string, variables: AccountVariables): number;
  /** No more will be placed there. */
  isFull(shard: number): boolean;
};

/**
 * Reads every shard: of a million accounts about 6,000 secrets. Shards are numbered from 1 on without gaps; since
 * Secrets Manager lists secrets with a delay, they are asked for by number until there is none.
 */
export async function readShardSpace({ readShard }: Pick<StoredAccounts, 'readShard'>): Promise<ShardSpace> {
  const homes = new Map<string, number>();
  const bytes = new Map<number, number>();
  for await (const [shard, accounts] of shardsThere(readShard)) {
    // The number of one that is scheduled for deletion cannot be used.
    bytes.set(shard, accounts === 'deleted' ? Number.POSITIVE_INFINITY : 0);
    for (const [name, variables] of accounts === 'deleted' ? [] : accounts) {
      homes.set(name, shard);
      add(shard, name, variables);
    }
  }

  let open = 1;
  function add(shard: number, name: string, variables: AccountVariables): void {
    bytes.set(shard, (bytes.get(shard) ?? 0) + entryBytes(name, variables));
  }
  return {
    homeOf: (name) => homes.get(name),
    place(name, variables) {
      const home = homes.get(name);
      if (home !== undefined) return home;
      while ((bytes.get(open) ?? 0) + entryBytes(name, variables) > FILL_BYTES) open += 1;
      homes.set(name, open);
      add(open, name, variables);
      return open;
    },
    isFull: (shard) => shard < open,
  };
}

/** Twice as many at a time as before: most stages have none, and a large one thousands. */
async function* shardsThere(
  readShard: StoredAccounts['readShard'],
): AsyncGenerator<readonly [number: number, accounts: Shard | 'deleted']> {
  for (let first = 1; ; first *= 2) {
    const numbers = Array.from({ length: first }, (_, at) => first + at);
    for (const [at, accounts] of (await inParallel(numbers, readShard)).entries()) {
      if (accounts === 'absent') return;
      yield [first + at, accounts];
    }
  }
}

/** What an account adds to the JSON of its shard, the comma included. */
function entryBytes(name: string, variables: AccountVariables): number {
  return Buffer.byteLength(JSON.stringify({ [name]: variables })) - 1;
}
