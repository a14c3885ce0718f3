import assert from 'node:assert/strict';
import { articleText } from '../../lib/article/article-text.ts';
import { SKIP_SENTENCES } from '../../lib/core/skip-reason.ts';
import { paragraphs } from '../helpers/pages.ts';

type Head = { title?: string; head?: string; address?: string };

const article = (title: string, count: number, { level = 1, attributes = '' } = {}): string =>
  `<article${attributes}><h${level}>${title}</h${level}>${paragraphs(count)}</article>`;
const pageOf = (body: string, { title = 'The Harbour Post', head = '' }: Head = {}): string =>
  `<!doctype html><html lang="en"><head><title>${title}</title>${head}</head><body><main>${body}</main></body></html>`;
const jsonLd = (value: unknown): string =>
  `<script type="application/ld+json">${JSON.stringify(value)}</script>`;
const wordsOf = (html: string, address?: string): number =>
  articleText(html, address ? { address } : {}).words;

const FERRY = 'The old ferry leaves';
const BRIDGE = 'A bridge built in stone';
const LIBRARY = 'Colours for a library';
const MOST = 'Старый мост из камня';
/** Articles of which each has another length. */
const ARTICLES: readonly (readonly [string, number])[] = [
  [FERRY, 3],
  [BRIDGE, 5],
  [LIBRARY, 8],
  [MOST, 11],
];
const all = ({ level = 1, url = (_: number): string => '' } = {}): string =>
  ARTICLES.map(([title, count], at) => article(title, count, { level, attributes: url(at) })).join('');
const own = (at: number): string => ` data-url="/p/${at}"`;
const ALONE = Object.fromEntries(
  ARTICLES.map(([title, count]) => [title, wordsOf(pageOf(article(title, count), { title }))]),
);
const ALL = wordsOf(pageOf(all({ level: 2 })));

const AT = 'https://example.com';
const NEWS = { '@type': 'NewsArticle' };
const OG_ARTICLE = '<meta property="og:type" content="article">';

const ROWS: readonly (readonly [why: string, body: string, head: Head, meant: string | undefined])[] = [
  ['its title', all(), { title: `${BRIDGE} - Post` }, BRIDGE],
  ['og:title', all(), { head: `<meta property="og:title" content="${BRIDGE}">` }, BRIDGE],
  ['the headline in JSON-LD', all(), { head: jsonLd({ ...NEWS, headline: LIBRARY }) }, LIBRARY],
  ['the words of its address', all(), { address: `${AT}/2026/11/a-bridge-built-in-stone.html` }, BRIDGE],
  ['these, of which some are left out', all(), { address: `${AT}/a/old-ferry-leaves-12345/` }, FERRY],
  ['these, and a number behind them', all(), { address: `${AT}/colours-for-library/98765` }, LIBRARY],
  [
    'its words in another script, as addresses encode them',
    all(),
    {
      address: `${AT}/%D1%81%D1%82%D0%B0%D1%80%D1%8B%D0%B9-%D0%BC%D0%BE%D1%81%D1%82-%D0%BA%D0%B0%D0%BC%D0%BD%D1%8F`,
    },
    MOST,
  ],
  ['og:url', all(), { head: `<meta property="og:url" content="${AT}/old-ferry-leaves">` }, FERRY],
  ['the canonical address', all(), { head: '<link rel="canonical" href="/colours-library-for">' }, LIBRARY],
  ['the url in JSON-LD', all(), { head: jsonLd({ ...NEWS, url: `${AT}/the-old-ferry` }) }, FERRY],
  [
    'the page of JSON-LD',
    all(),
    { head: jsonLd({ ...NEWS, mainEntityOfPage: { '@id': `${AT}/new-stone-bridge-built` } }) },
    BRIDGE,
  ],
  ['the address of an article', all({ url: own }), { address: `${AT}/p/1?utm_source=a` }, BRIDGE],
  ['this, whatever the title', all({ url: own }), { address: `${AT}/p/2/`, title: FERRY }, LIBRARY],
  ['its being the first, on a page of one', all(), { head: OG_ARTICLE }, FERRY],

  ['nothing', all(), {}, undefined],
  ['the address of a section', all(), { address: `${AT}/bridge/stone` }, undefined],
  [
    'the words of two',
    `${article(BRIDGE, 5)}${all()}`,
    { address: `${AT}/a-bridge-built-in-stone` },
    undefined,
  ],
  ['nothing: these are its sections', all({ level: 2 }), { head: OG_ARTICLE }, undefined],
  ['nothing: another site', all({ url: own }), { address: 'https://example.org/elsewhere/1' }, undefined],
];

