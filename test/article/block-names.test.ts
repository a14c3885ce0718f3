import assert from 'node:assert/strict';
import { NAME_RULES, nameRuleBit, nameRuleBits } from '../../lib/article/block-names.ts';
import { matchPhrases, PHRASE_RULES } from '../../lib/article/block-phrases.ts';
import { elementHints } from '../../lib/article/element-names.ts';
import { tagOf } from '../../lib/article/html-tags.ts';
import { matchNames } from '../../lib/article/name-matcher.ts';

const namesOf = (bits: number): string[] =>
  NAME_RULES.flatMap(({ name }) => (bits & nameRuleBit(name) ? [name] : []));

describe('the table of names', () => {
  it('fits into the bits of one number, each rule with a name of its own and a reason', () => {
    assert.ok(NAME_RULES.length <= 31);
    assert.equal(new Set(NAME_RULES.map(({ name }) => name)).size, NAME_RULES.length);
    for (const { name, reason } of NAME_RULES) assert.ok(name.length > 0 && reason.length > 0);
  });

  const rows: readonly (readonly [value: string, wanted: string, reason: string])[] = [
    ['entry-content', 'body', 'a stem, hyphen or not'],
    ['c-article__body--wide', 'body content', 'also inside a longer name'],
    ['articleBody', 'body content', 'also in camel case'],
    ['x js-related-pasts', 'related', 'any of several names'],
    ['x\t\n ad', 'advertising', 'whatever is between them'],
    ['ad', 'advertising', 'a whole word'],
    ['ad-wide', 'advertising', 'a whole word at the beginning'],
    ['wideAd', 'advertising', 'a whole word of camel case'],
    ['wide2Ad', '', 'but not behind a digit'],
    ['AD', 'advertising', 'a whole word in capitals'],
    ['wideAD', 'advertising', 'capitals at the end'],
    ['page-h1', 'content headline', 'a word with a digit'],
    ['comments-area', 'comments', 'a stem with an ending'],
    ['SITE-FOOTER', 'footer', 'in any case'],
    ['ZERGNET', 'related', 'also in the last capital of the alphabet'],
    ['zooAZ', '', 'letters at the ends of the alphabet'],
    ['foo@ter', 'footer', 'what is no letter or digit is left out'],
    ['foo[ter', 'footer', 'also what comes after Z'],
    ['foo`ter', 'footer', 'also what comes before a'],
    ['foo{ter', 'footer', 'also what comes after z'],
    ['foo/ter', 'footer', 'also what comes before 0'],
    ['foo:ter', 'footer', 'also what comes after 9'],
    ['foo9ter', '', 'a digit is not left out'],
    ['foo0ter', '', 'nor is the first of them'],
    ['footerComments', 'comments footer', 'two rules'],
    ['metadata', 'about box', 'a stem of two rules'],
    ['menu', 'navigation overlay', 'a stem of one rule, and a word of another'],
    [`${'x'.repeat(53)}comment`, 'comments', 'as far as a name is looked at'],
    [`${'x'.repeat(54)}comment`, '', 'and no further'],
  ];
  for (const [value, wanted, reason] of rows) {
    it(`${value} meets ${wanted || 'nothing'}: ${reason}`, () =>
      assert.equal(namesOf(matchNames(value)).join(' '), wanted));
  }

  it('meets every stem and every word that it lists, and the same again', () => {
    for (const { name, names } of NAME_RULES) {
      for (const value of names.split(/ \| | /)) {
        assert.ok(namesOf(matchNames(value)).includes(name), value);
        assert.equal(matchNames(value), matchNames(` ${value} `), value);
      }
    }
  });

  it('has each rule say one thing', () => {
    const said = (['article', 'boilerplate', 'either'] as const).map(nameRuleBits);
    assert.equal(
      said.reduce((all, bits) => all + bits, 0),
      2 ** NAME_RULES.length - 1,
    );
  });

  it('forgets names without forgetting rules', () => {
    const rulesMetBy = (value: string) => elementHints(tagOf('p'), new Map([['class', value]])).rules;
    for (let at = 0; at < 10_001; at++) rulesMetBy(`x${at}`);
    assert.deepEqual(namesOf(rulesMetBy('ad')), ['advertising']);
  });

  it('does not look for short words inside long ones', () => {
    assert.ok(!namesOf(matchNames('readable loading')).includes('advertising'));
  });

  it('meets nothing by an empty or a strange name', () => {
    assert.equal(matchNames(''), 0);
    assert.equal(matchNames('\0 \u{1f600} ---'), 0);
  });
});

describe('the table of phrases', () => {
  it('has a reason for each', () => {
    for (const { name, reason } of PHRASE_RULES) assert.ok(name.length > 0 && reason.length > 0);
  });

  const rows: readonly (readonly [text: string, wanted: string | undefined])[] = [
    ['Read more: the bridge', 'elsewhere'],
    ['© 2026 The Harbour Post', 'legal'],
    ['Sign up for our newsletter', 'subscribe'],
    ['By Anna Berg', 'credit'],
    ['12 comments', 'comments'],
    ['延伸阅读', 'elsewhere'],
    ['Advertisement', 'advertising'],
    ['Tags: harbour', 'about'],
    ['We use cookies to make this site better', 'consent'],
    ['Copyright 2026', 'legal'],
    ['Comment', 'comments'],
    ['5comments', 'comments'],
    ['Add a comment', 'comments'],
    ['Add comment', 'comments'],
    ['Commentary', undefined],
    ['Login', 'subscribe'],
    ['Log in', 'subscribe'],
    ['Tag', 'about'],
    ['Topic', 'about'],
    ['Topics', 'about'],
    [`${'x '.repeat(40)}cookies`, undefined],
    ['1234567 comments', undefined],
    ['They read more than they wrote', undefined],
    ['Under no copyright', undefined],
    ['To sign up is easy', undefined],
    ['Written in stone by Anna', 'credit'],
    ['Seen by Anna', undefined],
    ['A paid advertisement', undefined],
    ['All comments are open', undefined],
    ['Topical songs', undefined],
    ['The topics of the day', undefined],
    ['The river rose again in the night', undefined],
  ];
  for (const [text, wanted] of rows) {
    it(`${text}: ${wanted}`, () => {
      const met = PHRASE_RULES.filter((_, at) => matchPhrases(text) & (1 << at)).map(({ name }) => name);
      assert.deepEqual(met, wanted === undefined ? [] : [wanted]);
    });
  }
});
