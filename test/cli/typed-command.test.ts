import assert from 'node:assert/strict';
import { typedCommand } from '../../lib/cli/typed-command.ts';

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
});
