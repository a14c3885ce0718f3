import assert from 'node:assert/strict';
import { articleText } from '../../lib/article/article-text.ts';
import { bodyInScripts } from '../../lib/article/script-body.ts';
import { countWords } from '../../lib/core/count-words.ts';
import { paragraph, paragraphs } from '../helpers/pages.ts';

const PARTS = Array.from({ length: 12 }, (_, at) => `${paragraph(4, at)} That was in ${1900 + at}.`);
const TEXT = PARTS.join('\n');
const HTML = PARTS.map((part) => `<p class="x">${part}</p>`).join('');
const WORDS = countWords(TEXT).words;
const RELATED = Array.from({ length: 9 }, (_, at) => ({ slug: `s${at}`, summary: paragraph(5, at) }));
const props = (article: object): string =>
  JSON.stringify({ props: { pageProps: { article, related: RELATED } } });

const ROWS: readonly (readonly [reason: string, script: string, words: number | undefined])[] = [
  ['Next.js, with HTML in one string', props({ title: 'A title', body: HTML }), WORDS],
  [
    'Next.js, with one object a paragraph',
    props({ content: PARTS.map((text) => ({ type: 'p', text })) }),
    WORDS,
  ],
  [
    'a document of nested nodes, as editors keep it',
    props({ doc: { content: PARTS.map((value) => ({ nodeType: 'p', content: [{ value, marks: [] }] })) } }),
    WORDS,
  ],
  ['Markdown, or plain text', props({ markdown: TEXT }), WORDS],
  [
    'Apollo, with an entry a paragraph',
    `window.__APOLLO_STATE__ = ${JSON.stringify(Object.fromEntries(PARTS.map((text, at) => [`Paragraph:${at}`, { text }])))};`,
    WORDS,
  ],
  [
    'Nuxt, as a call',
    `window.__NUXT__=(function(a,b){return {data:[{title:"A title",body:${JSON.stringify(HTML)},tags:a}]}}(null,1));`,
    WORDS,
  ],
  ['Nuxt, as one flat list', JSON.stringify([['Reactive', 1], { body: 2 }, HTML, 'A title']), WORDS],
  ['the same text twice', props({ body: HTML, copy: HTML }), WORDS],
  ['teasers of other articles are no body', props({ title: 'A title' }), undefined],
  ['comments are none', props({ comments: PARTS.map((text) => ({ text })) }), undefined],
  [
    'messages of the program are none',
    JSON.stringify({
      a: Object.fromEntries(PARTS.map((text, at) => [`k${String.fromCharCode(97 + at)}`, text])),
    }),
    undefined,
  ],
  ['a program', `const say = "${paragraph(3)}";`.repeat(1), undefined],
  ['JSON that breaks off', props({ body: HTML }).slice(0, 300), undefined],
  ['a string that never ends', `x="${'\\"'.repeat(40_000)}\\`, undefined],
  ['a long name on the way to the text', props({ ['K'.repeat(100_000)]: { body: HTML } }), WORDS],
  ['a script too large to be read', `${' '.repeat(1_000_001)}${props({ body: HTML })}`, undefined],
  ['nesting without end', '[{"a":'.repeat(100_000), undefined],
  ['nothing', '', undefined],
];

describe('bodyInScripts', () => {
  for (const [reason, script, words] of ROWS)
    it(`finds ${words ?? 'no'} words: ${reason}`, () => {
      assert.equal(bodyInScripts([script])?.words, words);
    });

  it('is asked where the page shows next to nothing, and not where it shows an article', () => {
    const shell = (shown: string) =>
      `<title>A title</title><div id="__next">${shown}</div><script id="__NEXT_DATA__" type="application/json">${props({ body: HTML })}</script>`;
    const { words, from, unknown } = articleText(shell('<h1>A title</h1><p>Loading</p>'));
    assert.deepEqual({ words, from, unknown }, { words: WORDS, from: 'script-body', unknown: undefined });
    assert.equal(articleText(shell(`<h1>A title</h1>${paragraphs(3)}`)).from, 'text');
  });
});
