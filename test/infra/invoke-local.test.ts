import assert from 'node:assert/strict';
import { command } from '../helpers/command.ts';
import { articles, environmentFor, type PocketUnderTest, pocketWith } from '../helpers/pocket.ts';
import { SERVERLESS } from '../helpers/template.ts';

describe('serverless invoke local', () => {
  let pocket: PocketUnderTest;
  before(async () => {
    pocket = await pocketWith(articles(100));
  });
  after(() => pocket?.close());

  const invoke = (event: object, env: Record<string, string> = {}) =>
    command(SERVERLESS, ['invoke', 'local', '-f', 'tagger', '--data', JSON.stringify(event)], {
      env: { ...environmentFor(pocket.server), ...env },
    });

  const rows: [why: string, event: object, env: Record<string, string>, stderr: RegExp][] = [
    [
      'one sentence beside the result of a run',
      { mode: 'full', dryRun: true },
      {},
      /^Would tag 100 .*\n\n?$/,
    ],
    ['one sentence beside that of a check', { mode: 'check' }, {}, /^The reading list accepts .*\n\n?$/],
    [
      'every line of the log where LOG_LEVEL asks for it',
      { mode: 'full', dryRun: true },
      { LOG_LEVEL: 'INFO' },
      /^({"level":"INFO".*\n)+Would tag 100 .*\n\n?$/,
    ],
  ];
  for (const [why, event, env, stderr] of rows)
    it(`prints ${why}`, async () => {
      const ended = await invoke(event, env);
      assert.equal(ended.status, 0, ended.stdout + ended.stderr);
      assert.match(ended.stderr, stderr);
      const { message } = JSON.parse(ended.stdout);
      assert.ok(ended.stderr.includes(message));
    });

  it('prints why a run failed, and fails', async () => {
    const { status, stdout, stderr } = await invoke({}, { POCKET_TOKEN: 'wrong' });
    assert.equal(status, 1);
    assert.match(stderr, /^{"level":"ERROR","message":"run-failed","kind":"credentials",.*}\n\n?$/);
    assert.match(JSON.parse(stdout).errorMessage, /the access token is not valid/);
  });
});
