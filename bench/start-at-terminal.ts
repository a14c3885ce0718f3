import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const LAUNCHER = resolve('readtime');
type Line = {
  readonly typed: readonly string[];
  /** It loads no command, so it has to be fast. */
  readonly isQuick?: true;
};
/** The first is what the others are compared with. */
const LINES: readonly Line[] = [
  { typed: [process.execPath, '-e', '0'] },
  { typed: [LAUNCHER, '--help'], isQuick: true },
  { typed: [LAUNCHER, 'complete', '--', 'plan', '--'], isQuick: true },
  { typed: [LAUNCHER, 'tag', '--help'] },
];

/** A line that was typed; medians of the time that it takes, and of how many times as long as `node -e 0` that is. */
export type TerminalStart = Pick<Line, 'isQuick'> & {
  readonly line: string;
  readonly ms: number;
  readonly times: number;
};

/** So many starts of each line at a terminal, one after the other. */
export function terminalStarts(starts: number): TerminalStart[] {
  const cache = mkdtempSync(join(tmpdir(), 'readtime-cache-'));
  const rounds = Array.from({ length: starts + 1 }, () => LINES.map(({ typed }) => startMs(typed, cache)));
  rmSync(cache, { recursive: true });
  const warm = rounds.slice(1); // the first one fills the cache
  return LINES.map(({ typed: [file = '', ...args], ...line }, at) => ({
    ...line,
    line: [file === LAUNCHER ? './readtime' : 'node', ...args].join(' '),
    ms: median(warm.map((round) => round[at] ?? 0)),
    times: median(warm.map((round) => (round[at] ?? 0) / (round[0] ?? 1))),
  }));
}

function startMs([file = '', ...args]: readonly string[], cache: string): number {
  const { PATH } = process.env;
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(file, args, {
    env: { PATH, XDG_CACHE_HOME: cache },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return performance.now() - startedAt;
}

/** The middle one of the values. */
export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}
