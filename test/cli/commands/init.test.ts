import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atTerminal } from '../../helpers/at-terminal.ts';
import { articles, CREDENTIALS, type PocketUnderTest, pocketWith } from '../../helpers/pocket.ts';
import { type Terminal, terminal } from '../../helpers/readtime.ts';
import { type FakeServer, fakeItems } from '../../helpers/services/fake-service.ts';
import { fakeKarakeep } from '../../helpers/services/karakeep.ts';
import { fakeReadwise } from '../../helpers/services/readwise.ts';
import { fakeWallabag, LOGIN } from '../../helpers/services/wallabag.ts';

const [ENTER, DOWN, CTRL_C, CTRL_D, CTRL_U] = ['\r', '\u001B[B', '\u0003', '\u0004', '\u0015'];
const TOKEN = 'token-5678';

/** Down to a service, in the order of the table of services, and Enter. */
const service = (place: number) => ['your reading list?', () => DOWN.repeat(place) + ENTER] as const;
const NO_SPEED = ['how fast you read?', () => ENTER] as const;
const WRITE = ['Write READING_LIST', () => ENTER] as const;

/** Without the line breaks of a terminal. */
const onOneLine = (text: string) => text.replaceAll(/\s+/g, ' ');

const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

describeOnLinux('readtime init', () => {
  let at: Terminal;
  let karakeep: FakeServer;
  beforeEach(async () => {
    at = terminal();
    karakeep = await fakeKarakeep(fakeItems(40));
  });
  afterEach(async () => {
    await karakeep.close();
    at.close();
  });
  const dotEnv = () => readFileSync(join(at.folder, '.env'), 'utf8');

  it('writes into the file of --env-file, and takes nothing from the environment or from .env', async () => {
    writeFileSync(join(at.folder, '.env'), `READECK_TOKEN=${TOKEN}\n`);
    const said = await atTerminal(
      'init --env-file lists/anna.env; echo "status $?"',
      at.folder,
      [
        service(1),
        ['Address of your server:', () => karakeep.url + ENTER],
        ['KARAKEEP_TOKEN:', () => TOKEN + ENTER],
        NO_SPEED,
        ['Which bands?', () => ENTER],
        WRITE,
      ],
      { READING_LIST: 'linkding', KARAKEEP_TOKEN: 'of-another', KARAKEEP_URL: 'http://127.0.0.1:1' },
    );
    assert.match(said, /status 0/);
    assert.match(onOneLine(said), /Next: readtime plan --full --env-file lists\/anna\.env shows/);
    assert.ok(!said.includes('is set in the environment, too'));
    assert.deepEqual(readFileSync(join(at.folder, 'lists/anna.env'), 'utf8').split('\n'), [
      'READING_LIST=karakeep',
      `KARAKEEP_URL=${karakeep.url}`,
      `KARAKEEP_TOKEN=${TOKEN}`,
      '',
    ]);
    assert.equal(dotEnv(), `READECK_TOKEN=${TOKEN}\n`);
  });

  it('asks for service, address and token, tries them, proposes bands, and writes .env', async () => {
    const said = await atTerminal('init; echo "status $?"', at.folder, [
      service(1),
      ['Address of your server:', () => `${karakeep.url}/${ENTER}`],
      // Ctrl-T, at which a prompt may show what was typed.
      ['KARAKEEP_TOKEN:', () => `${TOKEN}\u0014${ENTER}`],
      NO_SPEED,
      ['Which bands?', () => DOWN + ENTER],
      WRITE,
    ]);
    assert.match(said, /status 0/);
    assert.ok(said.includes(`${karakeep.url}/settings/api-keys`), said);
    assert.match(said, /The reading list accepts the secrets, for writing too\./);
    assert.match(onOneLine(said), /Of 40 unread items Karakeep or an earlier run tells the length of 40/);
    assert.equal(said.includes(TOKEN), false, 'the token is not shown');
    assert.equal(
      dotEnv(),
      [
        'READING_LIST=karakeep',
        `KARAKEEP_URL=${karakeep.url}/`,
        `KARAKEEP_TOKEN=${TOKEN}`,
        'BANDS=a quick read:3, a medium read:5, a long read:7, a very long read',
        '',
      ].join('\n'),
    );
    assert.equal(statSync(join(at.folder, '.env')).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(at.folder), ['.env']);
    const checked = await at.readtime(['check']);
    assert.match(checked.stdout, /accepts the secrets, for writing too/);
  });

  it('asks again, after a sentence, for a wrong token and for an address where nobody answers', async () => {
    const said = await atTerminal('init; echo "status $?"', at.folder, [
      service(1),
      ['Address of your server:', () => `nonsense${ENTER}`],
      ['is not an http address; give one such as', () => CTRL_U + karakeep.url + ENTER],
      ['KARAKEEP_TOKEN:', () => `wrong${ENTER}`],
      ['The reading list: ', () => ''],
      ['Address of your server:', () => `http://127.0.0.1:9${ENTER}`],
      ['KARAKEEP_TOKEN:', () => TOKEN + ENTER],
      ['ECONNREFUSED', () => ''],
      ['Address of your server:', () => karakeep.url + ENTER],
      ['KARAKEEP_TOKEN (Enter keeps the one that is set):', () => ENTER],
      NO_SPEED,
      ['Which bands?', () => ENTER],
      WRITE,
    ]);
    assert.match(said, /status 0/);
    assert.match(
      onOneLine(said),
      /The reading list: .*KARAKEEP_TOKEN.* Give them once more, or leave by Ctrl-C/,
    );
    assert.doesNotMatch(said, /^\s+at /m);
    assert.match(dotEnv(), new RegExp(`^KARAKEEP_URL=${karakeep.url}\nKARAKEEP_TOKEN=${TOKEN}\n$`, 'm'));
    assert.doesNotMatch(dotEnv(), /BANDS/);
  });

  it('asks for a token alone where the service has one address', async () => {
    const readwise = await fakeReadwise(fakeItems(5));
    const said = await atTerminal(
      'init; echo "status $?"',
      at.folder,
      [service(3), ['READWISE_TOKEN:', () => TOKEN + ENTER], NO_SPEED, WRITE],
      { READWISE_URL: readwise.url },
    );
    await readwise.close();
    assert.match(said, /status 0/);
    assert.match(said, /https:\/\/readwise\.io\/access_token/);
    assert.match(
      onOneLine(said),
      /No other bands can be proposed from that.* `readtime init` can propose some/,
    );
    assert.equal(dotEnv(), `READING_LIST=readwise\nREADWISE_TOKEN=${TOKEN}\n`);
  });

  it('asks for both credentials of a Pocket', async () => {
    const under: PocketUnderTest = await pocketWith(articles(3));
    const said = await atTerminal('init; echo "status $?"', at.folder, [
      service(0),
      ['Base URL of a Pocket', () => under.server.url + ENTER],
      ['POCKET_KEY:', () => CREDENTIALS.consumerKey + ENTER],
      ['POCKET_TOKEN:', () => CREDENTIALS.accessToken + ENTER],
      NO_SPEED,
      WRITE,
    ]);
    await under.close();
    assert.match(said, /status 0/);
    assert.match(
      dotEnv(),
      /^READING_LIST=pocket\nPOCKET_API_URL=http\S+\nPOCKET_KEY=1234-key\nPOCKET_TOKEN=/,
    );
  });

  it('merges into a file that is there, and keeps a token at Enter', async () => {
    const before = `# mine\nREADING_LIST=karakeep\nKARAKEEP_URL=http://127.0.0.1:9 # old\n\nKARAKEEP_TOKEN='${TOKEN}'\nOTHER="a b"`;
    writeFileSync(join(at.folder, '.env'), before);
    const said = await atTerminal('init; echo "status $?"', at.folder, [
      ['your reading list?', () => ENTER],
      ['Address of your server:', () => CTRL_U + karakeep.url + ENTER],
      ['Enter keeps the one that is set', () => ENTER],
      NO_SPEED,
      ['Which bands?', () => ENTER],
      WRITE,
    ]);
    assert.match(said, /status 0/);
    assert.equal(dotEnv(), before.replace('http://127.0.0.1:9 # old', karakeep.url));
  });

  it('does not offer to keep a token that was refused', async () => {
    writeFileSync(join(at.folder, '.env'), 'KARAKEEP_TOKEN=old\n');
    const said = await atTerminal('init; echo "status $?"', at.folder, [
      service(1),
      ['Address of your server:', () => karakeep.url + ENTER],
      ['KARAKEEP_TOKEN (Enter keeps the one that is set):', () => ENTER],
      ['once more', () => ''],
      ['Address of your server:', () => ENTER],
      ['KARAKEEP_TOKEN:', () => TOKEN + ENTER],
      NO_SPEED,
      ['Which bands?', () => ENTER],
      WRITE,
    ]);
    assert.match(said, /status 0/);
    assert.match(dotEnv(), new RegExp(`^KARAKEEP_TOKEN=${TOKEN}$`, 'm'));
  });

  const left: [why: string, key: string, after: number][] = [
    ['the service, Ctrl-C', CTRL_C, 0],
    ['the address, Ctrl-C', CTRL_C, 1],
    ['the token, Ctrl-C', CTRL_C, 2],
    ['the token, Ctrl-D', CTRL_D, 2],
    ['the speed, Ctrl-C', CTRL_C, 3],
    ['the bands, Ctrl-C', CTRL_C, 4],
    ['the last question, Ctrl-C', CTRL_C, 5],
    ['the last question, Ctrl-D', CTRL_D, 5],
  ];
  for (const [why, key, after] of left) {
    it(`may be left at any question, and leaves nothing: ${why}`, async () => {
      const all = [
        service(1),
        ['Address of your server:', () => karakeep.url + ENTER],
        ['KARAKEEP_TOKEN:', () => TOKEN + ENTER],
        NO_SPEED,
        ['Which bands?', () => ENTER],
        WRITE,
      ] as const;
      const [prompt = ''] = all[after] ?? [];
      const said = await atTerminal('init; echo "status $?"', at.folder, [
        ...all.slice(0, after),
        [prompt, () => key],
      ]);
      assert.match(said, /status 130/);
      assert.doesNotMatch(said, /Error|node:internal|Warning/);
      assert.deepEqual([dotEnv(), readdirSync(at.folder)], ['', ['.env']]);
    });
  }

  it('says what to set where there is no terminal', async () => {
    const { status, stdout, stderr } = await at.readtime(['init']);
    assert.equal(status, 1);
    assert.match(
      stdout,
      /^READING_LIST=karakeep\n {2}KARAKEEP_URL: address of your server\n {2}KARAKEEP_TOKEN: the text as it is$/m,
    );
    assert.match(
      stdout,
      /^ {2}WALLABAG: JSON, {"client_id": "\.\.\.", "client_secret": "\.\.\.", "username": "\.\.\.", "password": "\.\.\."}$/m,
    );
    assert.match(stderr, /^readtime: there is no terminal to ask at; write READING_LIST .* into \S+\.env/);
    assert.equal(dotEnv(), '');
  });

  it('writes a wallabag secret as JSON, and proposes a speed where one was measured', async () => {
    const wallabag = await fakeWallabag(fakeItems(30));
    const said = await atTerminal('init; echo "status $?"', at.folder, [
      service(6),
      ['Address of your server:', () => wallabag.url + ENTER],
      ['client_id:', () => LOGIN.clientId + ENTER],
      ['client_secret:', () => LOGIN.clientSecret + ENTER],
      ['username:', () => LOGIN.username + ENTER],
      ['password:', () => TOKEN + ENTER],
      ['how fast you read?', () => `y${ENTER}`],
      ['Enter shows it: ', () => ENTER],
      ['Enter when you have read it: ', () => ENTER],
      ['Nobody reads that in such a time', () => ''],
      ['how fast you read?', () => ENTER],
      ['Which bands?', () => ENTER],
      WRITE,
    ]);
    await wallabag.close();
    assert.match(said, /status 0/);
    const [, json = ''] = /^WALLABAG='(.*)'$/m.exec(dotEnv()) ?? [];
    assert.deepEqual(JSON.parse(json), {
      client_id: LOGIN.clientId,
      client_secret: LOGIN.clientSecret,
      username: LOGIN.username,
      password: TOKEN,
    });
  });

  it('leaves a secret of another name alone', async () => {
    writeFileSync(join(at.folder, '.env'), 'KARAKEEP_TOKEN_SECRET=prod/karakeep\n');
    const said = await atTerminal('init; echo "status $?"', at.folder, [service(1)]);
    assert.match(
      onOneLine(said),
      /KARAKEEP_TOKEN_SECRET names a secret of yours, which init leaves alone; unset it first/,
    );
    assert.match(said, /status 1/);
  });

  it('says what the environment overrules, and replaces the variable that holds the secret', async () => {
    writeFileSync(join(at.folder, '.env'), 'SECRET_KARAKEEP_TOKEN=old\nSECRETS_FROM=aws\n');
    const said = await atTerminal(
      'init; echo "status $?"',
      at.folder,
      [
        service(1),
        ['Address of your server:', () => karakeep.url + ENTER],
        ['Enter keeps the one that is set', () => TOKEN + ENTER],
        NO_SPEED,
        ['Which bands?', () => ENTER],
        WRITE,
      ],
      { KARAKEEP_URL: '', READING_LIST: 'pocket' },
    );
    assert.match(said, /status 0/);
    assert.match(said, /READING_LIST is set in the environment, too, which wins over the file/);
    assert.match(dotEnv(), /^SECRET_KARAKEEP_TOKEN=token-5678\nSECRETS_FROM=env\nREADING_LIST=karakeep\n/);
  });

  it('refuses what it cannot merge, before it asks', async () => {
    writeFileSync(join(at.folder, '.env'), 'set READING_LIST=karakeep\n');
    const said = await atTerminal('init; echo "status $?"', at.folder, []);
    assert.match(onOneLine(said), /\.env, line 1: is not an entry; write READING_LIST=value/);
    assert.match(said, /status 1/);
  });
});
