import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from './bundle.ts';
import { npm } from './npm.ts';

/** Where packages are kept that npm does not install, since they are of another platform. */
const FETCHED = join(PROJECT, '.data', 'node');

/** Node for a platform, such as `linux-arm64`, from the npm package that the lock file names. */
export function nodeOf(platform: string) {
  const name = `node-${platform}`;
  const { version, integrity } = lockedPackage(name);
  const installed = join(PROJECT, 'node_modules', name);
  const folder = existsSync(join(installed, 'bin')) ? installed : fetchedPackage(name, version, integrity);
  const [program = ''] = readdirSync(join(folder, 'bin'));
  return { version, program: join(folder, 'bin', program), licence: join(folder, 'LICENSE') };
}

function lockedPackage(name: string): { readonly version: string; readonly integrity: string } {
  const { packages } = JSON.parse(readFileSync(join(PROJECT, 'package-lock.json'), 'utf8'));
  return packages[`node_modules/${name}`];
}

/** The folder of the package. Throws where it is not the one that the lock file means. */
function fetchedPackage(name: string, version: string, integrity: string): string {
  const tarball = join(FETCHED, `${name}-${version}.tgz`);
  const folder = join(FETCHED, `${name}-${version}`);
  if (!existsSync(tarball)) {
    mkdirSync(FETCHED, { recursive: true });
    npm(['pack', '--silent', `${name}@${version}`, '--pack-destination', FETCHED], PROJECT);
  }
  const found = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
  if (found !== integrity)
    throw new Error(`"${tarball}" is not what package-lock.json names; delete it, and try again`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const withoutHeaders = ['--exclude=package/include', '--exclude=package/share'];
  execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1', ...withoutHeaders]);
  return folder;
}
