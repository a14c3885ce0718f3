import assert from 'node:assert/strict';
import { pageFactsOf } from '../../lib/article/page-facts.ts';
import { parsePage } from '../../lib/article/parse-page.ts';
import { secondOpinion } from '../../lib/article/second-opinion.ts';

/** A paragraph that begins with a name; commas and length are what gives credit. */
const text = (name: string, words: number): string =>
  `<p>${name} ${Array.from({ length: words - 2 }, (_, at) => `word${at % 7}`).join(' ')}, one, ends.</p>`;
const repeated = (times: number, part: (at: number) => string): string =>
  Array.from({ length: times }, (_, at) => part(at)).join('');
const links = (times: number, name: string): string =>
  repeated(times, (at) => `<li><a href="/${at}">${name}${at} is a title that leads to elsewhere</a></li>`);
const article = (name: string): string => repeated(4, (at) => text(`${name}${at}`, 50));

/** So that what is inside has no neighbour with much text. */
const beside = (name: string, inside: string): string =>
  `<div><div class="${name}">${inside}</div><p>A line.</p></div>`;

/** The names of the blocks that are the article, without their numbers; each once. */
const namesIn = (html: string): string[] => {
  const facts = pageFactsOf(parsePage(html));
  const words = secondOpinion(facts).map((at) => facts.page.blocks[at]?.text.trim().split(/[\d ]/)[0] ?? '');
  return [...new Set(words)];
};

const ROWS: readonly (readonly [what: string, html: string, names: string[]])[] = [
  [
    'the element around most of the text',
    `<div>${text('short', 12)}</div><div class="s">${article('story')}</div><div>${text('other', 12)}</div>`,
    ['story'],
  ],
  [
    'an article that is split over several elements, each with a heading beside its text',
    `<div>${repeated(4, (at) => `<div><h4>Part</h4><div class="c${at}">${text(`part${at}`, 60)}</div></div>`)}</div>`,
    ['Part', 'part'],
  ],
  [
    'an article in an element that is all of another, with what stands beside that',
    `<div><div><div class="a">${article('story')}</div></div><div class="b">${text('more', 60)}</div></div>`,
    ['story', 'more'],
  ],
  [
    'its neighbours of the same class, where they have some text',
    `<div class="s">${article('story')}</div><div class="s">${text('more', 40)}${text('more', 40)}</div><div class="t">x</div>`,
    ['story', 'more'],
  ],
  [
    'nothing that is called what stands beside articles',
    `<div><div>${article('story')}${article('story')}</div><div class="comments">${article('reader')}${text('reader', 90)}</div></div>`,
    ['story'],
  ],
  [
    'what is called so if it is most of the page',
    `<div class="sidebar">${article('story')}</div><div><p>Other of a few words.</p></div>`,
    ['story'],
  ],
  [
    'what is called an article before what has some more text',
    `${beside('article-body', article('story'))}${beside('tile', `${article('other')}${text('other', 50)}`)}`,
    ['story'],
  ],
  [
    'what is called a product after what has some less text',
    `${beside('product', `${article('other')}${text('other', 50)}`)}${beside('tile', article('story'))}`,
    ['story'],
  ],
  [
    'what has more text where neither has a telling name',
    `${beside('block', `${article('story')}${text('story', 50)}`)}${beside('tile', article('other'))}`,
    ['story'],
  ],
  [
    'nothing that is hidden',
    `<div>${article('story')}<div hidden>${text('secret', 60)}</div></div>`,
    ['story'],
  ],
  [
    'no box of links in it',
    `<div>${article('story')}<div><h3>Elsewhere</h3><ul>${links(8, 'teaser')}</ul></div>${article('story')}</div>`,
    ['story'],
  ],
  [
    'a part with a link that has a text of its own',
    `<div>${article('story')}<div><p>box has six words.</p><a href="/1">A link of five words</a>${text('box', 30)}, a, b, c, d, e, f, g, h</div>${article('story')}</div>`,
    ['story', 'box', 'A', ','],
  ],
  [
    'a list of links in it, where their text is part of a sentence',
    `<div>${article('story')}<ul>${links(3, 'entry').replaceAll('</a>', '</a>, which says that there is more')}</ul></div>`,
    ['story', 'entry'],
  ],
  [
    'a text whose notes are longer, and left out',
    `<article><p>story goes on for some words, until a note<a href="#n0">[0]</a>, and<a href="#n1">[1]</a>, and<a href="#n2">[2]</a>.</p>${article('story')}<ol>${repeated(3, (at) => `<li id="n${at}">${text(`note${at}`, 200)}</li>`)}</ol></article>`,
    ['story'],
  ],
  ['no form in it', `<div>${article('story')}<form>${text('form', 40)}</form></div>`, ['story']],
  ['all there is of a short page', '<p>note of few words.</p>', ['note']],
  ['text without any element', 'plain text, and no more than that', ['plain']],
  ['nothing of nothing', '', []],
];

describe('the second opinion on what is the article', () => {
  for (const [what, html, names] of ROWS) it(`counts ${what}`, () => assert.deepEqual(namesIn(html), names));

  it('takes pages of thousands of paragraphs', () => {
    const facts = pageFactsOf(parsePage(`<div>${repeated(9000, (at) => text(`story${at}`, 12))}</div>`));
    assert.equal(secondOpinion(facts).length, 9000);
  });
});
