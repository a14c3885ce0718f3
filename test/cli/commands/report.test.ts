import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
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

  it('says in a line where it cannot write, and exits 2 where no file is named', async () => {
    const own = environmentFor(under.server);
    const { status, stderr } = await at.readtime(['report', '--out', 'no/such/list.html'], own);
    assert.deepEqual(
      [status, stderr],
      [1, 'readtime: Cannot write "no/such/list.html": no such file or directory\n'],
    );
    assert.equal((await at.readtime(['report'], own)).status, 2);
  });
});
