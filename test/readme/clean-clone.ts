import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Ended } from '../helpers/command.ts';
import type { FakeServer } from '../helpers/services/fake-service.ts';

/** How a line is typed. */
export type Typing = {
  readonly env?: Readonly<Record<string, string>>;
  /** Piped in. */
  readonly input?: string;
  /** Typed at a terminal: each key when the text before it has come. Needs util-linux's `script`. */
  readonly keys?: readonly (readonly [after: string, key: string])[];
};

export type CleanClone = {
  readonly folder: string;
  /** Types a line in the folder, as somebody would who has just cloned it, and waits for its end. */
  type(line: string, typing?: Typing): Promise<Ended>;
  /** Types a line that goes on until it is stopped, and waits until it says something. */
  leave(line: string, says: string, env?: Readonly<Record<string, string>>): Promise<() => Promise<unknown>>;
  remove(): void;
};

/** The files that Git knows, as they are now, in a folder `readtime-tagger` of its own. */
export function cleanClone(): CleanClone {
  const home = mkdtempSync(join(tmpdir(), 'readme-'));
  const folder = join(home, 'readtime-tagger');
  for (const file of execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8' })
    .split('\0')
    .filter(Boolean))
    cpSync(file, join(folder, file));

  const start = (line: string, { env = {}, keys }: Typing) => {
    const [file, args] = keys
      ? ['script', ['-qec', `stty cols 100; ${line}`, '/dev/null']]
      : ['bash', ['-c', line]];
    return spawn(file, args, { cwd: folder, env: { ...machine(), ...env }, detached: true });
  };
  return {
    folder,
    type: async (line, typing = {}) => {
      const child = start(line, typing);
      let [stdout, stderr] = ['', ''];
      const keys = [...(typing.keys ?? [])];
      child.stdout.setEncoding('utf8').on('data', (chunk) => {
        stdout += chunk;
        if (keys[0] && stdout.includes(keys[0][0])) child.stdin.write(keys.shift()?.[1] ?? '');
      });
      child.stderr.setEncoding('utf8').on('data', (chunk) => {
        stderr += chunk;
      });
      if (!typing.keys) child.stdin.end(typing.input ?? '');
      const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
      return { status, stdout, stderr };
    },
    leave: async (line, says, env = {}) => {
      const child = start(line, { env });
      const ended = new Promise((resolve) => child.once('close', resolve));
      let said = '';
      for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
        said += chunk;
        if (said.includes(says)) break;
      }
      child.stdout.resume();
      if (!said.includes(says)) throw new Error(`${line} ended, and said: ${said}`);
      return () => {
        // npm and all that it has started.
        process.kill(-(child.pid ?? 0), 'SIGINT');
        return ended;
      };
    },
    remove: () => rmSync(dirname(folder), { recursive: true }),
  };
}

/** The machine's own environment, without what npm adds for a script, and without settings of ours. */
function machine(): Record<string, string | undefined> {
  const isOurs = /^(npm_|AWS_|POCKET_|KARAKEEP_|READING_LIST|NODE|FORCE_COLOR|NO_COLOR)/i;
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOurs.test(name))),
    PATH: (process.env.PATH ?? '')
      .split(':')
      .filter((place) => !place.includes('node_modules'))
      .join(':'),
  };
}

/** What is typed at `readtime init` for a Karakeep at this address: of the bands, those that there are. */
export function keysOfInit({ url, tokens }: FakeServer): NonNullable<Typing['keys']> {
  const [down, enter] = ['\u001B[B', '\r'];
  return [
    ['Where is your reading list?', down + enter],
    ['Address of your server:', url + enter],
    ['KARAKEEP_TOKEN:', [...tokens][0] + enter],
    ['how fast you read?', enter],
    ['Which bands?', enter],
    ['Write READING_LIST', enter],
  ];
}
