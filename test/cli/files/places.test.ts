import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isWritable, stateFolder } from '../../../lib/cli/files/places.ts';

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
