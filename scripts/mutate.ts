/**
 * `npm run mutate -- [lib/FOLDER ...] [--again]`: changes the code of a folder in small ways, one at a time, runs the
 * folder's tests on each change, and prints the changes that no test noticed. Without names, all folders below.
 * With `--again`, only what changed since the last run is run. Exits with 1 where too few changes are noticed.
 * A change that cannot matter is left out by a comment beside the code: `// Stryker disable next-line MUTATOR: reason`.
 */
import './mutate/mocha-12.ts';
import { existsSync, globSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';

type Folder = {
  /** Least share of the changes that a test has to notice: 0 to 100. */
  readonly minKilled: number;
  /** Globs. */
  readonly tests: readonly string[];
};

const FOLDERS: Readonly<Record<string, Folder>> = {
  // Not core/purity: it reads the code as text, which a change is not to be seen in.
  'lib/core': { minKilled: 97, tests: ['test/core/!(purity).test.ts'] },
  'lib/secrets': {
    minKilled: 97,
    tests: ['test/secrets/**/*.test.ts', 'test/secrets-in-a-run.test.ts', 'test/settings.test.ts'],
  },
  'lib/reading-lists': { minKilled: 97, tests: ['test/reading-lists/**/*.test.ts', 'test/settings.test.ts'] },
  'lib/article': { minKilled: 85, tests: ['test/article/**/*.test.ts'] },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { again: { type: 'boolean', default: false } },
});
const names = positionals.map((name) => name.replace(/\/$/, ''));
for (const name of names.length > 0 ? names : Object.keys(FOLDERS)) {
  const folder = FOLDERS[name];
  if (!folder) throw new Error(`"${name}" is none of ${Object.keys(FOLDERS).join(', ')}`);
  await mutate(name, folder);
}

/** The tests run on a copy of the project, in a folder of this one, and read what lies beside the project. */
function linkShared(): void {
  const [shared, link] = ['../shared', '.stryker-tmp/shared'].map((path) =>
    join(import.meta.dirname, '..', path),
  );
  if (!shared || !link || !existsSync(shared) || existsSync(link)) return;
  mkdirSync(join(link, '..'), { recursive: true });
  symlinkSync(shared, link);
}

async function mutate(name: string, { minKilled, tests }: Folder): Promise<void> {
  linkShared();
  const report = `.data/mutants/${name.replace('/', '-')}`;
  const stryker = new Stryker({
    // TypeScript 7 has no API to rewrite one with, and type stripping reads none.
    tsconfigFile: 'none',
    mutate: globSync(`${name}/**/*.ts`, { exclude: ['**/*.d.ts'] }),
    // As files: mocha takes a name whose only magic are braces for a file's.
    mochaOptions: { 'no-config': true, 'no-package': true, spec: globSync(tests) },
    testRunnerNodeArgs: ['--import', fileURLToPath(import.meta.resolve('./mutate/mocha-12.ts'))],
    thresholds: { high: 100, low: minKilled, break: minKilled },
    incrementalFile: `${report}.json`,
    htmlReporter: { fileName: `${report}.html` },
    force: !values.again,
  });
  await stryker.runMutationTest();
}
