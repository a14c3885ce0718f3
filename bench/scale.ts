/**
 * npm run bench:scale [-- --quick]: what 1, 1,000, 100,000 and 1,000,000 accounts on one stage mean for AWS, by a
 * simulation of Scheduler and Lambda with what is measured on the packaged function, and what each account costs. The
 * tables of docs/scale.md. `--quick`: does not measure, and leaves out the million.
 */
import { parseArgs } from 'node:util';
import { limitsOf } from './scale/limits.ts';
import { measure } from './scale/measure.ts';
import { MEASURED } from './scale/measured.ts';
import { othersOf, type Scenario, SHARES, sizesOf, stageOf } from './scale/scenarios.ts';
import { simulate } from './scale/simulate.ts';
import {
  beginTable,
  costTable,
  limitTable,
  measuredTable,
  otherTable,
  type Size,
  steadyTable,
} from './scale/tables.ts';

const [SHORT_LIST, LONG_LIST] = [300, 3000];
const QUICK_ACCOUNTS = 100_000;

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const measured = values.quick ? MEASURED : await measure(SHORT_LIST, LONG_LIST);
const percent = (share: number) => `${100 * share} %`;

function simulated(scenarios: readonly Scenario[]): readonly Size[] {
  return scenarios.map(({ name, store, simulation }) => {
    const begunAt = performance.now();
    const result = simulate(simulation);
    const seconds = ((performance.now() - begunAt) / 1000).toFixed(0);
    console.error(`${name}: ${result.events.given.toLocaleString('en')} events simulated in ${seconds} s`);
    return { name, store, accounts: simulation.accounts, simulated: result };
  });
}

const maxAccounts = values.quick ? QUICK_ACCOUNTS : Number.POSITIVE_INFINITY;
const sizes = simulated(sizesOf(measured, maxAccounts));
const others = simulated(othersOf(measured, maxAccounts));
const parts: [title: string, table: string][] = [
  [
    `Measured${values.quick ? ' before' : ''}: a run in an environment that is there`,
    measuredTable(measured),
  ],
  [
    `The first hours after an import. ${percent(SHARES.long)} of the accounts have ${LONG_LIST} items, ${percent(SHARES.refused)} a token that is refused, ${percent(SHARES.silent)} a service that is silent`,
    beginTable(sizes),
  ],
  ['Later', steadyTable(sizes)],
  ['If it is otherwise', otherTable(others)],
  ['Which quota is reached first', limitTable(limitsOf(stageOf(measured, 1, 'own')))],
  ['What it costs', costTable(sizes, measured)],
];
for (const [title, table] of parts) console.log(`\n${title}\n\n${table}`);
