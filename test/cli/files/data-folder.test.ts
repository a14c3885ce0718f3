import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { articles, environmentFor, type PocketUnderTest, pocketWith } from '../../helpers/pocket.ts';
import { type Terminal, terminal } from '../../helpers/readtime.ts';

const BUSY =
  /^(readtime|npm start): another run has been writing in this folder since [\d:]{8} \(process \d+\); it ends by (\d{4}-\d\d-\d\d )?[\d:]{8}\n$/;
const SILENT = { status: 0, stdout: '', stderr: '' };

describe('the lock of a folder', () => {
  let at: Terminal;
  let under: PocketUnderTest;
  let own: Record<string, string>;
  /** How many calls, the next ones, are never answered. */
  let held: number;
  let onHeld: () => void;
  let children: ChildProcess[];
  beforeEach(async () => {
    at = terminal();
    children = [];
    held = 0;
    under = await pocketWith(articles(10), {
      fault: () => {
        if (held === 0) return undefined;
        held -= 1;
        onHeld();
        return { kind: 'hang' };
      },
    });
    own = environmentFor(under.server);
  });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await under.close();
    at.close();
  });

  const holder = () => JSON.parse(readFileSync(join(at.folder, '.data/run.json'), 'utf8'));

  /** A run in the folder that waits for the answer to its first call. */
  async function runThatWaits(...args: string[]) {
    held = 1;
    const isHeld = new Promise<void>((resolve) => {
      onHeld = resolve;
    });
    const child = spawn(process.execPath, [resolve('lib/cli/readtime.ts'), ...args], {
      cwd: at.folder,
      env: { PATH: process.env.PATH, ...own },
      stdio: 'ignore',
    });
    children.push(child);
    const ended = once(child, 'exit');
    await isHeld;
    return {
      pid: child.pid,
      end: async (signal: NodeJS.Signals) => {
        child.kill(signal);
        return ended;
      },
    };
  }

  const writing: [why: string, args: string[]][] = [
    ['tag', ['tag', '--full']],
    ['untag', ['untag']],
    ['npm start', ['start']],
    ['the writing of a plan', ['plan', '--yes']],
    ['a new sample, which the first run may be using', ['start', '--dry-run', '--fresh']],
  ];
  for (const [why, args] of writing) {
    it(`keeps a second run from starting, and names the first: ${why}`, async () => {
      const first = await runThatWaits('tag', '--max-minutes', '5');
      const env = args[0] === 'start' ? { ...own, npm_lifecycle_event: 'start' } : own;
      const { status, stdout, stderr } = await at.readtime(args, env);
      assert.equal(status, 1);
      assert.match(stderr, BUSY);
      if (args[0] !== 'plan') assert.equal(stdout, '');
      const { pid, host, since, until } = holder();
      assert.deepEqual([pid, host, until - since < 301_000], [first.pid, hostname(), true]);
      assert.deepEqual(Object.values(under.tagsById()).flat(), []);
    });
  }

  it('says nothing under cron, where the first run does what the second one would', async () => {
    await runThatWaits('tag');
    assert.deepEqual(await at.readtime(['tag', '--quiet'], own), SILENT);
    const asJson = await at.readtime(['tag', '--json'], own);
    assert.deepEqual([asJson.status, asJson.stdout], [1, '']);
  });

  it('keeps nobody from what writes nothing', async () => {
    await runThatWaits('tag');
    for (const args of [['tag', '--dry-run'], ['plan'], ['check'], ['explain', '3']])
      assert.equal((await at.readtime(args, own)).status, 0, args[0]);
    assert.equal((await at.readtime(['report', '--out', 'list.html'], own)).status, 0);
  });

  it('is not taken by what writes nothing', async () => {
    await runThatWaits('tag', '--dry-run');
    assert.equal((await at.readtime(['tag', '--quiet'], own)).status, 0);
    assert.deepEqual(under.tagsById()['1'], ['a quick read']);
  });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
    it(`ends with its run, at ${signal} too`, async () => {
      const first = await runThatWaits('tag');
      await first.end(signal);
      const { status, stdout } = await at.readtime(['tag'], own);
      assert.match(stdout, /^Tagged 10 of 10/m);
      assert.deepEqual([status, existsSync(join(at.folder, '.data/run.json'))], [0, false]);
    });
  }

  it('is had by one of several runs that start at once where a killed one has left its traces', async () => {
    const killed = await runThatWaits('tag');
    await killed.end('SIGKILL');
    held = 1;
    onHeld = () => {};
    const ended = await Promise.all(
      Array.from({ length: 3 }, () => at.readtime(['tag', '--max-minutes', '1'], own)),
    );
    assert.ok(ended.filter(({ status }) => status === 0).length >= 1);
    for (const { status, stderr } of ended) if (status !== 0) assert.match(stderr, /another run/);
    assert.ok(under.server.calls.filter(({ endpoint }) => endpoint === 'send').length <= 1);
  });

  it('that is held long after its time is told even under cron', async () => {
    await runThatWaits('tag');
    const late = { ...holder(), until: Date.now() - 3_600_000 };
    writeFileSync(join(at.folder, '.data/run.json'), JSON.stringify(late));
    const { status, stderr } = await at.readtime(['tag', '--quiet'], own);
    assert.equal(status, 1);
    assert.match(
      stderr,
      /should have ended at ([\d-]{10} )?[\d:]{8}, and hangs; end it first \(process \d+\)\n$/,
    );
  });

  it('says so as well where it cannot be read who holds it', async () => {
    await runThatWaits('tag');
    rmSync(join(at.folder, '.data/run.json'));
    const { status, stderr } = await at.readtime(['tag'], own);
    assert.deepEqual(
      [status, stderr],
      [1, 'readtime: another run is writing in this folder; start this one when it has ended\n'],
    );
  });

  it('says so in a sentence where something else than a run wrote who holds it', async () => {
    await runThatWaits('tag');
    // However long the others take, this one goes on.
    held = 100;
    onHeld = () => {};
    const odd = { ...holder(), since: 1e300, until: 'x' };
    const sentence = 'readtime: another run is writing in this folder; start this one when it has ended\n';
    for (const text of ['null', JSON.stringify(odd)]) {
      writeFileSync(join(at.folder, '.data/run.json'), text);
      const { status, stderr } = await at.readtime(['tag'], own);
      assert.deepEqual([status, stderr], [1, sentence], text);
    }
    assert.deepEqual(await at.readtime(['tag', '--quiet'], own), SILENT);
  });

  it('keeps a second run from starting where the file of the lock held something else', async () => {
    mkdirSync(join(at.folder, '.data'));
    writeFileSync(join(at.folder, '.data/run.lock'), 'no lock');
    await runThatWaits('tag');
    const { status, stderr } = await at.readtime(['tag'], own);
    assert.equal(status, 1);
    assert.match(stderr, /^readtime: another run has been writing in this folder since/);
  });

  it('keeps no run from starting in a folder where nothing can be kept', async () => {
    // A file in place of the folder: root may write everywhere.
    writeFileSync(join(at.folder, '.data'), '');
    chmodSync(at.folder, 0o555);
    const { status, stderr } = await at.readtime(['tag', '--limit', '5'], own);
    assert.equal(status, 3);
    assert.match(
      stderr,
      /^No lock in \.data\/ \(".data" in \S+ is a file and no folder; rename it\): nothing keeps another run from starting\.\n$/,
    );
    assert.deepEqual(await at.readtime(['tag', '--full', '--quiet'], own), SILENT);
    chmodSync(at.folder, 0o755);
  });

  it('is of no use to the sample, which a folder that cannot be written to cannot hold', async () => {
    writeFileSync(join(at.folder, '.data'), '');
    const { status, stderr } = await at.readtime(['plan', '--sample']);
    assert.equal(status, 1);
    assert.match(stderr, /^readtime: ".data" in \S+ is a file and no folder; rename it\n$/);
  });
});
