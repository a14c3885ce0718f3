import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { command, type Ended } from './command.ts';

const READTIME = resolve('lib/cli/readtime.ts');
/** Written after every five seconds of a run, and so only where the machine is busy. */
const PROGRESS = /^(Looked at|Wrote) [\d,]+ .*\n/gm;

/** Two marks at the end of a sentence, such as `?.` or `….`; three dots are one mark. */
const TWO_MARKS = /.{0,60}(?:[?!:;,…][.;,:]|\.[:;,?!]|(?<!\.)\.\.)(?=\s|$)/m;

export type Terminal = {
  readonly folder: string;
  /**
   * Runs `readtime` in the folder to its end, with this environment and no other; lines of progress are left out. Rejects
   * where a sentence of the output ends in two marks.
   */
  readtime(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  close(): void;
};

/** A new folder to run `readtime` in, with an empty `.env`, without which that of a developer's checkout would be read. */
export function terminal(): Terminal {
  const folder = mkdtempSync(join(tmpdir(), 'readtime-'));
  writeFileSync(join(folder, '.env'), '');
  return {
    folder,
    readtime: async (args, env = {}) => {
      const ended = await command(READTIME, args, { env, cwd: folder });
      // Scripts for completion are no texts.
      if (args[0] !== 'complete') assert.doesNotMatch(ended.stdout + ended.stderr, TWO_MARKS);
      return { ...ended, stderr: ended.stderr.replace(PROGRESS, '') };
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}
