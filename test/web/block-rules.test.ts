import assert from 'node:assert/strict';
import { bitOf, RULES } from '../../lib/web/block-rules.ts';
import { rulesMet } from '../../lib/web/name-rules.ts';
import { PHRASE_RULES, phrasesMet } from '../../lib/web/phrase-rules.ts';

const namesOf = (bits: number): string[] => RULES.flatMap(({ name }) => (bits & bitOf(name) ? [name] : []));

describe('the table of names', () => {
  it('fits into the bits of one number, each rule with a name of its own and a reason', () => {
    assert.ok(RULES.length <= 31);
    assert.equal(new Set(RULES.map(({ name }) => name)).size, RULES.length);
    for (const { reason } of RULES) assert.ok(reason.length > 0);
  });

  const rows: readonly (readonly [value: string, wanted: string, reason: string])[] = [
    ['entry-content', 'body', 'a stem, hyphen or not'],
    ['c-article__body--wide', 'body', 'also inside a longer name'],
    ['articleBody', 'body', 'also in camel case'],
    ['x js-related-posts', 'related', 'any of several names'],
    ['ad', 'advertising', 'a whole word'],
    ['comments-area', 'comments', 'a stem with an ending'],
    ['SITE-FOOTER', 'footer', 'in any case'],
  ];
  for (const [value, wanted, reason] of rows) {
    it(`${value} meets ${wanted}: ${reason}`, () => assert.ok(namesOf(rulesMet(value)).includes(wanted)));
  }

  it('does not look for short words inside long ones', () => {
    assert.ok(!namesOf(rulesMet('readable loading')).includes('advertising'));
  });

  it('meets nothing by an empty or a strange name', () => {
    assert.equal(rulesMet(''), 0);
    assert.equal(rulesMet('\0 \u{1f600} ---'), 0);
  });
});

describe('the table of phrases', () => {
  const rows: readonly (readonly [text: string, wanted: string | undefined])[] = [
    ['Read more: the bridge', 'elsewhere'],
    ['© 2026 The Harbour Post', 'legal'],
    ['Sign up for our newsletter', 'subscribe'],
    ['By Anna Berg', 'credit'],
    ['12 comments', 'comments'],
    ['延伸阅读', 'elsewhere'],
    ['The river rose again in the night', undefined],
  ];
  for (const [text, wanted] of rows) {
    it(`${text}: ${wanted}`, () => {
      const met = PHRASE_RULES.filter((_, at) => phrasesMet(text) & (1 << at)).map(({ name }) => name);
      assert.deepEqual(met, wanted === undefined ? [] : [wanted]);
    });
  }
});
