import { type CostPart, costParts } from './cost.ts';
import type { Limit } from './limits.ts';
import type { Measured } from './measure.ts';
import type { Phase, Spread } from './phase.ts';
import type { Store } from './scenarios.ts';
import type { Simulated } from './simulate.ts';

/** One column of the tables. */
export type Size = {
  readonly name: string;
  readonly accounts: number;
  readonly store: Store;
  readonly simulated: Simulated;
};

type Row = readonly string[];

/** A table of Markdown that can be read at a terminal, too: the first column to the left, all others to the right. */
export function markdownTable(head: Row, rows: readonly Row[]): string {
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0)));
  const line = (row: Row) =>
    `| ${widths.map((width, at) => (at === 0 ? (row[at] ?? '').padEnd(width) : (row[at] ?? '').padStart(width))).join(' | ')} |`;
  const rule = `|${widths.map((width, at) => (at === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

const UNITS = [
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

/** `12 ms`, `3.4 s`, `42 min`, of milliseconds. */
export function duration(ms: number): string {
  const [unit, size] = UNITS.find(([, each]) => ms >= 1.5 * each) ?? (['ms', 1] as const);
  const number = ms / size;
  return `${number.toFixed(number < 10 && size > 1 ? 1 : 0)} ${unit}`;
}

const count = (value: number) =>
  value.toLocaleString('en', {
    maximumSignificantDigits: value < 10 ? 2 : undefined,
    maximumFractionDigits: 0,
  });
const two = ({ p50, p99 }: Spread, text: (value: number) => string) => `${text(p50)}, ${text(p99)}`;

function phaseRows(phaseOf: (size: Size) => Phase, sizes: readonly Size[]): Row[] {
  const row = (name: string, text: (phase: Phase) => string) => [
    name,
    ...sizes.map((size) => text(phaseOf(size))),
  ];
  return [
    row('runs a second: mean, peak', ({ runsPerS: { mean, peak } }) => `${count(mean)}, ${count(peak)}`),
    row('runs at once: p50, p99', ({ concurrency }) => two(concurrency, count)),
    row('runs at once: peak', ({ concurrency }) => count(concurrency.max)),
    row('in a new environment', ({ coldShare }) => `${(100 * coldShare).toFixed(coldShare < 0.1 ? 2 : 0)} %`),
    row('late: p50, p99', ({ lateMs }) => two(lateMs, duration)),
    row('late with the window: p50, p99', ({ lateWithWindowMs }) => two(lateWithWindowMs, duration)),
    row('throttled, and tried again', ({ throttled }) => count(throttled)),
    row('given up', ({ lost }) => count(lost)),
  ];
}

/** What was measured, at the function's memory. */
export function measuredTable({ cold, lists, refused, silent, logBytes }: Measured): string {
  const row = (name: string, waitMs: number, workMs: number) => [name, duration(waitMs), duration(workMs)];
  const ofLists = lists.flatMap(({ items, recent, weekly, first }) => {
    const sum = (of: 'waitMs' | 'workMs') => first.reduce((all, run) => all + run[of], 0);
    const calls = first.reduce((all, run) => all + run.calls, 0);
    return [
      row(`first runs of ${count(items)} items, ${count(calls)} calls`, sum('waitMs'), sum('workMs')),
      row(`hourly run of ${count(items)} items`, recent.waitMs, recent.workMs),
      row(`weekly run of ${count(items)} items`, weekly.waitMs, weekly.workMs),
    ];
  });
  return `${markdownTable(
    ['', 'waits', 'works'],
    [
      row('a new environment, until the code runs', 0, cold.startMs),
      row('its first run, besides', 0, cold.moreMs),
      ...ofLists,
      row('hourly run with a token that is refused', refused.waitMs, refused.workMs),
      row('hourly run of a service that is silent', silent.waitMs, silent.workMs),
    ],
  )}\n\nAn hourly run writes ${(logBytes / 1000).toFixed(1)} kB of log.`;
}

/** The first hours after an import. */
export function beginTable(sizes: readonly Size[]): string {
  const row = (name: string, text: (size: Size) => string) => [name, ...sizes.map(text)];
  return markdownTable(
    ['accounts', ...sizes.map(({ name }) => name)],
    [
      row('the import takes', ({ simulated }) => duration(simulated.importMs)),
      ...phaseRows(({ simulated }) => simulated.begin, sizes),
      row('first run done, since an account was added: p50, p99', ({ simulated }) =>
        two(simulated.firstDone, duration),
      ),
      row('last first run done, since the import began', ({ simulated }) =>
        duration(simulated.firstDone.lastMs),
      ),
      row('first runs given up, left to the weekly run', ({ accounts, simulated }) =>
        count(accounts - simulated.firstDone.accounts),
      ),
    ],
  );
}

/** What is so from then on. */
export function steadyTable(sizes: readonly Size[]): string {
  return markdownTable(
    ['accounts', ...sizes.map(({ name }) => name)],
    phaseRows(({ simulated }) => simulated.steady, sizes),
  );
}

/** USD a month for each account. */
export function costTable(sizes: readonly Size[], measured: Measured): string {
  const columns = sizes.map(({ accounts, store, simulated }) =>
    costParts({ accounts, store, steady: simulated.steady }, measured),
  );
  const sumOf = (parts: readonly CostPart[], of: 'usd' | 'usdWithAllowances') =>
    parts.reduce((sum, part) => sum + part[of], 0);
  const row = (name: string, of: (parts: readonly CostPart[]) => number) => [
    name,
    ...columns.map((parts) => of(parts).toFixed(5)),
  ];
  const names = columns[0]?.map(({ what }) => what) ?? [];
  return markdownTable(
    ['USD a month for each account', ...sizes.map(({ name }) => name)],
    [
      ...[...new Set(names)].map((name) =>
        row(name, (parts) =>
          sumOf(
            parts.filter(({ what }) => what === name),
            'usd',
          ),
        ),
      ),
      row('**together**', (parts) => sumOf(parts, 'usd')),
      row("with AWS's allowances", (parts) => sumOf(parts, 'usdWithAllowances')),
      [
        'all accounts, USD a month',
        ...columns.map((parts, at) => count(sumOf(parts, 'usd') * (sizes[at]?.accounts ?? 0))),
      ],
    ],
  );
}

/** Which quota binds first, by the number of accounts. */
export function limitTable(limits: readonly Limit[]): string {
  return markdownTable(
    ['quota', 'default', 'reached by accounts', 'what raises it'],
    limits.map(({ quota, byDefault, accounts, remedy }) => [
      quota,
      count(byDefault),
      Math.round(accounts).toLocaleString('en', { maximumSignificantDigits: 2 }),
      remedy,
    ]),
  );
}

/** What else may be: one row each. */
export function otherTable(sizes: readonly Size[]): string {
  return markdownTable(
    ['accounts', 'runs at once: p99, peak', 'late: p99', 'last first run done', 'given up'],
    sizes.map(({ name, simulated: { begin, firstDone, steady } }) => [
      name,
      `${count(begin.concurrency.p99)}, ${count(begin.concurrency.max)}`,
      duration(begin.lateMs.p99),
      duration(firstDone.lastMs),
      count(begin.lost + steady.lost),
    ]),
  );
}
