import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { articles, CREDENTIALS, environmentFor, pocketWith } from '../../helpers/pocket.ts';
import { type Terminal, terminal } from '../../helpers/readtime.ts';

describe('npm start', () => {
  let at: Terminal;
  beforeEach(() => {
    at = terminal();
  });
  afterEach(() => at.close());

  const start = (args: string[] = [], env: Record<string, string> = {}) =>
    at.readtime(['start', ...args], { npm_lifecycle_event: 'start', ...env });

  it('shows the services and what each asks for', async () => {
    const { status, stdout, stderr } = await start(['--list']);
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /^READING_LIST=pocket\n {2}POCKET_API_URL {2}base URL .* \(required\)$/m);
    assert.match(stdout, /^READING_LIST=raindrop$/m);
    assert.match(stdout, /RAINDROP_COLLECTION .* \(default 0\)$/m);
    assert.match(stdout, /secret WALLABAG, key client_id of its JSON \(another name: WALLABAG_SECRET\)$/m);
  });

  it('asks for the settings of the service that is named, and serves no sample', async () => {
    const { status, stdout, stderr } = await start([], { READING_LIST: 'karakeep' });
    assert.deepEqual([status, stdout], [1, '']);
    assert.match(stderr, /^npm start: KARAKEEP_URL: is not set/);
  });

  it('tags the sample, and the second time writes nothing', async () => {
    const first = await start();
    assert.deepEqual([first.status, first.stderr], [0, '']);
    assert.match(first.stdout, /^A sample reading list of 45 unread items/);
    assert.match(first.stdout, /^a quick read +\d+ +\d+ +█/m);
    assert.match(
      first.stdout,
      /^Tagged 39 of 45 unread items: .* 4 have no known length: 1 behind a paywall, [^.]+\. `readtime explain --unknown --sample` lists them\.$/m,
    );
    const second = await start();
    assert.equal(second.status, 0);
    assert.match(
      second.stdout,
      /^Tagged 0 of 45 unread items\. 41 were already right\. 4 have no known length: /m,
    );
  });

  it('lists what a dry run would change, item by item', async () => {
    const { status, stdout } = await start(['--dry-run']);
    assert.equal(status, 0);
    assert.equal(stdout.match(/^[+-] a/gm)?.length, 39);
    assert.match(
      stdout,
      /^\+ a long read {2}- a medium read +12 min {2}Fifty years of one weather station$/m,
    );
    assert.match(stdout, /^Would tag 39 of 45/m);
  });

  it('prints no control codes where the output is no terminal', async () => {
    const { stdout, stderr } = await start();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    assert.doesNotMatch(stdout + stderr, /[\u0000-\u0009\u000B-\u001F]/);
  });

  it('uses the reading list at POCKET_API_URL when it is set, also from .env', async () => {
    const under = await pocketWith(articles(10));
    const fromEnvironment = await start(['--limit', '4'], environmentFor(under.server));
    assert.deepEqual([fromEnvironment.status, fromEnvironment.stderr], [3, '']);
    const { url } = under.server;
    const lines = [
      `POCKET_API_URL=${url}`,
      `POCKET_KEY=${CREDENTIALS.consumerKey}`,
      `POCKET_TOKEN=${CREDENTIALS.accessToken}`,
    ];
    writeFileSync(join(at.folder, '.env'), lines.join('\n'));
    const fromFile = await start();
    assert.match(fromFile.stdout, /^Tagged 6 of 10 unread items/m);
    await under.close();
  });

  const failures: [why: string, args: string[], env: Record<string, string>, status: number, err: RegExp][] =
    [
      [
        'bands out of order',
        [],
        { BANDS: 'x:5, y:3, z' },
        1,
        /^npm start: BANDS "x:5, y:3, z": "y:3" is out of order; the limits have to rise\n$/,
      ],
      [
        'a server that is not there',
        [],
        { POCKET_API_URL: 'http://127.0.0.1:9/v3', POCKET_KEY: 'k', POCKET_TOKEN: 't' },
        1,
        /^(?:Waiting for [^\n]*\n)*npm start: POST http:\/\/127\.0\.0\.1:9\/v3\/get: no answer \(ECONNREFUSED\).*\n$/,
      ],
      [
        'a secret that is not set',
        [],
        { POCKET_API_URL: 'http://127.0.0.1:9/v3' },
        1,
        /^npm start: .*"POCKET_KEY".*\n$/,
      ],
      [
        'a mode nobody knows',
        ['--mode', 'fast'],
        {},
        2,
        /^error: option '--mode <mode>' .* Allowed choices are/,
      ],
      [
        'a limit that is none',
        ['--limit', 'abc'],
        {},
        2,
        /^error: option '--limit <N>' .* Give a whole number/,
      ],
      ['an option nobody knows', ['--fast'], {}, 2, /^error: unknown option '--fast'/],
    ];
  for (const [why, args, env, status, err] of failures) {
    it(`says in one line what is wrong about ${why}`, async () => {
      const ended = await start(args, env);
      assert.match(ended.stderr, err);
      assert.equal(ended.status, status);
    });
  }

  it('explains itself', async () => {
    const { status, stdout } = await start(['--help']);
    assert.equal(status, 0);
    assert.match(stdout, /--dry-run/);
  });
});
