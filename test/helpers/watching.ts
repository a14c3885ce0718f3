import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** A line of `readtime watch --json`. */
type Line = {
  readonly result: 'done' | 'stopped' | 'failed' | 'busy';
  readonly mode: string;
  readonly list?: string;
  readonly kind?: string;
  readonly reason?: string;
  readonly tagged: number;
  readonly next?: string;
};

export type Watching = {
  /** The next line on standard output, as JSON; rejects where it ends without one. */
  line(): Promise<Line>;
  /** The next line on standard output, or on standard error, as it is. */
  text(stream: 'stdout' | 'stderr'): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  /** All of its output, and how it ended. */
  readonly ended: Promise<{
    readonly status: number | null;
    readonly signal: NodeJS.Signals | null;
    readonly output: string;
  }>;
};

/** Starts `readtime watch` in a folder, with this environment and no other. */
export function watching(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Watching {
  const file = resolve('lib/cli/readtime.ts');
  const { PATH, NODE_V8_COVERAGE } = process.env;
  const child = spawn(process.execPath, [file, 'watch', ...args], {
    cwd: folder,
    env: { PATH, NODE_V8_COVERAGE, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk) => {
      output += chunk;
    });
  const lines = {
    stdout: createInterface(child.stdout)[Symbol.asyncIterator](),
    stderr: createInterface(child.stderr)[Symbol.asyncIterator](),
  };
  const text = async (stream: keyof typeof lines): Promise<string> => {
    const { value, done } = await lines[stream].next();
    if (done) throw new Error(`it has ended: ${output}`);
    return value;
  };
  return {
    text,
    line: async () => JSON.parse(await text('stdout')),
    kill: (signal) => child.kill(signal),
    ended: new Promise((resolve) =>
      child.once('close', (status, signal) => resolve({ status, signal, output })),
    ),
  };
}
