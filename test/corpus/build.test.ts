import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readHtml, readTexts, readTruths } from '../../bench/corpus.ts';
import { buildCorpus } from '../../scripts/corpus/build.ts';
import { command } from '../helpers/command.ts';

/** What each data set has on its disk, in its own shape: a page of a few words. */
const CLONES: Readonly<Record<string, string | Uint8Array>> = {
  'zyte/ground-truth.json': '{"abc": {"articleBody": "Three small boats", "url": "https://a.example/1"}}',
  'zyte/html/abc.html.gz': gzipSync('<p>Three small boats</p><script>var a = 1</script><style>p {}</style>'),
  'wcxb/metadata.json': '{"files": {"7": {"page_type": "listing"}}}',
  'wcxb/dev/ground-truth/0007.json':
    '{"url": "https://b.example/", "ground_truth": {"main_content": "A shop"}, "_internal": {"page_type": {"primary": "product"}}}',
  'wcxb/dev/html/0007.html.gz': gzipSync('<p>A shop</p>'),
  'wcxb/test/ground-truth/7.json': '{"ground_truth": {"main_content": "A list of shops"}}',
  'wcxb/test/html/7.html.gz': gzipSync('<p>A list of shops</p>'),
  'newspaper4k/articles.json':
    '{"x1": {"articleBody": "News of the day", "url": "https://c.example/"}, "gone": {"articleBody": "No page", "url": "https://c.example/2"}}',
  'newspaper4k/html/x1.html': '<p>News of the day</p>',
  'magichtml/benchmark/data/article/base.json':
    '{"m1": {"content": "An article", "url": "https://d.example/"}}',
  'magichtml/benchmark/data/article/htmls/m1.html': '<p>An article</p>',
  'magichtml/benchmark/data/forum/base.json':
    '{"m2": {"content": "A question and its answer", "url": "https://d.example/2"}}',
  'magichtml/benchmark/data/forum/htmls/m2.html': '<p>A question and its answer</p>',
  // 中文 in GB 18030, for the page and for the text.
  'chinese-wce/original/c1.html': Buffer.concat([
    Buffer.from('<text id="c1" encoding="gb2312"><p>'),
    Buffer.from([0xd6, 0xd0, 0xce, 0xc4]),
    Buffer.from('</p></text>\n'),
  ]),
  'chinese-wce/cleaned/c1.txt': Buffer.from([0xd6, 0xd0, 0xce, 0xc4]),
  'trafilatura-eval/tests/evaldata.json':
    '{"https://e.example/": {"file": "e.html", "with": ["A sentence of it", "and another"], "without": ["Menu"]}}',
  'trafilatura-eval/tests/eval/e.html': '<p>A sentence of it, and another</p>',
};

describe('a corpus from clones of the public data sets', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'corpus-'));
    for (const [path, content] of Object.entries(CLONES)) {
      mkdirSync(dirname(join(folder, 'clones', path)), { recursive: true });
      writeFileSync(join(folder, 'clones', path), content);
    }
  });
  after(() => rmSync(folder, { recursive: true }));
  const corpus = () => join(folder, 'corpus');

  it('has the pages of each, and none that lacks its HTML or its text', () => {
    assert.deepEqual(buildCorpus(join(folder, 'clones'), corpus()), {
      zyte: 1,
      wcxb: 2,
      newspaper4k: 1,
      magichtml: 2,
      'chinese-wce': 1,
      'trafilatura-eval': 1,
    });
  });

  it('is what the benchmark and the training read', () => {
    const truths = Object.entries(readTruths([corpus()]));
    const of = (source: string) => truths.filter(([, truth]) => truth.source === source);
    const [[id = '', boats] = []] = of('zyte');
    assert.deepEqual(boats, {
      words: 3,
      whitespaceWords: 3,
      cjkChars: 0,
      lang: 'und',
      type: 'article',
      truth: 'human',
      url: 'https://a.example/1',
      source: 'zyte',
      licence: 'MIT',
    });
    assert.equal(readTexts([corpus()])[id], 'Three small boats');
    assert.equal(readHtml([corpus()], id), '<p>Three small boats</p><script></script><style></style>');
    assert.deepEqual(
      of('wcxb').map(([, { type }]) => type),
      ['product', 'listing'],
    );
    assert.deepEqual(of('trafilatura-eval')[0]?.[1].truth, 'segments');
    const [[chinese = '', truth] = []] = of('chinese-wce');
    assert.deepEqual([truth?.cjkChars, readHtml([corpus()], chinese)], [2, '<p>中文</p>']);
  });

  it('leaves out a data set that was not cloned', () => {
    mkdirSync(join(folder, 'none'));
    assert.deepEqual(buildCorpus(join(folder, 'none'), join(folder, 'empty')), {});
  });

  for (const script of ['bench/pages.ts', 'scripts/train/train.ts']) {
    it(`is asked for by ${script}, with status 1, where there is none`, async () => {
      const { status, stdout, stderr } = await command(script, ['--corpus', join(folder, 'nowhere')]);
      assert.deepEqual([status, stdout], [1, '']);
      assert.match(
        stderr,
        /^No corpus at ".*nowhere": build one as scripts\/corpus\/README\.md says[^\n]*\n$/,
      );
    });
  }
});
