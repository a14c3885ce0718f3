import assert from 'node:assert/strict';
import { breaksOff, type KindEvidence, whyUnknown } from '../../../lib/web/article/page-kinds.ts';

const NOTHING: KindEvidence = {
  title: '',
  text: '',
  words: 10,
  otherText: '',
  passwordFields: 0,
  claimsPaywall: false,
};
const reasonOf = (evidence: Partial<KindEvidence>) => whyUnknown({ ...NOTHING, ...evidence });
const far = 'x '.repeat(1600);

describe('whyUnknown', () => {
  const phrases: [reason: string, where: 'title' | 'text' | 'otherText', said: string[]][] = [
    [
      'not-found',
      'title',
      [
        'Error 404',
        '410 Gone',
        'Page not found',
        'This site is unavailable',
        'The document doesn’t exist',
        'Content no longer exists',
        'Article no longer available',
        'Not found',
        'error',
        'Seite nicht gefunden',
        'Page introuvable',
        'Página no encontrada',
        'Pagina non trovata',
        'Página não encontrada',
        'Pagina niet gevonden',
        'Страница не найдена',
        '找不到',
        '页面不存在',
        '未找到',
        'ページが見つかりません',
      ],
    ],
    [
      'not-found',
      'text',
      [
        'The page you’re looking for cannot be found',
        'The page you are looking for can’t be found',
        'That page could not be found.',
        'page was not found',
        'page not found',
        'This page doesn’t exist',
        'page does not exist',
        'page no longer exists',
        'The page you were at is: page no longer available',
        'page has been removed',
        'page has been deleted',
        'This article is no longer available',
        'the story was removed',
        'The post has been deleted',
        'this video is unavailable',
        'We can’t find that page',
        'Seite wurde nicht gefunden',
        'Seite nicht gefunden',
        'page introuvable',
        'Page est introuvable',
        'página no encontrada',
        'pagina non trovata',
        'página não encontrada',
        'страница не найдена',
        '页面不存在',
        '您访问的页面',
        '页面未找到',
        'ページが見つかりません',
      ],
    ],
    [
      'needs-javascript',
      'otherText',
      [
        'Please enable JavaScript',
        'turn on your JavaScript',
        'Activate JavaScript',
        'This app requires JavaScript',
        'It needs a bit of JavaScript',
        'does not work without JavaScript',
        'JavaScript is disabled',
        'JavaScript is required',
        'JavaScript must be enabled',
        'JavaScript is not available',
        'JavaScript has been turned off',
        'Bitte JavaScript aktivieren',
        'JavaScript ist deaktiviert',
        'Veuillez activer JavaScript',
        'activar JavaScript',
        'Habilite o JavaScript',
        'Включите JavaScript',
        '请开启JavaScript',
        '请启用 JavaScript',
        'JavaScriptを有効にしてください',
      ],
    ],
    [
      'consent-wall',
      'text',
      [
        'Before you continue',
        'We value your privacy',
        'We use cookies',
        'We and our 842 partners',
        'Accept all',
        'Accept cookies',
        'Cookie settings',
        'cookie preferences',
        'cookie consent',
        'Your privacy matters',
        'your consent',
        'Do you consent to this',
        'Wir benötigen Ihre Zustimmung',
        'Cookies akzeptieren',
        'Mit Werbung weiterlesen',
        'Tout accepter',
        'Accepter et continuer',
        'Aceptar todas',
        'Aceptar y continuar',
        'Accetta tutti',
        'Accetta e continua',
        'Alle cookies',
      ],
    ],
    [
      'login',
      'text',
      [
        'Log in to go on',
        'Sign in for more',
        'Login with a code',
        'Sign up now',
        'Register to read',
        'Log in or register to read',
        'Please log in',
        'You must sign in',
        'You need to register',
        'You have to log in',
        'Create an account',
        'create your account',
        'Forgot your password',
        'Forgot password',
        'Einloggen',
        'Anmelden',
        'Se connecter',
        'Connectez-vous',
        'Iniciar sesión',
        'Accedi',
        'Войдите',
        '请登录',
        '请先登录',
        '登录后',
        'ログインして',
      ],
    ],
    [
      'login',
      'title',
      [
        'Log in',
        'Login',
        'Sign in',
        'Sign up',
        'Anmelden',
        'Connexion',
        'Iniciar sesión',
        'Harbour: log in | Post',
        'Harbour: sign in – Post',
        'Login - Harbour',
      ],
    ],
    [
      'paywall',
      'text',
      [
        'Subscribe to continue',
        'Subscribers only',
        'A subscription is needed to read',
        'Subscribe now to unlock',
        'Subscriber exclusive',
        'Continue reading with us',
        'Keep reading for 1 €',
        'continue reading by paying',
        'Continue reading your free text',
        'You need to subscribe',
        'you must subscribe',
        'you have to subscribe',
        'This article is for subscribers',
        'the story is only open to our members',
        'This content is exclusive to subscribers',
        '3 free articles',
        'Unlock this article',
        'unlock the full story',
        'Jetzt weiterlesen',
        'Nur für Abonnenten',
        'Für Abonnenten',
        'Réservé aux abonnés',
        'Il vous reste 80 %',
        'Solo para suscriptores',
        'Suscríbete para leer',
        'Riservato agli abbonati',
        'per gli abbonati',
        'Alleen voor abonnees',
        'Только для подписчиков',
        '订阅后',
        '付费阅读',
        '付费内容',
        '会員限定',
        '有料会員',
      ],
    ],
    [
      'blocked',
      'text',
      [
        'Access denied',
        'Attention required',
        'Verify you are human',
        'Verifying that you are a human',
        'Verify that you’re human',
        'Are you a robot',
        'Are you human',
        'Checking your browser',
        'Just a moment',
        'unusual traffic',
        'Unusual activity',
        'Captcha',
        'Security check',
        'Pardon our interruption',
        'Request blocked',
        'Your request was blocked',
        'request has been blocked',
        '403 Forbidden',
        'You have been blocked',
        '访问过于频繁',
        '安全验证',
        '人机验证',
      ],
    ],
  ];
  for (const [reason, where, said] of phrases) {
    for (const phrase of said)
      it(`takes a page for ${reason} where its ${where} says: ${phrase}`, () =>
        assert.equal(reasonOf({ [where]: phrase }), reason));
  }

  const harmless: [where: 'title' | 'text' | 'otherText', said: string[]][] = [
    [
      'title',
      [
        'Room 4041',
        '1410 to 1500',
        'A page of history: what forty years of digging has not found',
        'Lost, not found',
        'Terror at sea',
        'Errors of the past',
        'How to log in to life',
        'A blog in the sun',
        'Logins of the world',
        'The design inside',
      ],
    ],
    [
      'text',
      [
        'A page was turned',
        'The story was good',
        'We can’t find our way',
        'JavaScript is a language',
        'The privacy of bees',
        'Accept it',
        'Cookie recipes',
        'Log ins',
        'He had to register',
        'An account of the war',
        'Subscribers were many',
        'Keep reading',
        'They unlock the door',
        'Free articles of clothing',
        'The article is long',
        'Are you well',
        'In a moment',
        'A request was made',
        'Very human',
      ],
    ],
    ['otherText', ['Subscribe', 'Members only', 'Log in to comment']],
  ];
  for (const [where, said] of harmless) {
    for (const phrase of said)
      it(`takes no harm in a ${where} that says: ${phrase}`, () =>
        assert.equal(reasonOf({ [where]: phrase }), undefined));
  }

  const limits: [reason: string, most: number, evidence: Partial<KindEvidence>][] = [
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
  for (const [reason, most, evidence] of limits) {
    it(`takes ${JSON.stringify(evidence)} for ${reason} with ${most} words, and not with more`, () => {
      assert.equal(reasonOf({ ...evidence, words: most }), reason);
      assert.equal(reasonOf({ ...evidence, words: most + 1 }), undefined);
    });
  }

  const rows: [why: string, evidence: Partial<KindEvidence>, reason: string | undefined][] = [
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
    ['a claim alone', { words: 150, claimsPaywall: true, text: 'and so.' }, undefined],
  ];
  for (const [why, evidence, reason] of rows) {
    it(`${why}: ${reason ?? 'an article'}`, () => assert.equal(reasonOf(evidence), reason));
  }

  it('knows what offers are made beside a text that breaks off', () => {
    for (const otherText of [
      'Subscribe',
      'Already a member',
      'Already a subscriber',
      'already have a subscription',
      'Members only',
      'member only',
      'free article',
      'unlock',
      'Abonnez',
      'abbonati',
      'Suscríbete',
      'assinante',
      'подписка',
      '付费',
      '会員',
    ]) {
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
