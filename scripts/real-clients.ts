/**
 * Five clients that others wrote for Pocket, two of npm and three of PyPI, against the server of this project: each
 * lists, adds, tags, archives and reads back. They are installed in scratch folders, never as dependencies of the project.
 */
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { startPocketServer } from '../lib/pocket-server/server.ts';
import { openStore, type Store } from '../lib/pocket-server/store.ts';

type Answer = {
  readonly list: Readonly<
    Record<string, { readonly given_url: string; readonly tags: object; readonly status: string }>
  >;
  readonly item: { readonly item_id: string };
  readonly action_results: readonly unknown[];
};
type Call = (params: object) => Promise<Answer>;
type Client = {
  readonly name: string;
  readonly get: Call;
  readonly add: Call;
  readonly send: Call;
  readonly archive: Call;
};

type WithCallback = (params: object, done: (error: Error | null, answer: { body: string }) => void) => void;
type Oauth = { readonly getRequestToken: WithCallback; readonly getAccessToken: WithCallback };

const versions = ['pocket-promise@1.1.0', 'node-getpocket@1.0.0'];
const credentials = { consumerKey: '1234-abcd1234', accessToken: '5678defg-5678' };
const keys = { consumer_key: credentials.consumerKey, access_token: credentials.accessToken };
let failures = 0;

async function check(what: string, work: () => unknown): Promise<void> {
  try {
    await work();
    console.log(`ok ${what}`);
  } catch (error) {
    failures += 1;
    console.log(`not ok ${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Takes `POCKET_URI` when it is loaded. */
function pocketPromise(load: NodeJS.Require): Client {
  const Pocket = load('pocket-promise');
  const client = new Pocket(keys);
  const call =
    (method: string): Call =>
    async (params) => {
      const answer = await client[method](params);
      return Array.isArray(answer) ? answer[0] : answer;
    };
  return {
    name: 'pocket-promise',
    get: call('get'),
    add: call('add'),
    send: call('send'),
    archive: call('archive'),
  };
}

/** Knows one host only, so the requests that it makes are sent here instead; nothing else is touched. */
function nodeGetpocket(load: NodeJS.Require, origin: string): Client & { readonly oauth: Oauth } {
  const request = load('request');
  const post = request.post;
  request.post = (options: { uri: string }, done: unknown) =>
    post({ ...options, uri: options.uri.replace('https://getpocket.com', origin) }, done);
  const GetPocket = load('node-getpocket');
  const client = new GetPocket({ ...keys });
  const call = (method: string): Call => promisify(client[method].bind(client));
  const calls = { get: call('get'), add: call('add'), send: call('send'), archive: call('archive') };
  return { name: 'node-getpocket', oauth: client, ...calls };
}

/** Each client has a site of its own in the one list. */
async function checkClient({ name, get, add, send, archive }: Client, store: Store): Promise<void> {
  const domain = `${name}.example`;
  const [firstId = 0] = store.insert([
    { given_url: `https://${domain}/tides`, given_title: 'Tides', word_count: 1320 },
  ]);
  let addedId = '';
  await check(`${name} lists`, async () => {
    const { list } = await get({ domain, state: 'unread', detailType: 'complete' });
    assert.deepEqual(
      Object.values(list).map((item) => item.given_url),
      [`https://${domain}/tides`],
    );
  });
  await check(`${name} adds`, async () => {
    const { item } = await add({ url: `https://${domain}/moon`, title: 'Moon', tags: 'Sky,night' });
    addedId = item.item_id;
    assert.deepEqual(store.find({ item_id: addedId })?.tags, ['night', 'sky']);
  });
  await check(`${name} tags`, async () => {
    const actions = [{ action: 'tags_add', item_id: firstId, tags: 'a long read' }];
    assert.deepEqual((await send({ actions })).action_results, [true]);
    assert.deepEqual(store.find({ item_id: String(firstId) })?.tags, ['a long read']);
  });
  await check(`${name} archives`, async () => {
    assert.deepEqual((await archive({ item_id: addedId })).action_results, [true]);
    assert.equal(store.find({ item_id: addedId })?.status, 1);
  });
  await check(`${name} reads back`, async () => {
    const { list } = await get({ domain, state: 'all', sort: 'oldest', detailType: 'complete' });
    const seen = Object.entries(list).map(([id, item]) => [id, item.status, Object.keys(item.tags)]);
    assert.deepEqual(seen, [
      [String(firstId), '0', ['a long read']],
      [addedId, '1', ['night', 'sky']],
    ]);
  });
}

