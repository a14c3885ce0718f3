import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export type Ended = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

/** So that a command that hangs does not block the suite. */
const TIMEOUT_MS = 280_000;

/** Runs one of the project's commands to its end, with this environment and no other, and `input` piped in. */
export async function command(
  file: string,
  args: readonly string[],
  {
    env = {},
    input = '',
    cwd,
  }: { env?: Readonly<Record<string, string>>; input?: string; cwd?: string | undefined } = {},
): Promise<Ended> {
  const { PATH = '', NODE_V8_COVERAGE = '' } = process.env;
  const child = spawn(process.execPath, ['--', file, ...args], {
    cwd,
    env: { PATH, NODE_V8_COVERAGE, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
  child.stdin.on('error', () => {
    // The command may exit without reading its input.
  });
  child.stdin.end(input);
  const status = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { status: await status, stdout, stderr };
}
