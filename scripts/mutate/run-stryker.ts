import './mocha-12.ts';
import { globSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stryker } from '@stryker-mutator/core';
import type { Part } from './mutated.ts';

/** One change to the code, and whether a test failed because of it. */
export type Mutant = {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** What stood there, and what stood there instead, each on one line. */
  readonly code: string;
  readonly replacement: string;
  readonly status: 'killed' | 'survived' | 'invalid';
};

type Found = Awaited<ReturnType<Stryker['runMutationTest']>>[number];

/**
 * Mutates some files of a part, as stryker.config.json says. With `again`, what an earlier run found stands where
 * neither the code nor a test file has changed since. `name` is that of its report in .data/mutants.
 */
export async function runStryker(
  { tests, remembers = false }: Part,
  { name, files, again }: { name: string; files: readonly string[]; again: boolean },
): Promise<readonly Mutant[]> {
  const sources = new Map(files.map((file) => [file, readFileSync(file, 'utf8').split('\n')]));
  const stryker = new Stryker({
    // TypeScript 7 has no API to rewrite one with, and type stripping reads none.
    tsconfigFile: 'none',
    mutate: [...files],
    mochaOptions: {
      'no-config': true,
      'no-package': true,
      // As files: mocha takes a name whose only magic are braces for a file's.
      spec: globSync(tests.map((test) => `test/${test}.test.ts`)),
    },
    testRunnerNodeArgs: ['--import', fileURLToPath(import.meta.resolve('./mocha-12.ts'))],
    // Without coverage, Stryker gives each mutant a process of its own and all tests.
    coverageAnalysis: remembers ? 'off' : 'perTest',
    incrementalFile: `.data/mutants/${name}.json`,
    htmlReporter: { fileName: `.data/mutants/${name}.html` },
    force: !again,
  });
  const found = await stryker.runMutationTest();
  return found
    .map((mutant) => mutantOf(mutant, sources))
    .filter(({ file }) => sources.has(file))
    .sort((one, other) => (one.file < other.file ? -1 : one.file > other.file ? 1 : one.line - other.line));
}

const STATUS: Readonly<Partial<Record<Found['status'], Mutant['status']>>> = {
  Killed: 'killed',
  // A loop without end is found by the clock.
  Timeout: 'killed',
  Survived: 'survived',
  NoCoverage: 'survived',
};

function mutantOf(
  { fileName, location, replacement, status }: Found,
  sources: ReadonlyMap<string, readonly string[]>,
): Mutant {
  const { start, end } = location;
  const file = relative('.', fileName);
  const lines = (sources.get(file) ?? []).slice(start.line - 1, end.line);
  const last = lines.pop() ?? '';
  const code = [...lines, last.slice(0, end.column - 1)].join('\n').slice(start.column - 1);
  return {
    file,
    line: start.line,
    code: onOneLine(code),
    replacement: onOneLine(replacement),
    status: STATUS[status] ?? 'invalid',
  };
}

function onOneLine(code: string): string {
  return code.replace(/\s+/g, ' ');
}
