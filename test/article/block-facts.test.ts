import assert from 'node:assert/strict';
import { pageFactsOf } from '../../lib/article/page-facts.ts';
import { parsePage } from '../../lib/article/parse-page.ts';

const words = (times: number): string => Array(times).fill('word').join(' ');

describe('the facts about a block', () => {
  const rows: readonly (readonly [
    html: string,
    proseWords: number,
    endsSentence: boolean,
    reason: string,
  ])[] = [
    [`${words(8)}.`, 8, true, 'eight words are enough for running text'],
    [`${words(7)}.`, 0, true, 'seven are not'],
    [`${words(10)}:`, 0, true, 'a colon ends a sentence, but makes no running text'],
    [`${words(4)}, ${words(3)}, ${words(3)}`, 10, false, 'two commas make running text'],
    [`${words(5)}, ${words(5)}`, 0, false, 'one comma does not'],
    [`${words(7)} <a href="/x">${words(3)}</a>.`, 7, true, 'words of links are not running text'],
    [`${words(6)} <a href="/x">${words(4)}</a>.`, 0, true, 'nor is a block with four of ten words in links'],
  ];
  for (const [html, proseWords, endsSentence, reason] of rows) {
    it(`has ${proseWords} words of running text in ${html}: ${reason}`, () => {
      const block = pageFactsOf(parsePage(`<p>${html}</p>`)).blocks[0];
      assert.deepEqual([block?.proseWords, block?.endsSentence], [proseWords, endsSentence]);
    });
  }

  it('takes half of the running text for what its name says, and more than half for the article', () => {
    const rulesWith = (own: number): number | undefined => {
      const html = `<div class="comments"><p>${words(own)}.</p></div><p>${words(10)}.</p>`;
      const { page, elements } = pageFactsOf(parsePage(html));
      return elements[page.elements.findIndex(({ tag }) => tag.name === 'div')]?.rules;
    };
    assert.notEqual(rulesWith(10), 0);
    assert.equal(rulesWith(11), 0);
  });
});
