import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { faults } from '../helpers/faults.ts';
import { articles, environmentFor, type PocketUnderTest, pocketWith } from '../helpers/pocket.ts';
import { type Terminal, terminal } from '../helpers/readtime.ts';

const ITEMS = 90;
const READTIME = resolve('lib/cli/readtime.ts');

type Row = {
  readonly why: string;
  readonly args?: string;
  /** Called when the second write arrives. */
  readonly midway?: (child: ChildProcess) => void;
  /** Standard output is a disk that is full. */
  readonly isFull?: true;
  /** Where the sentence is. */
  readonly told: 'stdout' | 'stderr';
  readonly said?: RegExp;
  readonly status: number;
};

const ROWS: readonly Row[] = [
  {
    why: 'Ctrl-C',
    midway: (child) => child.kill('SIGINT'),
    told: 'stdout',
    said: /when asked to/,
    status: 3,
  },
  {
    why: 'SIGTERM',
    midway: (child) => child.kill('SIGTERM'),
    told: 'stdout',
    said: /when asked to/,
    status: 3,
  },
  {
    why: 'SIGTERM under cron',
    args: 'tag --full --quiet',
    midway: (child) => child.kill('SIGTERM'),
    told: 'stderr',
    said: /when asked to/,
    status: 3,
  },
  {
    why: 'a full disk at standard output',
    isFull: true,
    told: 'stderr',
    said: /could not print: ENOSPC/,
    status: 1,
  },
  { why: 'a full disk, with --json', args: 'tag --full --json', isFull: true, told: 'stderr', status: 1 },
  {
    why: 'a closed pipe at standard output',
    midway: (child) => child.stdout?.destroy(),
    told: 'stderr',
    status: 0,
  },
  {
    why: 'a closed pipe at standard error',
    midway: (child) => child.stderr?.destroy(),
    told: 'stdout',
    status: 0,
  },
];

const all = async (stream: Readable | null) => (stream ? text(stream).catch(() => '') : '');

describe('at a terminal, what was changed is told after', () => {
  let at: Terminal;
  let under: PocketUnderTest;
  beforeEach(() => {
    at = terminal();
  });
  afterEach(async () => {
    await under.close();
    at.close();
  });

  for (const { why, args = 'tag --full', midway, isFull, told, said = /./, status } of ROWS) {
    it(why, async () => {
      let sends = 0;
      let child: ChildProcess | undefined;
      under = await pocketWith(articles(ITEMS), {
        fault: ({ endpoint }) => {
          if (endpoint === 'send') sends += 1;
          if (endpoint === 'send' && sends === 2 && child) midway?.(child);
          // A wait of two seconds is said on standard error.
          return endpoint === 'send' && sends === 2 ? faults.maintenance(2) : undefined;
        },
      });
      const full = isFull && openSync('/dev/full', 'w');
      child = spawn(process.execPath, [READTIME, ...args.split(' ')], {
        cwd: at.folder,
        env: { PATH: process.env.PATH, ...environmentFor(under.server) },
        stdio: ['ignore', full ?? 'pipe', 'pipe'],
      });
      const [stdout, stderr, [ended]] = await Promise.all([
        all(child.stdout),
        all(child.stderr),
        once(child, 'exit'),
      ]);
      if (full !== undefined) closeSync(full);
      const changed = Object.values(under.tagsById()).flat().length;
      const output = told === 'stdout' ? stdout : stderr;
      assert.match(output, new RegExp(`(^|readtime: |"message":")Tagged ${changed} of`, 'm'));
      assert.match(output, said);
      assert.doesNotMatch(stderr, /\n +at /, 'no stack');
      assert.ok(changed >= 30);
      assert.equal(ended, status);
    });
  }
});
