import assert from 'node:assert/strict';
import {
  claimsPaywall,
  claimsToBeVideo,
  lengthClaimOf,
  videoSecondsOf,
} from '../../lib/article/page-claims.ts';

const saying = (metas: Record<string, string> = {}, ...jsonLd: unknown[]) => ({
  metas: new Map(Object.entries(metas)),
  jsonLd: jsonLd.map((json) => (typeof json === 'string' ? json : JSON.stringify(json))),
});
type Claims = ReturnType<typeof saying>;

describe('lengthClaimOf', () => {
  const rows: [why: string, page: Claims, claim: string | undefined][] = [
    ['nothing', saying(), undefined],
    ['words', saying({}, { wordCount: 700 }), '700 word-count'],
    ['words as text', saying({}, { wordCount: '700' }), '700 word-count'],
    ['a part of a word', saying({}, { wordCount: 700.6 }), '701 word-count'],
    ['no words', saying({}, { wordCount: 0 }), undefined],
    ['less than none', saying({}, { wordCount: -5 }), undefined],
    ['no number', saying({}, { wordCount: 'many' }), undefined],
    ['as many as a page may claim', saying({}, { wordCount: 200_000 }), '200000 word-count'],
    ['more than a page has', saying({}, { wordCount: 200_001 }), undefined],
    ['the first that says so', saying({}, { a: 1 }, { wordCount: 3 }, { wordCount: 4 }), '3 word-count'],
    ['one that is inside others', saying({}, [{ '@graph': [{ deep: { wordCount: 5 } }] }]), '5 word-count'],
    ['the outer before the inner', saying({}, { inner: { wordCount: 5 }, wordCount: 6 }), '6 word-count'],
    ['the text before a number', saying({}, { wordCount: 9, articleBody: 'one two' }), '2 article-body'],
    ['the text without its tags', saying({}, { articleBody: 'one<br/>two <b>three</b>' }), '3 article-body'],
    ['a text without words', saying({}, { articleBody: ' – ', wordCount: 9 }), '9 word-count'],
    ['a text that is none', saying({}, { articleBody: 5 }), undefined],
    ['what cannot be parsed', saying({}, '{', { wordCount: 9 }), '9 word-count'],
    ['what is no object', saying({}, 'null', '5', '"a"', [null, { wordCount: 9 }]), '9 word-count'],
    ['a reading time', saying({ 'twitter:data1': '3 minutes' }), '570 reading-time'],
    ['one without a space', saying({ 'twitter:data1': '3min' }), '570 reading-time'],
    [
      'the one behind none',
      saying({ 'twitter:data1': '0 minutes', 'twitter:data2': '3 minutes' }),
      '570 reading-time',
    ],
    [
      'in the fourth place',
      saying({ 'twitter:data1': 'Anna', 'twitter:data4': ' 10 min' }),
      '2166 reading-time',
    ],
    ['not in the fifth', saying({ 'twitter:data5': '3 minutes' }), undefined],
    ['not before the first', saying({ 'twitter:data0': '3 minutes' }), undefined],
    ['not of none', saying({ 'twitter:data1': '0 minutes' }), undefined],
    ['not of hours', saying({ 'twitter:data1': '3 hours' }), undefined],
    ['not where it does not begin so', saying({ 'twitter:data1': 'in 3 minutes' }), undefined],
    [
      'a number before a reading time',
      saying({ 'twitter:data1': '3 min' }, { wordCount: 9 }),
      '9 word-count',
    ],
  ];
  for (const [why, page, claim] of rows) {
    it(`takes ${why}`, () => {
      const found = lengthClaimOf(page);
      assert.equal(found && `${found.count.words} ${found.from}`, claim);
    });
  }

  it('counts characters of a text, and none of a number', () => {
    assert.deepEqual(lengthClaimOf(saying({}, { articleBody: '你好世界' }))?.count, {
      words: 2,
      cjkCharacters: 4,
      cjkWords: 2,
    });
    const none = { cjkCharacters: 0, cjkWords: 0 };
    assert.deepEqual(lengthClaimOf(saying({}, { wordCount: 7 }))?.count, { words: 7, ...none });
  });

  it('looks at 2,000 objects and at no more', () => {
    const behind = (objects: number) => saying({}, [...Array(objects).fill({}), { wordCount: 9 }]);
    assert.equal(lengthClaimOf(behind(1999))?.count.words, 9);
    assert.equal(lengthClaimOf(behind(2000)), undefined);
  });

  it('looks past any number of texts', () => {
    assert.equal(lengthClaimOf(saying({}, [...Array(2000).fill('x'), { wordCount: 9 }]))?.count.words, 9);
  });
});

