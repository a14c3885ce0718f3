import assert from 'node:assert/strict';
import { pageFactsOf } from '../../lib/article/page-facts.ts';
import { parsePage } from '../../lib/article/parse-page.ts';

const words = (name: string, times: number): string => [name, ...Array(times - 1).fill('word')].join(' ');
const prose = (name: string, times: number): string => `<p>${words(name, times)}.</p>`;
const list = (times: number): string => `<ul><li><a href="/x">${words('L', times)}</a></li></ul>`;

/** Tag of the main container, and the first word of each block that is counted. */
const mainOf = (html: string): string => {
  const { page, main } = pageFactsOf(parsePage(html));
  const names = main.counted.map((at) => page.blocks[at]?.text.trim().split(' ')[0]);
  return [`${page.elements[main.element]?.tag.name ?? 'page'}:`, ...names].join(' ');
};

describe('the main container', () => {
  const rows: readonly (readonly [html: string, wanted: string, reason: string])[] = [
    ['', 'page:', 'nothing on an empty page'],
    [`${words('A', 20)}.`, 'body: A', 'text without any element stands in the body'],
    ['one two three four', 'body: one', 'also text that is worth less than nothing'],
    ['<p>one two three four</p><div></div>', 'div: one', 'an element without text stands for the whole page'],
    [`${words('A', 13)}.${prose('B', 40)}`, 'body: A B', 'text in no other element counts for the body'],
    [
      `${list(100)}<section>${prose('A', 20)}</section><section>${prose('B', 20)}</section>`,
      'body: A B',
      'the body is a parent too',
    ],
    [`<div>${prose('A', 20)}${prose('B', 20)}</div>${list(20)}`, 'div: A B', 'what holds the running text'],
    [
      `<main>${list(50)}<section>${prose('A', 40)}${prose('B', 40)}</section>${list(50)}</main>`,
      'section: A B',
      'without the links around it',
    ],
    [
      `<main><h2>${words('N', 20)}</h2><section>${prose('A', 40)}${prose('B', 40)}</section></main>`,
      'section: A B',
      'other text counts a little against what is around it',
    ],
    [
      `<main><section>${prose('A', 40)}${prose('B', 40)}</section></main>`,
      'section: A B',
      'of two that are worth the same, the inner one',
    ],
    [
      `<main>${list(100)}<section>${prose('A', 20)}</section><section>${prose('B', 20)}</section></main>`,
      'main: A B',
      'a parent with much more running text',
    ],
    [
      `<main>${list(200)}<section>${prose('A', 33)}</section><section>${prose('B', 100)}</section></main>`,
      'p: B',
      'not a parent with a third more',
    ],
    [
      `<main>${list(200)}<section>${prose('A', 34)}</section><section>${prose('B', 100)}</section></main>`,
      'main: A B',
      'but with more than that',
    ],
    [
      `<div class="comments">${list(200)}<section class="entry-content">${prose('A', 20)}</section><section class="entry-content">${prose('B', 20)}</section></div>${list(200)}${prose('X', 15)}${prose('Y', 15)}${prose('Z', 15)}`,
      'p: B',
      'never a parent that is not the article by its name',
    ],
    [
      `<main><section>${prose('A', 40)}${prose('B', 40)}</section><div class="comments">${prose('C', 16)}</div></main>`,
      'section: A B',
      'running text of what is not the article counts against what is around it',
    ],
    [
      `<main><section>${prose('A', 40)}${prose('B', 40)}</section>${prose('D', 8)}<div class="comments">${prose('C', 16)}</div></main>`,
      'main: A B D',
      'but less than half as much as the same of the article',
    ],
    [
      `<main><section>${prose('A', 40)}${prose('B', 40)}</section>${prose('D', 8)}<h2>${words('N', 20)}</h2></main>`,
      'main: A B D N',
      'other text counts a tenth',
    ],
    [
      `<main><section>${prose('A', 40)}${prose('B', 40)}</section>${prose('D', 8)}${list(20)}</main>`,
      'main: A B D',
      'links count less than a third',
    ],
    [
      `<main><section>${prose('A', 40)}${prose('B', 40)}</section>${prose('D', 8)}${list(40)}</main>`,
      'section: A B',
      'which may be more than the text beside them',
    ],
    [
      `${list(200)}<div class="comments"><section class="entry-content">${prose('A', 30)}</section></div>${prose('B', 35)}`,
      'p: A',
      'running text of a body counts for more',
    ],
    [
      `<section>${prose('A', 40)}<p>one two three</p><p>D two three four</p>${prose('B', 40)}</section>`,
      'section: A D B',
      'a block of three words is not counted',
    ],
    [
      `<section>${prose('A', 40)}<p>${words('N', 5)} <a href="/x">${words('L', 5)}</a></p>${prose('B', 40)}</section>`,
      'section: A B',
      'nor one of which half is links',
    ],
    [
      `<section>${prose('A', 40)}<div class="comments">${prose('C', 9)}</div>${prose('B', 40)}</section>`,
      'section: A B',
      'nor one that is not the article by its name',
    ],
  ];
  for (const [html, wanted, reason] of rows) {
    it(`is ${wanted} — ${reason}`, () => assert.equal(mainOf(html), wanted));
  }

  it('says which blocks are in it, which of them are counted, and how many words they have', () => {
    const inside = `<section>${prose('A', 40)}<p>two words</p>${prose('B', 40)}</section>`;
    const { main } = pageFactsOf(parsePage(`<main>${list(50)}${inside}${list(50)}</main>`));
    const { firstBlock, lastBlock, counted, words: total } = main;
    assert.deepEqual([firstBlock, lastBlock, [...counted], total], [1, 3, [1, 3], 80]);
  });

  it('has no blocks on an empty page', () => {
    const { firstBlock, lastBlock, words: total } = pageFactsOf(parsePage('')).main;
    assert.deepEqual([firstBlock, lastBlock, total], [0, -1, 0]);
  });
});
