import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pageOf, paragraphs } from '../helpers/pages.ts';
import { environmentFor, type PocketUnderTest, pocketWith } from '../helpers/pocket.ts';
import { type Terminal, terminal } from '../helpers/readtime.ts';
import { fakeItems } from '../helpers/services/fake-service.ts';
import { fakeKarakeep } from '../helpers/services/karakeep.ts';

const ITEMS = 300;
/** Of these, so many are gone. */
const GONE = 30;

describe('lengths that a terminal keeps', () => {
  let at: Terminal;
  let under: PocketUnderTest;
  let own: Record<string, string>;
  let site: Server;
  let asked: string[];
  let origin: string;
  let title: string;

  beforeEach(async () => {
    at = terminal();
    asked = [];
    title = 'The river';
    site = createServer(({ url = '' }, response) => {
      asked.push(url);
      const at = Number(url.slice(1));
      if (at >= ITEMS - GONE) response.writeHead(404).end('gone');
      else
        response
          .writeHead(200, { 'Content-Type': 'text/html' })
          .end(pageOf(paragraphs(4 + (at % 17)), { title }));
    });
    await once(site.listen(0, '127.0.0.1'), 'listening');
    origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    under = await pocketWith([]);
    own = {
      ...environmentFor(under.server),
      FETCH_PAGES: 'true',
      PAGES_ALLOW_HOSTS: new URL(origin).host,
    };
  });
  afterEach(async () => {
    site.close();
    site.closeAllConnections();
    await under.close();
    at.close();
  });

  const save = (count: number, from = 0) =>
    under.store.insert(Array.from({ length: count }, (_, at) => ({ given_url: `${origin}/${from + at}` })));
  const askedDuring = async (...args: string[]) => {
    asked = [];
    const { stdout, stderr, status } = await at.readtime(args, own);
    return { stdout, stderr, status, pages: asked.length };
  };

  it('are not asked for again: a second run over 300 items, a plan, a report, another speed, untag and tag', async () => {
    save(ITEMS);
    const first = await askedDuring('tag', '--full');
    assert.deepEqual([first.pages, first.status, first.stderr], [ITEMS, 0, '']);
    const tags = under.tagsById();

    const second = await askedDuring('tag', '--full');
    assert.ok(second.pages <= 0.05 * first.pages, `${second.pages}`);
    assert.match(
      second.stdout,
      new RegExp(`^Tagged 0 of ${ITEMS} unread items\\. ${ITEMS - GONE} were`, 'm'),
    );

    const report = await askedDuring('report', '--out', 'list.html');
    assert.equal(report.pages, 0);
    const [, rows = ''] =
      /id="items">(.*?)<\/script>/.exec(readFileSync(join(at.folder, 'list.html'), 'utf8')) ?? [];
    const minutes = JSON.parse(rows).rows.map((row: unknown[]) => row[2]);
    assert.equal(minutes.filter((found: unknown) => typeof found === 'number').length, ITEMS - GONE);

    own.WORDS_PER_MINUTE = '60';
    const slower = await askedDuring('tag', '--full');
    assert.equal(slower.pages, 0);
    assert.notDeepEqual(under.tagsById(), tags);
    delete own.WORDS_PER_MINUTE;

    await askedDuring('untag');
    const again = await askedDuring('plan', '--full', '--yes');
    assert.equal(again.pages, 0);
    assert.deepEqual(under.tagsById(), tags);
  });

  it('follow other bands without asking', async () => {
    save(3);
    await askedDuring('tag');
    own.BANDS = 'tiny:1, huge';
    own.RETIRED_TAGS = 'a quick read, a medium read, a long read';
    assert.equal((await askedDuring('tag')).pages, 0);
    assert.deepEqual(Object.values(under.tagsById()).flat().length, 3);
    assert.match(Object.values(under.tagsById()).join(), /^(tiny|huge)/);
  });

  it('are read again with --refetch, which notices a page that changed', async () => {
    save(1);
    await askedDuring('tag');
    const commands = [['tag'], ['plan'], ['report', '--out', 'list.html'], ['explain', '1']];
    for (const command of commands) {
      assert.equal((await askedDuring(...command)).pages, 0, command[0]);
      assert.equal((await askedDuring(...command, '--refetch')).pages, 1, command[0]);
    }
  });

  it('are explained by the day on which they were read', async () => {
    save(1);
    await askedDuring('tag');
    const { stdout, pages } = await askedDuring('explain', '1');
    const today = new Date().toISOString().slice(0, 10);
    assert.equal(pages, 0);
    assert.match(stdout, /^length from +the words of the article on the page$/m);
    assert.match(stdout, new RegExp(`^read on +${today}, and kept; --refetch reads it again$`, 'm'));
    const { readAt } = JSON.parse((await askedDuring('explain', '1', '--json')).stdout);
    assert.equal(readAt.slice(0, 10), today);
  });

  it('are kept by explain too, but for an address that is not in the list', async () => {
    save(1);
    await askedDuring('explain', '1');
    assert.equal((await askedDuring('tag')).pages, 0);
    assert.equal((await askedDuring('explain', `${origin}/7`)).pages, 1);
    assert.equal((await askedDuring('explain', `${origin}/7`)).pages, 1);
  });

  it('are used where no pages are read', async () => {
    save(2);
    await askedDuring('tag');
    await askedDuring('untag');
    own.FETCH_PAGES = 'false';
    const { stdout } = await askedDuring('tag', '--refetch');
    assert.match(stdout, /^Tagged 2 of 2/m);
    const { stdout: explained } = await askedDuring('explain', '1', '--refetch');
    assert.match(explained, /^length from +the words of the article on the page\nread on/m);
  });

  it('of items that left the list go after three months, with a run over the whole list', async () => {
    save(2);
    await askedDuring('tag');
    under.store.change(1, { status: 1 });
    const age = (days: number) => {
      const db = new DatabaseSync(join(at.folder, '.data/lengths.sqlite'));
      db.exec(`UPDATE lengths SET read_at = read_at - ${days * 86_400_000}`);
      const kept = db.prepare('SELECT count(*) AS count FROM lengths').get()?.count;
      db.close();
      return kept;
    };
    age(100);
    await askedDuring('untag');
    assert.equal(age(0), 2, 'untag asks for no length');
    const { pages } = await askedDuring('tag', '--full');
    assert.deepEqual([pages, age(0)], [0, 1]);
  });

  it('are those of a text of the service, too', async () => {
    const server = await fakeKarakeep(fakeItems(3, { words: 300 }), { inAssets: true });
    const token = [...server.tokens][0] ?? '';
    own = { READING_LIST: 'karakeep', KARAKEEP_URL: server.url, KARAKEEP_TOKEN: token, FETCH_PAGES: 'false' };
    const texts = () => server.calls.filter(({ path }) => path.endsWith('/content')).length;
    const { stdout } = await askedDuring('tag');
    assert.match(stdout, /^Tagged 3 of 3/m);
    const before = texts();
    const { stdout: explained } = await askedDuring('explain', '1');
    assert.ok(before > 0);
    assert.equal(texts(), before);
    for (const command of ['tag', 'plan']) {
      const before = texts();
      await askedDuring(command, '--refetch');
      assert.equal(texts(), before + 3, command);
    }
    const { stdout: anew } = await askedDuring('explain', '1', '--refetch');
    assert.doesNotMatch(anew, /read on/);
    await server.close();
    assert.match(explained, /^length from +the words of the service's own text$/m);
    assert.ok(!readFileSync(join(at.folder, '.data/lengths.sqlite'), 'latin1').includes(token));
  });

  it('have the band of a tag in their place, in a report without pages', async () => {
    save(3);
    await askedDuring('tag');
    rmSync(join(at.folder, '.data'), { recursive: true });
    const { pages } = await askedDuring('report', '--out', 'list.html', '--no-pages');
    const page = readFileSync(join(at.folder, 'list.html'), 'utf8');
    assert.equal(pages, 0);
    const { bands, rows } = JSON.parse(/id="items">(.*?)<\/script>/.exec(page)?.[1] ?? '');
    const inReport = rows.map((row: number[]) => [bands[row[3] ?? -1]].flat()[0]);
    assert.deepEqual(inReport.toSorted(), Object.values(under.tagsById()).flat().toSorted());
  });

  it('are none of the sample', async () => {
    await at.readtime(['tag', '--sample']);
    assert.equal(existsSync(join(at.folder, '.data/lengths.sqlite')), false);
  });

  it('that are unknown are counted by reason after a run, and listed by explain --unknown, 20 of each', async () => {
    save(25, ITEMS - GONE);
    under.store.insert([{ given_url: 'ftp://a.example/1', given_title: 'By FTP' }]);
    const { stdout } = await askedDuring('tag', '--full');
    assert.equal(
      stdout,
      'Tagged 0 of 26 unread items. 26 have no known length: 25 gone, 1 neither http nor https. `readtime explain --unknown` lists them.\n',
    );
    const listed = await askedDuring('explain', '--unknown');
    assert.deepEqual([listed.status, listed.stderr, listed.pages], [0, '', 0]);
    assert.match(listed.stdout, /^25 gone: the page is gone\n {2}http:/);
    assert.match(
      listed.stdout,
      /\n {2}… 5 more \(--all\)\n\n1 neither http nor https: [^\n]+\n {2}By FTP {2}ftp:\/\/a.example\/1\n$/,
    );
    assert.equal(listed.stdout.match(/^ {2}http:/gm)?.length, 20);
    const all = await askedDuring('explain', '--unknown', '--all');
    assert.equal(all.stdout.match(/^ {2}http:/gm)?.length, 25);
    const { unknown } = JSON.parse((await askedDuring('explain', '--unknown', '--json')).stdout);
    assert.deepEqual([unknown.length, unknown[0].reason], [26, 'bad-scheme']);
    for (const args of [['explain'], ['explain', '1', '--unknown']])
      assert.equal((await at.readtime(args, own)).status, 2);
  });

  it('say so where every one is known', async () => {
    assert.equal((await askedDuring('explain', '--unknown')).stdout, 'Every length is known.\n');
  });

  it('are asked for without a network: "are you offline?", status 1, and nothing is kept', async () => {
    save(20);
    site.close();
    site.closeAllConnections();
    const commands = [
      ['tag'],
      ['plan'],
      ['report', '--out', 'list.html'],
      ['explain', '--unknown'],
      ['tag', '--quiet'],
    ];
    for (const command of commands) {
      const { status, stderr } = await askedDuring(...command);
      assert.deepEqual(
        [status, stderr],
        [1, 'readtime: 20 of 20 pages could not be reached: are you offline?\n'],
        command.join(' '),
      );
    }
    site = site.listen(Number(new URL(origin).port), '127.0.0.1');
    await once(site, 'listening');
    const online = await askedDuring('tag');
    assert.deepEqual([online.status, online.pages], [0, 20]);
    assert.match(online.stdout, /^Tagged 20 of 20/m);
  });

  it('are not missed where the file is broken, which a line says, and not to cron', async () => {
    save(2);
    mkdirSync(join(at.folder, '.data'));
    writeFileSync(join(at.folder, '.data/lengths.sqlite'), 'broken'.repeat(1000));
    const { stdout, stderr, pages } = await askedDuring('tag');
    assert.match(stdout, /^Tagged 2 of 2/m);
    assert.match(
      stderr,
      /^What is read is not kept \(Cannot open "\.data\/lengths\.sqlite" in \S+: file is not a database\), and is read again the next time\.\n$/,
    );
    assert.equal(pages, 2);
    await askedDuring('untag');
    const { stdout: out, stderr: err } = await askedDuring('tag', '--quiet');
    assert.deepEqual([out, err], ['', '']);
  });

  it('are not missed in a folder where nothing can be kept', async () => {
    save(2);
    writeFileSync(join(at.folder, '.data'), '');
    const { stdout, stderr } = await askedDuring('tag');
    assert.match(stdout, /^Tagged 2 of 2/m);
    assert.match(stderr, /What is read is not kept \(".data" in \S+ is a file and no folder; rename it\)/);
    rmSync(join(at.folder, '.data'));
  });
});
