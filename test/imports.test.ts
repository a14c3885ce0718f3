import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { build } from 'esbuild';

/** From the top down. A file imports from its own room and from rooms on lower floors, never from beside or above. */
const FLOORS = [
  ['handler.ts'],
  ['lib/cli'],
  ['lib/deploy', 'lib/report', 'lib/pocket-server', 'lib/webhooks'],
  ['lib/accounts'],
  ['lib/run'],
  ['lib/settings.ts'],
  ['lib/setting-names.ts', 'lib/bands.ts'],
  ['lib/reading-lists'],
  ['lib/pages'],
  ['lib/secrets', 'lib/lengths', 'lib/continuation'],
  ['lib/article', 'lib/http'],
  ['lib/telemetry'],
  ['lib/deadline.ts'],
  ['lib/failure.ts'],
  ['lib/core'],
];

/** Each makes the zip of the function larger, and its start slower. Its process for PDFs has unpdf besides. */
const PACKAGES_OF_THE_FUNCTION = [
  '@aws-lambda-powertools/logger',
  '@aws-lambda-powertools/metrics',
  '@aws-sdk/client-scheduler',
  '@aws-sdk/client-secrets-manager',
  'axios',
  'chardet',
  'fastest-levenshtein',
  'html-encoding-sniffer',
  'htmlparser2',
  'ipaddr.js',
  'p-limit',
  'zod',
];

/** A static, type-only, side-effect or dynamic import, or an export from another file. */
const IMPORT = /\b(?:from|import)\s*\(?\s*(['"`])(\.[^'"`]*)\1/g;

/** `handler.ts` or the folder or file right inside lib/. */
const roomOf = (file: string) => file.split('/').slice(0, 2).join('/');
const floorOf = (file: string) => FLOORS.findIndex((rooms) => rooms.includes(roomOf(file)));

const files = ['handler.ts', ...globSync('lib/**/*.ts', { exclude: ['**/*.d.ts'] })].toSorted();
const imports = new Map(files.map((file) => [file, importsOf(file)]));

function importsOf(file: string): string[] {
  const found = readFileSync(file, 'utf8').matchAll(IMPORT);
  return [...found].map(([, , path = '']) => posix.join(posix.dirname(file), path));
}

function climbing(): string[] {
  return files.flatMap((file) =>
    (imports.get(file) ?? [])
      .filter((other) => roomOf(other) !== roomOf(file) && floorOf(other) <= floorOf(file))
      .map((other) => `${file} -> ${other}`),
  );
}

/** The imports that close a circle, met on a walk from every file. */
function circular(): string[] {
  const edges = new Set<string>();
  const done = new Set<string>();
  const path: string[] = [];
  function walk(file: string): void {
    if (done.has(file)) return;
    path.push(file);
    for (const other of imports.get(file) ?? []) {
      if (path.includes(other)) edges.add(`${file} -> ${other}`);
      else walk(other);
    }
    path.pop();
    done.add(file);
  }
  for (const file of files) walk(file);
  return [...edges];
}

/** What is in the function, and what each file of it imports. */
async function inputsOfFunction() {
  const { metafile } = await build({
    entryPoints: ['handler.ts'],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  return metafile.inputs;
}

describe('imports', () => {
  it('reads every import, static, dynamic, of types', () => {
    const lines = ["import './a.ts'", "import type { A } from './a.ts'", "export * from './a.ts'"];
    for (const line of [...lines, "await import('./a.ts')", "type A = import('./a.ts').A"])
      assert.equal([...line.matchAll(IMPORT)][0]?.[2], './a.ts', line);
  });

  it('find each file on a floor', () => {
    assert.deepEqual(
      files.filter((file) => floorOf(file) < 0),
      [],
    );
  });

  it('do not climb', () => {
    assert.deepEqual(climbing(), []);
  });

  it('do not run in a circle', () => {
    assert.deepEqual(circular(), []);
  });

  it('bring into the function no database, nothing that deploys it, and no package of the terminal', async () => {
    const bundled = Object.entries(await inputsOfFunction());
    const brought = bundled.flatMap(([file, { imports }]) => [file, ...imports.map(({ path }) => path)]);
    assert.ok(brought.includes('lib/run/decide-item.ts'));
    assert.deepEqual(
      brought.filter((path) => /^lib\/(lengths|cli|deploy)\/|sqlite/.test(path)),
      [],
    );
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
    const isBrought = (name: string) => brought.some((path) => `${path}/`.startsWith(`${name}/`));
    assert.deepEqual(Object.keys(dependencies).filter(isBrought), PACKAGES_OF_THE_FUNCTION);
  });

  it('load at the start of the function no adapter, and nothing else that `import()` loads when it is needed', async () => {
    const inputs = await inputsOfFunction();
    const loaded = new Set<string>();
    function load(file: string): void {
      if (loaded.has(file)) return;
      loaded.add(file);
      for (const { path, kind } of inputs[file]?.imports ?? []) if (kind !== 'dynamic-import') load(path);
    }
    load('handler.ts');
    const later = Object.values(inputs)
      .flatMap(({ imports }) => imports)
      .flatMap(({ path, kind }) => (kind === 'dynamic-import' ? [path] : []));
    assert.ok(later.includes('lib/reading-lists/karakeep/karakeep.ts'));
    const packagesOfCalls = ['axios', 'chardet', 'htmlparser2', 'ipaddr.js'];
    assert.deepEqual(
      [...later, ...packagesOfCalls].filter((path) => loaded.has(path)),
      [],
    );
  });
});
