import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { articleText } from '../../lib/article/article-text.ts';
import { leftOutOf } from '../../lib/article/left-out.ts';
import { pageFactsOf } from '../../lib/article/page-facts.ts';
import { parsePage } from '../../lib/article/parse-page.ts';

const text = (name: string, words: number): string =>
  `<p>${name} ${Array.from({ length: words - 2 }, (_, at) => `word${at % 7}`).join(' ')}, ends.</p>`;
const repeated = (times: number, part: (at: number) => string): string =>
  Array.from({ length: times }, (_, at) => part(at)).join('');

/** The article of each page: 120 words. */
const ARTICLE = `<article><h1>The old bank</h1>${text('one', 60)}${text('two', 60)}</article>`;
const OTHER = text('other', 40);

const isLeftOut = (html: string): boolean => {
  const facts = pageFactsOf(parsePage(html));
  const leftOut = leftOutOf(facts);
  const others = facts.page.blocks.flatMap((block, at) => (/^other/.test(block.text) ? [leftOut[at]] : []));
  assert.ok(others.length > 0);
  assert.equal(new Set(others).size, 1, 'all of it or nothing');
  return others[0] !== 0;
};

const said = (names: (at: number) => string, label: string): string =>
  `${ARTICLE}<div><h2>${label}</h2>${repeated(6, (at) => `<div class="op">${names(at)}${text(`other${at}`, 20)}</div>`)}</div>`;
const name = (at: number): string => `<div>Visitor ${at}</div>`;
const picture = (at: number): string =>
  `<li><img src="${at}.jpg"><div class="caption"><h4>${at}/6</h4>${text(`other${at}`, 20)}</div></li>`;
const link = (at: number): string => `<li><a href="/${at}">other${at} text that stands elsewhere</a></li>`;
const notes = (words: number, href = (at: number) => `#n${at}`): string =>
  `<article>${repeated(4, (at) => `<p>The text${at} goes on for some more words, until a note<a href="${href(at)}">[${at}]</a>.</p>`)}${text('one', 60)}<ol>${repeated(4, (at) => `<li id="n${at}">${text(`other${at}`, words)}</li>`)}</ol></article>`;

