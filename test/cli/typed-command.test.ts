import assert from 'node:assert/strict';
import { scriptsAsTyped, typedCommand } from '../../lib/cli/typed-command.ts';

describe('What a hint says to type', () => {
  const rows: [why: string, env: Record<string, string>, platform: NodeJS.Platform, typed: string][] = [
    ['started as a file', {}, 'linux', 'readtime'],
    ['npx', { npm_command: 'exec' }, 'win32', 'npx readtime'],
    ['npm start', { npm_command: 'start' }, 'linux', './readtime'],
    ['npm run pocket, where there is no launcher', { npm_command: 'run' }, 'win32', 'npx readtime'],
    [
      'a path that a shell takes as it is',
      { READTIME_CALLED_AS: '/home/ada/rt/readtime' },
      'linux',
      '/home/ada/rt/readtime',
    ],
    ['a path with an apostrophe', { READTIME_CALLED_AS: "/it's/readtime" }, 'linux', `'/it'\\''s/readtime'`],
  ];
  for (const [why, env, platform, typed] of rows)
    it(`is as it was called: ${why}`, () => assert.equal(typedCommand(env, platform), typed));

  const installed: [why: string, env: Record<string, string>, typed: string][] = [
    ['by its name', {}, 'readtime'],
    ['by npx, to which readtime would be another package', { npm_command: 'exec' }, 'npx readtime-tagger'],
    ['by a script of another project', { npm_command: 'run' }, 'npx readtime-tagger'],
  ];
  for (const [why, env, typed] of installed)
    it(`is as the package was called: ${why}`, () => assert.equal(typedCommand(env, 'linux', false), typed));

  const scripts: [script: string, typed: string][] = [
    ['create it with: npm run secrets -- set A#b', 'create it with: readtime secrets set A#b'],
    ['with: npm run accounts -- rotate anna', 'with: readtime accounts rotate anna'],
    ['8383 of `npm run pocket`', '8383 of `readtime pocket`'],
    ['as npm run deploy does', 'as npm run deploy does'],
  ];
  for (const [script, typed] of scripts)
    it(`has no scripts of npm where there is no checkout: ${script}`, () => {
      assert.equal(scriptsAsTyped(script, {}, false), typed);
      assert.equal(scriptsAsTyped(script), script);
    });
});
