import assert from 'node:assert/strict';
import { NAME_RULES } from '../../lib/article/block-names.ts';
import { parsePage } from '../../lib/article/parse-page.ts';

const textsOf = (html: string): string[] =>
  parsePage(html).blocks.map(({ text }) => text.replaceAll(/\s+/g, ' ').trim());

describe('parsePage', () => {
  const rows: readonly (readonly [html: string, texts: readonly string[], reason: string])[] = [
    ['<p>One</p><p>Two</p>', ['One', 'Two'], 'a paragraph is a block'],
    ['<p>One<p>Two', ['One', 'Two'], 'nobody need close it'],
    ['<p>One <b>bold</b> <i>word</i></p>', ['One bold word'], 'inline elements run on'],
    ['<p>w<b>or</b>d</p>', ['word'], 'also inside a word'],
    ['before<div>inside</div>after', ['before', 'inside', 'after'], 'a block interrupts text'],
    ['<p>a<br>b</p>', ['a b'], 'one line break does not end a block'],
    ['<p>a<br> <br>b</p>', ['a', 'b'], 'two do'],
    ['a<hr>b', ['a', 'b'], 'so does a rule'],
    ['<ul><li>a<li>b</ul>c', ['a', 'b', 'c'], 'items end where the next begins'],
    ['<table><tr><td>a<td>b<tr><td>c</table>', ['a', 'b', 'c'], 'so do cells and rows'],
    ['<p>a<script>b</script><style>c</style>d', ['ad'], 'scripts and styles are no text'],
    ['<p>a<svg><title>b</title><text>c</text></svg>d', ['ad'], 'nor is what a drawing says'],
    ['<p>a<svg/>b', ['ab'], 'a drawing may close itself'],
    ['<p>a<svg><style/></svg>b', ['ab'], 'so may anything in it'],
    ['<math><title/></math>b', ['b'], 'or in a formula'],
    ['<p>a<svg><style></svg>b', ['ab'], 'a style that stays open in a drawing ends with it'],
    ['<math><title></math>b', ['b'], 'or with a formula'],
    ['<p>a<script>"<script>"</script>b', ['ab'], 'a script that names one in its text ends all the same'],
    ['<svg></svg><script>"<script>"</script>b', ['b'], 'also right behind a drawing'],
    ['<math></math><script>"<script>"</script>b', ['b'], 'or a formula'],
    ['a<br/><br/>b', ['a', 'b'], 'a line break may close itself'],
    ['<title/><p>a', ['a'], 'so may a title'],
    ['<p>a<iframe src="/x"/><p>b', ['a', 'b'], 'and a frame: the tags behind it are tags'],
    ['<p>a<script src="/x"/></script>b', ['ab'], 'a script that closes itself may be closed again'],
    ['<select><option>a</select><p>b', ['b'], 'nor are choices'],
    ['<p>a &amp; b &eacute;', ['a & b é'], 'entities are decoded'],
    ['<p>a<!-- b -->c', ['ac'], 'comments are left out'],
    ['<p>a &lt;p> b', ['a <p> b'], 'an escaped tag is text'],
    ['<title>t</title><p>a', ['a'], 'the title is not in the text'],
    ['  \n\t ', [], 'white space is no block'],
    ['</p></div>a', ['a'], 'ends of what never began do nothing'],
    ['<p>a<img>b<wbr>c', ['abc'], 'what has no content interrupts nothing'],
    [`<${'x'.repeat(40)}>a</${'x'.repeat(40)}>b`, ['ab'], 'also where its name is long'],
    [`<${'x'.repeat(41)}>a</${'x'.repeat(41)}>b`, ['a', 'b'], 'a name too long to be one is a component’s'],
    ['<x-card>a</x-card>b', ['a', 'b'], 'a component is a block'],
    ['<nosuch>a</nosuch>b', ['ab'], 'an unknown element is inline'],
    ['<svg><svg>a</svg>b</svg>c', ['c'], 'a drawing in a drawing ends with the outer one'],
    ['<svg><math>a</svg>b</math>c', ['bc'], 'a drawing ends whatever is open inside'],
    ['<math>a</math>b', ['b'], 'a formula is no text'],
    ['<p>a<title>b</title>c', ['ac'], 'a title in the middle is not in the text either'],
    ['<P>a<Br>b<HR>c</P>', ['a b', 'c'], 'in any case'],
    ['<p><b>a<p>b', ['a', 'b'], 'a paragraph ends the one before, past what is open inside'],
    [`<p>${'<b>'.repeat(17)}a<p>b`, ['a', 'b'], 'however much is open inside'],
    ['<ul><li>a<ul><li>b</ul>c<li>d</ul>', ['a', 'b', 'c', 'd'], 'a list in a list'],
    ['<dl><dt>a<dd>b<dt>c</dl>', ['a', 'b', 'c'], 'terms end where the next begin'],
    ['<table><thead><tr><th>a<tbody><tr><td>b</table>', ['a', 'b'], 'so do parts of a table'],
    ['<head>a<body>b', ['a', 'b'], 'so does the head'],
    ['a<br><b> </b><br>b', ['a', 'b'], 'white space between two line breaks is nothing'],
    ['a<br>b<br>c', ['a b c'], 'two line breaks that are apart are not two in a row'],
    ['<div>a</p>b</div>', ['ab'], 'the end of what is not open does nothing'],
    ['<div><p>a</p>b</p>c</div>', ['a', 'bc'], 'nor does that of what is open no more'],
    ['<i>a<div>b</i>c</div>d', ['a', 'bc', 'd'], 'the end of something inline ends no block'],
    ['<div>a<i>b</div>c', ['ab', 'c'], 'the end of a block ends what is inline in it'],
  ];
  for (const [html, texts, reason] of rows) {
    it(`${JSON.stringify(html)}: ${reason}`, () => assert.deepEqual(textsOf(html), texts));
  }

  it('keeps the text of links separate', () => {
    const [block] = parsePage('see <a href="/x">this <b>one</b> too</a> and <a name=y>that').blocks;
    assert.deepEqual([block?.linkText, block?.links], ['this one too', 1]);
  });

  it('leaves out white space before the first word', () => {
    assert.equal(parsePage('<div>\n <b>a</b> b</div>').blocks[0]?.text, 'a b');
  });

  it('keeps noscript and templates separate', () => {
    const page = parsePage('<p>a</p><noscript><p>b</p></noscript><template><p>c</p></template><p>d');
    assert.deepEqual(
      page.blocks.map(({ text }) => text),
      ['a', 'd'],
    );
    assert.deepEqual(
      page.fallbackBlocks.map(({ text }) => text),
      ['b', 'c'],
    );
  });

  it('takes title, language, meta and JSON-LD, the first of each', () => {
    const page = parsePage(
      '<html lang="sv"><head><title>One</title><title>Two</title><meta property="og:type" content="article"><meta property="OG:TYPE" content="video"><script type="application/ld+json">{"a":1}</script><script>no()</script>',
    );
    assert.deepEqual(
      [page.title, page.language, page.metas.get('og:type'), page.jsonLd],
      ['One', 'sv', 'article', ['{"a":1}']],
    );
  });

  it('takes a title without the white space around it, behind other elements too', () => {
    assert.equal(parsePage('<style></style><b>a</b><title>\n One </title>').title, 'One');
  });

  it('takes no language but that of the document', () => {
    assert.equal(parsePage('<html><p lang=fr>a').language, undefined);
  });

  it('takes meta elements that close themselves', () => {
    assert.deepEqual([...parsePage('<meta name="a" content="1" />').metas], [['a', '1']]);
  });

  it('takes each JSON-LD script by itself, and nothing else of that type', () => {
    const type = 'type="application/ld+json"';
    const page = parsePage(
      `<script ${type}>{"a":1}</script><object ${type}>{}</object><script ${type}>{"b":2}</script>`,
    );
    assert.deepEqual(page.jsonLd, ['{"a":1}', '{"b":2}']);
  });

  it('takes what is said in every way that pages say it', () => {
    const page = parsePage(
      '<html xml:lang="nb"><meta name="A" content="1"><meta itemprop=b content="2 &amp; 3"><meta property=c name=d content=4><meta name=e><meta name=f content=5 content=6><html lang=de><script type="Application/LD+JSON">{}</script>',
    );
    assert.equal(page.language, 'nb');
    assert.deepEqual(
      [...page.metas],
      [
        ['a', '1'],
        ['b', '2 & 3'],
        ['c', '4'],
        ['f', '5'],
      ],
    );
    assert.deepEqual(page.jsonLd, ['{}']);
  });

  it('counts fields for passwords, and videos', () => {
    const page = parsePage(
      '<input type=password><input type=password /><input><input type=email><input type=text><p type=password><audio></audio><video></video><video><video>',
    );
    assert.deepEqual([page.passwordFields, page.videos], [2, 2]);
  });

  it('describes each element that is not inline', () => {
    const { elements } = parsePage(
      '<html class=sidebar><body id=footer><nav><ul><li class=x>a<li class=x>b<li class=y>c</ul></nav><p style="display: none">d</p><p hidden>e</p><p style="visibility:hidden">f<p>g',
    );
    const told = elements.map(({ tag, parent, depth, rules }) => [
      tag.name,
      parent,
      depth,
      NAME_RULES.filter((_, at) => rules & (1 << at))
        .map(({ name }) => name)
        .join(),
    ]);
    assert.deepEqual(told, [
      ['html', -1, 0, ''],
      ['body', 0, 1, ''],
      ['nav', 1, 2, ''],
      ['ul', 2, 3, ''],
      ['li', 3, 4, ''],
      ['li', 3, 4, ''],
      ['li', 3, 4, ''],
      ['p', 1, 2, 'hidden'],
      ['p', 1, 2, 'hidden'],
      ['p', 1, 2, 'hidden'],
      ['p', 1, 2, ''],
    ]);
    const signatures = elements.slice(4).map(({ signature }) => signature);
    assert.equal(signatures[0], signatures[1], 'the same tag and class');
    assert.equal(new Set(signatures).size, 3, 'another class, another tag');
  });

  const styles: readonly (readonly [style: string, isHidden: boolean])[] = [
    ['display:none', true],
    ['color: red; Display : None', true],
    ['visibility : hidden', true],
    ['display: block; visibility: visible', false],
  ];
  for (const [style, isHidden] of styles) {
    it(`takes an element for ${isHidden ? 'hidden' : 'shown'} by the style ${style}`, () => {
      const { elements } = parsePage(`<p style="${style}">a`);
      assert.equal(elements.at(-1)?.rules !== 0, isHidden);
    });
  }

  it('treats an empty class as no class', () => {
    const [, empty, none] = parsePage('<p class="">a</p><p>b</p>').elements;
    assert.equal(empty?.signature, none?.signature);
  });

  const paragraphs: readonly (readonly [inside: string, parent: string, reason: string])[] = [
    ['<b>'.repeat(15), 'main', 'it is closed past what is open inside'],
    ['<b>'.repeat(16), 'p', 'but not past any number, so that the time stays linear'],
    ['<b>a</b>'.repeat(16), 'main', 'what is closed inside is not looked through'],
  ];
  for (const [inside, parent, reason] of paragraphs) {
    it(`has a paragraph behind an open one with ${inside.slice(0, 8)}… in ${parent}: ${reason}`, () => {
      const { elements } = parsePage(`<main><p>${inside}a<p>b`);
      assert.equal(elements[elements.at(-1)?.parent ?? -1]?.tag.name, parent);
    });
  }

  it('continues with a paragraph behind a noscript', () => {
    const { blocks, elements } = parsePage('<main><p>a<noscript>b</noscript>c');
    assert.deepEqual(
      blocks.map(({ element }) => elements[element]?.tag.name),
      ['p', 'p'],
    );
  });

  it('ends a paragraph at any block', () => {
    const blocks = 'p blockquote ul h2 h1 section div table figure address aside form nav footer x-card';
    for (const name of blocks.split(' ')) {
      const page = parsePage(`<main><p>a<${name}>b`);
      const parent = page.elements[page.blocks[1]?.element ?? -1]?.parent ?? -1;
      assert.equal(page.elements[parent]?.tag.name, 'main', name);
    }
  });

  it('puts what is in no element into the first one', () => {
    for (const [html, names] of [
      ['a<div>b</div>c', ['body', 'div', 'body']],
      ['<div>b</div>c', ['div', 'body']],
    ] as const) {
      const page = parsePage(html);
      assert.deepEqual(
        page.blocks.map(({ element }) => page.elements[element]?.tag.name),
        names,
      );
    }
  });

  it('gives every element a parent before it', () => {
    const { elements } = parsePage('<div><ul><li>a<li>b</ul></div><b><div>c</b></div><html><p>d');
    elements.forEach(({ parent }, at) => {
      assert.ok(parent < at);
      assert.equal(parent === -1, at === 0);
    });
  });

  it('keeps a bounded number of elements and blocks, however long the page', () => {
    const few = parsePage('<p>a</p>'.repeat(30_000));
    const many = parsePage('<p>a</p>'.repeat(120_000));
    assert.equal(few.blocks.length, 10_000);
    assert.equal(many.blocks.length, 10_000);
    assert.equal(many.elements.length, 30_000);
    const apart = parsePage('<noscript>a</noscript>b'.repeat(6000));
    assert.equal(apart.blocks.length + apart.fallbackBlocks.length, 10_000);
  });

  it('keeps a bounded part of an attribute, a title and a script', () => {
    const page = parsePage(
      `<title>${'t'.repeat(900)}&amp;${'t'.repeat(9000)}</title><meta name=a content="${'c'.repeat(9000)}"><meta name=b content="${'c&amp;'.repeat(600)}"><script type="application/ld+json">${'[1],'.repeat(900_000)}</script>`,
    );
    assert.deepEqual([page.metas.get('a')?.length, page.metas.get('b')?.length], [500, 500]);
    assert.deepEqual([page.title.length, page.jsonLd[0]?.length], [1000, 500_000]);
  });
});