const ROWS: readonly (readonly [reason: string, html: string, leftOut: boolean])[] = [
  ['hidden says so', `${ARTICLE}<div hidden>${OTHER}</div>`, true],
  [
    'it is hidden from screen readers, as decoration is',
    `${ARTICLE}<div aria-hidden="true">${OTHER}</div>`,
    true,
  ],
  ['aria-hidden may also say no', `${ARTICLE}<div aria-hidden="false">${OTHER}</div>`, false],
  ['its style hides it', `${ARTICLE}<div style="display: none">${OTHER}</div>`, true],
  ['its class is the one that hides', `${ARTICLE}<div class="words d-none">${OTHER}</div>`, true],
  ['only the label of the field is hidden', `${ARTICLE}<div class="label-hidden">${OTHER}</div>`, false],
  ['large screens show it', `${ARTICLE}<div class="hidden md:block">${OTHER}</div>`, false],
  ['it is in something hidden', `${ARTICLE}<div hidden><div><b></b>${OTHER}</div></div>`, true],
  ['scripts show what is more than all that is shown', `<p>A line.</p><div hidden>${OTHER}</div>`, false],
  [
    'an accordion is opened by who reads on',
    `${ARTICLE}<div hidden class="accordion-panel">${OTHER}</div>`,
    false,
  ],
  [
    'code is shown on a click, however much it is',
    `${ARTICLE}<pre class="hidden">other ${text('', 900)}</pre>`,
    true,
  ],
  [
    'code is hidden beside text that scripts show',
    `<p>A line.</p><div hidden>${text('one', 60)}</div><pre class="hidden">other ${text('', 20)}</pre>`,
    true,
  ],
  ['it lies over the page', `${ARTICLE}<div class="modal">${OTHER}</div>`, true],
  ['it asks for consent', `${ARTICLE}<div id="cookie-consent">${OTHER}</div>`, true],
  ['nothing is said of it', `${ARTICLE}<div class="more-text">${OTHER}</div>`, false],

  ['names stand over texts, as many as the label counts', said(name, 'Opiniones (6)'), true],
  ['the label counts those of other pages, too', said(name, '34 Meinungen'), true],
  ['nothing counts them: sections with labels look so', said(name, 'Six kinds of bread'), false],
  ['the number is not one of them', said(name, 'Opened in 3 towns'), false],
  ['sections have headings', said((at) => `<h3>Kind ${at}</h3>`, 'Bread (6)'), false],
  ['there are no names', said(() => '', 'Bread (6)'), false],
  ['there is nothing else to read', said(name, 'Opiniones (6)').replace(ARTICLE, '<h1>Guests</h1>'), false],
  [
    'components are called comments',
    `${ARTICLE}${repeated(4, (at) => `<x-comment>${text(`other${at}`, 20)}</x-comment>`)}`,
    true,
  ],

  ['pictures follow one another', `${ARTICLE}<ul>${repeated(6, picture)}</ul>`, true],
  [
    'there is text between the pictures',
    `${ARTICLE}<ul>${repeated(6, (at) => `${picture(at)}${text('one', 20)}`)}</ul>`,
    true,
  ],
  [
    'a figure says that it is a caption',
    `${ARTICLE}<figure><img src="1.jpg"><figcaption><div>${OTHER}</div></figcaption></figure>`,
    true,
  ],
  ['the captions are all there is to read', `<h1>In pictures</h1><ul>${repeated(6, picture)}</ul>`, false],

  ['a list has nothing but links', `${ARTICLE}<ul>${repeated(3, link)}</ul>`, true],
  ['a numbered list has nothing but links', `${ARTICLE}<ol>${repeated(3, link)}</ol>`, true],
  ['two links are no list of them', `${ARTICLE}<ul>${repeated(2, link)}</ul>`, false],
  [
    'the links of a list have some text beside them',
    `${ARTICLE}<ul>${repeated(6, (at) => link(at).replace('</a>', '</a> is worth the half hour that it takes'))}</ul>`,
    false,
  ],
  ['links stand in no list', `${ARTICLE}${repeated(3, link).replaceAll('li>', 'p>')}`, false],
  ['lists of links are all there is to read', `<h1>Links</h1><ul>${repeated(9, link)}</ul>`, false],

  [
    'their class calls them comments, as it may call answers',
    `${ARTICLE}${repeated(4, (at) => `<div class="comment">${text(`other${at}`, 20)}</div>`)}`,
    false,
  ],

  [
    'the title means another article',
    `<title>The old bank - Paper</title>${ARTICLE}<article><h1>Bread</h1>${OTHER}</article>`,
    true,
  ],
  [
    'og:title means another article',
    `<title>Paper</title><meta property="og:title" content="The old bank">${ARTICLE}<article><h1>Bread</h1>${OTHER}</article>`,
    true,
  ],
  [
    'the title means neither article',
    `<title>Our magazine</title>${ARTICLE}<article><h1>Bread</h1>${OTHER}</article>`,
    false,
  ],
  [
    'the title means both',
    `<title>The old bank</title>${ARTICLE}${ARTICLE.replace('</h1>', `</h1>${OTHER}`)}`,
    false,
  ],
  [
    'it is part of the article',
    `<title>The old bank</title>${ARTICLE.replace('</article>', `<article><h2>Bread</h2>${OTHER}</article></article>`)}`,
    false,
  ],
  [
    'it has no heading, as the other half of an article',
    `<title>The old bank</title>${ARTICLE}<article>${OTHER}</article>`,
    false,
  ],

  ['notes are longer than the text', notes(60), true],
  ['notes are short, and read with the text', notes(12), false],
  [
    'links lead to sections of the text',
    notes(60).replaceAll(/<li ([^>]*)>/g, '<li $1><h2>Section</h2>'),
    false,
  ],
  ['links lead elsewhere', notes(60, (at) => `/n${at}`), false],
];

describe('what is left out', () => {
  for (const [reason, html, leftOut] of ROWS)
    it(`${leftOut ? 'is the rest' : 'is nothing'} where ${reason}`, () =>
      assert.equal(isLeftOut(html), leftOut));
});

/** Right by the README beside them: the words, and what they were when people reported them. */
const REPORTED: Readonly<Record<string, readonly [right: number, was: number, leftOut: string]>> = {
  '../shared/reports/n4-comments-without-names.html': [199, 2981, 'comments'],
  '../shared/reports/n5-long-footnotes.html': [580, 2657, 'notes'],
  '../shared/reports/n6-hidden-code.html': [566, 4727, 'hidden text'],
  '../shared/reports/n8-pictures-gallery.html': [325, 2525, 'captions'],
};
/** A heading more or less. */
const NEARLY_WORDS = 12;

describe('pages that people reported', () => {
  for (const [path, [right, was, kind]] of Object.entries(REPORTED)) {
    it(`${path} has about ${right} words, not ${was}, and names its ${kind}`, function () {
      if (!existsSync(path)) return this.skip();
      const { words, unknown, leftOut } = articleText(readFileSync(path, 'utf8'));
      assert.equal(unknown, undefined);
      assert.ok(Math.abs(words - right) <= NEARLY_WORDS, `${words} words`);
      const [other, ...rest] = leftOut();
      assert.deepEqual([other?.kind, rest], [kind, []]);
      assert.ok(Math.abs(words + (other?.words ?? 0) - was) <= was * 0.05, `${other?.words} words left out`);
    });
  }
});
