import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { command, type Ended } from './command.ts';

const READTIME = resolve('lib/cli/readtime.ts');

export type Terminal = {
  readonly folder: string;
  /** Runs `readtime` in the folder to its end, with this environment and no other. */
  readtime(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  close(): void;
};

/** A new folder to run `readtime` in, with an empty `.env`, without which that of a developer's checkout would be read. */
export function terminal(): Terminal {
  const folder = mkdtempSync(join(tmpdir(), 'readtime-'));
  writeFileSync(join(folder, '.env'), '');
  return {
    folder,
    readtime: (args, env = {}) => command(READTIME, args, { env, cwd: folder }),
    close: () => rmSync(folder, { recursive: true }),
  };
}
