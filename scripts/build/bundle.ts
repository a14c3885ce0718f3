import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { type BundledPackage, bundledPackages, licencesText } from './licences.ts';
import { withoutOwnPlace } from './own-place.ts';
import { mapLinesOnly, mapOwnCodeOnly, ownFormData, sourcesAsFromDist } from './plugins.ts';

/** The folder of this project, in which esbuild works. */
export const PROJECT = resolve(import.meta.dirname, '../..');

/**
 * Which Node has all that the command uses: `timeout` of `DatabaseSync` came with 22.16 and 24.0, zstd with 22.15, SQLite
 * without a flag with 22.13.
 */
export const NODE_VERSIONS = '^22.16.0 || >=24';

/**
 * Builds the command into `folder`: readtime.cjs, which is what starts it, and what that loads, in modules of which each
 * is loaded when it is needed; and the licences of the packages of which something is in it, which it resolves to.
 */
export async function bundleCommand(folder: string): Promise<readonly BundledPackage[]> {
  rmSync(folder, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: PROJECT,
    entryPoints: { main: 'lib/cli/readtime.ts', 'pdf-process': 'lib/pages/pdf-process.ts' },
    bundle: true,
    platform: 'node',
    target: 'node22.16',
    format: 'esm',
    splitting: true,
    outdir: folder,
    chunkNames: '[name]-[hash]',
    mainFields: ['module', 'main'],
    // What deploys takes serverless.yml and all that is around it: a checkout.
    external: ['../../deploy/*'],
    plugins: [withoutOwnPlace, mapOwnCodeOnly, mapLinesOnly, sourcesAsFromDist, ownFormData],
    minifySyntax: true,
    minifyWhitespace: true, // names stay, for stack traces
    legalComments: 'none', // the file of licences has them
    sourcemap: 'linked',
    sourcesContent: false,
    metafile: true,
    logLevel: 'warning',
    // CommonJS packages require modules of Node.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
  });
  copyFileSync(join(import.meta.dirname, 'start.cjs'), join(folder, 'readtime.cjs'));
  const packages = bundledPackages(metafile, PROJECT);
  writeFileSync(join(folder, 'THIRD-PARTY-LICENSES.txt'), licencesText(packages));
  return packages;
}
