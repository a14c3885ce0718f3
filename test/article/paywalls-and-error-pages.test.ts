import assert from 'node:assert/strict';
import {
  breaksOff,
  type NonArticleEvidence,
  whyUnknown,
} from '../../lib/article/paywalls-and-error-pages.ts';

/** A page that says it is an article, and that nothing says to be none. */
const NOTHING: NonArticleEvidence = {
  title: '',
  text: '',
  words: 10,
  otherText: '',
  fallbackText: '',
  passwordFields: 0,
  buttons: 0,
  sources: '',
  marks: 2,
  isInArticle: true,
  claimsPaywall: false,
  claimsLiveBlog: false,
  hasOffer: false,
  chance: 1,
};
const UNMARKED = { marks: 0, isInArticle: false } as const;
const reasonOf = (evidence: Partial<NonArticleEvidence>) => whyUnknown({ ...NOTHING, ...evidence });
const far = 'x '.repeat(1600);

describe('whyUnknown', () => {
  /** For each rule: plain phrases in a few languages, and one for every word that may be missing or differ. */
  const phrases: [reason: string, where: 'title' | 'text' | 'otherText', said: string][] = [
    [
      'not-found',
      'title',
      `Error 404 | 410 Gone | Page not found | This site is unavailable | The document doesn’t exist |
      Content no longer exists | Article no longer available | Not found | error | Página no encontrada | 页面不存在`,
    ],
    [
      'not-found',
      'text',
      `The page you’re looking for cannot be found | The page you are looking for can’t be found |
      That page could not be found. | Page couldn’t be found | The page you requested was not found |
      This article unavailable | page not found | This page doesn’t exist | page does not exist |
      page no longer exists | The page you were at is: page no longer available | page has been removed |
      page has been deleted | This article is no longer available | the story was removed |
      The post has been deleted | this video is unavailable | We can’t find that page |
      Seite wurde nicht gefunden | Seite nicht gefunden | page introuvable | Page est introuvable | 页面未找到`,
    ],
    [
      'needs-javascript',
      'otherText',
      `Please enable JavaScript | turn on your JavaScript | These pages require JavaScript | You need JavaScript |
      Activate JavaScript | This app requires JavaScript | It needs a bit of JavaScript |
      does not work without JavaScript | JavaScript is disabled | JavaScript must be enabled |
      JavaScript has been turned off | JavaScript ist deaktiviert | 请开启JavaScript | 启用javascript | 请启用 JavaScript`,
    ],
    [
      'consent-wall',
      'text',
      `Before you continue | We value your privacy | We use cookies | We and our 842 partners |
      We and our partners store cookies | Accept all | Accept cookies | Cookie settings | Your privacy matters |
      Do you consent to this | Mit Werbung weiterlesen | Accepter et continuer | Aceptar y continuar | Accetta tutti`,
    ],
    [
      'login',
      'text',
      `Log in to go on | Sign in for more | Login with a code | Sign up now | Register to read |
      Signin for more | Signup now | Please login | You must signin | Please log in | You must sign in |
      You need to register | You have to log in | Create an account | create your account |
      Forgot your password | Forgot password | Anmelden | Se connecter | 请先登录`,
    ],
    [
      'login',
      'title',
      `Log in | Login | Sign in | Sign up | Signin | Signup | Anmelden | Harbour: log in · Post |
      Harbour: login – Post | Harbour: log in· Post | Harbour: signin – Post | Harbour: sign in– Post | Login - Harbour`,
    ],
    [
      'paywall',
      'text',
      `Subscribe to continue | Subscribers only | A subscription is needed to read | Subscribe now to unlock |
      Subscriber exclusive | Continue reading with us | Keep reading for 1 € | continue reading by paying |
      Continue reading your free text | You need to subscribe | you must subscribe | you have to subscribe |
      This article is for subscribers | the story is only open to our members | 3 free articles |
      This content is exclusive to subscribers | You have 1 free article left | Unlock this article |
      unlock the full story | Nur für Abonnenten | Für Abonnenten | Suscríbete para leer | 付费内容`,
    ],
    [
      'blocked',
      'text',
      `Access denied | Attention required | Verify you are human | Verifying that you are a human |
      Verify that you’re human | Are you a robot | Are you human | Checking your browser | Just a moment |
      unusual traffic | Captcha | Request blocked | Your request was blocked | request has been blocked | 安全验证`,
    ],
  ];
  for (const [reason, where, said] of phrases) {
    it(`takes a page for ${reason} by what its ${where} says`, () => {
      for (const phrase of said.split(/\s*\|\s*/))
        assert.equal(reasonOf({ [where]: phrase }), reason, phrase);
    });
  }

  const harmless: [where: 'title' | 'text' | 'otherText', said: string][] = [
    [
      'title',
      `Room 4041 | 1410 to 1500 | A page of history: what forty years of digging has not found | Lost, not found |
      Terror at sea | Errors of the past | How to log in to life | A blog in the sun | Logins of the world |
      The design inside`,
    ],
    [
      'text',
      `A page was turned | The story was good | We can’t find our way | JavaScript is a language |
      The privacy of bees | Accept it | Cookie recipes | Log ins | He had to register | An account of the war |
      Subscribers were many | Keep reading | They unlock the door | Free articles of clothing |
      The article is long | Are you well | In a moment | A request was made | Very human`,
    ],
    ['otherText', 'Subscribe | Members only | Log in to comment'],
  ];
  for (const [where, said] of harmless) {
    it(`takes a page for an article although its ${where} uses the words of a wall`, () => {
      for (const phrase of said.split(/\s*\|\s*/))
        assert.equal(reasonOf({ [where]: phrase }), undefined, phrase);
    });
  }

  const limits: [reason: string, maxWords: number, evidence: Partial<NonArticleEvidence>][] = [
    ['blocked', 120, { title: 'Just a moment' }],
    ['not-found', 150, { title: 'Not found' }],
    ['needs-javascript', 60, { text: 'Please enable JavaScript' }],
    ['login', 100, { title: 'Log in' }],
    ['login', 100, { passwordFields: 1, text: 'Log in to read' }],
    ['paywall', 200, { text: 'Subscribe to continue' }],
    ['consent-wall', 80, { text: 'We use cookies' }],
    ['login', 40, { text: 'Log in to read' }],
    ['empty', 0, {}],
    // Where the limit is not the rule's own: what a beginning is, and what has nothing else to read.
    ['paywall', 99, { claimsPaywall: true }],
    ['paywall', 99, { otherText: 'Subscribe to continue' }],
    ['consent-wall', 14, { otherText: 'We use cookies' }],
  ];
  for (const [reason, maxWords, evidence] of limits) {
    it(`takes ${JSON.stringify(evidence)} for ${reason} with ${maxWords} words, and not with more`, () => {
      assert.equal(reasonOf({ ...evidence, words: maxWords }), reason);
      assert.equal(reasonOf({ ...evidence, words: maxWords + 1 }), undefined);
    });
  }

  const rows: [why: string, evidence: Partial<NonArticleEvidence>, reason: string | undefined][] = [
    ['a field for a password alone', { passwordFields: 1 }, undefined],
    [
      'a field for a password beside a login elsewhere',
      { passwordFields: 1, otherText: 'Log in to go on' },
      'login',
    ],
    ['a notice below the text, where there is none', { otherText: 'Access denied' }, 'blocked'],
    ['a notice below a text', { text: 'A text', otherText: 'Access denied' }, undefined],
    ['a page not found below a text', { text: 'A text', otherText: 'page not found' }, undefined],
    ['a notice past the first lines', { text: `${'x '.repeat(200)}access denied` }, undefined],
    ['a notice in the first lines', { text: `${'x '.repeat(190)}access denied` }, 'blocked'],
    ['a phrase far into the text', { text: `${far}page not found` }, undefined],
    ['a phrase far into the rest', { words: 50, otherText: `${far}subscribe to continue` }, undefined],
    [
      'a text that breaks off, beside an offer',
      { words: 150, text: 'and so…', otherText: 'unlock it' },
      'paywall',
    ],
    [
      'a text that breaks off, beside nothing',
      { words: 150, text: 'and so…', otherText: 'weather' },
      undefined,
    ],
    ['a text that ends, beside an offer', { words: 150, text: 'and so.', otherText: 'unlock it' }, undefined],
    [
      'a claim, beside an offer in so many words',
      { words: 150, claimsPaywall: true, otherText: 'subscribe to read' },
      'paywall',
    ],
    [
      'a claim, beside the offers of any page',
      { words: 150, claimsPaywall: true, otherText: 'unlock it' },
      undefined,
    ],
    [
      'a claim, and a text that breaks off',
      { words: 150, claimsPaywall: true, text: 'and so...' },
      'paywall',
    ],
    [
      'a check for robots, by its script',
      { ...UNMARKED, sources: 'https://ct.captcha-delivery.com/c.js' },
      'blocked',
    ],
    ['the same script beside an article', { sources: 'https://ct.captcha-delivery.com/c.js' }, undefined],
    ['the number of a refusal', { title: '403' }, 'blocked'],
    ['the number of a failure', { text: '502 Bad Gateway' }, 'server-error'],
    ['such a number in a text', { words: 31, text: '502 people came.' }, undefined],
    ['a number of no error', { text: 'Error 600' }, undefined],
    [
      'a notice for those without scripts, beside some text',
      { ...UNMARKED, words: 73, fallbackText: 'JavaScript is off.' },
      'needs-javascript',
    ],
    ['the same beside an article', { words: 73, fallbackText: 'JavaScript is off.' }, undefined],
    ['next to nothing beside scripts', { ...UNMARKED, words: 9, sources: '/app.js' }, 'needs-javascript'],
    ['more than that', { ...UNMARKED, words: 10, sources: '/app.js' }, 'not-an-article'],
    ['a field for a password, and nothing else', { ...UNMARKED, passwordFields: 1 }, 'login'],
    [
      'a field for a password in the frame of a page',
      { ...UNMARKED, words: 97, passwordFields: 1, otherText: 'x'.repeat(1500) },
      'not-an-article',
    ],
    [
      'a long request for consent',
      { ...UNMARKED, words: 300, text: 'We and our partners use cookies.' },
      'consent-wall',
    ],
    ['one beside marks of an article', { words: 300, text: 'We and our partners use cookies.' }, undefined],
    [
      'buttons and cookies in a language without phrases',
      { ...UNMARKED, words: 60, buttons: 2, text: 'Kun hyväksyt cookies, näet mainoksia.' },
      'consent-wall',
    ],
    [
      'buttons and a vendor of consent',
      { ...UNMARKED, words: 60, buttons: 2, sources: 'https://sdk.privacy-center.org/loader.js' },
      'consent-wall',
    ],
    ['39 words with one mark', { words: 39, marks: 1 }, 'not-an-article'],
    ['40 words with one mark', { words: 40, marks: 1 }, undefined],
    ['129 words with no mark', { ...UNMARKED, words: 129 }, 'not-an-article'],
    ['130 words with no mark', { ...UNMARKED, words: 130 }, undefined],
    ['a few words in an element for articles', { words: 60, marks: 0 }, undefined],
    ['a short page that is unlikely an article', { words: 475, chance: 0.09 }, 'not-an-article'],
    ['a short page that may be one', { words: 475, chance: 0.1 }, undefined],
    ['a long page that is unlikely an article', { words: 476, chance: 0.29 }, 'not-an-article'],
    ['a long page that may be one', { words: 476, chance: 0.3 }, undefined],
    ['a claim, and an offer', { words: 400, claimsPaywall: true, hasOffer: true }, 'paywall'],
    ['an offer alone', { words: 400, hasOffer: true }, undefined],
    [
      'a text that breaks off before an offer',
      { words: 400, hasOffer: true, text: 'and so…\nSee all offers\n' },
      'paywall',
    ],
    ['a claim alone', { words: 150, claimsPaywall: true, text: 'and so.' }, undefined],
  ];
  for (const [why, evidence, reason] of rows) {
    it(`${why}: ${reason ?? 'an article'}`, () => assert.equal(reasonOf(evidence), reason));
  }

  it('takes a text that breaks off beside any offer to pay for the beginning of a paid one', () => {
    const offers = `Subscribe | Already a member | Already a subscriber | already have a subscription | Members only |
      member only | free article | unlock | Abonnez | Suscríbete | 付费`;
    for (const otherText of offers.split(/\s*\|\s*/)) {
      assert.equal(reasonOf({ words: 150, text: 'and so…', otherText }), 'paywall', otherText);
    }
  });
});

describe('breaksOff', () => {
  const rows: [text: string, isCut: boolean][] = [
    ['and so…', true],
    ['and so...', true],
    ['and so [...]', true],
    ['and so (…)  \n', true],
    ['and so..', false],
    ['and so.', false],
    ['and so… it went on', false],
    [`and so…${' '.repeat(20)}`, true],
    [`and so…${' '.repeat(21)}`, false],
  ];
  for (const [text, isCut] of rows)
    it(`${JSON.stringify(text)}: ${isCut}`, () => assert.equal(breaksOff(text), isCut));
});