/** Asks for a code, has the reader say yes in the browser, and gets a token that opens the list. */
async function checkOauth(client: Oauth, store: Store, origin: string): Promise<void> {
  const ask = async (method: keyof Oauth, params: object) =>
    JSON.parse((await promisify<object, { body: string }>(client[method].bind(client))(params)).body);
  await check('node-getpocket gets a token by OAuth', async () => {
    const { code } = await ask('getRequestToken', { redirect_uri: 'http://127.0.0.1/done' });
    const body = new URLSearchParams({ request_token: code, answer: 'yes' });
    const approval = { method: 'POST', body, redirect: 'manual' } as const;
    const approved = await fetch(`${origin}/auth/authorize`, approval);
    assert.equal(approved.headers.get('location'), 'http://127.0.0.1/done');
    const { access_token } = await ask('getAccessToken', { request_token: code });
    assert.equal(store.hasToken(access_token), true);
  });
}

/** By client: what is installed, and what of it without what it asks for, which is too old for Python of today. */
const python: readonly (readonly [client: string, packages: string[], alone: string[]])[] = [
  ['pocket', ['pocket==0.3.6', 'requests'], []],
  ['pocket-to-sqlite', ['pocket-to-sqlite==0.2.3'], []],
  [
    'pocket-cli',
    ['requests', 'click', 'future', 'progress', 'six'],
    ['pocket-cli==0.1.6', 'pocket-api==0.1.5'],
  ],
];
/** Many more than a page. */
const MANY = 132;

/** Installs a client once, in a folder of its own: two of them have a module of the same name. */
function installPython(venv: string, packages: readonly string[], alone: readonly string[], target: string) {
  if (existsSync(join(target, 'complete'))) return;
  if (!existsSync(venv)) execFileSync('python3', ['-m', 'venv', venv], { stdio: 'inherit' });
  const pip = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--upgrade',
    '--target',
    target,
  ];
  const bin = join(venv, 'bin', 'python');
  execFileSync(bin, [...pip, ...packages], { stdio: 'inherit' });
  if (alone.length > 0) execFileSync(bin, [...pip, '--no-deps', ...alone], { stdio: 'inherit' });
  writeFileSync(join(target, 'complete'), '');
}

async function checkPython(store: Store, origin: string, scratch: string): Promise<void> {
  const urls = Array.from({ length: MANY }, (_, at) => `https://many.example/${at}`);
  store.insert(urls.map((given_url, at) => ({ given_url, given_title: 'One', word_count: 100 * at })));
  const data = resolve('.data', 'real-clients');
  mkdirSync(data, { recursive: true });
  for (const [client, packages, alone] of python)
    await check(`${client}: all of it`, async () => {
      const target = join(data, client);
      installPython(join(data, 'venv'), packages, alone, target);
      const home = mkdtempSync(join(scratch, 'home-'));
      const args = ['-W', 'ignore', 'scripts/real-clients.py', client, origin, home];
      const env = { ...process.env, PYTHONPATH: target };
      const { stdout } = await promisify(execFile)(join(data, 'venv', 'bin', 'python'), args, { env });
      process.stdout.write(stdout);
    });
}

const folder = mkdtempSync(join(tmpdir(), 'real-clients-'));
try {
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...versions];
  execFileSync('npm', install, { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' });
  const load = createRequire(join(folder, 'package.json'));
  const store = openStore(':memory:');
  const server = await startPocketServer({ store, credentials });
  const { origin } = new URL(server.url);
  process.env.POCKET_URI = origin;
  const { oauth, ...getpocket } = nodeGetpocket(load, origin);
  await checkClient(pocketPromise(load), store);
  await checkClient(getpocket, store);
  await checkOauth(oauth, store, origin);
  await checkPython(store, origin, folder);
  await server.close();
  store.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failures > 0 ? 1 : 0;
