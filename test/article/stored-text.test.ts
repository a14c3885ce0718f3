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

  it('gives characters where there are no spaces, and the language', () => {
    const { cjkCharacters, language } = plainText('読書の時間は長い。'.repeat(20));
    assert.deepEqual([cjkCharacters, language], [160, 'ja']);
  });
});
