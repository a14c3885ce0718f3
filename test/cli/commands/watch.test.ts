import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStore, type Store } from '../../../lib/pocket-server/store.ts';
import { startFakeSecretsManager } from '../../helpers/fake-secrets-manager.ts';
import { type Fault, faults } from '../../helpers/faults.ts';
import { articles, CREDENTIALS, environmentFor } from '../../helpers/pocket.ts';
import { type Terminal, terminal } from '../../helpers/readtime.ts';
import { type FaultyCall, startTestPocket, type TestPocket } from '../../helpers/test-pocket.ts';
import { type Watching, watching } from '../../helpers/watching.ts';

const OURS = ['a quick read', 'a medium read', 'a long read'];

describe('readtime watch', () => {
  let at: Terminal;
  let store: Store;
  let server: TestPocket;
  let own: Record<string, string>;
  let fault: ((call: FaultyCall) => Fault | undefined) | undefined;
  let loops: Watching[];
  beforeEach(async () => {
    at = terminal();
    loops = [];
    fault = undefined;
    store = openStore(':memory:');
    store.insert(articles(90));
    await startServer();
    own = environmentFor(server);
  });
  afterEach(async () => {
    for (const loop of loops) loop.kill('SIGKILL');
    await server.close();
    store.close();
    at.close();
  });

  async function startServer(port = 0): Promise<void> {
    server = await startTestPocket({ store, port, credentials: CREDENTIALS, fault: (call) => fault?.(call) });
  }

  function start(args: readonly string[], env: Readonly<Record<string, string>> = own): Watching {
    const loop = watching(at.folder, args, env);
    loops.push(loop);
    return loop;
  }
  const watch: typeof start = (args, env) => start(['--json', ...args], env);

  const tagsOf = () => [...store.everything()].map(({ tags }) => tags);
  const health = () => at.readtime(['watch', '--healthy']);

  it('goes on past a crash of the service, and tells whether it is healthy', async () => {
    const before = await health();
    assert.equal(before.status, 1);
    assert.match(before.stderr, /^readtime: no run has ended well yet/);
    const loop = watch(['--every', '1s']);
    const first = await loop.line();
    assert.deepEqual([first.result, first.mode, first.tagged], ['done', 'full', 90]);
    assert.equal((await loop.line()).mode, 'recent');
    assert.deepEqual(await health(), { status: 0, stdout: '', stderr: '' });
    const { port } = new URL(server.url);
    await server.close();
    let line = await loop.line();
    while (line.result !== 'failed') line = await loop.line();
    assert.equal(line.kind, 'unavailable');
    assert.match(line.reason ?? '', /ECONNREFUSED/);
    store.insert([{ given_url: 'https://example.com/new', word_count: 100, time_added: 1_800_000_000 }]);
    await startServer(Number(port));
    do line = await loop.line();
    while (line.result !== 'done');
    assert.equal(line.tagged, 1);
    assert.equal((await loop.line()).result, 'done');
    loop.kill('SIGTERM');
    const { status, output } = await loop.ended;
    assert.equal(status, 0);
    assert.doesNotMatch(output, /example\.com|Article|1234-key|token-5678/, 'no titles, URLs or secrets');
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    it(`ends after the batch in hand at ${signal}: no item is half written`, async () => {
      // With a tag of ours that is wrong for most of them, so that a change takes one away and adds one.
      store.insert(
        articles(400, ['a long read']).map((item) => ({ ...item, given_url: `${item.given_url}/old` })),
      );
      let sends = 0;
      fault = ({ endpoint }) => {
        if (endpoint !== 'send') return undefined;
        sends += 1;
        if (sends === 2) loop.kill(signal);
        return sends === 2 ? { kind: 'slow', delayMs: 500 } : undefined;
      };
      const loop = watch(['--every', '1h']);
      const line = await loop.line();
      assert.deepEqual([line.result, line.next], ['stopped', undefined]);
      assert.equal((await loop.ended).status, 0);
      const carriedOut = server.calls.flatMap((call) => call.carriedOut.map(({ item }) => item));
      assert.equal(line.tagged, new Set(carriedOut).size);
      assert.ok(line.tagged < 400, 'it ends before the list does');
      for (const tags of tagsOf()) assert.ok(tags.filter((tag) => OURS.includes(tag)).length <= 1);
    });

  it('ends at once while it waits', async () => {
    const loop = watch(['--every', '7d']);
    await loop.line();
    loop.kill('SIGTERM');
    assert.equal((await loop.ended).status, 0);
  });

  it('ends by the second signal, whatever is going on', async () => {
    const arrived = new Promise<void>((resolve) => {
      fault = ({ endpoint }) => {
        if (endpoint === 'send') resolve();
        return endpoint === 'send' ? { kind: 'hang' } : undefined;
      };
    });
    const loop = watch([]);
    await arrived;
    loop.kill('SIGTERM');
    const again = setInterval(() => loop.kill('SIGTERM'), 200);
    const { status, signal } = await loop.ended;
    clearInterval(again);
    assert.deepEqual([status, signal], [null, 'SIGTERM']);
  });

  it('leaves a run out while another command writes to the same list', async () => {
    const tag = new Promise<void>((resolve) => {
      fault = () => {
        resolve();
        return { kind: 'hang' };
      };
    });
    const other = watch(['--every', '7d']);
    await tag;
    fault = undefined;
    const loop = watch(['--every', '1s']);
    const line = await loop.line();
    assert.deepEqual([line.result, line.mode], ['busy', 'full']);
    assert.match(line.reason ?? '', /^another run has been writing/);
    const path = join(at.folder, '.data/run.json');
    const late = { ...JSON.parse(readFileSync(path, 'utf8')), until: Date.now() - 3_600_000 };
    writeFileSync(path, JSON.stringify(late));
    let hanging = await loop.line();
    while (hanging.result === 'busy') hanging = await loop.line();
    assert.match(hanging.reason ?? '', /and hangs; end it first/);
    other.kill('SIGKILL');
    let next = await loop.line();
    while (next.result !== 'done') next = await loop.line();
    assert.equal(next.mode, 'full');
  });

  it('takes a new token from .env with the next run, and outlives a mistake there', async () => {
    const { POCKET_TOKEN: _, ...rest } = own;
    writeFileSync(join(at.folder, '.env'), `POCKET_TOKEN=${CREDENTIALS.accessToken}\n`);
    const loop = watch(['--every', '1s'], rest);
    assert.equal((await loop.line()).result, 'done');
    server.setCredentials({ ...CREDENTIALS, accessToken: 'rotated' });
    let line = await loop.line();
    while (line.result === 'done') line = await loop.line();
    assert.equal(line.kind, 'credentials');
    writeFileSync(join(at.folder, '.env'), 'POCKET_TOKEN rotated\n');
    while (line.kind === 'credentials') line = await loop.line();
    assert.deepEqual([line.result, line.kind], ['failed', 'settings']);
    writeFileSync(join(at.folder, '.env'), 'POCKET_TOKEN=rotated\n');
    do line = await loop.line();
    while (line.result === 'failed');
    assert.equal(line.result, 'done');
  });

  it('goes by no other .env where its own is gone', async () => {
    const text = Object.entries(own).map(([name, value]) => `${name}=${value}\n`);
    mkdirSync(join(at.folder, 'state/readtime'), { recursive: true });
    for (const file of ['.env', 'state/readtime/.env']) writeFileSync(join(at.folder, file), text.join(''));
    const loop = watch(['--every', '1s'], { XDG_STATE_HOME: join(at.folder, 'state') });
    assert.equal((await loop.line()).result, 'done');
    rmSync(join(at.folder, '.env'));
    let line = await loop.line();
    while (line.result === 'done') line = await loop.line();
    assert.equal(line.kind, 'settings');
    assert.match(line.reason ?? '', /\.env is there no longer/);
  });

  const ages: [why: string, seconds: string, reads: number][] = [
    ['once, as a warm function does', '3600', 2],
    ['for each run where they are not to be kept', '0', 6],
  ];
  for (const [why, SECRET_MAX_AGE_S, reads] of ages)
    it(`reads secrets of AWS ${why}`, async () => {
      const aws = await startFakeSecretsManager(({ body: { SecretId } }) => ({
        body: {
          SecretString: SecretId === 'POCKET_KEY' ? CREDENTIALS.consumerKey : CREDENTIALS.accessToken,
          VersionId: 'v1',
        },
      }));
      const { POCKET_API_URL = '' } = own;
      const env = { POCKET_API_URL, FETCH_PAGES: 'false', SECRETS_FROM: 'aws', SECRET_MAX_AGE_S, ...aws.env };
      const loop = watch(['--every', '1s'], env);
      for (let run = 0; run < 3; run += 1) assert.equal((await loop.line()).result, 'done');
      loop.kill('SIGTERM');
      assert.equal((await loop.ended).status, 0);
      assert.equal(aws.calls.length, reads);
      await aws.close();
    });

  it('takes several lists, each with its name, and is healthy only where all of them are', async () => {
    const variables = Object.entries(own).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(join(at.folder, 'anna.env'), variables.join(''));
    writeFileSync(join(at.folder, 'ben.env'), `${variables.join('')}POCKET_TOKEN=wrong\n`);
    const loop = watch(['--every', '1h', '--env-file', 'anna.env', '--env-file', 'ben.env'], {});
    const lines = [await loop.line(), await loop.line()];
    assert.deepEqual(
      lines.map(({ list, result }) => [list, result]),
      [
        ['anna', 'done'],
        ['ben', 'failed'],
      ],
    );
    const { status, stderr } = await health();
    assert.deepEqual([status, stderr], [1, 'readtime: ben: no run has ended well yet\n']);
  });

  it('prints a line a run, and with --quiet failures only', async () => {
    const loop = start(['--every', '1s', '--health-file', 'health.json']);
    assert.match(
      await loop.text('stdout'),
      /^[-\d]{10} [\d:]{8} full: 90 tagged, 0 untagged, 0 unchanged, 0 skipped, [\d.]+ s; next at [\d:]{8}$/,
    );
    assert.equal((await at.readtime(['watch', '--healthy', '--health-file', 'health.json'])).status, 0);
    assert.equal((await health()).status, 1);
    loop.kill('SIGTERM');
    await loop.ended;
    let calls = 0;
    fault = () => {
      calls += 1;
      // The first run is a good one.
      return calls > 10 ? faults.tokenRefused() : undefined;
    };
    const quiet = start(['--every', '1s', '--quiet']);
    const failure = await quiet.text('stderr');
    assert.match(failure, /^[-\d]{10} [\d:]{8} \w+: failed \(credentials\): .+; tried again at [\d:]{8}$/);
    quiet.kill('SIGTERM');
    assert.ok((await quiet.ended).output.startsWith(failure));
  });

  it('loads next to nothing for a health check, which is made every half a minute', async () => {
    const logged = `import { registerHooks } from 'node:module';
      registerHooks({ resolve: (name, context, next) => (process._rawDebug(name), next(name, context)) });`;
    const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(logged)}`;
    const args = ['watch', '--healthy', '--health-file', 'health.json'];
    const { status, stderr } = await at.readtime(args, { NODE_OPTIONS });
    assert.equal(status, 1);
    assert.match(stderr, /^commander$/m);
    assert.doesNotMatch(stderr, /^(zod|axios|dotenv|node:sqlite|cli-table3|@hono\/node-server)$/m);
  });

  const wrong: [why: string, args: string[], env: Record<string, string>, status: number, said: RegExp][] = [
    ['an interval without a unit', ['--every', '60'], {}, 2, /from 1s to 7d/],
    ['a time that is none', ['--full-at', 'Sunday'], {}, 2, /such as "Sun 04:00"/],
    ['no list', [], {}, 1, /^readtime: no reading list is named/],
    ['a wrong setting', [], { READING_LIST: 'paper' }, 1, /^readtime: READING_LIST "paper"/],
    [
      'a wrong setting of one of several lists, which it names',
      ['--env-file=anna.env', '--env-file=ben.env'],
      { BANDS: 'a:5, b:3, c' },
      1,
      /^readtime: anna: BANDS "a:5, b:3, c"/,
    ],
  ];
  for (const [why, args, env, status, said] of wrong)
    it(`ends at once for ${why}`, async () => {
      for (const name of ['anna', 'ben'])
        writeFileSync(join(at.folder, `${name}.env`), `POCKET_API_URL=${server.url}\nPOCKET_TOKEN=${name}\n`);
      const ended = await at.readtime(['watch', ...args], env);
      assert.equal(ended.status, status);
      assert.match(ended.stderr, said);
    });
});
