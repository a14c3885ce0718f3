import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import {
  type AccountsAtTerminal,
  startAccountsAtTerminal,
  TOKEN,
} from '../../helpers/accounts-at-terminal.ts';
import { atTerminal } from '../../helpers/at-terminal.ts';

const [ENTER, DOWN, CTRL_C, CTRL_D] = ['\r', '\u001B[B', '\u0003', '\u0004'];

/** Without the line breaks and the colours of a terminal. */
const onOneLine = (text: string) => stripVTControlCharacters(text).replaceAll(/\s+/g, ' ');

type Answer = readonly [after: string, keys: () => string];

const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

describeOnLinux('readtime accounts at a terminal', () => {
  let one: AccountsAtTerminal;
  beforeEach(async () => {
    one = await startAccountsAtTerminal(40);
  });
  afterEach(() => one.close());

  const type = async (typed: string, answers: readonly Answer[]) => {
    const said = await atTerminal(
      `accounts ${typed} --stage prod; echo "status $?"`,
      one.folder,
      answers,
      one.env,
    );
    assert.equal(said.includes(TOKEN), false, 'no credential is shown');
    return onOneLine(said);
  };
  const KARAKEEP: Answer = ['your reading list?', () => DOWN + ENTER];
  const ADDRESS: Answer = ['Address of your server:', () => one.karakeep.url + ENTER];
  const RIGHT_TOKEN: Answer = ['KARAKEEP_TOKEN:', () => TOKEN + ENTER];
  const QUARTERS: Answer = ['Which bands?', () => DOWN + ENTER];
  const YES: Answer = ['Add anna to the stage prod', () => ENTER];

  it('asks for service, address, token and bands as init does, tries them, and adds the account', async () => {
    const said = await type('add anna', [KARAKEEP, ADDRESS, RIGHT_TOKEN, QUARTERS, YES]);
    assert.match(said, /accepts the secrets, for writing too\. .* tells the length of 40/);
    assert.match(said, /with READING_LIST, KARAKEEP_URL, KARAKEEP_TOKEN, BANDS\?/);
    assert.match(said, /Account "anna": added to the stage prod; .* status 0/);
    assert.deepEqual(one.stored('anna'), {
      ...one.variables,
      BANDS: 'a quick read:3, a medium read:5, a long read:7, a very long read',
    });
    const again = await type('add anna', []);
    assert.match(again, /"anna": is there already; .* rotate anna --stage prod status 1/);
  });

  it('asks again for a token that is refused, and says what can be done where the service is down', async () => {
    const said = await type('add anna', [
      KARAKEEP,
      ADDRESS,
      ['KARAKEEP_TOKEN:', () => `wrong${ENTER}`],
      ['Give them once more', () => ''],
      ['Address of your server:', () => ENTER],
      [
        'KARAKEEP_TOKEN:',
        () => {
          one.karakeep.fault = () => new Response('busy', { status: 503 });
          return TOKEN + ENTER;
        },
      ],
      ['Give them once more', () => ''],
      ['Address of your server:', () => CTRL_C],
    ]);
    assert.match(said, /credentials refused.*Give them once more/);
    assert.match(said, /503.* With --no-check it is not asked\. Give them once more/);
    assert.match(said, /status 130/);
    assert.deepEqual(one.aws.names(), []);
  });

  it('neither asks the service nor for bands with --no-check', async () => {
    const said = await type('add anna --no-check', [KARAKEEP, ADDRESS, RIGHT_TOKEN, YES]);
    assert.match(said, /added to the stage prod; .* status 0/);
    assert.deepEqual([one.stored('anna'), one.karakeep.calls], [one.variables, []]);
  });

  const left: [why: string, key: string, after: number][] = [
    ['the service, Ctrl-C', CTRL_C, 0],
    ['the token, Ctrl-D', CTRL_D, 2],
    ['the bands, Ctrl-C', CTRL_C, 3],
    ['the last question, Ctrl-C', CTRL_C, 4],
  ];
  for (const [why, key, after] of left) {
    it(`may be left at any question, and leaves nothing: ${why}`, async () => {
      const all = [KARAKEEP, ADDRESS, RIGHT_TOKEN, QUARTERS, YES];
      const [prompt = ''] = all[after] ?? [];
      const said = await type('add anna', [...all.slice(0, after), [prompt, () => key]]);
      assert.match(said, /status 130/);
      assert.doesNotMatch(said, /Error|node:internal|Warning/);
      assert.deepEqual([one.stored('anna'), one.aws.names()], [undefined, []]);
    });
  }

  it('adds nothing at a no', async () => {
    const said = await type('add anna', [
      KARAKEEP,
      ADDRESS,
      RIGHT_TOKEN,
      QUARTERS,
      [YES[0], () => `n${ENTER}`],
    ]);
    assert.match(said, /Nothing is written\. status 0/);
    assert.deepEqual(one.aws.names(), []);
  });

  it('asks for the new credentials alone, of the service that the account has, until they are accepted', async () => {
    const old = { ...one.variables, KARAKEEP_TOKEN: 'old', BANDS: 'x:3, y' };
    await one.accounts(['add', 'anna', '--no-check'], old);
    const said = await type('rotate anna', [
      ['KARAKEEP_TOKEN:', () => `wrong${ENTER}`],
      ['Give them once more', () => ''],
      ['KARAKEEP_TOKEN:', () => TOKEN + ENTER],
    ]);
    assert.ok(said.includes(`${one.karakeep.url}/settings/api-keys`), said);
    assert.doesNotMatch(said, /your reading list\?|Address of your server/);
    assert.match(said, /Account "anna": KARAKEEP_TOKEN changed; .* status 0/);
    assert.deepEqual(one.stored('anna'), { ...old, KARAKEEP_TOKEN: TOKEN });
  });

  const confirmed: [why: string, typed: string, left: number, said: RegExp][] = [
    ['the name of the stage', 'prod', 0, /2 accounts removed from the stage prod\./],
    ['the name of another', 'dev', 6, /Nothing is removed\. status 0/],
    ['yes', 'yes', 6, /Nothing is removed\. status 0/],
  ];
  for (const [why, answer, schedules, expected] of confirmed) {
    it(`removes all accounts only of the stage that is typed: ${why}`, async () => {
      for (const name of ['anna', 'ben']) await one.accounts(['add', name, '--no-check'], one.variables);
      const said = await type('remove --all', [['to remove them:', () => answer + ENTER]]);
      assert.match(said, /All 2 accounts of the stage prod will be removed/);
      assert.match(said, expected);
      assert.equal(one.aws.names().length, schedules);
    });
  }
});
