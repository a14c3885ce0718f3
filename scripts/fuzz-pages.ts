/**
 * `npm run fuzz -- [--documents N] [--seconds S] [--seed X]`: reads random and mutated documents until N are read
 * or S seconds have passed. Exits with 1, and shows the document, where one throws or a law is broken.
 */
import { parseArgs } from 'node:util';
import { articleText } from '../lib/article/article-text.ts';
import { countWords } from '../lib/core/count-words.ts';
import { COMMENTS, FOOTER, NAVIGATION, pageOf, paragraphs, RELATED } from '../test/helpers/pages.ts';

const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
  },
});

/** Mulberry32: the same documents for the same seed. */
const newRandom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const random = newRandom(Number(values.seed));
const below = (limit: number): number => Math.floor(random() * limit);
const oneOf = (choices: readonly string[]): string => choices[below(choices.length)] ?? '';

const TAGS =
  'html head body title p div article main section nav aside footer header ul li table tr td a b span br hr svg math select option noscript template script style textarea iframe form input button h1 h2 figure figcaption video x-card P DIV'.split(
    ' ',
  );
const ATTRIBUTES = [
  'class="article-body"',
  'class=comments',
  "id='sidebar'",
  'role=main',
  'itemprop="articleBody"',
  'hidden',
  'style="display : none"',
  'lang="de"',
  'href=/x',
  'type="application/ld+json"',
  'type=password',
  'property="og:type" content="video"',
  'class="',
  "id='",
  'class=a=b',
  '/',
];
const TEXTS = [
  'The old ferry left the harbour before anyone had finished their coffee. ',
  'word ',
  'Read more',
  '© 2026',
  '你好世界。',
  '私は記事を読む。',
  'สวัสดีครับ',
  'Привет, мир. ',
  '&amp;',
  '&#x1f600;',
  '&#0;',
  '&#xD800;',
  '&nosuch;',
  '\0',
  '\ud83d',
  '\u200d',
  '<',
  '>',
  '"',
  "'",
  '{"wordCount": 700}',
  '[[[',
  '\r\n',
  '\t',
  '404 not found',
];
const MARKUP = [
  '<!--',
  '-->',
  '<!',
  '<?php',
  '?>',
  '<![CDATA[',
  ']]>',
  '</',
  '<!DOCTYPE html>',
  '--!>',
  '</script',
  '</title>',
  '</textarea>',
];

const piece = (): string => {
  const kind = below(10);
  if (kind < 3) return `<${oneOf(TAGS)} ${oneOf(ATTRIBUTES)}>`;
  if (kind < 5) return `<${oneOf(TAGS)}>`;
  if (kind < 7) return `</${oneOf(TAGS)}>`;
  if (kind < 9) return oneOf(TEXTS);
  return random() < 0.7 ? oneOf(MARKUP) : String.fromCodePoint(below(0x11_0000));
};

const MAX_PIECES = 60;
const fromPieces = (): string => Array.from({ length: below(MAX_PIECES) }, piece).join('');

const SEEDS = [
  pageOf(paragraphs(3)),
  pageOf(`<p>short</p>${RELATED}`, { after: COMMENTS }),
  `${NAVIGATION}<table><tr><td>${paragraphs(2)}</table>${FOOTER}`,
  '<head><script type="application/ld+json">{"@type":"VideoObject","duration":"PT3M","articleBody":"a b c"}</script></head><body><noscript><p>text</p></noscript>',
];

const MAX_MUTATIONS = 6;
const mutated = (): string => {
  let html = oneOf(SEEDS);
  for (let left = below(MAX_MUTATIONS) + 1; left > 0; left--) {
    const from = below(html.length);
    const to = from + below(200);
    const cut = html.slice(from, to);
    html = oneOf([
      html.slice(0, from) + html.slice(to),
      html.slice(0, from) + piece() + html.slice(from),
      html.slice(0, to) + cut + html.slice(to),
      html.slice(0, to),
    ]);
  }
  return html;
};

/** Words in the source; the parts of an address count, which in the source may go on over the tag that ends it. */
const wordsOfSource = (html: string): number => countWords(html.replaceAll(/[:@/\\]/g, ' ')).words;

/** The law that a document breaks, or undefined. */
const brokenLaw = (html: string): string | undefined => {
  const { words, cjkCharacters, cjkWords, confidence, from, videoSeconds } = articleText(html);
  if (!Number.isInteger(words) || words < 0) return `words are ${words}`;
  if (from === 'text' && words > wordsOfSource(html)) return 'more words than the page has';
  if (cjkWords > words || cjkCharacters < 0) return `of ${words} words ${cjkWords} are Chinese or Japanese`;
  if (!(confidence >= 0 && confidence <= 1)) return `confidence is ${confidence}`;
  if (videoSeconds !== undefined && !(videoSeconds > 0)) return `the video has ${videoSeconds} seconds`;
  return undefined;
};

const examine = (html: string): string | undefined => {
  try {
    return brokenLaw(html);
  } catch (error) {
    return `it throws ${error}`;
  }
};

const until = performance.now() + Number(values.seconds) * 1000;
const documents = Number(values.documents);
let read = 0;
let trouble: string | undefined;
while (read < documents && performance.now() < until && trouble === undefined) {
  const html = random() < 0.7 ? fromPieces() : mutated();
  const broken = examine(html);
  if (broken) trouble = `Document ${read} of seed ${values.seed}: ${broken}:\n${JSON.stringify(html)}`;
  read++;
}
console.log(trouble ?? `${read} documents read, none threw, every law kept`);
process.exitCode = trouble ? 1 : 0;
