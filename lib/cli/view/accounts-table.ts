import type { Account, AccountState, LastRun } from '../../accounts/accounts.ts';
import { formatNumber } from '../../core/format-number.ts';
import { plainTable, printable } from './format.ts';

/** An account, and what its last run came to, as far as it is known. */
export type AccountRow = Account & { readonly lastRun?: LastRun };

/** In the order of a sum. */
export const ACCOUNT_STATES: readonly AccountState[] = ['active', 'paused', 'failing', 'needs attention'];

/** What is wrong is shown in as many columns at least, however narrow the terminal is. */
const MIN_WRONG_COLUMNS = 20;
/** Columns of a sentence where the output is no terminal. */
const DEFAULT_WRONG_COLUMNS = 200;

const MINUTE_MS = 60_000;
const [HOUR_MS, DAY_MS] = [60 * MINUTE_MS, 24 * 60 * MINUTE_MS];

/** A line for each account, no wider than `columns`; 0: the output is no terminal. */
export function accountsTable(
  rows: readonly AccountRow[],
  { now = Date.now(), columns = process.stdout.columns ?? 0 } = {},
): string {
  const head = ['account', 'state', 'last run', 'items', 'tagged', 'next run'];
  const known = rows.map(({ name, state, lastRun, nextRun }) => [
    name,
    state,
    lastRun ? `${spanText(now - lastRun.at.getTime())} ago` : '',
    countText(lastRun?.listed),
    countText(lastRun?.tagged),
    nextRunText(nextRun, now),
  ]);
  const widths = head.map((title, at) => Math.max(title.length, ...known.map((row) => row[at]?.length ?? 0)));
  const used = widths.reduce((sum, width) => sum + width + 2, 0);
  const left = columns > 0 ? Math.max(MIN_WRONG_COLUMNS, columns - used) : DEFAULT_WRONG_COLUMNS;
  return plainTable(
    {
      head: [...head, ''],
      align: ['left', 'left', 'left', 'right', 'right', 'left', 'left'],
    },
    rows.map((row, at) => [...(known[at] ?? []), printable(wrongText(row), left)]),
  );
}

/** `since 2026-11-20: Karakeep did not answer`; empty where nothing is. */
function wrongText({ failingSince, lastRun }: AccountRow): string {
  const reason = lastRun?.ok === false ? (lastRun.message ?? 'its last run failed') : '';
  if (failingSince === undefined) return reason;
  const since = `since ${failingSince.toISOString().slice(0, 10)}`;
  return reason ? `${since}: ${reason}` : since;
}

function nextRunText(nextRun: Date | undefined, now: number): string {
  if (nextRun === undefined) return '';
  const ms = nextRun.getTime() - now;
  return ms < MINUTE_MS ? 'now' : `in ${spanText(ms)}`;
}

/** `12 min`, `3 h`, `2 days`. */
function spanText(ms: number): string {
  if (ms < HOUR_MS) return `${Math.max(1, Math.round(ms / MINUTE_MS))} min`;
  if (ms < 2 * DAY_MS) return `${Math.round(ms / HOUR_MS)} h`;
  return `${Math.round(ms / DAY_MS)} days`;
}

function countText(count: number | undefined): string {
  return count === undefined ? '' : formatNumber(count);
}

/** `200 accounts: 190 active, 4 paused, 5 failing, 1 needs attention`. */
export function sumText(counts: ReadonlyMap<AccountState, number>): string {
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const parts = ACCOUNT_STATES.filter((state) => counts.has(state)).map(
    (state) => `${formatNumber(counts.get(state) ?? 0)} ${state}`,
  );
  return `${formatAccounts(all)}: ${parts.join(', ')}`;
}

/** `1 account`, `1,234 accounts`. */
export function formatAccounts(count: number): string {
  return `${formatNumber(count)} ${count === 1 ? 'account' : 'accounts'}`;
}
