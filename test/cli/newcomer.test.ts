import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { atTerminal } from '../helpers/at-terminal.ts';
import { faults } from '../helpers/faults.ts';
import { articles, environmentFor, type PocketUnderTest, pocketWith } from '../helpers/pocket.ts';
import { type Terminal, terminal } from '../helpers/readtime.ts';
import type { FaultyCall } from '../helpers/test-pocket.ts';

const [CTRL_C, CTRL_D] = ['\u0003', '\u0004'];
const AWS = { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' };

describe('readtime in the hands of a newcomer', () => {
  let at: Terminal;
  beforeEach(() => {
    at = terminal();
  });
  afterEach(() => at.close());

  const left: [why: string, typed: string, prompt: string, key: string, ended: RegExp][] = [
    ['speed, Ctrl-C', 'speed', 'Enter shows it: ', CTRL_C, /status 130/],
    ['speed, Ctrl-D', 'speed', 'Enter shows it: ', CTRL_D, /status 130/],
    ['a secret, Ctrl-C', 'secrets set POCKET_KEY', 'Value of POCKET_KEY', CTRL_C, /status 130/],
    ['a secret, Ctrl-D', 'secrets set POCKET_KEY', 'Value of POCKET_KEY', CTRL_D, /status 130/],
    ['a plan, Ctrl-C is a no', 'plan --sample', 'Write these', CTRL_C, /Nothing is written\..*status 0/s],
    ['a plan, Ctrl-D is a no', 'plan --sample', 'Write these', CTRL_D, /Nothing is written\..*status 0/s],
  ];
  for (const [why, typed, prompt, key, ended] of left) {
    it(`may leave a prompt, without a stack: ${why}`, async () => {
      const shown = await atTerminal(`${typed}; echo "status $?"`, at.folder, [[prompt, () => key]], AWS);
      assert.match(shown, ended);
      assert.doesNotMatch(shown, /Error|node:internal|Warning/);
    });
  }

  it('finds nothing new in the folder where no list is named', async () => {
    assert.equal((await at.readtime(['tag'])).status, 1);
    assert.deepEqual(readdirSync(at.folder), ['.env']);
  });

  const swallowed: [typed: string, args: string[], env: Record<string, string>, remedy: RegExp][] = [
    ['npm start --dry-run', ['start'], { npm_config_dry_run: 'true' }, /: npm start -- --dry-run\n/],
    ['npm start --limit 5', ['start', '5'], { npm_config_limit: 'true' }, /: npm start -- --limit\n/],
    ['npm start --limit=abc', ['start'], { npm_config_limit: 'abc' }, /: npm start -- --limit\n/],
    ['npm start --max-minutes=5', ['start'], { npm_config_max_minutes: '5' }, /-- --max-minutes\n/],
    ['npm run deploy --check', ['deploy'], { npm_config_check: 'true' }, /: npm run deploy -- --check\n/],
    ['npm run deploy --stage prod', ['deploy', 'prod'], { npm_config_stage: 'true' }, /-- --stage\n/],
    ['npm run secrets list --region=x', ['secrets', 'list'], { npm_config_region: 'x' }, /-- --region\n/],
    [
      'npm exec readtime tag --dry-run',
      ['tag'],
      { npm_config_dry_run: 'true' },
      /npm exec -- readtime tag --dry-run\n/,
    ],
  ];
  for (const [typed, args, env, remedy] of swallowed) {
    it(`is told of an option that npm took for itself: ${typed}`, async () => {
      const script = typed.startsWith('npm exec') ? 'npx' : args[0];
      const { status, stdout, stderr } = await at.readtime(args, {
        ...env,
        npm_lifecycle_event: script ?? '',
      });
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, remedy);
      assert.match(stderr, /^[^\n]*npm took --[a-z-]+ for itself, so nothing was done; [^\n]*\n$/);
      assert.equal(existsSync(join(at.folder, '.data')), false);
    });
  }

  it('may call npx --yes, which is no answer to a plan', async () => {
    const { status, stdout } = await at.readtime(['plan', '--sample'], { npm_config_yes: 'true' });
    assert.equal(status, 0);
    assert.match(stdout, /^Nothing is written: there is nobody to ask\./m);
  });

  it('reads what is wrong with the settings alone, not below the sample', async () => {
    for (const args of [['plan', '--sample'], ['start']]) {
      const { status, stdout, stderr } = await at.readtime(args, { BANDS: 'x:5, y:3, z' });
      assert.deepEqual([status, stdout], [1, '']);
      assert.match(stderr, /the limits have to rise\n$/);
    }
  });

  it('learns how to set it up, and how to try it, where no list is named', async () => {
    const { status, stderr } = await at.readtime(['tag']);
    assert.equal(status, 1);
    assert.match(stderr, /; name yours with: readtime init; .*; or try a sample: readtime plan --sample\n$/);
  });

  const helped: [args: string[], said: RegExp][] = [
    [['pocket', 'serve', '--help'], /Usage: readtime pocket serve.*POCKET_KEY and POCKET_TOKEN/s],
    [['pocket', 'import', '--help'], /Usage: readtime pocket import \[options\] <FILE\.\.\.>/],
    [['secrets', 'set', '--help'], /Usage: readtime secrets set.*--region <region>/s],
    [['secrets', 'delete', '--help'], /--recovery-days.*--region <region>/s],
    [['help', 'secrets', 'set'], /Usage: readtime secrets set/],
  ];
  for (const [args, said] of helped) {
    it(`gets help: ${args.join(' ')}`, async () => {
      const { status, stdout, stderr } = await at.readtime(args);
      assert.deepEqual([status, stderr], [0, '']);
      assert.match(stdout, said);
    });
  }

  it('serves no Pocket beside another list without saying how, and keeps its .env', async () => {
    const file = join(at.folder, '.env');
    writeFileSync(file, 'READING_LIST=karakeep\n');
    const { status, stdout, stderr } = await at.readtime(['pocket', 'serve'], { PORT: '0' });
    assert.deepEqual([status, stdout], [1, '']);
    assert.match(
      stderr,
      /^readtime: Cannot serve a Pocket with READING_LIST "karakeep": set POCKET_KEY and POCKET_TOKEN/,
    );
    assert.equal(readFileSync(file, 'utf8'), 'READING_LIST=karakeep\n');
  });

  it('serves one beside another list by credentials of its own, and keeps its .env', async () => {
    const own = 'READING_LIST=karakeep\nPOCKET_KEY=k\nPOCKET_TOKEN=t\n';
    writeFileSync(join(at.folder, '.env'), own);
    const shown = await atTerminal('pocket serve', at.folder, [['Ctrl-C stops it', () => CTRL_C]], {
      PORT: '0',
    });
    assert.match(
      shown,
      /READING_LIST is karakeep: the tagger goes on to use that, and \.env stays as it is\./,
    );
    assert.equal(readFileSync(join(at.folder, '.env'), 'utf8'), own);
  });

  it('may cut the output off: | head -1', async () => {
    const typed = `plan --sample | head -1; echo "status \${PIPESTATUS[0]}"`;
    const child = spawn(
      'bash',
      ['-c', `'${process.execPath}' '${resolve('lib/cli/readtime.ts')}' ${typed}`],
      {
        cwd: at.folder,
        env: { PATH: process.env.PATH },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let said = '';
    let complaints = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    child.stderr.on('data', (chunk) => (complaints += chunk));
    await once(child, 'close');
    assert.match(said, /^A sample reading list[^\n]*\nstatus 0\n$/);
    assert.doesNotMatch(complaints, /EPIPE|^\s+at /m);
  });

  it('may type in a folder that was removed meanwhile', async () => {
    const child = spawn(
      'bash',
      [
        '-c',
        `mkdir gone; cd gone; rmdir ../gone; '${process.execPath}' '${resolve('lib/cli/readtime.ts')}' check`,
      ],
      { cwd: at.folder, env: { PATH: process.env.PATH }, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let said = '';
    child.stderr.on('data', (chunk) => (said += chunk));
    await once(child, 'close');
    assert.match(said, /Cannot use "the current folder": no such file or directory\n$/);
    assert.doesNotMatch(said, /node:internal/);
  });
});

describe('a failure at a terminal', () => {
  let at: Terminal;
  let under: PocketUnderTest;
  let fault: (call: FaultyCall) => ReturnType<typeof faults.html> | undefined;
  beforeEach(async () => {
    at = terminal();
    under = await pocketWith(articles(40), { fault: (call) => fault(call) });
  });
  afterEach(async () => {
    await under.close();
    at.close();
  });

  // test/helpers/readtime.ts looks for two marks at the end of every sentence.
  const questions: [why: string, fault: typeof fault, args: string[], said: RegExp][] = [
    ['a page for people', () => faults.html(), ['check'], /is this a Pocket v3 server\?$|JSON/m],
    ['a wrong address', () => faults.html(404), ['check'], /up to and including \/v3\?$/m],
    [
      'a wrong address, after some changes',
      ({ n }) => (n > 4 ? faults.html(404) : undefined),
      ['tag', '--full'],
      /up to and including \/v3\? Before that, \d+ items were tagged$/m,
    ],
  ];
  for (const [why, spoilt, args, said] of questions) {
    it(`asks its question once, and goes on: ${why}`, async () => {
      fault = spoilt;
      const { status, stdout, stderr } = await at.readtime(args, environmentFor(under.server));
      assert.equal(status, 1);
      assert.match(stdout + stderr, said);
    });
  }
});
