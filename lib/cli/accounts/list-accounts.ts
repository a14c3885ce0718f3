import { InvalidArgumentError } from 'commander';
import type { Account, AccountState, LastRun } from '../../accounts/accounts.ts';
import { Failure } from '../../failure.ts';
import { ACCOUNT_STATES, type AccountRow, accountsTable, sumText } from '../view/accounts-table.ts';
import { jsonOf } from '../view/format.ts';
import { statusLine } from '../view/progress.ts';
import type { ExitStatus } from '../view/run-result.ts';
import { printError, say } from '../view/wrapped.ts';
import type { Stage } from './open-stage.ts';

/** So many lines at a time are laid out as one table, while the others are still being read. */
const LINES_OF_A_TABLE = 100;

export type ListOptions = {
  readonly json?: boolean;
  /** Only accounts in these states. */
  readonly state?: readonly AccountState[];
};

/** Reads `--state failing,needs-attention`. */
export function readStates(text: string): readonly AccountState[] {
  return text.split(',').map((word) => {
    const found = ACCOUNT_STATES.find((state) => state === word.trim().replace('-', ' '));
    if (found) return found;
    const states = ACCOUNT_STATES.map((state) => state.replace(' ', '-'));
    throw new InvalidArgumentError(`Choose of ${states.join(',')}.`);
  });
}

/** Prints accounts as they are read, by default all of them: 1 where one that is named is not there, else 0. */
export async function listAccounts(
  names: readonly string[],
  { json = false, state: states = ACCOUNT_STATES }: ListOptions,
  stage: Stage,
): Promise<ExitStatus> {
  const missing: string[] = [];
  const found = names.length > 0 ? named(names, stage, missing) : stage.accounts.list();
  const counts = new Map<AccountState, number>();
  const rows = json ? jsonLines() : tables();
  let lastRuns: ReadonlyMap<string, LastRun> | undefined;
  for await (const account of found) {
    lastRuns ??= await lastRunsOf(names, stage);
    counts.set(account.state, (counts.get(account.state) ?? 0) + 1);
    const lastRun = lastRuns.get(account.name);
    if (states.includes(account.state)) rows.print({ ...account, ...(lastRun && { lastRun }) });
  }
  rows.end();
  for (const name of missing)
    printError(`Account "${name}": is not there; add it with: ${stage.typed(`add ${name}`)}`);
  if (!json && missing.length === 0) say(sumOf(counts, stage));
  return missing.length === 0 ? 0 : 1;
}

/** Where rows are printed: some may be held back until `end`. */
type Rows = { print(row: AccountRow): void; end(): void };

function jsonLines(): Rows {
  return { print: (row) => console.log(jsonOf(row, {})), end() {} };
}

function tables(): Rows {
  let rows: AccountRow[] = [];
  const end = () => {
    if (rows.length > 0) console.log(accountsTable(rows));
    rows = [];
  };
  return {
    print(row) {
      if (rows.push(row) === LINES_OF_A_TABLE) end();
    },
    end,
  };
}

function sumOf(counts: ReadonlyMap<AccountState, number>, { stage, typed }: Stage): string {
  if (counts.size > 0) return `\n${sumText(counts)}.`;
  return `The stage ${stage} has no accounts yet; add one with: ${typed('add NAME')}`;
}

/** The accounts of these names; those that are not there are added to `missing`. */
async function* named(
  names: readonly string[],
  { accounts }: Stage,
  missing: string[],
): AsyncGenerator<Account> {
  for (const name of names) {
    const found = await accounts.get(name);
    if (found) yield found;
    else missing.push(name);
  }
}

/** By name; none, with a sentence on standard error, where they may not be read. */
async function lastRunsOf(
  names: readonly string[],
  { accounts }: Stage,
): Promise<ReadonlyMap<string, LastRun>> {
  const line = statusLine({ quiet: false, text: 'Asking CloudWatch Logs for the last runs' });
  try {
    return await accounts.lastRuns(names.length > 0 ? names : undefined);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    line.end();
    printError(`last runs are not shown: ${error.message}`);
    return new Map();
  } finally {
    line.end();
  }
}
