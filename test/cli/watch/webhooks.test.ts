import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pLimit from 'p-limit';
import { freePort } from '../../helpers/free-port.ts';
import { type FakeItem, type FakeServer, fakeItems } from '../../helpers/services/fake-service.ts';
import { fakeKarakeep } from '../../helpers/services/karakeep.ts';
import { karakeepWebhook } from '../../helpers/services/karakeep-webhook.ts';
import { setupOf } from '../../helpers/services/setups.ts';
import { environmentOf } from '../../helpers/services/under-test.ts';
import { until } from '../../helpers/until.ts';

const READTIME = resolve('lib/cli/readtime.ts');
const TOKEN = '0123456789abcdef'.repeat(4);

type Watching = {
  /** All that it has printed. */
  readonly said: () => string;
  /** Its exit status, when it has ended. */
  readonly ended: Promise<number | null>;
  /** The lines about runs of this mode. */
  lines(mode: string): string[];
  stop(): Promise<number | null>;
};

describe('readtime watch --listen', () => {
  let folder: string;
  let port: number;
  const open: { close(): unknown }[] = [];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'readtime-'));
    writeFileSync(join(folder, '.env'), '');
    port = await freePort();
  });
  afterEach(async () => {
    for (const one of open.splice(0).toReversed()) await one.close();
    rmSync(folder, { recursive: true });
  });

  function watch(args: readonly string[], env: Readonly<Record<string, string>> = {}): Watching {
    const { PATH = '', NODE_V8_COVERAGE = '' } = process.env;
    const child = spawn(process.execPath, [READTIME, 'watch', ...args], {
      cwd: folder,
      env: { PATH, NODE_V8_COVERAGE, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    const ended = once(child, 'close').then(([status]) => status as number | null);
    const stop = () => {
      child.kill('SIGTERM');
      return ended;
    };
    open.push({ close: stop });
    return {
      said: () => said,
      ended,
      lines: (mode) => said.split('\n').filter((line) => line.includes(` ${mode}: `)),
      stop,
    };
  }
  /** Watches Karakeep, of which the whole list was tagged. */
  async function watchKarakeep(items: FakeItem[], options: Parameters<typeof fakeKarakeep>[1] = {}) {
    const server = await fakeKarakeep(items, options);
    open.push(server);
    const env = { ...environmentOf('karakeep', server), WEBHOOK_TOKEN: TOKEN };
    const watching = watch(['--listen', `127.0.0.1:${port}`], env);
    await until('the first run', () => watching.lines('full').length > 0);
    return { server, watching, webhook: hookAt('/') };
  }
  const hookAt = (path: string, token = TOKEN) =>
    karakeepWebhook({ url: `http://127.0.0.1:${port}${path}`, token });
  const linesOf = (env: Readonly<Record<string, string>>) =>
    Object.entries(env)
      .map(([name, value]) => `${name}=${value}\n`)
      .join('');
  const areTagged = (items: readonly FakeItem[]) => items.every(({ tags }) => tags.length === 1);
  const calls = (server: FakeServer, method: string, path: RegExp) =>
    server.calls.filter((call) => call.method === method && path.test(call.path)).length;

  it('tags a bookmark that was crawled, with three calls and a line, which has no secret and no title', async () => {
    const items = fakeItems(2, { tags: ['a quick read'] });
    const { server, watching, webhook } = await watchKarakeep(items);
    assert.match(watching.said(), new RegExp(`^listening to Karakeep at http://127\\.0\\.0\\.1:${port}/\n`));
    const before = server.calls.length;
    const [crawled] = fakeItems(1, { title: 'A title', url: 'https://example.com/private' }).map((item) => ({
      ...item,
      id: 'new',
    }));
    assert.ok(crawled);
    items.unshift(crawled);
    assert.deepEqual(await webhook.send(crawled, 'crawled'), [202]);
    await until('its tag', () => areTagged([crawled]));
    await until('the line of that run', () => watching.lines('items').length > 0);
    // The third reads back the first write of a run.
    assert.deepEqual(
      server.calls.slice(before).map(({ method, path }) => `${method} ${path}`),
      ['GET /api/v1/bookmarks/new', 'POST /api/v1/bookmarks/new/tags', 'GET /api/v1/bookmarks/new'],
    );
    assert.match(watching.lines('items')[0] ?? '', / items: 1 tagged, 0 untagged, 0 unchanged, /);
    assert.equal(await watching.stop(), 0);
    for (const secret of [TOKEN, 'token-5678', 'A title', 'private'])
      assert.ok(!watching.said().includes(secret));
  });

  it('makes a few runs of a thousand events, and tags each bookmark once', async function () {
    this.timeout(360_000);
    const items: FakeItem[] = [];
    const { server, watching, webhook } = await watchKarakeep(items);
    const crawled = fakeItems(1000);
    items.push(...crawled);
    const limit = pLimit(10);
    const sent = await Promise.all(crawled.map((item) => limit(() => webhook.send(item, 'crawled'))));
    assert.ok(sent.every(([status]) => status === 202));
    await until('a thousand tags', () => areTagged(crawled));
    await watching.stop();
    assert.ok(watching.lines('items').length <= 10, watching.said());
    assert.equal(watching.lines('full').length, 1);
    assert.equal(calls(server, 'POST', /\/tags$/), 1000);
  });

  it('tags once what the service tells of three times', async () => {
    const items = fakeItems(1);
    items.length = 0;
    const { server, watching, webhook } = await watchKarakeep(items);
    const [crawled] = fakeItems(1);
    assert.ok(crawled);
    items.push(crawled);
    for (let at = 0; at < 3; at += 1) await webhook.send(crawled, 'crawled');
    await until('its tag', () => areTagged([crawled]));
    await webhook.send(crawled, 'crawled');
    await until('the second run', () => watching.lines('items').length === 2);
    assert.equal(calls(server, 'POST', /\/tags$/), 1);
  });

  it('makes no run of what its own tags make the service tell', async () => {
    const items: FakeItem[] = [];
    const told: Promise<number[]>[] = [];
    const { watching, webhook } = await watchKarakeep(items, {
      onTagged: (item) => told.push(webhook.send(item, 'edited'), webhook.send(item, 'ai tagged')),
    });
    const crawled = fakeItems(2);
    items.push(...crawled);
    for (const item of crawled) await webhook.send(item, 'crawled');
    await until('their tags', () => areTagged(crawled));
    assert.deepEqual(await Promise.all(told), [[204], [204], [204], [204]]);
    await watching.stop();
    assert.equal(watching.lines('items').length, 1);
  });

  it('goes on after events of nothing, and after those that it refuses, which it says once', async () => {
    const items: FakeItem[] = [];
    const { watching, webhook } = await watchKarakeep(items);
    const [crawled] = fakeItems(1);
    assert.ok(crawled);
    const wrong = hookAt('/', 'another token');
    assert.deepEqual(await wrong.send(crawled, 'crawled'), [401, 401, 401]);
    assert.deepEqual(await webhook.send({ ...crawled, id: 'never' }, 'crawled'), [202]);
    await until('the run over nothing', () => watching.lines('items').length > 0);
    assert.match(watching.lines('items')[0] ?? '', / items: 0 tagged, /);
    const refused = watching.said().match(/an event was refused: its token is not that of WEBHOOK_TOKEN/g);
    assert.equal(refused?.length, 1);
    assert.ok(!watching.said().includes('another token'));
  });

  it('tags an item that comes during a run when that has ended', async () => {
    const items: FakeItem[] = [];
    const { server, watching, webhook } = await watchKarakeep(items);
    const [first, second] = fakeItems(2);
    assert.ok(first && second);
    items.push(first, second);
    let told: Promise<number[]> | undefined;
    server.fault = ({ path }) => {
      if (path.endsWith(`/${first.id}/tags`)) told ??= webhook.send(second, 'crawled');
      return told === undefined ? undefined : { kind: 'slow', delayMs: 500 };
    };
    await webhook.send(first, 'crawled');
    await until('both tags', () => areTagged([first, second]));
    assert.deepEqual(await told, [202]);
    assert.ok(server.maxInFlight() <= 2);
    await until('two runs', () => watching.lines('items').length === 2);
  });

  it('gives several lists a path and a token each', async () => {
    const lists = { anna: fakeItems(1), ben: fakeItems(1) };
    for (const [name, items] of Object.entries(lists)) {
      const server = await fakeKarakeep(items);
      open.push(server);
      for (const item of items) item.tags.push('a quick read');
      const env = { ...environmentOf('karakeep', server), WEBHOOK_TOKEN: `${name}-${TOKEN}` };
      writeFileSync(join(folder, `${name}.env`), linesOf(env));
      const { WEBHOOK_TOKEN: _, ...withoutToken } = env;
      writeFileSync(join(folder, `${name}-without.env`), linesOf(withoutToken));
    }
    const files = (...names: string[]) => names.map((name) => `--env-file=${name}.env`);
    const listen = ['--listen', String(port)];
    // A token of the environment would be one of both.
    const without = watch([...files('anna', 'ben-without'), ...listen], { WEBHOOK_TOKEN: TOKEN });
    assert.equal(await without.ended, 1);
    assert.match(without.said(), /^readtime: ben-without: Secret "WEBHOOK_TOKEN": not in the environment/);
    const watching = watch([...files('anna', 'ben'), ...listen], { WEBHOOK_TOKEN: TOKEN });
    await until('the first runs', () => watching.lines('full').length === 2);
    const [crawled] = fakeItems(1).map((item) => ({ ...item, id: 'new' }));
    assert.ok(crawled);
    lists.ben.unshift(crawled);
    const statuses = [
      await hookAt('/ben').send(crawled, 'crawled'),
      await hookAt('/ben', `anna-${TOKEN}`).send(crawled, 'crawled'),
      await hookAt('/', `ben-${TOKEN}`).send(crawled, 'crawled'),
      await hookAt('/ben', `ben-${TOKEN}`).send(crawled, 'crawled'),
    ].map((tries) => tries.at(-1));
    assert.deepEqual(statuses, [401, 401, 404, 202]);
    await until('the tag', () => areTagged([crawled]));
    await until('the line', () => watching.lines('items').length === 1);
    assert.match(watching.lines('items')[0] ?? '', / ben items: 1 tagged/);
    assert.ok(watching.said().includes(`ben: listening to Karakeep at http://127.0.0.1:${port}/ben\n`));
  });

  const refusals: [
    why: string,
    service: string,
    env: Record<string, string>,
    args: () => string[],
    said: RegExp,
  ][] = [
    [
      'no token',
      'karakeep',
      { WEBHOOK_TOKEN: '' },
      () => [],
      /Secret "WEBHOOK_TOKEN": not in the environment; set the variable .*; make one, for here and the service, with: openssl rand -hex 32/s,
    ],
    [
      'a token that can be guessed',
      'karakeep',
      { WEBHOOK_TOKEN: 'short-and-sweet' },
      () => [],
      /Secret "WEBHOOK_TOKEN": has a blank, or fewer than 16 characters; .*openssl/s,
    ],
    [
      'a token in the place of its name',
      'karakeep',
      { WEBHOOK_TOKEN_SECRET: TOKEN },
      () => [],
      /WEBHOOK_TOKEN_SECRET: looks like a secret itself/,
    ],
    ['a service without a webhook', 'linkding', {}, () => [], /linkding has no webhook; leave --listen out/],
    ['an address that is none', 'karakeep', {}, () => ['--listen', 'localhost'], /such as 127\.0\.0\.1:8484/],
  ];
  for (const [why, service, more, args, sentence] of refusals)
    it(`does not start with ${why}, and says so in a sentence`, async () => {
      const server = await setupOf(service).start(fakeItems(1), {} as never);
      open.push(server);
      const env = { ...environmentOf(service, server), WEBHOOK_TOKEN: TOKEN, ...more };
      const watching = watch(['--listen', `127.0.0.1:${port}`, ...args()], env);
      assert.ok([1, 2].includes((await watching.ended) ?? 0));
      assert.match(watching.said().replace(/\s+/g, ' '), sentence);
      assert.ok(!watching.said().includes(TOKEN) && !watching.said().includes('short-and-sweet'));
      assert.equal(server.calls.length, 0);
    });

  it('does not start where something else listens, and says so', async () => {
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    open.push(other);
    const server = await fakeKarakeep(fakeItems(1));
    open.push(server);
    const env = { ...environmentOf('karakeep', server), WEBHOOK_TOKEN: TOKEN };
    const watching = watch(['--listen', String(port)], env);
    assert.equal(await watching.ended, 1);
    assert.match(
      watching.said().replace(/\s+/g, ' '),
      new RegExp(`Cannot listen on 127.0.0.1:${port}: something else listens there; give another port`),
    );
    assert.equal(server.calls.length, 0);
  });
});
