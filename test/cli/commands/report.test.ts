import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { articles, environmentFor, type PocketUnderTest, pocketWith } from '../../helpers/pocket.ts';
import { type Terminal, terminal } from '../../helpers/readtime.ts';

describe('readtime report', () => {
  let at: Terminal;
  let under: PocketUnderTest;
  beforeEach(async () => {
    at = terminal();
    under = await pocketWith([
      {
        given_url: 'javascript:alert(1)',
        given_title: '</script><b>bold</b>',
        word_count: 100,
        time_added: 9,
      },
      ...articles(40),
    ]);
  });
  afterEach(async () => {
    await under.close();
    at.close();
  });

  it('counts by thousands', async () => {
    under.store.insert(articles(1000));
    const { stdout } = await at.readtime(['report', '--out', 'list.html'], environmentFor(under.server));
    assert.equal(stdout, 'Wrote 1,041 items to "list.html".\n');
  });

  it('writes one file for its owner only, and changes nothing', async () => {
    const ended = await at.readtime(['report', '--out', 'list.html'], environmentFor(under.server));
    assert.deepEqual(ended, { status: 0, stdout: 'Wrote 41 items to "list.html".\n', stderr: '' });
    const page = readFileSync(join(at.folder, 'list.html'), 'utf8');
    assert.match(page, /<h1>3 h \d+ min to read<\/h1>/);
    assert.match(page, /default-src 'none'|default-src &#39;none&#39;/);
    for (const section of ['bands', 'lengths', 'oldest', 'list'])
      assert.ok(page.includes(`<h2 id="${section}">`), section);
    assert.doesNotMatch(page, /<b>bold|href="javascript:|src="|style="/);
    assert.equal(page.match(/<\/script>/g)?.length, 2);
    if (process.platform !== 'win32')
      assert.equal(statSync(join(at.folder, 'list.html')).mode & 0o777, 0o600);
    assert.deepEqual(Object.values(under.tagsById()).flat(), []);
  });

  it('says in a line where it cannot write', async () => {
    const own = environmentFor(under.server);
    const { status, stderr } = await at.readtime(['report', '--out', 'no/such/list.html'], own);
    assert.deepEqual(
      [status, stderr],
      [1, 'readtime: Cannot write "no/such/list.html": no such file or directory\n'],
    );
  });

  it('writes feeds into a folder, with a page or without one', async () => {
    const own = environmentFor(under.server);
    const ended = await at.readtime(['report', '--feeds', 'feeds/mine', '--minutes', '4'], own);
    assert.equal(ended.status, 0, ended.stderr);
    const wrote =
      /^Wrote to "feeds\/mine": up-to-2.xml \((\d+)\), up-to-5.xml \(\d+\), up-to-4.xml \(\d+\), over-5.xml \(\d+\)\.\n$/;
    const quick = wrote.exec(ended.stdout)?.[1];
    const folder = join(at.folder, 'feeds', 'mine');
    assert.equal(readFileSync(join(folder, 'up-to-2.xml'), 'utf8').match(/<entry>/g)?.length, Number(quick));
    assert.deepEqual(readdirSync(folder).toSorted(), [
      'over-5.xml',
      'up-to-2.xml',
      'up-to-4.xml',
      'up-to-5.xml',
    ]);
    const both = await at.readtime(['report', '--out', 'list.html', '--feeds', 'feeds/mine'], own);
    assert.match(both.stdout, /^Wrote 41 items to "list.html".\nWrote to "feeds\/mine": /);
  });

  it('leaves a feed readable for whom its owner has made it so', async function () {
    if (process.platform === 'win32') this.skip();
    const own = environmentFor(under.server);
    await at.readtime(['report', '--feeds', 'feeds'], own);
    const file = join(at.folder, 'feeds', 'up-to-2.xml');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    chmodSync(file, 0o644);
    await at.readtime(['report', '--feeds', 'feeds'], own);
    assert.equal(statSync(file).mode & 0o777, 0o644);
  });

  const wrong: [why: string, args: string[], status: number, said: RegExp][] = [
    ['nothing to write', [], 2, /--out FILE for the page, --feeds DIR for feeds, or both/],
    ['minutes without feeds', ['--out', 'a.html', '--minutes', '9'], 2, /add --feeds DIR/],
    ['minutes that are none', ['--feeds', 'a', '--minutes', '0'], 2, /whole number above 0/],
    [
      'a file in place of the folder',
      ['--feeds', 'taken'],
      1,
      /Cannot make the folder "taken": file already exists; name another\n$/,
    ],
    ['a folder in a file', ['--feeds', 'taken/x/y'], 1, /Cannot make the folder .*: not a directory; name/],
    [
      'a folder in place of the page',
      ['--out', '.'],
      1,
      /Cannot write "\.": illegal operation on a directory\n$/,
    ],
  ];
  if (process.platform === 'linux')
    wrong.push(
      ['a folder that the system refuses', ['--feeds', '/proc/x'], 1, /Cannot make the folder "\/proc\/x": /],
      [
        'a folder that takes no files',
        ['--feeds', '/proc/self'],
        1,
        /Cannot write "\/proc\/self\/up-to-2\.xml": /,
      ],
    );
  for (const [why, args, status, said] of wrong)
    it(`says what is wrong: ${why}`, async () => {
      writeFileSync(join(at.folder, 'taken'), '');
      const ended = await at.readtime(['report', ...args], environmentFor(under.server));
      assert.equal(ended.status, status);
      assert.match(ended.stderr, said);
    });
});
