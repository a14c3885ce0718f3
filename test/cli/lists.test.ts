import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { stripVTControlCharacters } from 'node:util';
import { atTerminal } from '../helpers/at-terminal.ts';
import { type Front, startFront } from '../helpers/front.ts';
import { pageOf, paragraphs } from '../helpers/pages.ts';
import { type Terminal, terminal } from '../helpers/readtime.ts';
import { type FakeItem, fakeItems } from '../helpers/services/fake-service.ts';
import { fakeKarakeep } from '../helpers/services/karakeep.ts';
import { fakeLinkding } from '../helpers/services/linkding.ts';

/** Each is found nowhere but where its list is. */
const [ANNA, BEN, CLEO, OTHERS] = ['anna-token-1234', 'ben-token-5678', 'cleo-token-9012', 'others-3456'];
const HOUR_S = 3600;

describe('several lists', () => {
  let at: Terminal;
  let closing: { close(): unknown }[];
  /** One Karakeep of two accounts, and a linkding. */
  let nas: Front;
  let pi: Front;
  let items: Record<'anna' | 'ben' | 'cleo', FakeItem[]>;
  beforeEach(async () => {
    at = terminal();
    items = {
      anna: fakeItems(2, { words: 700 }),
      ben: fakeItems(3, { words: 200 }),
      cleo: fakeItems(1),
    };
    const anna = await fakeKarakeep(items.anna, { token: ANNA });
    const ben = await fakeKarakeep(items.ben, { token: BEN });
    const cleo = await fakeLinkding(items.cleo, { token: CLEO });
    nas = await startFront({ [ANNA]: anna, [BEN]: ben });
    // linkding puts "Token" before it.
    pi = await startFront({ [CLEO]: cleo });
    closing = [nas, pi, anna, ben, cleo];
    keep('anna', karakeep(ANNA, 'BANDS=kurz:2, lang'));
    keep('ben', karakeep(BEN, 'BANDS=tiny:1, huge'));
    keep('cleo', ['READING_LIST=linkding', `LINKDING_URL=${pi.url}`, `LINKDING_TOKEN=${CLEO}`]);
  });
  afterEach(async () => {
    for (const one of closing) await one.close();
    at.close();
  });

  const karakeep = (token: string, ...more: string[]) => [
    'READING_LIST=karakeep',
    `KARAKEEP_URL=${nas.url}`,
    `KARAKEEP_TOKEN=${token}`,
    ...more,
  ];
  const keep = (name: string, lines: readonly string[]) =>
    writeFileSync(join(at.folder, `${name}.env`), `${lines.join('\n')}\n`);
  const filesOf = (...names: string[]) => names.flatMap((name) => ['--env-file', `${name}.env`]);
  const BOTH = filesOf('anna', 'ben');
  const NO_PAGES = { FETCH_PAGES: 'false' };
  const tagsOf = (list: readonly FakeItem[]) => [...new Set(list.flatMap(({ tags }) => tags))];
  const linesOf = (stdout: string) =>
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('are kept apart: tokens, bands, lengths, and nothing of the environment or of .env is sent', async () => {
    const trap = await startFront({});
    const site = await siteOf(pageOf(paragraphs(4), { title: 'The river' }));
    closing.push(trap, site.server);
    // The same item in both lists of one server: its length is kept by each.
    for (const list of [items.anna, items.ben])
      Object.assign(list[0] ?? {}, { id: '9', url: `${site.url}/river`, ready: false });
    writeFileSync(
      join(at.folder, '.env'),
      `READING_LIST=pocket\nPOCKET_API_URL=${trap.url}\nPOCKET_KEY=k\nPOCKET_TOKEN=${OTHERS}\nBANDS=no:1, never\n`,
    );
    const { status, stdout, stderr } = await at.readtime(
      ['tag', '--full', ...filesOf('anna', 'ben', 'cleo')],
      {
        READING_LIST: 'readeck',
        READECK_URL: trap.url,
        READECK_TOKEN: OTHERS,
        KARAKEEP_URL: trap.url,
        KARAKEEP_TOKEN: OTHERS,
        SECRET_KARAKEEP_TOKEN: OTHERS,
        LINKDING_TOKEN: OTHERS,
        SECRETS_FROM: 'aws',
        AWS_ENDPOINT_URL: trap.url,
        AWS_ACCESS_KEY_ID: 'key',
        AWS_SECRET_ACCESS_KEY: OTHERS,
        BANDS: 'now:3, later',
        PAGES_ALLOW_HOSTS: new URL(site.url).host,
      },
    );
    assert.deepEqual([status, stderr], [0, '']);
    assert.deepEqual(trap.seen, []);
    for (const { token, text } of [...nas.seen, ...pi.seen]) {
      assert.ok([ANNA, BEN, CLEO].includes(token), text);
      for (const other of [ANNA, BEN, CLEO, OTHERS].filter((one) => one !== token))
        assert.ok(!text.includes(other), `${other} in a call with ${token}`);
    }
    const tags = [items.anna, items.ben, items.cleo].map((list) => tagsOf(list).toSorted());
    assert.deepEqual(tags, [['kurz', 'lang'], ['huge', 'tiny'], []]);
    assert.match(stdout, /^== anna ==\n.*Tagged 2 of 2.*\n\n== ben ==\n.*Tagged 3 of 3.*\n\n== cleo ==\n/s);
    assert.equal(site.asked(), 2, 'what was read for one is read again for the other');
    const kept = readdirSync(join(at.folder, '.data')).toSorted();
    assert.deepEqual(kept, ['anna.env', 'ben.env', 'cleo.env']);
    const db = new DatabaseSync(join(at.folder, '.data/anna.env/lengths.sqlite'));
    assert.equal(db.prepare('SELECT count(*) AS count FROM lengths').get()?.count, 1);
    db.close();
    for (const name of kept)
      for (const file of readdirSync(join(at.folder, '.data', name)))
        assert.ok(!/token-\d/.test(readFileSync(join(at.folder, '.data', name, file), 'latin1')), file);
  });

  it('wait for themselves alone: one that is told to come back in an hour keeps no other of its host waiting', async () => {
    nas.refuse = (token) =>
      token === ANNA ? { status: 429, headers: { 'retry-after': String(HOUR_S) } } : undefined;
    const { status, stdout, stderr } = await at.readtime(
      ['tag', ...BOTH, '--json', '--max-minutes', '1'],
      NO_PAGES,
    );
    const [anna, ben] = linesOf(stdout);
    assert.deepEqual([status, stderr], [3, '']);
    assert.deepEqual(
      [anna.list, anna.stoppedBy, anna.tagged, ben.list, ben.tagged],
      ['anna', 'rate-limit', 0, 'ben', 3],
    );
    assert.equal(nas.seen.filter(({ token }) => token === ANNA).length, 1);
  });

  const failing: [why: string, break_: () => void, sentence: RegExp][] = [
    [
      'its token is refused',
      () => keep('anna', karakeep('wrong')),
      /^readtime: anna: GET \S+: answered 401, credentials refused/,
    ],
    [
      'its file is gone',
      () => keep('anna', []),
      /^readtime: anna: no reading list is named in anna\.env; name yours with: readtime init --env-file anna\.env;/,
    ],
    [
      'its bands are wrong',
      () => keep('anna', karakeep(ANNA, 'BANDS=oops')),
      /^readtime: anna: BANDS "oops"/,
    ],
  ];
  for (const [why, breakIt, sentence] of failing)
    it(`have their turn after one that fails: ${why}`, async () => {
      breakIt();
      const { status, stdout, stderr } = await at.readtime(['tag', '--quiet', ...BOTH], NO_PAGES);
      assert.deepEqual([status, stdout], [1, '']);
      assert.match(stderr, sentence);
      assert.equal(stderr.trimEnd().split('\n').length, 1);
      assert.deepEqual(tagsOf(items.ben), ['tiny']);
    });

  it('are one line of JSON each, and one alone is as it is without a file', async () => {
    const [one, own] = [
      await at.readtime(['--env-file', 'anna.env', 'plan', '--json'], NO_PAGES),
      await at.readtime(['plan', '--json'], {
        ...Object.fromEntries(
          karakeep(ANNA, 'BANDS=kurz:2, lang').map((line) => line.split('=') as [string, string]),
        ),
        ...NO_PAGES,
      }),
    ];
    assert.deepEqual(one, own);
    const both = linesOf(
      (await at.readtime(['--env-file', 'anna.env', 'plan', '--json', '--env-file=ben.env'], NO_PAGES))
        .stdout,
    );
    assert.deepEqual(both[0], { list: 'anna', ...JSON.parse(one.stdout) });
    assert.deepEqual([both.length, both[1].list, both[1].changes.length], [2, 'ben', 3]);
  });

  const forEach: [command: string[], said: RegExp][] = [
    [['check'], /accepts the secrets/],
    [['start', '--dry-run'], /Would tag/],
    [['plan', '--yes'], /Tagged/],
    [['untag'], /Removed|Untagged/],
    [['explain', '--unknown'], /Every length is known/],
  ];
  for (const [command, said] of forEach)
    it(`have their turn with ${command.join(' ')}`, async () => {
      const { status, stdout, stderr } = await at.readtime([...command, ...BOTH], NO_PAGES);
      const [before, anna = '', ben = ''] = stdout.split(/^== (?:anna|ben) ==$/m);
      assert.deepEqual([status, stderr, before], [0, '', '']);
      for (const part of [anna, ben]) assert.match(part, said);
    });

  const ofOne: string[][] = [
    ['report', '--out', 'list.html'],
    ['init'],
    ['pocket', 'serve'],
    ['pocket', 'export'],
    ['secrets', 'list'],
    ['deploy', '--stage', 'prod'],
  ];
  for (const command of ofOne)
    it(`are too many for ${command.join(' ')}, which says so and does nothing`, async () => {
      const { status, stdout, stderr } = await at.readtime([...command, ...BOTH]);
      assert.deepEqual([status, stdout], [1, '']);
      assert.match(
        stderr,
        /^[^\n]*this command is for one list: give --env-file once\n$|^readtime deploy: nothing was created\.\nthis command is for one list: give --env-file once\n$/,
      );
      assert.deepEqual([nas.seen, existsSync(join(at.folder, '.data'))], [[], false]);
    });

  it('explain an item for the list that has it, and an address that is in none for one list only', async () => {
    Object.assign(items.ben[2] ?? {}, { url: 'https://only.ben.test/' });
    const found = await at.readtime(['explain', 'https://only.ben.test/', ...BOTH], NO_PAGES);
    assert.deepEqual([found.status, found.stderr], [0, '']);
    assert.match(found.stdout, /^== anna ==\nIt is not in this list\.\n\n== ben ==\n.*tiny/s);
    const json = linesOf(
      (await at.readtime(['explain', 'https://only.ben.test/', '--json', ...BOTH], NO_PAGES)).stdout,
    );
    assert.deepEqual(
      json.map(({ list, listed }) => [list, listed]),
      [['ben', true]],
    );
    const none = await at.readtime(['explain', 'https://none.test/', '--json', ...BOTH], NO_PAGES);
    assert.deepEqual([none.status, none.stdout], [1, '']);
    assert.equal(
      none.stderr,
      'readtime: "https://none.test/": is no unread item of anna, ben; give one --env-file to have an address explained that is in no list\n',
    );
  });

  it('have an option that is corrected, and that npm does not keep for itself', async () => {
    const wrong = await at.readtime(['tag', '--env-fil', 'anna.env']);
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr, /\(Did you mean --env-file\?\)/);
    const taken = await at.readtime(['start'], {
      npm_lifecycle_event: 'start',
      npm_config_env_file: 'anna.env',
    });
    assert.deepEqual([taken.status, taken.stdout], [2, '']);
    assert.match(taken.stderr, /npm took --env-file for itself, .*: npm start -- --env-file\n$/);
  });

  it('are not begun after Ctrl-C', async () => {
    const child = spawn(process.execPath, ['--', resolve('lib/cli/readtime.ts'), 'tag', ...BOTH], {
      cwd: at.folder,
      env: { PATH: process.env.PATH, ...NO_PAGES },
    });
    nas.refuse = (_, method) => {
      if (method !== 'GET' && !child.killed) child.kill('SIGINT');
      return undefined;
    };
    const [stdout, [status]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    assert.equal(status, 3);
    assert.match(stdout, /^== anna ==\n.*Tagged 2 of 2/s);
    assert.ok(!stdout.includes('== ben =='));
    assert.deepEqual(tagsOf(items.ben), []);
  });

  (process.platform === 'linux' ? it : it.skip)(
    'are asked about one by one at a terminal; Ctrl-C is a no to the rest',
    async () => {
      const readtime = `plan ${BOTH.join(' ')}; echo "status $?"`;
      const said = await atTerminal(
        readtime,
        at.folder,
        [
          ['Write these 2 changes to anna?', () => 'n\r'],
          ['Write these 3 changes to ben?', () => 'y\r'],
        ],
        NO_PAGES,
      );
      assert.match(said, /status 0/);
      assert.deepEqual([tagsOf(items.anna), tagsOf(items.ben)], [[], ['tiny']]);
      const left = await atTerminal(
        readtime.replace('ben', 'cleo'),
        at.folder,
        [['to anna?', () => '\u0003']],
        NO_PAGES,
      );
      assert.match(stripVTControlCharacters(left), /Nothing is written\.\s+status 3/);
      assert.equal(pi.seen.length, 0);
    },
  );

  it('go by the proxy of their own file', async () => {
    const away = (name: string, proxy: string) => [
      'READING_LIST=karakeep',
      `KARAKEEP_URL=http://${name}.invalid`,
      `KARAKEEP_TOKEN=${name}`,
      proxy,
    ];
    keep('anna', away('anna', 'HTTP_PROXY=http://me:hush@127.0.0.1:1'));
    keep('ben', away('ben', 'http_proxy=http://127.0.0.1:1'));
    const { stderr } = await at.readtime(['check', '--quiet', ...BOTH], { HTTP_PROXY: pi.url });
    const [anna, ben] = stderr.split('\n');
    assert.match(anna ?? '', /^readtime: anna: .* by the proxy that HTTP_PROXY names;/);
    assert.match(ben ?? '', /^readtime: ben: .* by the proxy that http_proxy names;/);
    assert.ok(!stderr.includes('hush'));
    assert.deepEqual(pi.seen, []);
  });

  it('lead on by hints that name the file', async () => {
    const { stdout } = await at.readtime(['plan', '--env-file', 'anna.env'], NO_PAGES);
    assert.match(stdout, /`readtime plan --yes --env-file anna\.env` applies the plan/);
  });

  it('are a Pocket each, with credentials in its own file', async () => {
    const child = spawn(
      process.execPath,
      ['--', resolve('lib/cli/readtime.ts'), 'pocket', '--env-file', 'dora.env'],
      {
        cwd: at.folder,
        env: { PATH: process.env.PATH, PORT: '0', POCKET_KEY: OTHERS, POCKET_TOKEN: OTHERS },
      },
    );
    for await (const chunk of child.stdout)
      if (String(chunk).includes('Ctrl-C stops it')) child.kill('SIGINT');
    const values = readFileSync(join(at.folder, 'dora.env'), 'utf8');
    assert.match(
      values,
      /^POCKET_API_URL=http:\/\/127\.0\.0\.1:\d+\/v3\nSECRETS_FROM=env\nPOCKET_KEY=1-\w+\nPOCKET_TOKEN=\w+\n$/,
    );
    assert.ok(!values.includes(OTHERS));
    assert.ok(existsSync(join(at.folder, '.data/dora.env/pocket.sqlite')));
    assert.equal(readFileSync(join(at.folder, '.env'), 'utf8'), '');
  });
});

async function siteOf(page: string): Promise<{ server: Server; url: string; asked: () => number }> {
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.writeHead(200, { 'Content-Type': 'text/html' }).end(page);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked };
}
