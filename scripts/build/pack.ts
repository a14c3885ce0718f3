/** npm run pack: the package that npm installs anywhere, as readtime-tagger-VERSION.tgz in the folder of this project. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleCommand, NODE_VERSIONS, PROJECT } from './bundle.ts';
import type { BundledPackage } from './licences.ts';
import { npm } from './npm.ts';

/** What of package.json holds of the package, too. It depends on nothing. */
const KEPT = [
  'name',
  'version',
  'description',
  'license',
  'keywords',
  'homepage',
  'repository',
  'bugs',
  'type',
];

/** Makes the package in a folder. */
export async function pack(
  destination: string,
): Promise<{ readonly file: string; readonly packages: readonly BundledPackage[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'readtime-pack-'));
  try {
    const packages = await bundleCommand(join(folder, 'dist'));
    for (const name of ['README.md', 'LICENSE', 'CHANGELOG.md'])
      copyFileSync(join(PROJECT, name), join(folder, name));
    const own: Record<string, unknown> = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'));
    const manifest = {
      ...Object.fromEntries(KEPT.map((name) => [name, own[name]])),
      engines: { node: NODE_VERSIONS },
      bin: { readtime: 'dist/readtime.cjs' },
    };
    writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
    npm(['pack', '--silent', '--pack-destination', destination], folder);
    return { file: join(destination, `${own.name}-${own.version}.tgz`), packages };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) {
  const { file } = await pack(PROJECT);
  console.log(`${file}: ${(statSync(file).size / 1e6).toFixed(3)} MB. To install it: npm install -g ${file}`);
}
