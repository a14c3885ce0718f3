import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { atTerminal } from '../helpers/at-terminal.ts';
import { command } from '../helpers/command.ts';
import { articles, environmentFor, type PocketUnderTest, pocketWith } from '../helpers/pocket.ts';
import { type Terminal, terminal } from '../helpers/readtime.ts';

const NOT_THERE = { POCKET_API_URL: 'http://127.0.0.1:9/v3', POCKET_KEY: 'k', POCKET_TOKEN: 't' };

describe('readtime', () => {
  let at: Terminal;
  let under: PocketUnderTest;
  let own: Record<string, string>;
  beforeEach(async () => {
    at = terminal();
    under = await pocketWith(articles(10));
    own = environmentFor(under.server);
  });
  afterEach(async () => {
    await under.close();
    at.close();
  });

  it('tags, and takes the tags off again', async () => {
    const tagged = await at.readtime(['tag'], own);
    assert.deepEqual([tagged.status, tagged.stderr], [0, '']);
    assert.match(tagged.stdout, /^Tagged 10 of 10 unread items: 4 a quick read, 6 a medium read\.$/m);
    assert.deepEqual(under.tagsById()['1'], ['a quick read']);
    const untagged = await at.readtime(['untag'], own);
    assert.match(untagged.stdout, /^Removed our tags from 10 of 10 items\.$/m);
    assert.deepEqual(under.tagsById()['1'], []);
  });

  it('lists what a dry run would change, and writes nothing', async () => {
    const { status, stdout } = await at.readtime(['tag', '--dry-run'], own);
    assert.equal(status, 0);
    assert.match(stdout, /^\+ a quick read +1 min {2}Article 1$/m);
    assert.match(stdout, /^Would tag 10 of 10/m);
    assert.deepEqual(under.tagsById()['1'], []);
  });

  it('gives a script the summary as JSON, and nothing else', async () => {
    const { status, stdout, stderr } = await at.readtime(['tag', '--full', '--json'], own);
    const { mode, tagged, complete } = JSON.parse(stdout);
    assert.deepEqual([mode, tagged, complete, status, stderr], ['full', 10, true, 0, '']);
    const check = await at.readtime(['check', '--json'], own);
    assert.equal(JSON.parse(check.stdout).readingList.accepts, true);
    const sample = await at.readtime(['tag', '--sample', '--json']);
    assert.equal(JSON.parse(sample.stdout).listed, 45);
  });

  it('says nothing under cron when all is well', async () => {
    const silent = { status: 0, stdout: '', stderr: '' };
    assert.deepEqual(await at.readtime(['tag', '--quiet'], own), silent);
    assert.deepEqual(await at.readtime(['check', '--quiet'], own), silent);
    assert.deepEqual(await at.readtime(['untag', '--quiet', '--dry-run'], own), silent);
  });

  it('stops at a limit with a status of its own', async () => {
    const { status, stdout, stderr } = await at.readtime(['tag', '--limit', '4', '--quiet'], own);
    assert.deepEqual([status, stdout], [3, '']);
    assert.match(
      stderr,
      /^readtime: Tagged 4 of 4 .* Stopped at the limit on changes, with 6 more to change; the next full run continues\.\n$/,
    );
  });

  it('ends at Ctrl-C after the batch in hand, and says how far it came', async () => {
    await under.close();
    // Slow enough to be interrupted, after the first page.
    const slow = { kind: 'slow', delayMs: 1500 } as const;
    under = await pocketWith(articles(200), {
      fault: ({ endpoint, n }) => (endpoint === 'get' && n > 2 ? slow : undefined),
    });
    const asked = under.server;
    const shown = await atTerminal(
      'tag --full',
      at.folder,
      [['of 200 items', () => '\u0003']],
      environmentFor(asked),
    );
    const tagged = Object.values(under.tagsById()).flat().length;
    assert.match(
      shown.replace(/\s+/g, ' '),
      new RegExp(
        `Tagged ${tagged} of \\d+ unread items, of 200 in all: .* Stopped when asked to; the next full run continues\\.`,
      ),
    );
    assert.ok(tagged > 0 && tagged < 200, `${tagged}`);
  });

  const failing: [why: string, args: string[], env: Record<string, string>, said: RegExp][] = [
    ['no reading list', ['tag'], {}, /no reading list is named/],
    ['a server that is not there', ['tag', '--json'], NOT_THERE, /no answer \(ECONNREFUSED\)/],
    ['bands out of order', ['untag'], { ...NOT_THERE, BANDS: 'x:5, y:3, z' }, /the limits have to rise/],
    [
      'a secret that is not set',
      ['tag', '--quiet'],
      { POCKET_API_URL: 'http://127.0.0.1:9/v3' },
      /"POCKET_KEY"/,
    ],
    ['a speed without a terminal', ['speed'], {}, /needs a terminal/],
    ['a check that finds something wrong', ['check', '--quiet'], NOT_THERE, /reading list/],
  ];
  for (const [why, args, env, said] of failing) {
    it(`fails with one line on standard error: ${why}`, async () => {
      const { status, stdout, stderr } = await at.readtime(args, env);
      assert.deepEqual([status, stdout], [1, '']);
      assert.match(stderr, said);
      assert.match(stderr, /^readtime: [^\n]*\n$/);
    });
  }

  const misused: [why: string, args: string[], said: RegExp][] = [
    ['nothing asked for', [], /Usage: readtime/],
    ['a wrong word', ['tga'], /Did you mean tag\?/],
    ['a wrong word further on', ['pocket', 'imprt', 'x'], /Did you mean import\?/],
    ['a wrong option', ['tag', '--dryrun'], /Did you mean --dry-run\?/],
    ['a limit that is none', ['tag', '--limit', '0'], /Give a whole number above 0/],
    ['both ways to print', ['tag', '--json', '--quiet'], /cannot be used with/],
    ['one word too many', ['tag', 'everything'], /too many arguments/],
    ['an import of nothing', ['pocket', 'import'], /missing required argument/],
    ['all of one item', ['explain', '1', '--all'], /--all is for --unknown/],
  ];
  for (const [why, args, said] of misused) {
    it(`exits 2, and helps: ${why}`, async () => {
      const { status, stdout, stderr } = await at.readtime(args);
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, said);
    });
  }

  it('never repeats a value that was given as an argument', async () => {
    const { status, stdout, stderr } = await at.readtime(['secrets', 'set', 'POCKET_KEY', 'hunter2']);
    assert.equal(status, 2);
    assert.match(stderr, /^readtime secrets: wrong usage/);
    assert.doesNotMatch(stdout + stderr, /hunter2/);
  });

  it('neither shows nor sends a token that was given as the name of a secret', async () => {
    const token = 'ak2_3f9c0e7b21d84a6f95c0_d7e41b8f60a2c9537e18b4d6f0a3c952';
    const aws = { AWS_REGION: 'eu-central-1', AWS_ENDPOINT_URL: 'http://127.0.0.1:1' };
    for (const args of [['set', token], ['list', token], ['delete', token], ['list']]) {
      const env = { ...aws, POCKET_KEY_SECRET: token };
      const { status, stdout, stderr } = await at.readtime(['secrets', ...args], env);
      assert.deepEqual([status, stdout], [1, '']);
      assert.match(stderr, /^readtime: The name that was given looks like a secret itself; give/);
      assert.doesNotMatch(stderr, /3f9c0e7b/);
    }
  });

  it('goes to a service by the proxy that .env names, and to this machine without', async () => {
    const proxy = 'HTTP_PROXY=http://me:hush@127.0.0.1:1';
    writeFileSync(join(at.folder, '.env'), `${proxy}\nSECRETS_FROM=env\nKARAKEEP_TOKEN=t\nPOCKET_KEY=k\n`);
    const karakeep = { READING_LIST: 'karakeep', KARAKEEP_URL: 'http://karakeep.invalid' };
    const away = await at.readtime(['check', '--quiet'], karakeep);
    const here = await at.readtime(['check', '--quiet'], { ...own, POCKET_TOKEN: 'wrong' });
    assert.match(away.stderr, /no answer \(ECONNREFUSED\) by the proxy that HTTP_PROXY names/);
    // What is wrong is told by the service itself, with the remedy of .env, not by a command for AWS.
    assert.match(here.stderr, /token is not valid; nothing in the secrets .*: the variable .*in \.env/);
    assert.doesNotMatch(away.stderr + here.stderr, /hush|npm run secrets/);
  });

  it('imports and exports a Pocket of your own', async () => {
    assert.match((await at.readtime(['pocket', 'export'])).stdout, /^title,url,time_added,tags,status/);
    const { status, stderr } = await at.readtime(['pocket', 'import', 'none.zip']);
    assert.deepEqual([status, stderr.slice(0, 32)], [1, 'readtime: Cannot read "none.zip"']);
  });

  it('has help that fits on a screen of 80 by 24, with examples', async () => {
    for (const args of [
      ['--help'],
      ['tag', '--help'],
      ['help', 'untag'],
      ['plan', '--help'],
      ['pocket', '--help'],
    ]) {
      const { status, stdout } = await at.readtime(args);
      const lines = stdout.trimEnd().split('\n');
      assert.equal(status, 0);
      assert.ok(lines.length <= 24, `${args}: ${lines.length} lines`);
      for (const line of lines) assert.ok(line.length <= 80, line);
    }
    assert.match((await at.readtime(['--help'])).stdout, /Examples:\n/);
  });

  it('loads neither a command nor commander for its help and for completion, which have to be fast', async () => {
    const logged = `import { registerHooks } from 'node:module';
      registerHooks({ resolve: (name, context, next) => (process._rawDebug(name), next(name, context)) });`;
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(logged)}` };
    for (const args of [['--help'], ['complete', '--', 'ta']]) {
      const { status, stderr } = await command(resolve('lib/cli/readtime.ts'), args, { env });
      assert.equal(status, 0);
      assert.match(stderr, /quick-answers\.json$/m);
      assert.doesNotMatch(stderr, /^(commander|zod|axios|cli-table3|node:sqlite)$/m);
    }
  });

  it('completes commands and options in a shell', async () => {
    const words = await at.readtime(['complete', '--', 'unt']);
    assert.match(words.stdout, /^untag\t/m);
    const options = await at.readtime(['complete', '--', 'tag', '--dr']);
    assert.match(options.stdout, /^--dry-run\t/m);
    for (const shell of ['bash', 'zsh', 'fish', 'powershell'])
      assert.match((await at.readtime(['complete', shell])).stdout, /readtime/, shell);
  });

  it('prints no control codes where the output is no terminal', async () => {
    const { stdout, stderr } = await at.readtime(['tag', '--dry-run'], own);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    assert.doesNotMatch(stdout + stderr, /[\u0000-\u0009\u000B-\u001F]/);
  });
});
