import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { buildBinaries } from '../scripts/build/binary.ts';
import { bundleCommand } from '../scripts/build/bundle.ts';

type Line = {
  readonly typed: readonly string[];
  /** It loads no command, so it has to be fast. */
  readonly isQuick?: true;
};
const LINES: readonly Line[] = [
  { typed: ['--help'], isQuick: true },
  { typed: ['complete', '--', 'plan', '--'], isQuick: true },
  { typed: ['tag', '--help'] },
];

/** A line that was typed, and medians of the time that it takes, by how the command was installed. */
export type TerminalStart = Pick<Line, 'isQuick'> & {
  readonly line: string;
  readonly ways: readonly {
    readonly way: string;
    readonly ms: number;
    /** How many times as long as `node -e 0`. */
    readonly times: number;
  }[];
};

/** So many starts of each line at a terminal in each way, one after the other. */
export async function terminalStarts(starts: number): Promise<TerminalStart[]> {
  const folder = mkdtempSync(join(tmpdir(), 'readtime-start-'));
  await bundleCommand(join(folder, 'dist'));
  const [oneFile = ''] = await buildBinaries(folder, [
    process.arch === 'arm64' ? 'linux-arm64' : 'linux-x64',
  ]);
  const programs = {
    clone: resolve('readtime'),
    package: join(folder, 'dist', 'readtime.cjs'),
    'one file': oneFile,
  };
  const round = () => ({
    nodeMs: startMs([process.execPath, '-e', '0'], folder),
    linesMs: LINES.map(({ typed }) =>
      Object.values(programs).map((program) => startMs([program, ...typed], folder)),
    ),
  });
  // The first one fills the cache.
  const warm = Array.from({ length: starts + 1 }, round).slice(1);
  rmSync(folder, { recursive: true });
  return LINES.map(({ typed, ...line }, at) => ({
    ...line,
    line: typed.join(' '),
    ways: Object.keys(programs).map((way, column) => {
      const msIn = ({ linesMs }: (typeof warm)[number]) => linesMs[at]?.[column] ?? 0;
      return {
        way,
        ms: median(warm.map(msIn)),
        times: median(warm.map((one) => msIn(one) / one.nodeMs)),
      };
    }),
  }));
}

function startMs([file = '', ...args]: readonly string[], cache: string): number {
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
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
