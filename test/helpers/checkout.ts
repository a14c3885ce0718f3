import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Ended } from './command.ts';

export type Checkout = {
  /** A folder with a home and whatever else a test needs in it. */
  readonly around: string;
  /** The checkout itself. */
  readonly folder: string;
  close(): void;
};

/** What a user has after `npm ci --omit=dev`, in a folder whose name shells like to split. */
export function checkout({ withPackages = true }: { withPackages?: boolean } = {}): Checkout {
  const around = mkdtempSync(join(tmpdir(), 'checkout-'));
  chmodSync(around, 0o755);
  const folder = join(around, 'my  $HOME & list');
  mkdirSync(join(around, 'home'));
  for (const name of ['readtime', 'package.json', 'lib'])
    cpSync(name, join(folder, name), { recursive: true });
  if (withPackages) linkPackages(join(folder, 'node_modules'));
  return { around, folder, close: () => rmSync(around, { recursive: true }) };
}

/** Links the packages that are none of development alone. */
function linkPackages(to: string): void {
  const lock: { packages: Record<string, { dev?: true; optional?: true }> } = JSON.parse(
    readFileSync('package-lock.json', 'utf8'),
  );
  for (const [path, { dev }] of Object.entries(lock.packages)) {
    const [, name] = /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path) ?? [];
    if (name === undefined || dev) continue;
    mkdirSync(dirname(join(to, name)), { recursive: true });
    symlinkSync(resolve('node_modules', name), join(to, name));
  }
  mkdirSync(join(to, '.bin'));
  symlinkSync(process.execPath, join(to, '.bin', 'node'));
}

/** Runs a line of the shell as cron would: with next to no environment. */
export async function asCron(
  line: string,
  { cwd, env = {} }: { cwd: string; env?: Readonly<Record<string, string>> },
): Promise<Ended> {
  const child = spawn('sh', ['-c', line], {
    cwd,
    env: { PATH: '/usr/bin:/bin', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const status = new Promise<number | null>((ended) => child.once('close', ended));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { status: await status, stdout, stderr };
}
