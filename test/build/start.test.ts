import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command, type Ended } from '../helpers/command.ts';

describe('what starts the bundled command', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'readtime-start-'));
    copyFileSync('scripts/build/start.cjs', join(folder, 'readtime.cjs'));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** Starts it before this command, on a Node that says that it is of this version. */
  function start(main: string, { version = process.versions.node, ...env }: Record<string, string> = {}) {
    writeFileSync(join(folder, 'main.js'), main);
    const first = join(folder, 'first.cjs');
    writeFileSync(
      first,
      `Object.defineProperties(process, {
        version: { value: 'v${version}' }, versions: { value: { node: '${version}' } } });
      require('./readtime.cjs');`,
    );
    return command(first, [], { env });
  }
  const started = ({ status, stdout, stderr }: Ended) => [status, stdout, stderr];

  const old = (version: string) => `readtime: Node.js v${version} is too old; install version 24 or newer\n`;
  const versions: [version: string, isEnough: boolean, why: string][] = [
    ['10.24.1', false, 'it cannot even parse the command'],
    ['20.20.2', false, 'it has no SQLite'],
    ['22.15.1', false, 'the last without a timeout for SQLite'],
    ['22.16.0', true, 'the first that has all'],
    ['23.11.1', false, 'SQLite has no timeout there'],
    ['24.0.0', true, 'the first of its line'],
    ['26.12.1', true, 'a newer one'],
    ['100.0.0', true, 'numbers are not compared as texts'],
  ];
  for (const [version, isEnough, why] of versions)
    it(`${isEnough ? 'starts it' : 'says one sentence'} on Node ${version}: ${why}`, async () => {
      const expected = isEnough ? [0, 'started\n', ''] : [1, '', old(version)];
      assert.deepEqual(started(await start("console.log('started')", { version })), expected);
    });

  it('shows warnings that are for the user, and no others', async () => {
    const { stderr } = await start(`
      process.emitWarning('of SQLite', 'ExperimentalWarning');
      process.emitWarning('of JSON', { type: 'ExperimentalWarning' });
      process.emitWarning('of URLs', 'DeprecationWarning', 'DEP0169');
      process.emitWarning('TLS is off');
      process.emitWarning('a proxy is slow', { type: 'OtherWarning' });`);
    assert.deepEqual(stderr.match(/of \w+|TLS is off|a proxy is slow/g), ['TLS is off', 'a proxy is slow']);
  });

  const caches: [why: string, env: () => Record<string, string>, place: string | undefined][] = [
    ['the cache of the user', () => ({ HOME: join(folder, 'home') }), 'home/.cache/readtime'],
    [
      'the one that the user names',
      () => ({ HOME: join(folder, 'other'), XDG_CACHE_HOME: join(folder, 'xdg') }),
      'xdg/readtime',
    ],
    ['a relative name is to be ignored', () => ({ XDG_CACHE_HOME: 'cache' }), undefined],
    ['nowhere without a home: others may write elsewhere', () => ({ TMPDIR: folder }), undefined],
  ];
  for (const [why, env, place] of caches)
    it(`keeps compiled code: ${why}`, async () => {
      const main = "console.log(require('node:module').getCompileCacheDir() ?? 'none')";
      const { stdout } = await start(main, env());
      const path = stdout.trim();
      if (place === undefined) assert.equal(path, 'none');
      else assert.ok(path.startsWith(join(folder, place)) && existsSync(path), path);
    });
});
