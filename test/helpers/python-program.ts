import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const INSTALL_TIMEOUT_MS = 600_000;

/**
 * The file of a program from PyPI, installed where it is missing: in a virtual environment of its own below `.data/`,
 * since it pins versions of packages that others need, too.
 */
export function pythonProgram(name: string, version: string, program = name): string {
  const venv = resolve('.data', `${name}-${version}`);
  const file = join(venv, 'bin', program);
  if (existsSync(file)) return file;
  const run = (command: string, args: readonly string[]) =>
    execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], timeout: INSTALL_TIMEOUT_MS });
  run('python3', ['-m', 'venv', '--clear', venv]);
  run(join(venv, 'bin', 'python'), [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    `${name}==${version}`,
  ]);
  return file;
}
