/**
 * `npm run bench:odd`: processor time that articleText takes for a megabyte of pages that are made to be trouble, beside
 * what a tokenizer alone takes for a plain megabyte in the same moment. Exits with 1 where one takes longer than is
 * allowed.
 */
import Table from 'cli-table3';
import { Tokenizer } from 'htmlparser2';
import { articleText } from '../lib/article/article-text.ts';
import { pageOf, paragraphs } from '../test/helpers/pages.ts';

/**
 * So many times as long as the tokenizer: the slowest page takes up to 22 times, on a machine that is busy or not, and one
 * whose time grew with the square of its length would take hundreds.
 */
const MAX_TIMES_TOKENIZER = 25;
/** Each is made about this long, so that what grows faster than the page would show: bytes. */
const LENGTH = 1_000_000;
const TIMES = 5;

const filled = (part: string, length = LENGTH): string =>
  part.repeat(Math.ceil(length / Buffer.byteLength(part)));

/** Any code points, the same ones each time. */
const anyCharacters = (): string => {
  let state = 1;
  return Array.from({ length: LENGTH / 4 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return String.fromCodePoint(state % 0x11_0000);
  }).join('');
};

const HALF = LENGTH / 2;
const PARAGRAPH = `<p>${'The old ferry left the harbour before anyone on the quay had finished their coffee. '}</p>`;

const PAGES: readonly (readonly [string, () => string])[] = [
  ['text in nested divs without end', () => filled('<div>word ')],
  ['unclosed b, then paragraphs', () => `${filled('<b>', HALF)}${filled('<p>word', HALF)}`],
  ['nested divs', () => filled('<div>')],
  ['links', () => filled('<a href="/x">more</a> ')],
  ['a class of 1 MB', () => `<p class="${filled('sidebar ')}">`],
  [
    'a class of its own for each element',
    () => Array.from({ length: 40_000 }, (_, at) => `<p class="a${at}b">x</p>`).join(''),
  ],
  ['line breaks', () => filled('<br>')],
  ['open tags of several kinds', () => filled('<x-y><table><li>')],
  ['Chinese', () => filled('你好世界')],
  ['Thai', () => filled('สวัสดีครับ')],
  ['paragraphs', () => filled(PARAGRAPH)],
  ['short paragraphs', () => filled('<p>a</p>')],
  ['ends of what never began', () => filled('</div></p></x>')],
  ['entities without end', () => filled('&amp')],
  ['one word', () => filled('x')],
  ['quotation marks in a tag', () => `<a ${filled(`"'`)}>`],
  ['attributes', () => `<a ${filled('b=c ')}>`],
  ['any characters', anyCharacters],
  ['headings', () => filled('<h1>word word</h1>')],
  ['tags that overlap', () => filled('<b><div></b>')],
  ['unclosed noscript', () => filled('<noscript><p>word word')],
  ['nested lists', () => filled('<ul><li>one two three. ')],
  ['quotation marks', () => `<p>${filled('"')}`],
  ['digits and commas', () => `<p>${filled('1,')}`],
  ['a phrase of paywalls', () => `<p>${filled('subscribe to ')}`],
  ['a title of 1 MB', () => `<title>${filled('page ')}`],
  ['nested JSON-LD without end', () => `<script type="application/ld+json">${filled('[{"a":')}`],
  [
    'JSON-LD of many articles',
    () => `<script type="application/ld+json">[${filled('{"articleBody":"<"},')}{}]</script>`,
  ],
  ['quotation marks in a script', () => `<script>${filled('\\"')}`],
  ['strings in a script', () => `<script>a={${filled('b:"Some words of a text that goes on and on.",')}`],
  ['nested state without end', () => `<script>${filled('{"a":[')}`],
  [
    'a state of many texts',
    () => `<script>[${filled('{"b":"Some words of a text that goes on and on."},')}{}]</script>`,
  ],
  ['hidden elements in one another', () => filled('<div hidden>word ')],
  [
    'lists that look like comments',
    () => filled(`<div><p>40</p>${'<i-t><b-b>A</b-b><p>Some text.</p></i-t>'.repeat(4)}`),
  ],
  [
    'marks of notes',
    () => `${filled('<a href="#n">1</a> ', HALF)}${filled('<p id=n>A note, of words.', HALF)}`,
  ],
];

const nothing = (): void => {};

/** Splits a page into tags and text, and does nothing with them. */
const tokenize = (html: string): void => {
  const tokenizer = new Tokenizer(
    {},
    {
      onopentagname: nothing,
      onattribname: nothing,
      onattribdata: nothing,
      onattribentity: nothing,
      onattribend: nothing,
      onopentagend: nothing,
      onselfclosingtag: nothing,
      onclosetag: nothing,
      ontext: nothing,
      ontextentity: nothing,
      oncdata: nothing,
      oncomment: nothing,
      ondeclaration: nothing,
      onprocessinginstruction: nothing,
      onend: nothing,
    },
  );
  tokenizer.write(html);
  tokenizer.end();
};

const PLAIN_PAGE = filled(`<div class="text">${PARAGRAPH}<a href="/x">More of it</a></div>`);

const PLAIN_MB = Buffer.byteLength(PLAIN_PAGE) / 1e6;

/** Processor milliseconds on all threads. */
const msOf = (work: () => void): number => {
  const from = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000;
};

/** The least of several times, one beside the other: what else a machine does slows both. */
const leastMs = (html: string): { ms: number; tokenizerMs: number } => {
  const times = Array.from({ length: TIMES }, () => ({
    tokenizerMs: msOf(() => tokenize(PLAIN_PAGE)),
    ms: msOf(() => articleText(html)),
  }));
  return {
    ms: Math.min(...times.map(({ ms }) => ms)),
    tokenizerMs: Math.min(...times.map(({ tokenizerMs }) => tokenizerMs)),
  };
};

/** A function that has run before, as in a run that reads many pages. */
const warmUp = (): void => {
  for (let times = 0; times < 200; times++) articleText(pageOf(paragraphs(40)));
  for (let times = 0; times < 20; times++) tokenize(PLAIN_PAGE);
};

warmUp();
const table = new Table({
  head: ['page', 'MB', 'ms', 'ms a MB', 'times tokenizer', 'words'],
  style: { head: [], border: [], compact: true },
});
for (const [name, html] of PAGES) {
  const page = html();
  const mb = Buffer.byteLength(page) / 1e6;
  const { ms, tokenizerMs } = leastMs(page);
  const ratio = ms / mb / (tokenizerMs / PLAIN_MB);
  table.push([
    name,
    mb.toFixed(2),
    ms.toFixed(0),
    (ms / mb).toFixed(0),
    ratio.toFixed(1),
    String(articleText(page).words),
  ]);
  if (ratio > MAX_TIMES_TOKENIZER) process.exitCode = 1;
}
console.log(table.toString());
