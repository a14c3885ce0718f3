import assert from 'node:assert/strict';
import { plainText, storedArticle } from '../../lib/article/stored-text.ts';

describe('the text of an article that a service took out of its page', () => {
  const rows: [why: string, html: string, words: number][] = [
    ['all of its text', '<h1>One two</h1><p>three <b>fo</b>ur</p>', 4],
    ['blocks as words of their own', '<li>one</li><li>two</li>', 2],
    ['no scripts, and no styles', '<p>one</p><script>two()</script><style>three {}</style>', 1],
    ['nothing', '', 0],
    ['pictures alone', '<figure><img alt="one two" src="x"></figure>', 0],
    ['a text without tags', 'one two three', 3],
  ];
  for (const [why, html, words] of rows)
    it(`is ${why}`, () => assert.equal(storedArticle(html).words, words));

  const short = 'Some words in place of a longer article.';
  const judged: [why: string, html: string, unknown: string | undefined][] = [
    ['an article by its element', `<article><p>${short}</p></article>`, undefined],
    ['no article, short and without one', `<p>${short}</p>`, 'not-an-article'],
    ['an article, by sixty words that run on', `<p>${'word '.repeat(60)}</p>`, undefined],
    ['no article, by so many words in lines', '<p>a short line of words</p>'.repeat(12), 'not-an-article'],
    ['a login, whatever its element', '<article><p>Please log in to read on.</p></article>', 'login'],
    ['nothing', '', undefined],
  ];
  for (const [why, html, unknown] of judged)
    it(`takes a text for ${why}`, () => assert.equal(storedArticle(html).unknown, unknown));

  it('gives characters where there are no spaces, and the language', () => {
    const { cjkCharacters, language } = plainText('読書の時間は長い。'.repeat(20));
    assert.deepEqual([cjkCharacters, language], [160, 'ja']);
  });
});
