import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isWritable, makeFolder, stateFolder } from '../../../lib/cli/files/places.ts';

describe('the state folder of the platform', () => {
  const rows: [why: string, platform: NodeJS.Platform, env: Record<string, string>, folder: string][] = [
    ['Linux', 'linux', { HOME: '/home/ada' }, '/home/ada/.local/state/readtime'],
    ['Linux, by its variable', 'linux', { HOME: '/home/ada', XDG_STATE_HOME: '/s' }, '/s/readtime'],
    [
      'a relative path, which is to be ignored',
      'linux',
      { HOME: '/home/ada', XDG_STATE_HOME: 's' },
      '/home/ada/.local/state/readtime',
    ],
    ['macOS', 'darwin', { HOME: '/Users/ada' }, '/Users/ada/Library/Application Support/readtime'],
    ['Windows', 'win32', { LOCALAPPDATA: '/c/Local' }, '/c/Local/readtime'],
    ['Windows, without its variable', 'win32', { HOME: '/c/ada' }, '/c/ada/AppData/Local/readtime'],
  ];
  for (const [why, platform, env, folder] of rows) {
    it(`is ${why}`, () => assert.equal(stateFolder(env, platform), folder));
  }
});

describe('a folder that is made', () => {
  let within: string;
  beforeEach(() => {
    within = mkdtempSync(join(tmpdir(), 'places-'));
    writeFileSync(join(within, 'file'), '');
    symlinkSync('circle', join(within, 'circle'));
    symlinkSync('nowhere', join(within, 'broken'));
  });
  afterEach(() => rmSync(within, { recursive: true }));

  it('is for its owner, with those that it is in, and may be there already', function () {
    const folder = join(within, 'a', 'b');
    makeFolder(folder);
    makeFolder(folder);
    assert.ok(statSync(folder).isDirectory());
    if (process.platform === 'win32') this.skip();
    assert.equal(statSync(join(within, 'a')).mode & 0o777, 0o700);
  });

  const refused: [why: string, path: string][] = [
    ['a file', 'file'],
    ['in a file', 'file/a'],
    ['deep in a file', 'file/a/b'],
    ['a link to nothing', 'broken'],
    ['below a link to nothing', 'broken/a'],
    ['a link to itself', 'circle'],
    ['below a link to itself', 'circle/a'],
  ];
  for (const [why, path] of refused)
    it(`is refused, and does not take for ever: ${why}`, () =>
      assert.throws(() => makeFolder(join(within, path))));

  it('is refused, and does not take for ever: where the system has no place for it', function () {
    if (process.platform !== 'linux') this.skip();
    assert.throws(() => makeFolder('/proc/a/b'), { code: 'ENOENT' });
  });
});

describe('whether a folder can be written to', () => {
  it('is known before it is there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'places-'));
    writeFileSync(join(folder, 'file'), '');
    assert.equal(isWritable(folder), true);
    assert.equal(isWritable(join(folder, 'new', 'and', 'newer')), true);
    assert.equal(isWritable(join(folder, 'file', 'new')), false);
    rmSync(folder, { recursive: true });
  });
});
