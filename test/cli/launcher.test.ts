import assert from 'node:assert/strict';
import { chmodSync, chownSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMAND_NAMES } from '../../lib/cli/command-line.ts';
import { asCron, type Checkout, checkout } from '../helpers/checkout.ts';
import type { Ended } from '../helpers/command.ts';
import { articles, environmentFor, type PocketUnderTest, pocketWith } from '../helpers/pocket.ts';

/** `nobody`, for whom the files of a checkout are another's. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

const onLinux = process.platform === 'linux' ? describe : describe.skip;

function assertNoStack({ stdout, stderr }: Ended): void {
  assert.doesNotMatch(stdout + stderr, /^\s+at |node:internal|Warning:/m);
}

onLinux('./readtime', () => {
  let at: Checkout;
  let under: PocketUnderTest;
  let home: string;
  before(async () => {
    at = checkout();
    home = join(at.around, 'home');
    under = await pocketWith(articles(4));
    const own = Object.entries(environmentFor(under.server)).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(join(at.folder, '.env'), own.join(''));
    mkdirSync(join(at.around, 'bin'));
    symlinkSync(join(at.folder, 'readtime'), join(at.around, 'bin', 'readtime'));
    symlinkSync('readtime', join(at.around, 'bin', 'rt'));
  });
  after(async () => {
    await under.close();
    at.close();
  });

  const lines: [why: string, line: string, cwd: () => string, env: () => Record<string, string>][] = [
    ['in its folder', './readtime tag', () => at.folder, () => ({ HOME: home })],
    ['by its path', '"$RT/readtime" tag', () => home, () => ({ HOME: home, RT: at.folder })],
    ['by a path from elsewhere', '"../my  \\$HOME & list/readtime" tag', () => home, () => ({ HOME: home })],
    ['by the shell', 'sh readtime tag', () => at.folder, () => ({ HOME: home })],
    ['by a link', '../bin/readtime tag', () => home, () => ({ HOME: home })],
    [
      'by a link to a link',
      'rt tag',
      () => '/',
      () => ({ HOME: home, PATH: `${at.around}/bin:/usr/bin:/bin` }),
    ],
    ['without a home', '"$RT/readtime" tag', () => '/', () => ({ RT: at.folder })],
  ];
  for (const [why, line, cwd, env] of lines) {
    it(`finds its Node, its packages and its .env: ${why}`, async () => {
      const ended = await asCron(line, { cwd: cwd(), env: env() });
      assert.deepEqual([ended.status, ended.stderr], [0, '']);
      assert.match(ended.stdout, /^Tagged \d of 4 unread items|^Nothing to change|of 4 unread items/m);
      assertNoStack(ended);
    });
  }

  const hints: [why: string, line: string, path: string, hint: string][] = [
    ['by a path', './readtime', '/usr/bin:/bin', './readtime'],
    ['by its name, which is a link', 'readtime', '$BIN:/usr/bin:/bin', 'readtime'],
    ['by another name', 'rt', '$BIN:/usr/bin:/bin', 'rt'],
    ['by the shell', 'sh readtime', '/usr/bin:/bin', './readtime'],
    ['by a path with spaces', '"$PWD/readtime"', '/usr/bin:/bin', "'$PWD/readtime'"],
  ];
  for (const [why, line, path, hint] of hints)
    it(`says in hints how to call it, as it was called: ${why}`, async () => {
      const filled = (text: string) =>
        text.replace('$BIN', join(at.around, 'bin')).replace('$PWD', () => at.folder);
      const where = { cwd: at.folder, env: { HOME: home, PATH: filled(path) } };
      const { stdout } = await asCron(`${line} plan --sample`, where);
      assert.ok(stdout.includes(`\`${filled(hint)} explain --unknown --sample\` lists them.`), stdout);
      assert.ok(stdout.includes(`\`${filled(hint)} plan --yes --sample\` applies the plan.`), stdout);
      const { stderr } = await asCron(`${line} tga`, where);
      assert.ok(stderr.endsWith(`\n(${filled(hint)} --help shows all commands)\n`), stderr);
    });

  it('keeps its state beside its .env, wherever it is called', () => {
    assert.ok(existsSync(join(at.folder, '.data')));
    assert.equal(existsSync(join(home, '.data')), false);
  });

  it('keeps compiled code in the cache of the user, and where there is none, nowhere', async () => {
    assert.ok(existsSync(join(home, '.cache', 'readtime')));
    const own = await asCron('"$RT/readtime" --version', {
      cwd: home,
      env: { RT: at.folder, XDG_CACHE_HOME: join(home, 'own') },
    });
    assert.equal(own.status, 0);
    assert.ok(existsSync(join(home, 'own', 'readtime')));
  });

  it('reads the .env of the current folder first', async () => {
    const folder = join(at.around, 'other');
    mkdirSync(folder);
    writeFileSync(join(folder, '.env'), 'READING_LIST=nowhere\n');
    const { status, stderr } = await asCron('"$RT/readtime" tag', {
      cwd: folder,
      env: { HOME: home, RT: at.folder },
    });
    assert.equal(status, 1);
    assert.match(stderr, /^readtime: READING_LIST "nowhere": is not a service the tagger knows/);
  });

  it('has what every command needs without the packages of development', async () => {
    const own = { cwd: home, env: { HOME: home, RT: at.folder } };
    for (const name of COMMAND_NAMES) {
      const ended = await asCron(`"$RT/readtime" ${name} --help`, own);
      assert.deepEqual([ended.status, ended.stderr], [0, ''], name);
    }
    const deployed = await asCron('"$RT/readtime" deploy --check', own);
    assert.equal(deployed.status, 1);
    assert.match(
      deployed.stderr,
      /^readtime deploy: nothing was created\.\nDeploying needs more packages .*: npm ci\n$/,
    );
    const reported = await asCron('"$RT/readtime" report --out list.html', own);
    assert.deepEqual([reported.status, reported.stderr], [0, '']);
  });

  it('may run twice at once', async () => {
    const run = () => asCron('"$RT/readtime" tag --full', { cwd: home, env: { HOME: home, RT: at.folder } });
    const ended = await Promise.all([run(), run()]);
    assert.ok(ended.some(({ status }) => status === 0));
    for (const one of ended) {
      assertNoStack(one);
      if (one.status !== 0) assert.match(one.stderr, /^readtime: another run [^\n]*\n$/);
    }
  });
});

onLinux('./readtime in a checkout that is not to be written to', () => {
  let at: Checkout;
  let home: string;
  let elsewhere: string;
  /** It is another user's; root, who may write anywhere, goes without that right. */
  const as = (line: string) => (isRoot ? `setpriv --bounding-set=-all --inh-caps=-all ${line}` : line);
  const state = () => join(home, '.local', 'state', 'readtime');
  before(() => {
    at = checkout();
    home = join(at.around, 'home');
    elsewhere = join(at.around, 'elsewhere');
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, 'ben.env'), 'READING_LIST=pocket\n');
    for (const folder of [at.folder, elsewhere]) {
      if (isRoot) chownSync(folder, NOBODY, NOBODY);
      chmodSync(folder, 0o555);
    }
  });
  after(() => {
    chmodSync(at.folder, 0o755);
    at.close();
  });

  it('would write its .env there, too', async () => {
    const { status, stderr } = await asCron(as('"$RT/readtime" init'), {
      cwd: elsewhere,
      env: { HOME: home, RT: at.folder },
    });
    assert.equal(status, 1);
    assert.ok(
      stderr.includes(`into ${join(state(), '.env')}, then try it: '${at.folder}/readtime' check`),
      stderr,
    );
  });

  it('keeps its state in the folder of the platform', async () => {
    const ended = await asCron(as('"$RT/readtime" plan --sample --yes'), {
      cwd: elsewhere,
      env: { HOME: home, RT: at.folder },
    });
    assert.deepEqual([ended.status, ended.stderr.replace(/^Wrote .*\n/gm, '')], [0, '']);
    assert.ok(existsSync(join(state(), 'sample.sqlite')));
    assert.equal(existsSync(join(at.folder, '.data')), false);
  });

  it('keeps there what is of a file of --env-file, by its whole path', async () => {
    const path = join(elsewhere, 'ben.env');
    const { status, stderr } = await asCron(as('"$RT/readtime" pocket export --env-file ben.env'), {
      cwd: elsewhere,
      env: { HOME: home, RT: at.folder },
    });
    assert.deepEqual([status, stderr], [0, '']);
    assert.ok(existsSync(join(state(), path.replaceAll('/', '-'), 'pocket.sqlite')));
  });

  it('reads the .env there before that of the checkout', async () => {
    writeFileSync(join(state(), '.env'), 'READING_LIST=nowhere\n');
    const { stderr } = await asCron(as('"$RT/readtime" tag'), {
      cwd: elsewhere,
      env: { HOME: home, RT: at.folder },
    });
    assert.match(stderr, /^readtime: READING_LIST "nowhere": is not/);
  });

  it('says in a sentence that the .env of another user is not for this one', async function () {
    if (!isRoot) this.skip();
    rmSync(join(state(), '.env'));
    const file = join(at.folder, '.env');
    writeFileSync(file, 'READING_LIST=pocket\n', { mode: 0o600 });
    chownSync(file, NOBODY, NOBODY);
    const ended = await asCron(as('"$RT/readtime" tag'), {
      cwd: elsewhere,
      env: { HOME: home, RT: at.folder },
    });
    assert.equal(ended.status, 1);
    assert.match(ended.stderr, /^readtime: \S.*\.env: cannot be read \(EACCES\); check whose it is/);
    assertNoStack(ended);
  });
});

