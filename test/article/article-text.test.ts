import assert from 'node:assert/strict';
import fc from 'fast-check';
import { articleText } from '../../lib/article/article-text.ts';
import { countWords } from '../../lib/core/count-words.ts';
import { COMMENTS, NAVIGATION, pageOf, paragraph, paragraphs, RELATED } from '../helpers/pages.ts';

const ARTICLE = paragraphs(12);
const ARTICLE_WORDS = countWords(ARTICLE.replaceAll(/<[^>]+>/g, ' ')).words;
/** A title or a caption more or less does not change a read time. */
const NEARLY = 0.06;

const assertNearly = (words: number, wanted: number): void => {
  assert.ok(Math.abs(words - wanted) <= wanted * NEARLY, `${words} words, wanted about ${wanted}`);
};

describe('articleText', () => {
  describe('counts the article and nothing else', () => {
    const rows: readonly (readonly [reason: string, html: string])[] = [
      ['a plain page', pageOf(ARTICLE)],
      ['related stories stand beside it', pageOf(ARTICLE, { after: RELATED })],
      ['comments stand under it', pageOf(ARTICLE, { after: COMMENTS })],
      ['navigation stands before it once more', pageOf(ARTICLE, { before: NAVIGATION })],
      ['no tag says that it is an article', pageOf(ARTICLE).replaceAll(/<\/?(?:main|article)[^>]*>/g, '')],
      ['no class says so', pageOf(ARTICLE).replaceAll(/ class="[^"]*"/g, '')],
      ['no paragraph is closed', pageOf(ARTICLE).replaceAll('</p>', '')],
      ['a table lays out the page', `<table><tr><td>${NAVIGATION}</td><td>${ARTICLE}</td></tr></table>`],
      [
        'its class says sidebar, but it holds most of the text',
        pageOf(`<div class="sidebar">${ARTICLE}</div>`),
      ],
      [
        'the body says has-sidebar',
        pageOf(ARTICLE).replace('<body>', '<body class="has-sidebar comments-open">'),
      ],
      ['tags are in capitals', pageOf(ARTICLE).replaceAll(/<\/?[a-z]+/g, (tag) => tag.toUpperCase())],
      [
        'it is split over two sections',
        pageOf(`<section>${ARTICLE.split('\n').toSpliced(6, 0, '</section><section>').join('\n')}</section>`),
      ],
      ['entities stand for letters', pageOf(ARTICLE.replaceAll('e', '&#101;'))],
      ['comments of HTML are inside', pageOf(ARTICLE.replaceAll('<p>', '<!-- <p>not this</p> --><p>'))],
      [
        'scripts and styles are inside',
        pageOf(ARTICLE.replaceAll('<p>', '<script>var no = "words here";</script><style>p{}</style><p>')),
      ],
    ];
    for (const [reason, html] of rows) {
      it(`where ${reason}`, () => assertNearly(articleText(html).words, ARTICLE_WORDS));
    }
  });

  it('reads text between line breaks as paragraphs', () => {
    const lines = ARTICLE.replaceAll('</p>', '<br><br>').replaceAll('<p>', '');
    assertNearly(articleText(pageOf(lines)).words, ARTICLE_WORDS);
  });

  it('reads noscript and templates only where there is nothing else', () => {
    assertNearly(articleText(`<body><noscript>${ARTICLE}</noscript></body>`).words, ARTICLE_WORDS);
    assertNearly(
      articleText(`<body><div id=app></div><template shadowrootmode=open>${ARTICLE}</template></body>`).words,
      ARTICLE_WORDS,
    );
    assertNearly(
      articleText(`<body><p>Loading the story.</p><noscript>${ARTICLE}</noscript></body>`).words,
      ARTICLE_WORDS,
    );
    assertNearly(
      articleText(pageOf(`${ARTICLE}<noscript>${paragraphs(20)}</noscript>`)).words,
      ARTICLE_WORDS,
    );
  });

  it('counts Chinese in words and in characters', () => {
    const text =
      '老渡轮在码头上的人喝完咖啡之前就离开了港口。没有人想到河水会再次上涨,但到了中午,它已经到了第二级台阶。';
    const body = Array.from({ length: 20 }, (_, at) => `<p>${text}${at}</p>`).join('');
    const { words, cjkCharacters, language } = articleText(pageOf(body).replace('lang="en"', 'lang="zh-CN"'));
    assertNearly(words, (countWords(text).words + 1) * 20);
    assertNearly(cjkCharacters, countWords(text).cjkCharacters * 20);
    assert.equal(language, 'zh');
  });

  describe('finds the language', () => {
    const german =
      '<p>Die alte Fähre verließ den Hafen, bevor jemand auf dem Kai seinen Kaffee ausgetrunken hatte.</p>';
    const japanese = '<p>古いフェリーは、岸壁の誰もがコーヒーを飲み終える前に港を出た。</p>';
    const rows: readonly (readonly [string | undefined, string, string])[] = [
      ['de', `<html lang="de-AT"><body>${german.repeat(9)}`, 'as the page declares it'],
      ['de', `<html><body>${german.repeat(9)}`, 'as the text shows it'],
      ['ja', `<html lang="en"><body>${japanese.repeat(9)}`, 'a script is not to be denied'],
      ['en', `<html lang="x-klingon"><body>${ARTICLE}`, 'a private tag says nothing'],
      ['en', `<html lang="english"><body>${ARTICLE}`, 'nor does a name'],
      ['en', `<html lang=" EN_us "><body>${ARTICLE}`, 'in any spelling'],
      ['sv', `<html lang=" sv "><body>${ARTICLE}`, 'with spaces around it'],
      ['swe', `<html lang="swe"><body>${ARTICLE}`, 'in three letters'],
      ['sv', `<html lang="sv"><body>${ARTICLE}`, 'a declared language of the same script is believed'],
      ['sv', `<html lang="sv"><body>${german.repeat(9)}`, 'also where the text shows another'],
      ['en', `<html lang="zh"><body>${ARTICLE}`, 'a script that is not there is not believed'],
      ['ja', `<html lang="en"><body><p>IBM${japanese.repeat(9)}`, 'nor by a name that begins it'],
      [
        'ja',
        `<html lang="en"><body><p>古い会社International Business Machines の船。${japanese.repeat(9)}`,
        'nor by a long one near its beginning',
      ],
      [
        'ja',
        `<html lang="en"><body><p>IBMの機械はInternationalBusinessMachinesの機械。${japanese.repeat(9)}`,
        'nor by two',
      ],
      ['zh', `<html lang="zh"><body>${japanese.repeat(9)}`, 'two scripts that are alike are not held apart'],
      ['fi', '<html lang="fi"><body><p>Palm Bay</p>', 'too little text denies nothing'],
      ['zh', '<html lang="zh"><body><p>42</p>', 'nor does none, also where a script is declared'],
      ['ja', `<html><body>${japanese.repeat(9)}`, 'a script as the text shows it'],
      [undefined, '<html><body>', 'an empty page has none'],
    ];
    for (const [language, html, reason] of rows) {
      it(`${language}: ${reason}`, () => assert.equal(articleText(html).language, language));
    }
  });

  it('says no more than it knows', () => {
    const known = (html: string) => Object.keys(articleText(html)).sort().join(' ');
    const always = (more: string) => `cjkCharacters cjkWords confidence from ${more} words`;
    assert.equal(known(pageOf(ARTICLE)), always('language leftOut otherwise'));
    assert.equal(known(''), always('leftOut otherwise unknown'));
  });

  it('adds up characters and their words over all blocks', () => {
    const text = '没有人想到河水会再次上涨,但到了中午,它已经到了第二级台阶。';
    const { cjkCharacters, cjkWords, words } = articleText(pageOf(`<p>${text}</p>`.repeat(20)));
    assert.ok(cjkCharacters > 0 && cjkWords === words);
  });

  it('asks for a second opinion where the models are in doubt, and shows what they had chosen', () => {
    const twice = articleText(pageOf(`<article>${ARTICLE}</article>`.repeat(4)));
    assertNearly(twice.otherwise().words, ARTICLE_WORDS);
    assert.ok(twice.words > 3 * ARTICLE_WORDS, `${twice.words}`);
    assert.ok(twice.confidence < 0.7, `${twice.confidence}`);
  });

  it('finds text that the models take for nothing', () => {
    const { words } = articleText(
      `<div>${'<p>one two three four five six seven eight nine ten</p>'.repeat(100)}</div>`,
    );
    assert.equal(words, 1000);
  });

  it('tells the language of a text that begins with letters of two kinds at once', () => {
    const html = `<html lang="en"><p>${'Ⅷ'.repeat(19)}${'-'.repeat(80)}漢字</p>`;
    assert.equal(articleText(html).language, 'zh');
  });

  it('leaves a page of more than 4,000 blocks to the rules, and says how far these can be trusted', () => {
    const page = (blocks: number) =>
      articleText(
        `<body>${Array.from({ length: blocks }, (_, at) => `<p>${paragraph(1, at)}</p>`).join('')}`,
      );
    assert.notEqual(page(4000).confidence, 0.55);
    assert.equal(page(4001).confidence, 0.55);
    assert.ok(page(4001).words > 40_000 / 2);
  });

  describe('says why a page is no article', () => {
    const rows: readonly (readonly [string, string, string])[] = [
      ['empty', '', 'nothing at all'],
      [
        'empty',
        '<html><body><div id="root"></div><script src="app.js"></script></body></html>',
        'drawn by scripts',
      ],
      [
        'needs-javascript',
        '<body><noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div>',
        'and says so',
      ],
      [
        'not-found',
        '<title>404 Not Found</title><body><h1>Not Found</h1><p>The requested URL was not found on this server.</p>',
        'a server says so',
      ],
      [
        'not-found',
        '<title>Oops - The Harbour Post</title><body><h1>Oops</h1><p>The page you are looking for could not be found. Try the search.</p>',
        'the text says so',
      ],
      [
        'login',
        '<title>Log in | Harbour</title><body><form><label>User name <input name=u></label><label>Password <input type=password></label><button>Log in to continue</button></form>',
        'a form for a password',
      ],
      [
        'consent-wall',
        '<title>Harbour</title><body><div><p>We value your privacy. We and our 842 partners store and access information on your device. Accept all or manage your choices.</p></div>',
        'nothing but consent',
      ],
      [
        'paywall',
        pageOf(
          `<p>${paragraph(3)}</p><div class="paywall"><p>Subscribe to continue reading this article.</p></div>`,
        ),
        'the beginning, then an offer',
      ],
      [
        'paywall',
        pageOf(`<p>${paragraph(6)} And so it went on…</p>`, { after: '<p>Already a subscriber? Log in</p>' }),
        'the beginning breaks off, and there are subscribers',
      ],
      [
        'paywall',
        pageOf(`<p>${paragraph(4)}</p>`, {
          head: '<script type="application/ld+json">{"isAccessibleForFree":false}</script>',
        }),
        'so few words of a text for subscribers are its beginning',
      ],
      [
        'blocked',
        '<title>Just a moment...</title><body><p>Checking your browser before accessing the site.</p>',
        'a robot was suspected',
      ],
    ];
    for (const [reason, html, why] of rows) {
      it(`${reason}: ${why}`, () => assert.equal(articleText(html).unknown, reason));
    }

    describe('but a short article is one, although', () => {
      const rows: readonly (readonly [string, string])[] = [
        [
          pageOf(`<p>${paragraph(5)}</p>`, {
            after: '<form><p>Subscribe for our daily newsletter</p><input type=email></form>',
          }),
          'there is a newsletter',
        ],
        [
          pageOf(`<p>${paragraph(5)}</p>`, { after: '<ul><li>Already a subscriber</li></ul>' }),
          'there are subscribers',
        ],
        [
          pageOf(`<p>${paragraph(10)}</p>`, {
            head: '<meta property="article:content_tier" content="metered">',
          }),
          'the site counts what one reads',
        ],
      ];
      for (const [html, why] of rows) it(why, () => assert.equal(articleText(html).unknown, undefined));
    });

    it('does not take a long article about such things for one', () => {
      for (const said of [
        'Please enable JavaScript, the page said.',
        'We value your privacy, they all say.',
        'The page you are looking for could not be found.',
        'You must log in to continue, it says.',
        'Subscribe to continue reading, they asked.',
      ]) {
        assert.equal(articleText(pageOf(`<p>${said}</p>${ARTICLE}`)).unknown, undefined, said);
      }
    });
  });

  describe('takes what the page claims only where there is little text, or doubt of it', () => {
    const jsonLd = (claim: object): string =>
      `<script type="application/ld+json">${JSON.stringify({ '@type': 'NewsArticle', ...claim })}</script>`;
    const readingTime =
      '<meta name="twitter:label2" content="Est. reading time"><meta name="twitter:data2" content="3 minutes">';
    const short = `<p>${paragraph(2)}</p>`;
    const doubtful = `<article>${ARTICLE}</article>`.repeat(4);
    /** How often such claims were right. */
    const CONFIDENCE: Record<string, number> = {
      'article-body': 0.78,
      'word-count': 0.82,
      'reading-time': 0.71,
    };
    const rows: readonly (readonly [number, string, string, string])[] = [
      [1234, 'word-count', pageOf(short, { head: jsonLd({ wordCount: 1234 }) }), 'a number'],
      [
        1234,
        'word-count',
        pageOf(`<p>${paragraph(4)}</p>`, { head: jsonLd({ wordCount: 1234 }) }),
        'a number, beside some text',
      ],
      [
        600,
        'article-body',
        pageOf(short, { head: jsonLd({ articleBody: 'word '.repeat(600) }) }),
        'the text itself',
      ],
      [
        9000,
        'article-body',
        pageOf(doubtful, { head: jsonLd({ articleBody: 'word '.repeat(9000) }) }),
        'the text itself, where the models are in doubt',
      ],
      [2.5 * 228, 'reading-time', pageOf(short, { head: readingTime }), "Yoast's minutes"],
      [
        2.5 * 228,
        'reading-time',
        pageOf(`<p>${paragraph(4)} And so it went on…</p>`, { head: readingTime }),
        "Yoast's minutes, of a text that breaks off",
      ],
    ];
    for (const [words, from, html, reason] of rows) {
      it(`${from}: ${reason}`, () => {
        const article = articleText(html);
        assert.deepEqual([article.words, article.from, article.unknown], [words, from, undefined]);
        assert.equal(article.confidence, CONFIDENCE[from]);
      });
    }

    it('and then does not ask what kind of page it is', () => {
      const wall = '<p>Subscribe to continue reading this article.</p>';
      assert.equal(articleText(pageOf(wall)).unknown, 'paywall');
      assert.equal(articleText(pageOf(wall, { head: jsonLd({ wordCount: 700 }) })).unknown, undefined);
    });

    const ignored: readonly (readonly [string, string])[] = [
      [pageOf(ARTICLE, { head: jsonLd({ wordCount: 9000 }) }), 'there is a text'],
      [
        pageOf(ARTICLE, { head: jsonLd({ articleBody: 'word '.repeat(9000) }) }),
        'there is no doubt of the text',
      ],
      [pageOf(doubtful, { head: jsonLd({ wordCount: 9000 }) }), 'a number is all there is against doubt'],
      [pageOf(`<p>${paragraph(4)}</p>`, { head: readingTime }), 'a reading time is more than a whole text'],
      [pageOf(short, { head: jsonLd({ wordCount: 3 }) }), 'it is less than the text'],
      [
        pageOf(short, { head: `<script type="application/ld+json">${'['.repeat(50_000)}</script>` }),
        'it is nested without end',
      ],
    ];
    for (const [html, reason] of ignored) {
      it(`not where ${reason}`, () => assert.equal(articleText(html).from, 'text'));
    }
  });

  describe('gives the length of a video on a page that is nothing else', () => {
    const video =
      '<script type="application/ld+json">{"@graph":[{"@type":"VideoObject","duration":"PT1H2M3S"}]}</script>';
    it('from JSON-LD', () => {
      assert.equal(
        articleText(`<head>${video}</head><body><video></video><p>A short film.</p>`).videoSeconds,
        3723,
      );
    });
    it('from Open Graph', () => {
      const head =
        '<meta property="og:type" content="video.other"><meta property="og:video:duration" content="95">';
      assert.equal(articleText(`<head>${head}</head><body><p>A short film.</p>`).videoSeconds, 95);
    });
    it('and does not ask what else it is', () => {
      const page = `<head>${video}<title>Log in</title></head><body><video></video><p>Log in to watch.</p>`;
      assert.deepEqual([articleText(page).videoSeconds, articleText(page).unknown], [3723, undefined]);
    });
    it('not where nothing plays it', () => {
      assert.equal(articleText(`<head>${video}</head><body><p>A short film.</p>`).videoSeconds, undefined);
    });
    it('not beside an article', () => {
      assert.equal(articleText(pageOf(`<video></video>${ARTICLE}`, { head: video })).videoSeconds, undefined);
    });
    it('not from a duration that makes no sense', () => {
      const head = video.replace('PT1H2M3S', 'PT');
      assert.equal(articleText(`<head>${head}</head><body><video></video>`).videoSeconds, undefined);
    });
  });

  it('is surer of a plain article than of a page of teasers', () => {
    const teasers = Array.from(
      { length: 30 },
      (_, at) => `<div class="card"><h3>${paragraph(1, at)}</h3><p>${paragraph(2, at)}</p></div>`,
    );
    assert.ok(
      articleText(pageOf(ARTICLE)).confidence > articleText(`<body>${teasers.join('')}</body>`).confidence,
    );
  });

  describe('keeps these laws', () => {
    const part = fc.constantFrom(
      '<p>',
      '</p>',
      '<div class="comments">',
      '</div>',
      '<a href=x>',
      '</a>',
      '<br>',
      '<ul><li>',
      '</ul>',
      '<table><td>',
      '<noscript>',
      '</noscript>',
      '<template>',
      '<svg><title>',
      '</svg>',
      '<h1>',
      '<title>',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<script type=application/ld+json>',
      '</script>',
      '&amp;',
      '&#0;',
      '\0',
      '<p class="',
      '"',
      `${paragraph(3)} `,
      '你好世界。',
      'two words ',
    );
    it('words are never negative and never more than the page has', () => {
      fc.assert(
        fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
          const html = parts.join('');
          const { words, cjkCharacters, cjkWords, confidence, from } = articleText(html);
          assert.ok(words >= 0 && cjkWords <= words && cjkCharacters >= 0);
          // In the source, an address may go on over a tag that ends it in the text.
          assert.ok(from !== 'text' || words <= countWords(html.replaceAll(/[:@/\\]/g, ' ')).words);
          assert.ok(confidence >= 0 && confidence <= 1);
        }),
        { numRuns: 300 },
      );
    });

    it('more navigation does not make an article longer', () => {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 8 }), (times) => {
          assertNearly(
            articleText(pageOf(ARTICLE, { before: NAVIGATION.repeat(times) })).words,
            ARTICLE_WORDS,
          );
        }),
        { numRuns: 9 },
      );
    });

    it('reading twice gives the same', () => {
      const read = () => {
        const { otherwise, leftOut, ...found } = articleText(pageOf(ARTICLE, { after: RELATED }));
        return { ...found, otherwise: otherwise(), leftOut: leftOut() };
      };
      assert.deepEqual(read(), read());
    });
  });

  describe('survives odd input', () => {
    const rows: readonly (readonly [string, string])[] = [
      ['plain text', paragraph(40)],
      ['JSON', JSON.stringify({ title: 'x', items: Array.from({ length: 500 }, (_, id) => ({ id })) })],
      ['the bytes of a PDF', `%PDF-1.7\n${'\ufffd\0\u0001stream<</Type/ParsedPage>>'.repeat(5000)}`],
      ['20,000 nested divs', `${'<div>'.repeat(20_000)}deep${'</div>'.repeat(20_000)}`],
      ['20,000 nested divs with text in each', '<div>word '.repeat(20_000)],
      [
        '20,000 unclosed inline tags before each paragraph',
        `${'<b>'.repeat(20_000)}${'<p>word'.repeat(20_000)}`,
      ],
      ['a class of 1 MB', `<p class="${'sidebar '.repeat(125_000)}">${paragraph(10)}</p>`],
      ['an attribute of 1 MB without end', `<p title="${'x'.repeat(1_000_000)}`],
      ['100,000 line breaks', '<br>'.repeat(100_000)],
      ['50,000 links', '<a href="/x">more</a> '.repeat(50_000)],
      ['100,000 ends of what never began', '</div></p></x>'.repeat(100_000)],
      ['100,000 open tags', '<x-y><table><li>'.repeat(100_000)],
      ['NULs', `<p>${'a\0b '.repeat(50_000)}</p>`],
      ['CDATA', `<p><![CDATA[${paragraph(20)}]]></p>`],
      ['nested templates and noscript', `${'<template><noscript>'.repeat(5000)}${paragraph(20)}`],
      ['an SVG that is never closed', `<svg><g>${paragraphs(10)}`],
      ['halves of characters', '<p>\ud800 \udc00 '.repeat(10_000)],
      ['a run of 1 MB without a space', 'x'.repeat(1_000_000)],
      ['entities without end', '&amp'.repeat(100_000)],
      ['a hundred thousand quotation marks', `<a ${'"\''.repeat(100_000)}>`],
    ];
    for (const [name, html] of rows) {
      it(name, () => {
        const { words, confidence } = articleText(html);
        assert.ok(words >= 0 && words <= countWords(html).words && confidence >= 0 && confidence <= 1);
      });
    }
  });
});
