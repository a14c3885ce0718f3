import assert from 'node:assert/strict';
import { SKIP_SENTENCES } from '../../../lib/core/skip-reason.ts';
import { pageOf, paragraphs } from '../../helpers/pages.ts';
import { articles, environmentFor, type PocketUnderTest, pocketWith } from '../../helpers/pocket.ts';
import { type Terminal, terminal } from '../../helpers/readtime.ts';
import { fakeItems } from '../../helpers/services/fake-service.ts';
import { fakeKarakeep } from '../../helpers/services/karakeep.ts';

const sentence = (words: number): string => `<p>${'note '.repeat(words - 1)}ends.</p>`;
/** Three marks, and behind them their notes, which are longer than the text. */
const notes = `${[1, 2, 3].map((at) => `<p>This is noted below<a href="#n${at}">[${at}]</a>, as are others.</p>`).join('')}
<ol>${[1, 2, 3].map((at) => `<li id="n${at}">${sentence(400)}</li>`).join('')}</ol>`;

describe('readtime explain', () => {
  let at: Terminal;
  let under: PocketUnderTest;
  let own: Record<string, string>;
  let pages: string;
  let served: Map<string, string>;
  beforeEach(async () => {
    at = terminal();
    served = new Map([
      ['river.html', pageOf(paragraphs(8))],
      ['notes.html', pageOf(`${paragraphs(8)}<div hidden>${sentence(7)}</div>${notes}`)],
    ]);
    under = await pocketWith(articles(3), { pages: served });
    const { origin, host } = new URL(under.server.url);
    pages = `${origin}/pages`;
    under.store.insert([
      { given_url: `${pages}/river.html` },
      { given_url: `${pages}/notes.html` },
      { given_url: `${pages}/none.html` },
    ]);
    own = { ...environmentFor(under.server), FETCH_PAGES: 'true', PAGES_ALLOW_HOSTS: host };
  });
  afterEach(async () => {
    await under.close();
    at.close();
  });

  it('says where the length came from, and each step to the tag', async () => {
    const { status, stdout, stderr } = await at.readtime(['explain', '3'], { ...own, FETCH_PAGES: 'false' });
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /^item +Article 3$/m);
    assert.match(stdout, /^length from +the service's words, at the average speed for the language$/m);
    assert.match(stdout, /^words +300\nlanguage +en\nspeed +238 words a minute\nminutes +2$/m);
    assert.match(stdout, /^tag +a quick read, which the next run writes$/m);
  });

  it('reads the page, where that is what counts', async () => {
    const { stdout } = await at.readtime(['explain', `${pages}/river.html`], own);
    assert.match(stdout, /^length from +the words of the article on the page\nwords +\d{3}\nlanguage +en$/m);
    assert.match(stdout, /^Nothing else is known about its length\.$/m);
  });

  it('says what would have counted otherwise', async () => {
    const { stdout } = await at.readtime(['explain', '3', '--json'], {
      ...own,
      WORDS_PER_MINUTE: '100',
      FETCH_PAGES: 'false',
    });
    const { used, otherwise } = JSON.parse(stdout);
    assert.deepEqual([used.basis, used.minutes], ['own-speed', 3]);
    assert.deepEqual([otherwise[0].basis, otherwise[0].minutes], ['service-words', 2]);
  });

  it('says why a length is unknown', async () => {
    const { status, stdout } = await at.readtime(['explain', `${pages}/none.html`], own);
    assert.equal(status, 0);
    assert.match(stdout, /^length +unknown: /m);
    assert.match(stdout, /^tag +none: an unknown length is left alone$/m);
    assert.match(stdout, /\nNothing else is known about its length\.\n$/);
    assert.equal(stdout.split(SKIP_SENTENCES.gone).length, 2, stdout);
    assert.doesNotMatch(stdout, /would count/);
  });

  it('goes by the service’s own text of an item before its page, as a run does', async () => {
    const server = await fakeKarakeep(fakeItems(1), { inAssets: true });
    const { stdout } = await at.readtime(['explain', '1'], {
      READING_LIST: 'karakeep',
      KARAKEEP_URL: server.url,
      KARAKEEP_TOKEN: [...server.tokens][0] ?? '',
      FETCH_PAGES: 'false',
    });
    await server.close();
    assert.match(stdout, /^length from +the words of the service's own text\nwords +\d+$/m);
  });

  it('says what code and pictures of a page add', async () => {
    const code = `<pre>${'let boat = river '.repeat(40)}</pre><img src="/a.png">`;
    served.set('code.html', pageOf(`${paragraphs(4)}${code}${paragraphs(8)}`));
    const settings = { ...own, CODE: 'skip', SECONDS_PER_PICTURE: '90' };
    const { stdout } = await at.readtime(['explain', `${pages}/code.html`], settings);
    assert.match(
      stdout,
      /^code +120 of the words; 0\.5 min less\npictures +1; 1\.5 min more\nminutes +\d+$/m,
    );
    const plain = await at.readtime(['explain', `${pages}/code.html`], own);
    assert.match(plain.stdout, /^code +120 of the words; no time is added$/m);
  });

  it('says how sure the length of a page is, and what it would be by the second best count', async () => {
    const { stdout } = await at.readtime(['explain', `${pages}/river.html`], own);
    assert.match(
      stdout,
      /^how sure +\d+ %; by the second best count of the page \d+ min \(\d+ words\), a (quick|medium) read$/m,
    );
  });

  it('names what of the page is left out, with its words', async () => {
    const url = `${pages}/notes.html`;
    const row = /^left out +7 words of hidden text, 7 words of lists of links, 1,200 words of notes$/m;
    assert.match((await at.readtime(['explain', url], own)).stdout, row);
    const { stdout } = await at.readtime(['explain', url, '--json'], own);
    assert.deepEqual(JSON.parse(stdout).leftOut, [
      { kind: 'hidden text', words: 7 },
      { kind: 'lists of links', words: 7 },
      { kind: 'notes', words: 1200 },
    ]);
  });

  it('shows both lengths of a page that is not sure enough', async () => {
    const { status, stdout } = await at.readtime(['explain', `${pages}/river.html`], {
      ...own,
      MIN_CONFIDENCE: '1',
    });
    assert.equal(status, 0);
    assert.match(stdout, /^length +unknown: /m);
    assert.match(stdout, /^tag +none: an unknown length is left alone$/m);
    const length = String.raw`\d+ min \(\d+ words\), a (quick|medium) read`;
    assert.match(
      stdout,
      new RegExp(
        `^By the page it would be:\n  most likely: ${length}; sure to \\d+ %\n  second best: ${length}$`,
        'm',
      ),
    );
  });

  it('says that a band from an earlier run is kept without reading the page again', async () => {
    under.store.insert([{ given_url: `${pages}/river.html?again`, tags: ['a long read'] }]);
    const { stdout } = await at.readtime(['explain', `${pages}/river.html?again`], own);
    assert.match(stdout, /^length from +an earlier run, which wrote this tag; it is not read again$/m);
    assert.match(stdout, /^tag +a long read, which it has$/m);
    assert.match(stdout, /^ {2}the words of the article on the page .*, a (quick|medium) read$/m);
  });

  it('explains an address that is not in the list', async () => {
    const { stdout } = await at.readtime(['explain', `${pages}/river.html#part`], own);
    assert.match(stdout, /not among your unread items/);
    assert.match(stdout, /^minutes +\d$/m);
  });

  it('refuses an id that is not there, in one line', async () => {
    assert.deepEqual(await at.readtime(['explain', '99'], own), {
      status: 1,
      stdout: '',
      stderr: 'readtime: "99": no unread item has this id; give an id or a URL.\n',
    });
  });
});
