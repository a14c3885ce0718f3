import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const INSTALL_TIMEOUT_MS = 600_000;

/** The folder of a Node of this version, installed from npm below `.data/` where it is missing. */
export function npmNode(version: string): string {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = resolve('.data', `node-${version}`);
  const bin = join(folder, 'node_modules', name, 'bin');
  if (existsSync(join(bin, 'node'))) return bin;
  mkdirSync(folder, { recursive: true });
  // Without one of its own, npm would take the package.json of this project for that of the folder.
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
  const quiet = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--silent'];
  execFileSync('npm', ['install', '--prefix', folder, ...quiet, `${name}@${version}`], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: INSTALL_TIMEOUT_MS,
  });
  return bin;
}
