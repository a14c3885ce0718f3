import { Failure } from '../failure.ts';
import { parseObject } from '../secrets/with-json-keys.ts';
import { checkAccountName } from './account.ts';
import { inParallel } from './in-parallel.ts';
import type { AccountSchedules } from './schedules.ts';
import { readShardSpace } from './shard-space.ts';
import type { StoredAccounts } from './stored-accounts.ts';
import { type AccountVariables, readAccountVariables } from './variables.ts';

/** What became of one line of an import. */
export type ImportedLine = {
  /** From 1 on; blank lines count. */
  readonly line: number;
  /** Absent: the line does not say, or not in a form that can be shown. */
  readonly account?: string;
  readonly outcome: 'added' | 'was there' | 'refused';
  /** Why it was refused: one sentence, without values. */
  readonly problem?: string;
};

/** How many lines came to what. */
export type ImportResult = { readonly added: number; readonly wereThere: number; readonly refused: number };

export type Lines = AsyncIterable<string> | Iterable<string>;

export type ImportOptions = {
  readonly stored: StoredAccounts;
  readonly schedules: AccountSchedules;
  /** Resolves to a `Failure` where this account cannot be added; rejects where none can. */
  readonly add: (name: string, variables: AccountVariables) => Promise<'added' | 'was there' | Failure>;
};

/** A line of an account that is not there yet. */
type NewLine = { readonly line: number; readonly account: string; readonly variables: AccountVariables };

/**
 * Adds an account for each JSON line `{"account":"anna","READING_LIST":"karakeep",...}`, in any order. A wrong line is
 * reported, and nothing of it is written; an account that is there already is left as it is, so that an import that was
 * interrupted goes on where it was. `packed`: straight into shards, since a region has 500,000 secrets at most, and each
 * costs 0.40 USD a month.
 */
export async function importAccounts(
  lines: Lines,
  options: ImportOptions,
  { packed = false, on }: { packed?: boolean | undefined; on?: ((done: ImportedLine) => void) | undefined },
): Promise<ImportResult> {
  const counts = { added: 0, 'was there': 0, refused: 0 };
  const report = (done: ImportedLine) => {
    counts[done.outcome] += 1;
    on?.(done);
  };
  const addOne = async ({ line, account, variables }: NewLine) => {
    const added = await options.add(account, variables);
    if (added instanceof Failure) report({ line, account, outcome: 'refused', problem: added.message });
    else report({ line, account, outcome: added });
  };
  const isNew = async ({ line, account }: NewLine) => {
    if (!(await options.schedules.get(account))) return true;
    report({ line, account, outcome: 'was there' });
    return false;
  };
  const checked = checkedLines(lines, report);
  if (packed) await importPacked(checked, options, { addOne, isNew, report });
  else
    await inParallel(checked, async (one) => {
      if (await isNew(one)) await addOne(one);
    });
  return { added: counts.added, wereThere: counts['was there'], refused: counts.refused };
}

async function* checkedLines(lines: Lines, report: (done: ImportedLine) => void): AsyncGenerator<NewLine> {
  const seen = new Set<string>();
  let line = 0;
  for await (const text of lines) {
    line += 1;
    if (!text.trim()) continue;
    let account: string | undefined;
    try {
      const { account: name, ...given } = parseObject(text) ?? {};
      if (typeof name !== 'string')
        throw new Failure(
          'settings',
          'is not a JSON object with an account, such as {"account":"anna","READING_LIST":"karakeep"}',
        );
      account = checkAccountName(name);
      if (seen.has(account)) throw new Failure('settings', `Account "${account}": is in another line, too`);
      const variables = readAccountVariables(account, given);
      seen.add(account);
      yield { line, account, variables };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      report({ line, ...(account && { account }), outcome: 'refused', problem: error.message });
    }
  }
}

type Steps = {
  readonly addOne: (line: NewLine) => Promise<void>;
  readonly isNew: (line: NewLine) => Promise<boolean>;
  readonly report: (done: ImportedLine) => void;
};

async function importPacked(
  lines: AsyncIterable<NewLine>,
  { stored, schedules }: ImportOptions,
  { addOne, isNew, report }: Steps,
): Promise<void> {
  const space = await readShardSpace(stored);
  const waiting = new Map<number, NewLine[]>();

  async function write(shard: number): Promise<void> {
    const batch = waiting.get(shard) ?? [];
    waiting.delete(shard);
    const entries = batch.map(({ account, variables }) => [account, variables] as const);
    await stored.changeShard(shard, (before) => new Map([...before, ...entries]));
    await inParallel(batch, async ({ line, account }) => {
      await schedules.create(account, shard);
      report({ line, account, outcome: 'added' });
    });
  }

  await inParallel(lines, async (one) => {
    if (!(await isNew(one))) return;
    // What was begun with a secret of its own stays there until it is packed.
    if (await stored.read({ name: one.account })) return addOne(one);
    const shard = space.place(one.account, one.variables);
    waiting.set(shard, [...(waiting.get(shard) ?? []), one]);
    for (const full of [...waiting.keys()].filter(space.isFull)) await write(full);
  });
  for (const shard of [...waiting.keys()]) await write(shard);
}