describe('videoSecondsOf', () => {
  const video = (duration: unknown, type: unknown = 'VideoObject') => saying({}, { '@type': type, duration });
  const rows: [why: string, page: Claims, seconds: number | undefined][] = [
    ['hours, minutes and seconds', video('PT1H2M3S'), 3723],
    ['days', video('P1DT1S'), 86_401],
    ['noughts in front', video('P00DT00H05M30S'), 330],
    ['minutes alone', video('PT90M'), 5400],
    ['a share of a second left out', video('PT5.75S'), 5],
    ['white space around', video(' PT5S '), 5],
    ['small letters', video('pt5s'), 5],
    ['a week', video('P7D'), 604_800],
    ['not more than a week', video('P7DT1S'), undefined],
    ['not nothing', video('PT0S'), undefined],
    ['not what is no duration', video('5 minutes'), undefined],
    ['not what only ends as one', video('about PT5S'), undefined],
    ['not what only begins as one', video('PT5S or so'), undefined],
    ['not a number', video(5), undefined],
    ['one of several types', video('PT5S', ['Thing', 'VideoObject']), 5],
    ['not of types that name one only together', video('PT5S', ['Video', 'Object']), undefined],
    ['not of what is no video', video('PT5S', 'AudioObject'), undefined],
    [
      'the first that makes sense',
      saying({}, { '@type': 'VideoObject', duration: 'x' }, { '@type': 'VideoObject', duration: 'PT7S' }),
      7,
    ],
    ['Open Graph’s seconds', saying({ 'og:video:duration': '95' }), 95],
    ['with white space', saying({ 'og:video:duration': ' 95 ' }), 95],
    ['of another name', saying({ 'video:duration': '96' }), 96],
    ['not none of them', saying({ 'og:video:duration': '0' }), undefined],
    ['not a million seconds', saying({ 'og:video:duration': '1000000' }), undefined],
    ['not what has more to it', saying({ 'og:video:duration': '95 or so' }), undefined],
    ['not what has more before it', saying({ 'og:video:duration': 'x95' }), undefined],
    ['a duration in a meta element', saying({ duration: 'PT8S' }), 8],
    ['nothing where nothing is said', saying(), undefined],
  ];
  for (const [why, page, seconds] of rows) {
    it(`takes ${why}`, () => assert.equal(videoSecondsOf(page), seconds));
  }
});

describe('what a page says that it is', () => {
  const rows: [why: string, claims: (page: Claims) => boolean, page: Claims, isSaid: boolean][] = [
    ['a video, by Open Graph', claimsToBeVideo, saying({ 'og:type': 'video.other' }), true],
    ['a player', claimsToBeVideo, saying({ 'twitter:card': 'player' }), true],
    ['no video where it is an article', claimsToBeVideo, saying({ 'og:type': 'article.video' }), false],
    ['no video where it says nothing', claimsToBeVideo, saying(), false],
    ['locked', claimsPaywall, saying({ 'article:content_tier': 'Locked' }), true],
    ['metered', claimsPaywall, saying({ 'article:content_tier': 'metered' }), true],
    ['free', claimsPaywall, saying({ 'article:content_tier': 'free' }), false],
    ['unlocked', claimsPaywall, saying({ 'article:content_tier': 'unlocked' }), false],
    ['locked only for now', claimsPaywall, saying({ 'article:content_tier': 'locked for now' }), false],
    ['not free', claimsPaywall, saying({}, { isAccessibleForFree: false }), true],
    ['not free, as text', claimsPaywall, saying({}, { part: { isAccessibleForFree: 'False' } }), true],
    ['free for all', claimsPaywall, saying({}, { isAccessibleForFree: true }), false],
    ['neither', claimsPaywall, saying({}, { isAccessibleForFree: 'not false' }), false],
    ['neither, either', claimsPaywall, saying({}, { isAccessibleForFree: 'falsely' }), false],
  ];
  for (const [why, claims, page, isSaid] of rows) it(why, () => assert.equal(claims(page), isSaid));
});
