import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Ended } from '../helpers/command.ts';
import { until } from '../helpers/until.ts';

const isRoot = process.getuid?.() === 0;
/** `nobody`. */
const USER = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'];

/** How a line is typed. */
type Typing = {
  readonly cwd?: string;
  /** The folder of the Node that is used. */
  readonly node?: string;
  /** A folder of other programs that are found by their names. */
  readonly programs?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** As whoever runs the tests, who may write everywhere. */
  readonly asOwner?: boolean;
};

/**
 * A machine whose only network is its own loopback, for somebody with next to no environment whose home is read-only.
 * Linux only. Where root runs the tests, the other user is `nobody`; else there is but one.
 */
export type OfflineMachine = {
  /** The package is installed here, and only its owner may write here. */
  readonly app: string;
  readonly home: string;
  /** Where the user may write. */
  readonly work: string;
  /** Runs a line of the shell to its end. */
  type(line: string, typing?: Typing): Promise<Ended>;
  /** Starts a line that goes on until it is stopped, and waits until it says something. */
  leave(line: string, says: string, typing?: Typing): Promise<Left>;
  close(): Promise<void>;
};

/** What was left running. */
type Left = {
  /** What it has said so far. */
  said(): string;
  /** Ends it as a system does, and resolves to its exit status. */
  stop(): Promise<number | null>;
  /** Ends it as nobody expects. */
  crash(): Promise<unknown>;
};

/** Rejects where the system gives no network of one's own. */
export async function offlineMachine(): Promise<OfflineMachine> {
  const own = isRoot ? ['-n'] : ['-rn'];
  const holder = spawn('unshare', [
    ...own,
    'sh',
    '-c',
    'ip link set lo up && echo up && exec sleep infinity',
  ]);
  const [said] = await Promise.race([
    once(holder.stdout, 'data'),
    once(holder, 'close'),
    once(holder, 'error'),
  ]);
  if (String(said).trim() !== 'up')
    throw new Error(
      `test:install needs Linux with a network namespace of its own (unshare, ip; root, or user namespaces): ${await text(holder.stderr)}`,
    );
  const around = mkdtempSync(join(tmpdir(), 'readtime-install-'));
  chmodSync(around, 0o755);
  const [app, home, work] = ['app', 'home', 'work'].map((name) => join(around, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(app);
  mkdirSync(home, { mode: 0o555 });
  mkdirSync(work);
  chmodSync(work, 0o777);

  const nodes = new Map<string, string>();
  /** A copy that everybody may run, also where the checkout is in a folder of somebody's own. */
  function copyOfNode(folder: string): string {
    const copy = nodes.get(folder) ?? join(around, `node-${nodes.size}`);
    if (!nodes.has(folder)) {
      mkdirSync(copy);
      copyFileSync(join(folder, 'node'), join(copy, 'node'));
    }
    nodes.set(folder, copy);
    return copy;
  }

  const left = new Set<ChildProcess>();
  function start(
    line: string,
    { cwd = work, node, programs, env = {}, asOwner = false }: Typing,
  ): ChildProcess {
    const inside = [
      'nsenter',
      '-t',
      String(holder.pid),
      '-n',
      ...(isRoot ? [] : ['-U', '--preserve-credentials']),
    ];
    const user = isRoot && !asOwner ? USER : [];
    const [file = '', ...args] = [...inside, ...user, 'sh', '-c', line];
    const path = [programs ?? [], node ? copyOfNode(node) : [], machinePath()].flat().join(':');
    const child = spawn(file, args, { cwd, env: { PATH: path, HOME: home, ...env }, detached: true });
    left.add(child.once('close', () => left.delete(child)));
    return child;
  }
  return {
    app,
    home,
    work,
    type: async (line, typing = {}) => {
      const child = start(line, typing);
      child.stdin?.end();
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
      const [stdout, stderr] = await Promise.all(
        [child.stdout, child.stderr].map((from) => (from ? text(from) : '')),
      );
      return { status: await ended, stdout: stdout ?? '', stderr: stderr ?? '' };
    },
    leave: async (line, says, typing = {}) => {
      const child = start(`exec ${line}`, typing);
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
      let said = '';
      for (const stream of [child.stdout, child.stderr])
        stream?.on('data', (chunk) => {
          said += chunk;
        });
      await until(`${line} says "${says}"`, () => said.includes(says) || child.exitCode !== null);
      if (!said.includes(says)) throw new Error(`${line} ended, and said: ${said}`);
      const end = (signal: NodeJS.Signals) => () => {
        process.kill(child.pid ?? 0, signal);
        return ended;
      };
      return { said: () => said, stop: end('SIGTERM'), crash: end('SIGKILL') };
    },
    close: async () => {
      for (const { pid } of left) if (pid !== undefined) process.kill(-pid, 'SIGKILL');
      const ended = once(holder, 'close');
      holder.kill('SIGKILL');
      await ended;
      rmSync(around, { recursive: true });
    },
  };
}

/** Where programs are on this machine, without those of this project. */
function machinePath(): string[] {
  return (process.env.PATH ?? '').split(':').filter((place) => !place.includes('node_modules'));
}
