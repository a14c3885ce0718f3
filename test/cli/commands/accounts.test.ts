import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import {
  type AccountsAtTerminal,
  startAccountsAtTerminal,
  TOKEN,
  WRONG_TOKEN,
} from '../../helpers/accounts-at-terminal.ts';
import { GROUP } from '../../helpers/accounts-on-aws.ts';
import { command } from '../../helpers/command.ts';

describe('readtime accounts', () => {
  let one: AccountsAtTerminal;
  beforeEach(async () => {
    one = await startAccountsAtTerminal();
  });
  afterEach(() => one.close());

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
  });

  const refused: [why: string, name: string, given: object | string, said: RegExp][] = [
    [
      'a token that the service refuses',
      'anna',
      { KARAKEEP_TOKEN: WRONG_TOKEN },
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
    await one.addAll(['anna'], ['anna']);
    const refused = await one.accounts(['rotate', 'anna'], { KARAKEEP_TOKEN: `${WRONG_TOKEN}-2` });
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /Account "anna": nothing is written\. .*credentials refused/);
    assert.deepEqual(one.stored('anna'), { ...one.variables, KARAKEEP_TOKEN: WRONG_TOKEN });
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
  });

  it('pauses and resumes', async () => {
    await one.addAll(['anna']);
    const stateOf = () => one.aws.scheduler.schedules.get(`${GROUP}/anna-recent`)?.State;
    const paused = await one.accounts(['pause', 'anna']);
    assert.deepEqual([paused.status, stateOf()], [0, 'DISABLED']);
    assert.match(paused.stdout, /^Account "anna": paused; it goes on with: .* resume anna --stage prod$/m);
    const resumed = await one.accounts(['resume', 'anna']);
    assert.deepEqual([resumed.status, stateOf()], [0, 'ENABLED']);
    assert.equal((await one.accounts(['pause', 'nobody'])).status, 1);
  });
});
