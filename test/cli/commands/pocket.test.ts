import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { command } from '../../helpers/command.ts';
import { credentials, json, keys, reply } from '../../pocket-server/serving.ts';

const script = resolve('lib/cli/readtime.ts');
const { PATH = '' } = process.env;
const given = { POCKET_KEY: credentials.consumerKey, POCKET_TOKEN: credentials.accessToken };
const csv = 'title,url,time_added,tags,status\n"One, two",https://a.example/,1,b|it\\\'s,unread\nbad\n';

const next = 'To tag them: "npm run pocket" serves the list; then "readtime plan" in another terminal.\n';

let folder = '';
const started: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pocket-'));
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

const run = (args: readonly string[], env: Record<string, string> = {}) =>
  command(script, ['pocket', ...args], { env, cwd: folder });

/** The child, and what it said up to its address. */
async function serve(env: object = {}) {
  const child = spawn(process.execPath, [script, 'pocket'], {
    cwd: folder,
    env: { PATH, PORT: '0', ...env },
  });
  started.push(child);
  let said = '';
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    said += chunk;
    if (said.includes('Ctrl-C')) break;
  }
  const [url = ''] = /http:\/\/127\.0\.0\.1:\d+\/v3/.exec(said.slice(said.indexOf('Pocket is at'))) ?? [];
  return { child, said, url };
}

describe('npm run pocket', () => {
  it('makes up credentials once, keeps them in .env for its owner only, and does not show them', async () => {
    const first = await serve();
    assert.match(
      first.said,
      /^Wrote POCKET_API_URL, SECRETS_FROM, POCKET_KEY, POCKET_TOKEN to \/.*\.env, for/,
    );
    const env = readFileSync(join(folder, '.env'), 'utf8');
    const values = Object.fromEntries(
      env
        .trim()
        .split('\n')
        .map((line) => line.split('=')),
    );
    assert.deepEqual([values.POCKET_API_URL, values.SECRETS_FROM], [first.url, 'env']);
    assert.match(values.POCKET_KEY, /^1-[0-9a-f]{24}$/);
    assert.equal(first.said.includes(values.POCKET_KEY) || first.said.includes(values.POCKET_TOKEN), false);
    if (process.platform !== 'win32') {
      assert.equal(statSync(join(folder, '.env')).mode & 0o777, 0o600);
      assert.equal(statSync(join(folder, '.data')).mode & 0o777, 0o700);
    }
    const auth = { consumer_key: values.POCKET_KEY, access_token: values.POCKET_TOKEN };
    assert.equal((await fetch(`${first.url}/get`, json(auth))).status, 200);
    assert.equal((await fetch(`${first.url}/get`, json(keys))).status, 403);
    const second = await serve({ PORT: '0' });
    assert.equal(readFileSync(join(folder, '.env'), 'utf8'), env);
    assert.match(second.said, /^POCKET_API_URL points elsewhere: .*set it to http/);
    assert.equal((await fetch(`${second.url}/get`, json(auth))).status, 200);
  });

  it('adds what is missing to an .env that does not end its last line', async () => {
    writeFileSync(join(folder, '.env'), 'POCKET_KEY=\nSECRETS_FROM=aws');
    const { said } = await serve();
    assert.match(said, /^Wrote POCKET_API_URL, POCKET_KEY, POCKET_TOKEN to \/.*\.env, for/);
    assert.match(
      readFileSync(join(folder, '.env'), 'utf8'),
      /^POCKET_KEY=\nSECRETS_FROM=aws\nPOCKET_API_URL=http/,
    );
  });

  it('does not go on serving where it cannot keep new credentials', async function () {
    if (process.platform !== 'linux') this.skip();
    // An empty file to which nobody can write, not even root.
    symlinkSync('/proc/self/timers', join(folder, '.env'));
    assert.deepEqual(await run([], { PORT: '0' }), {
      status: 1,
      stdout: '',
      stderr: 'readtime: Cannot keep new credentials in ".env": invalid argument\n',
    });
  });

  it('ends at a signal, with an open connection too', async () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const { child, url } = await serve(given);
      assert.equal((await fetch(`${url}/get`, json(keys))).status, 200);
      child.kill(signal);
      assert.deepEqual(await once(child, 'exit'), [0, null]);
    }
  });

  it('loses nothing that it has answered when it is killed', async () => {
    const { child, url } = await serve(given);
    const answered: string[] = [];
    const adding = (async () => {
      for (let at = 0; ; at += 1) {
        const added = `https://a.example/${at}`;
        const actions = [{ action: 'add', url: added, tags: 'kept' }];
        const { body } = await reply(await fetch(`${url}/send`, json({ ...keys, actions })));
        if (body.action_results[0]) answered.push(added);
        if (answered.length === 25) child.kill('SIGKILL');
      }
    })();
    await assert.rejects(adding);
    assert.ok(answered.length >= 25);
    const { stdout } = await run(['export'], given);
    for (const added of answered) assert.match(stdout, new RegExp(`${added},\\d+,kept,unread\n`));
    const again = await serve(given);
    assert.match(again.said, /holds \d+ items/);
  });

  it('takes an export in, reports what it skipped without quoting it, and gives it out again', async () => {
    writeFileSync(join(folder, 'part.csv'), csv);
    const first = await run(['import', 'part.csv']);
    assert.deepEqual(first, {
      status: 0,
      stdout: `Added 1 item; 0 already there; 1 skipped.\n${next}`,
      stderr: 'Skipped part.csv, line 3: 1 columns, not 5.\n',
    });
    const again = await run(['import', 'part.csv']);
    assert.equal(again.stdout, `Added 0 items; 1 already there; 1 skipped.\n${next}`);
    const expected = csv.replace('bad\n', '').replace('\\', '');
    assert.equal((await run(['export'])).stdout, expected);
    assert.deepEqual(await run(['export', 'out.csv']), {
      status: 0,
      stdout: 'Exported 1 item to "out.csv".\n',
      stderr: '',
    });
    assert.equal(readFileSync(join(folder, 'out.csv'), 'utf8'), expected);
  });

  it('says in one sentence what is in the way, and exits 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    writeFileSync(join(folder, 'notes.txt'), 'hello');
    const rows: [args: string[], env: Record<string, string>, said: string][] = [
      [
        [],
        { PORT: String(port) },
        `readtime: Cannot serve on port ${port}: it is in use; set PORT to another\n`,
      ],
      [[], { PORT: 'http' }, 'readtime: Cannot serve on PORT "http": give a number from 0 to 65535.\n'],
      [['import', 'none.zip'], {}, 'readtime: Cannot read "none.zip": there is no such file or folder.\n'],
      [
        ['import', 'notes.txt'],
        {},
        `readtime: Cannot import "notes.txt": it is no export that is known here. Give an export of Pocket, Instapaper, Raindrop, Readwise, Omnivore or Karakeep, or bookmarks as HTML.\n`,
      ],
      [
        ['export', 'no/such/folder.csv'],
        {},
        'readtime: Cannot write "no/such/folder.csv": no such file or directory\n',
      ],
    ];
    for (const [args, env, stderr] of rows)
      assert.deepEqual(await run(args, env), { status: 1, stdout: '', stderr });
    other.close();
  });

  it('exits 2 when it is misused, and helps when asked', async () => {
    for (const args of [['import'], ['export', 'a', 'b'], ['sell'], ['--fast'], ['serve', 'x']])
      assert.equal((await run(args)).status, 2, args.join(' '));
    for (const args of [['help'], ['--help']]) assert.match((await run(args)).stdout, /import <FILE\.\.\.>/);
  });
});