/** The headings count, or not. */
const MAX_WORDS_OFF = 10;
const assertNearly = (words: number, right = 0): void =>
  assert.ok(Math.abs(words - right) <= MAX_WORDS_OFF, `${words} words instead of ${right}`);

describe('a page of several articles', () => {
  it('has articles of which each has another length', () => {
    assert.equal(new Set([...Object.values(ALONE), ALL]).size, 5);
  });

  for (const [why, body, head, meant] of ROWS) {
    it(`counts ${meant ?? 'all'}: ${why} means it`, () => {
      const words = wordsOf(pageOf(body, head), head.address);
      if (meant !== undefined) assertNearly(words, ALONE[meant]);
      else assert.ok(words > ALL * 0.9, `${words} of ${ALL}`);
    });
  }

  it('counts the long one of two under the title: the other is a teaser', () => {
    const teaser = `<article><h2>${BRIDGE}</h2><p>How it was built again.</p></article>`;
    assertNearly(wordsOf(pageOf(`${teaser}${all()}`, { title: BRIDGE })), ALONE[BRIDGE]);
  });

  it('names the others with their words', () => {
    const { leftOut } = articleText(pageOf(all(), { title: FERRY }));
    const [others, ...rest] = leftOut();
    assert.deepEqual([others?.kind, rest], ['other articles', []]);
    assertNearly(others?.words ?? 0, ALL - Number(ALONE[FERRY]));
  });
});

const LIVE = {
  '@type': 'LiveBlogPosting',
  liveBlogUpdate: [{ '@type': 'BlogPosting', articleBody: 'One.' }],
};
const entries = (attributes = ''): string =>
  `<article${attributes}><h1>Storm: as it comes</h1>${paragraphs(6)}</article>`;
const BODY = 'It was the longest storm of the year, and nobody slept. '.repeat(20);

const KINDS: readonly (readonly [why: string, html: string, unknown: string | undefined])[] = [
  ['JSON-LD', pageOf(entries(), { head: jsonLd(LIVE) }), 'live-blog'],
  [
    'a graph of JSON-LD',
    pageOf(entries(), { head: jsonLd({ '@graph': [{ '@type': 'WebPage' }, LIVE] }) }),
    'live-blog',
  ],
  [
    'the type of its element',
    pageOf(entries(' itemscope itemtype="https://schema.org/LiveBlogPosting"')),
    'live-blog',
  ],
  [
    'JSON-LD, of which an entry is the only text',
    pageOf('<h1>Storm</h1><p>Loading.</p>', {
      head: jsonLd({ ...LIVE, articleBody: BODY }),
    }),
    'live-blog',
  ],
  [
    'nothing: the article speaks of a live blog',
    pageOf(entries(), { head: jsonLd({ ...NEWS, mentions: [LIVE] }) }),
    undefined,
  ],
  [
    'nothing: a teaser behind the article is one',
    pageOf(
      `${entries(' itemtype="https://schema.org/NewsArticle"')}<div itemtype="https://schema.org/LiveBlogPosting"></div>`,
    ),
    undefined,
  ],
  [
    'nothing: a guide is an article, for all the things that it lists',
    pageOf(entries(), {
      head: jsonLd([
        { '@type': 'Article', datePublished: '2026-01-02', author: { '@type': 'Person' } },
        { '@type': 'ItemList', itemListElement: [{ '@type': 'Product', offers: { '@type': 'Offer' } }] },
      ]),
    }),
    undefined,
  ],
];

describe('a live blog', () => {
  for (const [why, html, unknown] of KINDS)
    it(`is ${unknown ? 'left alone' : 'none'}: ${why} says so`, () =>
      assert.equal(articleText(html).unknown, unknown));

  it('has a sentence', () => assert.match(SKIP_SENTENCES['live-blog'], /live blog/));
});