onLinux('./readtime without what it needs', () => {
  let at: Checkout;
  before(() => {
    at = checkout({ withPackages: false });
  });
  after(() => at.close());

  function withNode(version: string): string {
    const bin = join(at.around, version);
    mkdirSync(bin);
    mkdirSync(join(at.folder, 'node_modules', 'commander'), { recursive: true });
    writeFileSync(join(bin, 'node'), `#!/bin/sh\n[ "$1" = --version ] && echo ${version} || echo "$@"\n`, {
      mode: 0o755,
    });
    return bin;
  }

  it('says what to run where npm has brought nothing yet', async () => {
    const { status, stdout, stderr } = await asCron('./readtime tag', { cwd: at.folder });
    assert.deepEqual([status, stdout], [1, '']);
    assert.equal(stderr, 'readtime: "." has no packages yet; run there: npm ci --omit=dev\n');
  });

  for (const version of ['v18.20.8', 'v20.20.2', 'v22.22.3', 'v23.11.1']) {
    it(`says in a sentence that a Node is too old: ${version}`, async () => {
      const PATH = `${withNode(version)}:/usr/bin:/bin`;
      const { status, stdout, stderr } = await asCron('./readtime tag', { cwd: at.folder, env: { PATH } });
      assert.deepEqual([status, stdout], [1, '']);
      assert.equal(stderr, `readtime: Node.js ${version} is too old; install version 24 or newer\n`);
    });
  }

  for (const version of ['v24.0.0', 'v26.1.0', 'v30.0.0']) {
    it(`takes the machine's own where npm brings none: ${version}`, async () => {
      const PATH = `${withNode(version)}:/usr/bin:/bin`;
      const { status, stdout } = await asCron('./readtime tag --full', { cwd: at.folder, env: { PATH } });
      assert.deepEqual([status, stdout], [0, `-- ./lib/cli/readtime.ts tag --full\n`]);
    });
  }
});
