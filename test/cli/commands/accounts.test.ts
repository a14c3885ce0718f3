import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import {
  type AccountsAtTerminal,
  startAccountsAtTerminal,
  TOKEN,
} from '../../helpers/accounts-at-terminal.ts';
import { GROUP } from '../../helpers/accounts-on-aws.ts';
import { command } from '../../helpers/command.ts';

const DAY_MS = 86_400_000;
const WRONG = 'wrong-9876';

describe('readtime accounts', () => {
  let one: AccountsAtTerminal;
  beforeEach(async () => {
    one = await startAccountsAtTerminal();
  });
  afterEach(() => one.close());

  /** Adds accounts whose credentials the service accepts, but for those of `wrong`. */
  const addAll = async (names: readonly string[], wrong: readonly string[] = []) => {
    const lines = names.map((account) =>
      JSON.stringify({
        account,
        ...one.variables,
        ...(wrong.includes(account) && { KARAKEEP_TOKEN: WRONG }),
      }),
    );
    assert.equal((await one.accounts(['import', '-'], lines.join('\n'))).status, 0);
  };
  const hidesTokens = (...ended: { stdout: string; stderr: string }[]) => {
    for (const { stdout, stderr } of ended) assert.doesNotMatch(stdout + stderr, /token-5678|wrong-9876/);
  };

  it('adds an account of JSON on standard input that the service accepts, and does so once', async () => {
    const added = await one.accounts(['add', 'anna'], { ...one.variables, WORDS_PER_MINUTE: 250 });
    assert.deepEqual([added.status, added.stderr], [0, '']);
    assert.match(
      added.stdout,
      /^Account "anna": added to the stage prod; .* list anna --stage prod shows it\.$/m,
    );
    assert.deepEqual(one.stored('anna'), { ...one.variables, WORDS_PER_MINUTE: '250' });
    assert.deepEqual(one.aws.names(), ['anna-continue', 'anna-full', 'anna-recent']);
    const again = await one.accounts(['add', 'anna'], { WORDS_PER_MINUTE: 250, ...one.variables });
    assert.equal(again.status, 0);
    assert.match(
      again.stdout,
      /^Account "anna": is there already, with these variables; nothing is changed\.$/m,
    );
    const other = await one.accounts(['add', 'anna'], one.variables);
    assert.equal(other.status, 1);
    assert.match(
      other.stderr,
      /other variables; change them with: npm run accounts -- rotate anna --stage prod/,
    );
    hidesTokens(added, again, other);
  });

  const refused: [why: string, name: string, given: object | string, said: RegExp][] = [
    [
      'a token that the service refuses',
      'anna',
      { KARAKEEP_TOKEN: WRONG },
      /nothing is written\. .*credentials refused.* the variable KARAKEEP_TOKEN\.$/,
    ],
    [
      'an address that nobody allowed',
      'anna',
      { KARAKEEP_URL: 'http://10.0.0.1' },
      /not on the public internet/,
    ],
    ['a variable of the operator', 'anna', { LOG_LEVEL: 'DEBUG' }, /LOG_LEVEL is set by who runs the stage/],
    ['a setting that is wrong', 'anna', { BANDS: 'one' }, /BANDS "one": is one band only/],
    ['what is no JSON', 'anna', 'KARAKEEP_TOKEN=token-5678', /is not a JSON object of variables/],
    [
      'nothing',
      'anna',
      '',
      /there is no terminal to ask at; give .*: npm run accounts -- add anna --stage prod < anna\.json$/,
    ],
    ['a name that is none', 'Anna', {}, /Account "Anna": is no name of one/],
  ];
  for (const [why, name, given, said] of refused) {
    it(`adds nothing, with a sentence, of ${why}`, async () => {
      const input = typeof given === 'string' ? given : { ...one.variables, ...given };
      const ended = await one.accounts(['add', name], input);
      assert.deepEqual([ended.status, ended.stdout], [1, '']);
      assert.match(ended.stderr.trimEnd(), said);
      assert.deepEqual([one.stored('anna'), one.aws.names()], [undefined, []]);
      hidesTokens(ended);
    });
  }

  it('adds, with --no-check, also while the service is down', async () => {
    one.karakeep.fault = () => new Response('busy', { status: 503 });
    const refused = await one.accounts(['add', 'anna'], one.variables);
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /nothing is written\. .*503.* With --no-check it is not asked\.$/m);
    assert.deepEqual(one.aws.names(), []);
    const calls = one.karakeep.calls.length;
    const added = await one.accounts(['add', 'anna', '--no-check'], one.variables);
    assert.equal(added.status, 0);
    assert.equal(one.karakeep.calls.length, calls, 'the service is not called');
    assert.deepEqual(one.stored('anna'), one.variables);
  });

  const misused: [why: string, args: string[], said: RegExp][] = [
    [
      'a credential as an argument',
      ['add', 'anna', TOKEN],
      /^readtime accounts: wrong usage; a credential is never an argument\.$/m,
    ],
    [
      'a credential as an option',
      ['rotate', 'anna', `--token=${TOKEN}`],
      /a credential is never an argument/,
    ],
    ['a command that is none', [TOKEN], /a credential is never an argument/],
    ['neither a name nor all', ['check'], /give the name of an account, or --all/],
    ['a name and all', ['remove', 'anna', '--all', '--yes'], /give the name of an account, or --all/],
    [
      'a state that is none',
      ['list', '--state', 'broken'],
      /Choose of active,paused,failing,needs-attention\./,
    ],
    ['too short a recovery', ['remove', 'anna', '--recovery-days', '6'], /Give a whole number from 7 to 30/],
  ];
  for (const [why, args, said] of misused) {
    it(`exits 2, and asks AWS nothing, at ${why}`, async () => {
      const ended = await one.accounts(args);
      assert.deepEqual([ended.status, ended.stdout], [2, '']);
      assert.match(ended.stderr, said);
      assert.match(ended.stderr, /^Usage: readtime accounts/m);
      assert.deepEqual(one.aws.calls, []);
      hidesTokens(ended);
    });
  }

  it('loads no client of AWS for help and wrong usage, which have to be fast', async () => {
    const logged = `import { registerHooks } from 'node:module';
      registerHooks({ resolve: (name, context, next) => (process._rawDebug(name), next(name, context)) });`;
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(logged)}` };
    for (const args of [['add', '--help'], ['remove']]) {
      const { stderr } = await command(resolve('lib/cli/readtime.ts'), ['accounts', ...args], { env });
      assert.match(stderr, /commands\/accounts\.ts$/m);
      assert.doesNotMatch(stderr, /@aws-sdk/);
    }
  });

  it('rotates what JSON on standard input names, once the service accepts it with the rest', async () => {
    await addAll(['anna'], ['anna']);
    const refused = await one.accounts(['rotate', 'anna'], { KARAKEEP_TOKEN: `${WRONG}-2` });
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /Account "anna": nothing is written\. .*credentials refused/);
    assert.deepEqual(one.stored('anna'), { ...one.variables, KARAKEEP_TOKEN: WRONG });
    const rotated = await one.accounts(['rotate', 'anna'], { KARAKEEP_TOKEN: TOKEN, BANDS: 'x:3, y' });
    assert.deepEqual([rotated.status, rotated.stderr], [0, '']);
    assert.match(
      rotated.stdout,
      /^Account "anna": KARAKEEP_TOKEN, BANDS changed; its next run uses what is new\.$/m,
    );
    assert.deepEqual(one.stored('anna'), { ...one.variables, BANDS: 'x:3, y' });
    const unknown = await one.accounts(['rotate', 'ben'], { KARAKEEP_TOKEN: TOKEN });
    assert.equal(unknown.status, 1);
    assert.match(unknown.stderr, /Account "ben": there is none of this name/);
    hidesTokens(refused, rotated);
  });

  describe('list', () => {
    const HOUR_AGO = new Date(Date.now() - 3_600_000).toISOString().replace('T', ' ').replace('Z', '');
    /** Marks it as a run of it would that failed so many days ago. */
    const failsSince = (name: string, days: number) =>
      one.aws.change(`${name}-recent`, ({ Target }) => ({
        Target: {
          ...Target,
          Input: JSON.stringify({
            account: name,
            mode: 'recent',
            failingSince: new Date(Date.now() - days * DAY_MS).toISOString(),
          }),
        },
      }));

    beforeEach(async () => {
      await addAll(['anna', 'ben', 'cleo', 'dora']);
      failsSince('ben', 1.5);
      failsSince('cleo', 9);
      assert.equal((await one.accounts(['pause', 'dora'])).status, 0);
      one.runs = [
        {
          '@timestamp': HOUR_AGO,
          message: 'run-finished',
          account: 'anna',
          mode: 'recent',
          listed: 1234,
          tagged: 3,
        },
        {
          '@timestamp': HOUR_AGO,
          message: 'run-failed',
          account: 'ben',
          reason: 'GET /bookmarks: no answer',
        },
      ];
    });

    it('shows state, last run, items, next run and what is wrong, and sums up', async () => {
      const { status, stdout, stderr } = await one.accounts(['list']);
      assert.deepEqual([status, stderr], [0, '']);
      const [head, anna, ben, cleo, dora, , sum] = stdout.split('\n').map((line) => line.split(/ {2,}/));
      assert.deepEqual(head, ['account', 'state', 'last run', 'items', 'tagged', 'next run']);
      assert.deepEqual(anna?.slice(0, 5), ['anna', 'active', '1 h ago', '1,234', '3']);
      assert.match(anna?.[5] ?? '', /^(in \d+ min|now)$/);
      assert.deepEqual(ben?.slice(0, 3), ['ben', 'failing', '1 h ago']);
      assert.match(ben?.[4] ?? '', /^since \d{4}-\d\d-\d\d: GET \/bookmarks: no answer$/);
      assert.deepEqual(cleo?.slice(0, 2), ['cleo', 'needs attention']);
      assert.deepEqual(dora, ['dora', 'paused']);
      assert.deepEqual(sum, ['4 accounts: 1 active, 1 paused, 1 failing, 1 needs attention.']);
    });

    it('is JSON, a line for each, of those in some states, or with some names', async () => {
      const all = await one.accounts(['list', '--json']);
      const rows = all.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      assert.deepEqual(
        rows.map(({ name, state }) => [name, state]),
        [
          ['anna', 'active'],
          ['ben', 'failing'],
          ['cleo', 'needs attention'],
          ['dora', 'paused'],
        ],
      );
      assert.deepEqual([rows[0].lastRun.ok, rows[0].lastRun.listed, rows[1].lastRun.ok], [true, 1234, false]);
      const some = await one.accounts(['list', '--json', '--state', 'needs-attention,paused']);
      assert.deepEqual(
        some.stdout
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line).name),
        ['cleo', 'dora'],
      );
      const named = await one.accounts(['list', 'dora', 'nobody', '--json']);
      assert.deepEqual([named.status, JSON.parse(named.stdout).name], [1, 'dora']);
      assert.match(named.stderr, /Account "nobody": is not there; add it with: .* add nobody --stage prod$/m);
    });

    it('says in a sentence that the logs may not be read, and shows the rest', async () => {
      one.runs = undefined;
      const { status, stdout, stderr } = await one.accounts(['list']);
      assert.equal(status, 0);
      assert.match(stderr, /^readtime: last runs are not shown: .*access denied.*logs:StartQuery/);
      assert.match(stdout, /^ben +failing +\S+ ?\S* ?\S* +since \d{4}-\d\d-\d\d$/m);
      assert.match(stdout, /^4 accounts: /m);
    });
  });

  it('says where there is nobody yet, and where there is no stage', async () => {
    const none = await one.accounts(['list']);
    assert.deepEqual([none.status, none.stderr], [0, '']);
    assert.match(
      none.stdout,
      /^The stage prod has no accounts yet; add one with: npm run accounts -- add NAME --stage prod$/m,
    );
    for (const name of ['_recent', '_full']) one.aws.scheduler.schedules.delete(`${GROUP}/${name}`);
    const noStage = await one.accounts(['list']);
    assert.deepEqual([noStage.status, noStage.stdout], [1, '']);
    assert.match(
      noStage.stderr,
      /the stage "prod" has no accounts here; deploy it with the parameter accounts: true/,
    );
  });

  it('checks one account as readtime check does, or all of them, a line each', async () => {
    await addAll(['anna', 'ben', 'cleo'], ['ben']);
    const anna = await one.accounts(['check', 'anna']);
    assert.equal(anna.status, 0);
    assert.match(
      anna.stdout,
      /^KARAKEEP_TOKEN +yes[\s\S]*The reading list accepts the secrets, for writing too\.$/m,
    );
    const ben = await one.accounts(['check', 'ben', '--quiet']);
    assert.deepEqual([ben.status, ben.stdout], [1, '']);
    assert.match(ben.stderr, /credentials refused.* rotate ben --stage prod/);
    // Not there any longer where its schedule says: what cannot be checked keeps no other from it.
    one.aws.secrets.secrets.delete('prod/accounts/cleo');
    const all = await one.accounts(['check', '--all']);
    assert.equal(all.status, 1);
    const lines = all.stdout.split('\n');
    assert.ok(lines.includes('anna: The reading list accepts the secrets, for writing too.'), all.stdout);
    assert.ok(
      lines.some((line) => line.startsWith('ben: The reading list: ')),
      all.stdout,
    );
    assert.ok(
      lines.some((line) => line.startsWith('cleo: Account "cleo": has no credentials')),
      all.stdout,
    );
    assert.match(all.stdout, /^3 accounts checked: 1 well, 2 not\.$/m);
    const json = await one.accounts(['check', '--all', '--json']);
    const rows = json.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(rows.map(({ account, ok }) => `${account} ${ok}`).toSorted(), [
      'anna true',
      'ben false',
      'cleo false',
    ]);
    hidesTokens(anna, ben, all, json);
    one.karakeep.tokens.add(WRONG);
    await one.accounts(['remove', 'cleo']);
    const well = await one.accounts(['check', '--all', '--quiet']);
    assert.deepEqual(well, { status: 0, stdout: '', stderr: '' });
  });

  it('pauses and resumes', async () => {
    await addAll(['anna']);
    const stateOf = () => one.aws.scheduler.schedules.get(`${GROUP}/anna-recent`)?.State;
    const paused = await one.accounts(['pause', 'anna']);
    assert.deepEqual([paused.status, stateOf()], [0, 'DISABLED']);
    assert.match(paused.stdout, /^Account "anna": paused; it goes on with: .* resume anna --stage prod$/m);
    const resumed = await one.accounts(['resume', 'anna']);
    assert.deepEqual([resumed.status, stateOf()], [0, 'ENABLED']);
    assert.equal((await one.accounts(['pause', 'nobody'])).status, 1);
  });

  it('removes one, and says until when and how its credentials are restored', async () => {
    await addAll(['anna', 'ben']);
    const { status, stdout } = await one.accounts(['remove', 'anna', '--recovery-days', '7']);
    assert.equal(status, 0);
    const { deletedAt = 0 } = one.aws.secrets.secrets.get('prod/accounts/anna') ?? {};
    const day = new Date(deletedAt * 1000).toISOString().slice(0, 10);
    assert.ok(deletedAt * 1000 < Date.now() + 7.5 * DAY_MS);
    assert.match(
      stdout,
      new RegExp(
        `removed from the stage prod\\. Credentials will be deleted on ${day}; until then: aws secretsmanager restore-secret --secret-id prod/accounts/anna --region eu-central-1;`,
      ),
    );
    assert.deepEqual(one.aws.names(), ['ben-continue', 'ben-full', 'ben-recent']);
  });

  it('removes all only where somebody agrees, and then leaves nothing', async () => {
    await addAll(['anna', 'ben', 'cleo']);
    const asked = await one.accounts(['remove', '--all']);
    assert.deepEqual([asked.status, asked.stdout], [1, '']);
    assert.match(
      asked.stderr,
      /All 3 accounts of the stage prod: nothing is removed.*nobody to ask; .* remove --all --yes --stage prod$/m,
    );
    assert.equal(one.aws.names().length, 9);
    const removed = await one.accounts(['remove', '--all', '--yes']);
    assert.deepEqual([removed.status, removed.stderr], [0, '']);
    assert.match(removed.stdout, /^3 accounts removed from the stage prod\.$/m);
    assert.match(
      removed.stdout,
      /^Credentials will be deleted on \d{4}-\d\d-\d\d; .* prod\/accounts\/NAME --region eu-central-1/m,
    );
    assert.match(
      removed.stdout,
      /^The stage itself is removed with: npm run remove -- --stage prod --region eu-central-1$/m,
    );
    assert.deepEqual(one.aws.names(), []);
    assert.deepEqual(['anna', 'ben', 'cleo'].map(one.stored), [undefined, undefined, undefined]);
  });

  it('imports lines of JSON, names the wrong ones by their number, and goes on where it was', async () => {
    const file = join(one.folder, 'accounts.jsonl');
    const line = (account: string, more = {}) => JSON.stringify({ account, ...one.variables, ...more });
    writeFileSync(
      file,
      [line('anna'), line('Ben'), '', line('cleo', { LOG_LEVEL: 'DEBUG' }), 'token-5678', line('dora')].join(
        '\r\n',
      ),
    );
    const first = await one.accounts(['import', 'accounts.jsonl']);
    assert.equal(first.status, 1);
    assert.deepEqual(
      [...first.stderr.matchAll(/^readtime: accounts\.jsonl, line (\d+): /gm)].map(([, number]) => number),
      ['2', '4', '5'],
    );
    assert.match(first.stdout, /^2 accounts added to the stage prod, 3 lines refused\.$/m);
    assert.match(first.stdout, /check --all --stage prod$/m);
    assert.deepEqual(one.stored('dora'), one.variables);
    writeFileSync(file, `${line('anna')}\n${line('ben')}\n`);
    const second = await one.accounts(['import', 'accounts.jsonl']);
    assert.deepEqual([second.status, second.stderr], [0, '']);
    assert.match(second.stdout, /^1 account added to the stage prod, 1 there already\.$/m);
    hidesTokens(first, second);
    const none = await one.accounts(['import', 'none.jsonl']);
    assert.deepEqual(none, {
      status: 1,
      stdout: '',
      stderr: 'readtime: Cannot use "none.jsonl": no such file or directory\n',
    });
  });

  it('imports into packed secrets', async () => {
    const lines = ['anna', 'ben'].map((account) => JSON.stringify({ account, ...one.variables }));
    const { status } = await one.accounts(['import', '-', '--packed'], lines.join('\n'));
    assert.equal(status, 0);
    assert.deepEqual(one.stored('shard-1'), { anna: one.variables, ben: one.variables });
    const removed = await one.accounts(['remove', 'anna']);
    assert.match(removed.stdout, /which were packed with others, are gone from there; revoke them/);
    const all = await one.accounts(['remove', '--all', '--yes']);
    assert.match(
      all.stdout,
      /^1 account removed[\s\S]*^Packed ones are in prod\/accounts\/shard-1, and so on\.$/m,
    );
  });

  it('packs accounts, and says what that saves', async () => {
    await addAll(['anna', 'ben', 'cleo']);
    const packed = await one.accounts(['pack']);
    assert.equal(packed.status, 0);
    assert.match(
      packed.stdout,
      /^3 accounts moved into one packed secret, which costs 0\.80 USD a month less\.$/m,
    );
    assert.deepEqual(Object.keys(one.stored('shard-1') as object), ['anna', 'ben', 'cleo']);
    const again = await one.accounts(['pack']);
    assert.deepEqual([again.status, again.stdout], [0, 'Every account is packed already.\n']);
  });

  const interrupted: [args: string[], before: string[], input: string[], goOn: RegExp, left: number][] = [
    [['import', '-'], [], ['anna', 'ben', 'cleo'], /the same command goes on where it stopped/, 9],
    [['import', '-', '--packed'], [], ['anna', 'ben'], /the same command goes on where it stopped/, 6],
    [['pack'], ['anna', 'ben'], [], /pack --stage prod goes on where it stopped/, 6],
    [['remove', '--all', '--yes'], ['anna', 'ben'], [], /remove --all --stage prod removes the others/, 0],
    [['check', '--all'], ['anna', 'ben'], [], /the same command begins again/, 6],
  ];
  for (const [args, before, input, goOn, left] of interrupted) {
    it(`can be stopped by Ctrl-C, says how to go on, and does: ${args.join(' ')}`, async () => {
      if (before.length > 0) await addAll(before);
      const lines = input.map((account) => JSON.stringify({ account, ...one.variables })).join('\n');
      const typed = ['--', resolve('lib/cli/readtime.ts'), 'accounts', ...args, '--stage', 'prod'];
      const child = spawn(process.execPath, typed, {
        env: { PATH: process.env.PATH, ...one.env },
        cwd: one.folder,
      });
      const seen = one.aws.calls.length;
      one.aws.onCall = (_call, number) => {
        if (number === seen + 3) child.kill('SIGINT');
        return undefined;
      };
      child.stdin.end(lines);
      const ended = new Promise<number | null>((done) => child.once('close', done));
      const [said, status] = [await text(child.stderr), await ended];
      assert.equal(status, 3, said);
      assert.match(said, /^readtime: stopped before the end; /m);
      assert.match(said, goOn);
      one.aws.onCall = () => undefined;
      assert.equal((await one.accounts(args, lines)).status, 0);
      assert.equal(one.aws.names().length, left);
    });
  }
});
