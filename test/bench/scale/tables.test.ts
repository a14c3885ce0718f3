import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { limitsOf } from '../../../bench/scale/limits.ts';
import { MEASURED } from '../../../bench/scale/measured.ts';
import { othersOf, sizesOf, stageOf } from '../../../bench/scale/scenarios.ts';
import { simulate } from '../../../bench/scale/simulate.ts';
import {
  beginTable,
  costTable,
  duration,
  limitTable,
  markdownTable,
  measuredTable,
  otherTable,
  steadyTable,
} from '../../../bench/scale/tables.ts';

const DOCUMENT = readFileSync('docs/scale.md', 'utf8');

describe('the tables of the simulation', () => {
  it('are Markdown that can be read at a terminal', () =>
    assert.equal(
      markdownTable(['', 'a', 'long'], [['row', '1', '2']]),
      '|     | a | long |\n|-----|--:|-----:|\n| row | 1 |    2 |',
    ));

  for (const [ms, text] of [
    [0, '0 ms'],
    [1499, '1499 ms'],
    [1500, '1.5 s'],
    [64_000, '64 s'],
    [90_000, '1.5 min'],
    [2_000_000, '33 min'],
    [13_000_000, '3.6 h'],
  ] as const)
    it(`say ${text}`, () => assert.equal(duration(ms), text));
});

/** Heads and first columns. */
function shapeOf(tables: string): readonly string[] {
  const cells = (line: string) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  return tables
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line, at, all) =>
      all[at + 1]?.startsWith('|-') ? cells(line).join(' | ') : (cells(line)[0] ?? ''),
    )
    .filter((line) => !line.startsWith('-'));
}

describe('docs/scale.md', () => {
  it('has the tables that the command prints: the same columns, rows and assumptions', () => {
    const few = simulate({ ...stageOf(MEASURED, 3, 'own'), steadyMs: 3_600_000 });
    const all = Number.POSITIVE_INFINITY;
    const named = (scenarios: ReturnType<typeof sizesOf>) =>
      scenarios.map(({ name, store }) => ({ name, store, accounts: 3, simulated: few }));
    const sizes = named(sizesOf(MEASURED, all));
    const printed = [
      measuredTable(MEASURED),
      beginTable(sizes),
      steadyTable(sizes),
      otherTable(named(othersOf(MEASURED, all))),
      limitTable(limitsOf(stageOf(MEASURED, 1, 'own'))),
      costTable(sizes, MEASURED),
    ];
    const documented = new Set(shapeOf(DOCUMENT));
    const missing = printed.flatMap(shapeOf).filter((line) => !documented.has(line));
    // How many calls the first runs took is measured.
    assert.deepEqual(
      missing.filter((line) => !/^first runs of [\d,]+ items, [\d,]+ calls$/.test(line)),
      [],
    );
  });
});
