import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { transform } from 'esbuild';
import type { BundledPackage } from '../../scripts/build/licences.ts';
import { pack } from '../../scripts/build/pack.ts';
import type { Ended } from '../helpers/command.ts';
import { pdf } from '../helpers/pdf.ts';
import { until } from '../helpers/until.ts';
import { npmNode } from './npm-node.ts';
import { type OfflineMachine, offlineMachine } from './offline-machine.ts';

const MAX_BYTES = 1_500_000;

const LOWEST = '22.16.0';
/** From npm the lowest that will do, and the newest; and the Node that runs this. */
const NODES: readonly (readonly [version: string, folder: () => string])[] = [
  [LOWEST, () => npmNode(LOWEST)],
  [process.versions.node, () => dirname(process.execPath)],
  ['26.12.1', () => npmNode('26.12.1')],
];

const EXPORT = [
  'title,url,time_added,tags,status',
  'A ferry,http://127.0.0.1:8300/ferry.html,1700000000,boats,unread',
  'A paper,http://127.0.0.1:8300/paper.pdf,1700000001,,unread',
].join('\n');
const SERVE = `require('http').createServer(({ url }, answer) => answer
  .setHeader('content-type', url.endsWith('pdf') ? 'application/pdf' : 'text/html')
  .end(require('fs').readFileSync('.' + url))).listen(8300, '127.0.0.1', () => console.log('serving'))`;

/** A line for each word of an article. */
const PROSE = Array.from({ length: 60 }, (_, at) => `This is sentence ${at} of a paper about ferries.`);

function assertGood({ status, stdout, stderr }: Ended, says: RegExp): void {
  assert.deepEqual([status, stderr], [0, '']);
  assert.match(stdout, says);
}

