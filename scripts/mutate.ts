/**
 * `npm run mutate -- [FOLDER or FILE ...] [--again]`: changes the code in small ways, one at a time, and counts for
 * which changes a test fails. Without names, all folders of `MUTATED`. A whole folder's result goes into
 * docs/reliability.md; a file's is only printed. With `--again`, only what changed since the last run is run; a
 * survivor in what runs when a file is loaded counts as unchanged where only tests changed.
 * Exits with 1 where too few mutants of a folder are killed, or one lives without a reason in scripts/mutate/survivors.
 */
import { globSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { writePart } from './document-part.ts';
import { folderReport, needless, shareKilled, unexplained } from './mutate/mutants-report.ts';
import { MUTATED, type Mutated } from './mutate/mutated.ts';
import { type Mutant, runStryker } from './mutate/run-stryker.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { again: { type: 'boolean', default: false } },
});
const names = positionals.map((name) => name.replace(/\/$/, ''));

for (const mutated of MUTATED) {
  const isWhole = names.length === 0 || names.includes(`lib/${mutated.folder}`);
  const mutants = await mutantsOf(mutated, (file) => isWhole || names.includes(file));
  for (const line of unexplained(mutants)) console.log(`survived  ${line}`);
  for (const line of needless(mutants)) console.log(`needs no reason any more  ${line}`);
  if (mutants.length > 0)
    console.log(`lib/${mutated.folder}: ${shareKilled(mutants).toFixed(1)} % of mutants killed`);
  if (isWhole) conclude(mutated, mutants);
}

async function mutantsOf({ folder, parts }: Mutated, isWanted: (file: string) => boolean): Promise<Mutant[]> {
  const mutants: Mutant[] = [];
  const taken = new Set<string>();
  for (const [at, part] of parts.entries()) {
    const globs = part.files.map((glob) => `lib/${glob}.ts`);
    const own = globSync(globs, { exclude: ['**/*.d.ts'] }).filter((file) => !taken.has(file));
    for (const file of own) taken.add(file);
    const files = own.filter(isWanted);
    const name = `${folder}-${at + 1}`;
    if (files.length > 0) mutants.push(...(await runStryker(part, { name, files, again: values.again })));
  }
  return mutants;
}

function conclude(mutated: Mutated, mutants: readonly Mutant[]): void {
  const { folder, leastKilled } = mutated;
  writePart('docs/reliability.md', `lib/${folder}`, folderReport(mutated, mutants));
  if (shareKilled(mutants) < leastKilled) fail(`lib/${folder}: at least ${leastKilled} % have to be`);
  const count = unexplained(mutants).length;
  if (count > 0) fail(`lib/${folder}: ${count} survived without a reason in scripts/mutate/survivors`);
}

function fail(why: string): void {
  console.log(why);
  process.exitCode = 1;
}
