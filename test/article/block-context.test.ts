import assert from 'node:assert/strict';
import { ANCESTOR_TAGS, blockContextOf } from '../../lib/article/block-context.ts';
import { pageFactsOf } from '../../lib/article/page-facts.ts';
import { parsePage } from '../../lib/article/parse-page.ts';

const around = (html: string) => blockContextOf(pageFactsOf(parsePage(html)));
const prose = (count: number): string => `${'word '.repeat(count).trim()}.`;
const paragraph = (count: number): string => `<p>${prose(count)}</p>`;

describe('the heading above a block', () => {
  const start = 'Long '.repeat(60);
  const rows: readonly (readonly [title: string, heading: string, isTitle: boolean, reason: string])[] = [
    ['A title of it - Site', 'A title of it', true, 'the page is called so'],
    ['A title of it - Site', 'Another title', false, 'the page is not'],
    ['a Title OF it', 'A TITLE of It', true, 'in any case'],
    ['A title of it', '\n A title of it\n ', true, 'whatever is around it'],
    ['A  title\nof it', 'A title \t of it', true, 'whatever is between its words'],
    ['Ten letter', 'Ten letter', true, 'ten letters are a title'],
    ['Nine lett', 'Nine lett', false, 'fewer are in a title by accident'],
    [`${start}one end`, `${start}another end`, true, 'as far as a title is looked at: 300 letters'],
    [`${'Long '.repeat(59)}one end`, `${'Long '.repeat(59)}two`, false, 'but no sooner'],
  ];
  for (const [title, heading, isTitle, reason] of rows) {
    it(`is ${isTitle ? 'its title' : 'no title'}: ${reason}`, () => {
      const { headings } = around(`<title>${title}</title><h2>${heading}</h2><p>one two`);
      assert.deepEqual(
        headings.map((each) => each.isTitle),
        [isTitle, isTitle],
      );
    });
  }

  it('is known by its level and by the words since', () => {
    const { headings, headingLevel } = around('<p>one<p>two<h3>Three</h3><p>four five<p>six');
    assert.deepEqual(
      headings.map(({ level, wordsSince }) => [level, wordsSince]),
      [
        [0, 1],
        [0, 2],
        [3, 0],
        [3, 2],
        [3, 3],
      ],
    );
    assert.deepEqual([0, 1, 2, 3, 4].map(headingLevel), [0, 0, 3, 0, 0]);
  });

  it('is far where there is none of the first level yet', () => {
    assert.deepEqual(around('<h1>a</h1><p>b<p>c').blocksSinceH1, [0, 1, 2]);
    assert.deepEqual(around('<p>a<h1>b</h1><p>c').blocksSinceH1, [1000, 0, 1]);
    assert.deepEqual(around('<p>a<h2>b</h2>').blocksSinceH1, [1000, 1000]);
  });
});

describe('the elements around a block', () => {
  const rows: readonly (readonly [html: string, tags: readonly string[], reason: string])[] = [
    [`<li>${prose(20)}</li>${paragraph(20)}`, ['li'], 'a list item that holds half of the running text'],
    [`<li>${prose(21)}</li>${paragraph(20)}`, [], 'one that holds most of it is only a wrapper'],
    ['<table><td>one two</table>', ['table'], 'a table on a page without running text'],
    [`<article><main>${prose(20)}`, ['article', 'main'], 'what always means the article'],
    [`<aside><form><p>one</form></aside>${paragraph(20)}`, ['aside', 'form'], 'all that are around it'],
  ];
  for (const [html, tags, reason] of rows) {
    it(`are ${tags.join(' and ') || 'none that matter'}: ${reason}`, () => {
      const facts = pageFactsOf(parsePage(html));
      const bits = blockContextOf(facts).ancestorTags[facts.blocks[0]?.element ?? -1] ?? -1;
      assert.deepEqual(
        ANCESTOR_TAGS.filter((_, at) => bits & (1 << at)),
        tags,
      );
    });
  }

  it('are of one article, whatever articles are in it', () => {
    const html = `<article>${paragraph(20)}<article><p>one</article></article><p>two<article>${paragraph(10)}`;
    const facts = pageFactsOf(parsePage(html));
    const { articles, articleNumber, articleProse } = blockContextOf(facts);
    assert.equal(articles, 2);
    assert.deepEqual(
      facts.blocks.map(({ element }) => [articleNumber(element), articleProse(element)]),
      [
        [1, 20],
        [1, 20],
        [0, 0],
        [2, 10],
      ],
    );
  });

  it('are so many steps from the main container as one has to go out to hold the block', () => {
    const label = '<p>one</p>';
    const section = `<section>${prose(100)}</section>`;
    const html = `${label}<main>${label}<article>${label}${section}${label}</article>${label}${label}${label}</main>${label}`;
    assert.deepEqual([...around(html).stepsFromMain], [3, 2, 1, 0, 1, 2, 2, 2, 3]);
  });

  it('are eight steps away where they are further', () => {
    const html = `<p>one</p>${'<div>'.repeat(10)}<section>${prose(100)}</section>`;
    assert.deepEqual([...around(html).stepsFromMain], [8, 0]);
  });
});
