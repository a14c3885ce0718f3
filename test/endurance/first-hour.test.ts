import assert from 'node:assert/strict';
import { once } from 'node:events';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { atTerminal } from '../helpers/at-terminal.ts';
import { pageOf, paragraphs } from '../helpers/pages.ts';
import { CREDENTIALS, type PocketUnderTest, pocketWith } from '../helpers/pocket.ts';
import { type Terminal, terminal } from '../helpers/readtime.ts';

/** A list as many have it: pages that can be read, pages that are gone, and items whose words the service knows. */
const [READABLE, GONE, COUNTED] = [1800, 200, 1000];
const ITEMS = READABLE + GONE + COUNTED;
/** Before what a recent run reads pages of: seconds since 1970. */
const SAVED = 1_600_000_000;

const ENTER = '\r';
const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

describeOnLinux('the first hour with 3,000 saved items', () => {
  let at: Terminal;
  let under: PocketUnderTest;
  let site: Server;
  let asked: number;

  beforeEach(async () => {
    at = terminal();
    asked = 0;
    site = createServer(({ url = '' }, response) => {
      asked += 1;
      const place = Number(url.slice(1));
      if (place >= READABLE) response.writeHead(404).end('gone');
      else response.writeHead(200, { 'Content-Type': 'text/html' }).end(pageOf(paragraphs(4 + (place % 40))));
    });
    await once(site.listen(0, '127.0.0.1'), 'listening');
    const host = `127.0.0.1:${(site.address() as AddressInfo).port}`;
    under = await pocketWith(
      Array.from({ length: ITEMS }, (_, place) => ({
        given_url: `http://${host}/${place}`,
        time_added: SAVED - place,
        ...(place >= READABLE + GONE && { word_count: 100 + 5 * (place % 900), lang: 'en' }),
      })),
      { keepsCalls: false },
    );
    writeFileSync(join(at.folder, '.env'), `PAGES_ALLOW_HOSTS=${host}\nMAX_CHANGES=5000\n`);
  });
  afterEach(async () => {
    site.close();
    site.closeAllConnections();
    await under.close();
    at.close();
  });

  const typed = async (...args: string[]) => {
    asked = 0;
    const { stdout, status, stderr } = await at.readtime(args);
    return { stdout, status, stderr, pages: asked };
  };
  const tagged = () => Object.values(under.tagsById()).filter((tags) => tags.length > 0).length;
  const rowsOf = (name: string): unknown[][] => {
    const [, rows = ''] =
      /id="items">(.*?)<\/script>/.exec(readFileSync(join(at.folder, name), 'utf8')) ?? [];
    return JSON.parse(rows).rows;
  };

  it('is set up, tagged, reported, tagged again at another speed, and untagged', async () => {
    const said = await atTerminal('init; echo "status $?"', at.folder, [
      ['your reading list?', () => ENTER],
      ['Base URL of a Pocket', () => under.server.url + ENTER],
      ['POCKET_KEY:', () => CREDENTIALS.consumerKey + ENTER],
      ['POCKET_TOKEN:', () => CREDENTIALS.accessToken + ENTER],
      ['how fast you read?', () => ENTER],
      ['Which bands?', () => ENTER],
      ['Write READING_LIST', () => ENTER],
    ]);
    assert.match(said, /status 0/);

    const plan = await typed('plan', '--full', '--limit', '30');
    assert.equal(plan.status, 0);
    assert.match(plan.stdout, /… 10 more \(--all\)/);
    assert.equal(tagged(), 0);

    const first = await typed('tag', '--full');
    assert.deepEqual([first.status, first.stderr, tagged()], [0, '', READABLE + COUNTED]);
    assert.match(first.stdout, new RegExp(`${GONE} gone`));
    const read = first.pages + plan.pages;
    assert.equal(read, READABLE + GONE);

    const second = await typed('tag', '--full');
    assert.ok(second.pages <= 0.05 * read, `${second.pages} of ${read} pages again`);

    const report = await typed('report', '--out', 'kept.html');
    assert.equal(report.pages, 0);
    const anew = await typed('report', '--out', 'anew.html', '--refetch');
    assert.equal(anew.pages, READABLE + GONE);
    assert.deepEqual(rowsOf('kept.html'), rowsOf('anew.html'));
    const minutes = rowsOf('kept.html').filter((row) => typeof row[2] === 'number');
    assert.equal(minutes.length, READABLE + COUNTED);

    const before = under.tagsById();
    appendFileSync(join(at.folder, '.env'), 'WORDS_PER_MINUTE=100\n');
    const slower = await typed('tag', '--full');
    assert.deepEqual([slower.status, slower.pages], [0, 0]);
    assert.notDeepEqual(under.tagsById(), before);

    assert.equal((await typed('untag')).status, 0);
    assert.equal(tagged(), 0);
  });
});