describe('the package', function () {
  this.timeout(300_000);
  let folder: string;
  let file: string;
  let packages: readonly BundledPackage[];
  let machine: OfflineMachine;
  let installed: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'readtime-package-'));
    ({ file, packages } = await pack(folder));
    machine = await offlineMachine();
    const env = { HOME: folder };
    const { status, stderr } = await machine.type(`npm install --no-audit --no-fund '${file}'`, {
      cwd: machine.app,
      node: dirname(process.execPath),
      env,
      asOwner: true,
    });
    assert.deepEqual([status, stderr], [0, '']);
    installed = join(machine.app, 'node_modules', 'readtime-tagger');
  });
  after(async () => {
    await machine?.close();
    rmSync(folder, { recursive: true });
  });

  it('is small, and has what runs and nothing of tests', () => {
    assert.ok(statSync(file).size < MAX_BYTES, `${statSync(file).size} bytes`);
    const names = execFileSync('tar', ['tzf', file], { encoding: 'utf8' }).trim().split('\n');
    const [outside, dist] = [false, true].map((isDist) =>
      names.filter((name) => name.startsWith('package/dist/') === isDist),
    );
    assert.deepEqual(outside?.toSorted(), [
      'package/CHANGELOG.md',
      'package/LICENSE',
      'package/README.md',
      'package/package.json',
    ]);
    const others = dist?.filter((name) => !/^package\/dist\/[\w-]+\.(js|js\.map|cjs|txt)$/.test(name));
    assert.deepEqual(others, []);
  });

  it('has no module that cannot be parsed', async () => {
    const dist = join(installed, 'dist');
    for (const name of readdirSync(dist).filter((one) => one.endsWith('.js')))
      await transform(readFileSync(join(dist, name), 'utf8'), { sourcefile: name });
  });

  it('names in its source maps files of the project, and none of where it was built', () => {
    const dist = join(installed, 'dist');
    const maps = readdirSync(dist).filter((name) => name.endsWith('.map'));
    const sources = maps.flatMap((name) => JSON.parse(readFileSync(join(dist, name), 'utf8')).sources);
    assert.ok(sources.length > 50, `${sources.length} sources`);
    assert.deepEqual(
      sources.filter((source) => !/^\.\.\/lib\/|\/node_modules\/|^own-form-data:/.test(source)),
      [],
    );
  });

  it('depends on nothing, and runs nothing when it is installed', () => {
    const { dependencies, optionalDependencies, scripts, private: own, ...rest } = manifest();
    assert.deepEqual([dependencies, optionalDependencies, scripts, own], Array(4).fill(undefined));
    assert.deepEqual(rest.bin, { readtime: 'dist/readtime.cjs' });
    assert.deepEqual(readdirSync(join(machine.app, 'node_modules')).toSorted(), [
      '.bin',
      '.package-lock.json',
      'readtime-tagger',
    ]);
  });
  const manifest = (): Record<string, unknown> =>
    JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));

  it('has the licence of each package of which something is in it', () => {
    const text = readFileSync(join(installed, 'dist', 'THIRD-PARTY-LICENSES.txt'), 'utf8');
    assert.ok(packages.length > 50, `${packages.length} packages`);
    const missing = packages.filter(({ name, version }) => !text.includes(`\n${name} ${version} (`));
    assert.deepEqual(missing, []);
    for (const permission of ['Permission is hereby granted', 'Apache License', 'Redistribution and use in'])
      assert.ok(text.includes(permission), permission);
    const texts = text.split(`\n${'-'.repeat(80)}\n\n`).map((part) => part.slice(part.indexOf('\n\n')));
    assert.ok(texts.length > 20 && new Set(texts).size === texts.length, 'the same text is there once');
  });

  it('is the same file when it is packed again', async () => {
    const again = mkdtempSync(join(tmpdir(), 'readtime-again-'));
    try {
      const { file: other } = await pack(again);
      assert.ok(readFileSync(other).equals(readFileSync(file)));
    } finally {
      rmSync(again, { recursive: true });
    }
  });

  for (const [version, node] of NODES)
    it(`shows a plan of the sample, offline, by npx, on Node ${version}`, async () => {
      const env = { HOME: machine.work };
      const ended = await machine.type('node --version; npx readtime-tagger plan --sample', {
        cwd: machine.app,
        node: node(),
        env,
      });
      assertGood(ended, new RegExp(`^v${version.replaceAll('.', '\\.')}\nA sample reading list of 45`));
      assert.match(ended.stdout, /^Would tag 39 of 45 unread items/m);
      // A command of the package alone would be one of another package to npx.
      assert.match(ended.stdout, /`npx readtime-tagger explain --unknown --sample` lists them/);
    });

  it('says how to write an option that npm takes for itself', async () => {
    const ended = await machine.type('npm exec readtime-tagger tag --dry-run', {
      cwd: machine.app,
      node: npmNode(LOWEST),
      env: { HOME: machine.work },
    });
    assert.equal(ended.status, 2);
    assert.match(ended.stderr, /write it after --: npm exec -- readtime-tagger tag --dry-run\n/);
  });

  it('says one sentence on an old Node, which cannot parse the rest', async () => {
    const ended = await machine.type('node_modules/.bin/readtime plan --sample', {
      cwd: machine.app,
      node: npmNode('10.24.1'),
    });
    const sentence = 'readtime: Node.js v10.24.1 is too old; install version 24 or newer\n';
    assert.deepEqual([ended.status, ended.stdout, ended.stderr], [1, '', sentence]);
  });

  it('says that what deploys is in the project', async () => {
    for (const line of ['deploy', 'secrets list --stage prod']) {
      const { status, stderr } = await machine.type(`readtime ${line}`, global());
      assert.equal(status, 1);
      assert.match(
        stderr,
        /^(readtime: )?a stage on AWS needs the whole project; clone https:\S+, and type there: npm ci/m,
      );
      assert.doesNotMatch(stderr, /^\s+at /m);
    }
  });

  it('maps the stack of an error that nobody expects to lines of TypeScript', async () => {
    writeFileSync(join(machine.work, 'broken.cjs'), "URL.canParse = () => { throw new Error('broken') };");
    const env = { NODE_OPTIONS: '--require ./broken.cjs', POCKET_API_URL: 'http://127.0.0.1:1/v3' };
    const { status, stderr } = await machine.type('readtime tag', global(env));
    assert.equal(status, 1);
    const [, path = '', line] = /^\s+at .*\((\/.*\/lib\/[\w/-]+\.ts):(\d+):\d+\)$/m.exec(stderr) ?? [];
    assert.match(
      readFileSync(path.replace(/^.*\/lib\//, 'lib/'), 'utf8').split('\n')[Number(line) - 1] ?? '',
      /URL\.canParse/,
    );
  });

  /** As it is typed where it is installed for everybody, with the lowest Node that will do. */
  function global(env: Readonly<Record<string, string>> = {}) {
    return { programs: join(machine.app, 'node_modules', '.bin'), node: npmNode(LOWEST), env };
  }

  it('keeps settings and state in the folder of the user, and nothing in the current one', async () => {
    const home = join(machine.work, 'home');
    const state = join(home, '.local', 'state', 'readtime');
    assertGood(await machine.type('mkdir -p home/empty', {}), /^$/);
    const typing = { ...global({ HOME: home }), cwd: join(home, 'empty') };
    const { stdout, stderr } = await machine.type('readtime plan --sample; readtime init', typing);
    assert.match(stdout, /`readtime explain --unknown --sample` lists them/);
    assert.ok(stderr.includes(`${state}/.env, then try it: readtime check`), stderr);
    assert.ok(readdirSync(state).includes('sample.sqlite'));
    assert.deepEqual(readdirSync(typing.cwd), []);
    const own = `printf 'POCKET_API_URL=http://127.0.0.1:1/v3' > '${state}/.env'; readtime check`;
    const { status, stdout: checked } = await machine.type(own, typing);
    assert.equal(status, 1);
    assert.match(checked, /POCKET_KEY/);
  });

  it('tags a list and shows it: as another user, with a read-only home, without a network', async () => {
    writeFileSync(join(machine.work, 'export.csv'), EXPORT);
    writeArticle('ferry.html');
    writeFileSync(join(machine.work, 'paper.pdf'), pdf(PROSE.join('\n')));
    const typing = global({ PAGES_ALLOW_HOSTS: '127.0.0.1:8300', PORT: '8383' });
    const pages = await machine.leave(`node -e "${SERVE}"`, 'serving', typing);
    assertGood(
      await machine.type('readtime pocket import export.csv', typing),
      /^Added 2 items[\s\S]*To tag them: "readtime pocket" serves the list/,
    );
    const pocket = await machine.leave('readtime pocket', 'Ctrl-C stops it', typing);
    assertGood(await machine.type('readtime check', typing), /reading list accepts them: yes/);
    assertGood(await machine.type('readtime tag --full', typing), /^Tagged 2 of 2 unread items/m);
    assertGood(await machine.type('readtime tag --full', typing), /^Nothing to change|Tagged 0 of 2/m);
    assertGood(
      await machine.type('readtime report --out list.html', typing),
      /^Wrote 2 items to "list\.html"/m,
    );
    const page = readFileSync(join(machine.work, 'list.html'), 'utf8');
    for (const name of ['report-page.css', 'report-page.js'])
      assert.ok(page.includes(readFileSync(join('lib/report', name), 'utf8')), name);
    await pocket.stop();
    await pages.stop();
    assert.deepEqual(readdirSync(machine.home), []);
  });

  it('goes on tagging for three intervals, through a crash of the service, and ends when it is told to', async () => {
    writeArticle('news.html');
    const now = Math.floor(Date.now() / 1000);
    writeFileSync(
      join(machine.work, 'new.csv'),
      `title,url,time_added,tags,status\nNews,http://127.0.0.1:8300/news.html,${now},,unread`,
    );
    const typing = global({ PAGES_ALLOW_HOSTS: '127.0.0.1:8300', PORT: '8383' });
    const pages = await machine.leave(`node -e "${SERVE}"`, 'serving', typing);
    const serve = () => machine.leave('readtime pocket', 'Ctrl-C stops it', typing);
    const service = await serve();
    const watch = await machine.leave('readtime watch --every 2s --json', '"result":"done"', typing);
    const runs = (): { result: string; tagged?: number }[] =>
      watch
        .said()
        .split('\n')
        .filter((line) => line.endsWith('}'))
        .map((line) => JSON.parse(line));
    const good = () => runs().filter(({ result }) => result === 'done');
    await until('three good runs', () => good().length >= 3);
    await service.crash();
    await until('a run that fails', () => runs().at(-1)?.result === 'failed');
    const before = good().length;
    assertGood(await machine.type('readtime pocket import new.csv', typing), /^Added 1 item/);
    const restarted = await serve();
    await until('three good runs after that', () => good().length >= before + 3);
    assert.equal(
      good()
        .slice(before)
        .reduce((sum, { tagged = 0 }) => sum + tagged, 0),
      1,
    );
    assertGood(await machine.type('readtime watch --healthy', typing), /^$/);
    assert.equal(await watch.stop(), 0);
    await Promise.all([restarted.stop(), pages.stop()]);
  });

  function writeArticle(name: string): void {
    const html = `<article><h1>A ferry</h1><p>${PROSE.join('</p><p>')}</p></article>`;
    writeFileSync(join(machine.work, name), html);
  }
});
