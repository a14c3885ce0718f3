import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PageEvidence } from '../../lib/core/estimate.ts';
import { pageReader } from '../../lib/pages/read-page.ts';
import { pdf } from '../helpers/pdf.ts';
import { NO_DEADLINE } from '../helpers/pocket.ts';

const sentence = 'Nine plain words stand in this sentence right here. ';

describe('pageReader', () => {
  let server: Server;
  let served: { type?: string; body: string | Uint8Array; status?: number; movedTo?: string };
  let url: string;

  before(async () => {
    server = createServer(({ url: path }, response) => {
      if (served.movedTo !== undefined && path !== served.movedTo) {
        response.writeHead(302, { Location: served.movedTo }).end();
        return;
      }
      response.writeHead(served.status ?? 200, { 'Content-Type': served.type ?? 'text/html; charset=utf-8' });
      response.end(served.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/2026/11/the-old-ferry`;
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  const read = (given: typeof served): Promise<PageEvidence> => {
    served = given;
    return pageReader({ allowHosts: [new URL(url).host] })(url, NO_DEADLINE);
  };
  const ferry = readFileSync('lib/cli/sample-pages/ferry.html', 'utf8');

  for (const [name, language] of [
    ['ferry', 'en'],
    ['garten', 'de'],
    ['toshokan', 'ja'],
  ] as const) {
    it(`counts the article of ${name}.html, not the text around it`, async () => {
      const body = readFileSync(`lib/cli/sample-pages/${name}.html`, 'utf8');
      const evidence = await read({ body });
      assert.ok(evidence.known);
      const [, article = ''] = /<article>(.*)<\/article>/s.exec(body) ?? [];
      const text = article.replace(/<[^>]+>/g, ' ');
      const words = Array.from(new Intl.Segmenter(language, { granularity: 'word' }).segment(text)).filter(
        ({ isWordLike }) => isWordLike,
      );
      assert.ok(
        Math.abs(evidence.words - words.length) <= 0.05 * words.length,
        `${evidence.words}, not ${words.length}`,
      );
      const characters =
        text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]/gu)?.length ?? 0;
      assert.ok(
        Math.abs((evidence.cjkCharacters ?? 0) - characters) <= 0.05 * characters,
        `${evidence.cjkCharacters}, not ${characters}`,
      );
      assert.equal(evidence.language, language);
    });
  }

  for (const [movedTo, reason] of [
    ['/', 'not-found'],
    ['/login', 'login'],
    ['/consent?back=1', 'consent-wall'],
    ['/ferries/the-old-ferry', undefined],
  ] as const) {
    it(`says ${reason ?? 'its length'} of an article that is moved to ${movedTo}, whatever stands there`, async () => {
      const evidence = await read({ body: ferry, movedTo });
      assert.equal(evidence.known ? undefined : evidence.reason, reason);
    });
  }

  it('takes of several articles the one that the address of the page means, after redirects', async () => {
    const other = `<article><h1>Bread and butter</h1><p>${sentence.repeat(30)}</p></article>`;
    const body = `<title>Post</title><article><h1>The old ferry today</h1><p>${sentence.repeat(40)}</p></article>${other}`;
    const words = async (movedTo?: string) => {
      const evidence = await read({ body, ...(movedTo !== undefined && { movedTo }) });
      assert.ok(evidence.known);
      return { words: evidence.words, leftOut: evidence.leftOut?.() };
    };
    const { words: first, leftOut } = await words('/the-old-ferry-today');
    assert.ok(Math.abs(first - 9 * 40) < 10, `${first} words`);
    assert.deepEqual(leftOut, [{ kind: 'other articles', words: 9 * 30 + 3 }]);
    const both = await words('/post/1');
    assert.deepEqual([both.words > 9 * 60, both.leftOut], [true, []]);
  });

  it('counts all of a plain text', async () => {
    const evidence = await read({ type: 'text/plain; charset=utf-8', body: sentence.repeat(100) });
    assert.ok(evidence.known);
    assert.deepEqual([evidence.words, evidence.language], [900, 'en']);
  });

  for (const type of ['text/plain', 'text/markdown']) {
    it(`takes ${type} as plain text, also if it looks like HTML`, async () => {
      const evidence = await read({ type, body: `<title>${sentence}</title>` });
      assert.deepEqual(evidence.known && evidence.words, 11);
    });
  }

  it('counts the text of a PDF', async () => {
    const evidence = await read({ type: 'application/pdf', body: pdf(sentence, sentence, sentence) });
    assert.equal(evidence.known && evidence.words, 27);
  });

  it('gives the length of a page that is nothing but a video, and of no other', async () => {
    const head =
      '<meta property="og:type" content="video"><meta property="og:video:duration" content="95"><title>A film</title>';
    const evidence = await read({ body: `${head}<p>A short film.</p>` });
    assert.equal(evidence.known && evidence.videoSeconds, 95);
    const article = await read({ body: ferry });
    assert.equal('videoSeconds' in article, false);
  });

  const unknown: [why: string, given: typeof served, reason: string][] = [
    ['a page that is gone', { status: 404, body: 'x' }, 'gone'],
    ['a picture', { type: 'image/png', body: 'x' }, 'not-a-page'],
    ['an empty text', { type: 'text/plain', body: ' ' }, 'empty'],
    ['an empty page', { body: '<html></html>' }, 'empty'],
    [
      'what only claims to be a PDF',
      { type: 'application/pdf', body: '%PDF-1.4 nonsense' },
      'unreadable-pdf',
    ],
    ['a PDF of pictures alone', { type: 'application/pdf', body: pdf('') }, 'empty'],
  ];
  for (const [why, given, reason] of unknown) {
    it(`says ${reason} of ${why}`, async () => assert.deepEqual(await read(given), { known: false, reason }));
  }

  it('says why of an address that is none', async () => {
    assert.deepEqual(await pageReader()('nonsense', NO_DEADLINE), { known: false, reason: 'bad-url' });
  });
});
