import assert from 'node:assert/strict';
import { articleText } from '../../lib/article/article-text.ts';
import { codeAndPicturesIn } from '../../lib/article/code-and-pictures.ts';
import { parsePage } from '../../lib/article/parse-page.ts';
import { storedArticle } from '../../lib/article/stored-text.ts';

const sentence =
  'The bridge over the river was closed for the winter, and nobody in the village minded much. ';
const prose = `<p>${sentence.repeat(6)}</p>`;
const more = `<p>${'When it opened again in spring, they had got used to the boat, and kept it for the market. '.repeat(6)}</p>`;

describe('codeAndPicturesIn', () => {
  const rows: [why: string, html: string, found: object][] = [
    ['neither', '<p>one two</p>', {}],
    ['words in a block of code', '<p>one</p><pre><code>let a = b</code></pre><p>two</p>', { codeWords: 3 }],
    [
      'lines of code in elements of their own',
      '<pre><div>one two</div><div>three</div></pre>',
      { codeWords: 3 },
    ],
    ['code within a sentence, which is read as prose', '<p>call <code>one two</code> now</p>', {}],
    ['a comment in Chinese, which is prose', '<pre>one // 注释很长</pre>', { codeWords: 1 }],
    ['pictures among the text', '<p>one</p><img><figure><img></figure><p>two</p>', { pictures: 2 }],
    ['a picture within a paragraph', '<p>one <img> two</p>', { pictures: 1 }],
    ['no icon, by its width', '<p>one <img width="16" height=""> two</p>', {}],
    ['no icon, by its height', '<p>one <img height="99px"> two</p>', {}],
    ['one as wide as the page', '<p>one</p><img width="100%"><p>two</p>', { pictures: 1 }],
    [
      'once one that is there a second time without scripts',
      '<p>a</p><img><noscript><img></noscript><p>b</p>',
      { pictures: 1 },
    ],
  ];
  for (const [why, html, found] of rows)
    it(`finds ${why}`, () => {
      const page = parsePage(html);
      assert.deepEqual(codeAndPicturesIn(page, [...page.blocks.keys()]), found);
    });

  it('leaves out what stands before, behind and between what is counted', () => {
    const page = parsePage(
      '<img><p>menu</p><img><p>one</p><img><pre>left out</pre><p>two</p><img><p>end</p><img>',
    );
    assert.deepEqual(codeAndPicturesIn(page, [1, 3]), { pictures: 2 });
  });

  it('is known of a page and of a stored text', () => {
    const body = `<article><h1>A bridge</h1>${prose}<pre>${'let bridge = river '.repeat(9)}</pre><img>${more}</article>`;
    const page = `<html lang="en"><body><nav><a href="/">Home</a></nav>${body}</body></html>`;
    for (const { codeWords, pictures } of [articleText(page), storedArticle(body)])
      assert.deepEqual({ codeWords, pictures }, { codeWords: 27, pictures: 1 });
  });
});
