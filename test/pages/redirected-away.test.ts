import assert from 'node:assert/strict';
import { redirectedAway } from '../../lib/pages/redirected-away.ts';

const ARTICLE = 'https://www.example.com/2026/11/the-old-bank';

/** What stands where the redirects end, and why. */
const ROWS: readonly (readonly [why: string, asked: string, found: string, reason: string | undefined])[] = [
  ['the front page in place of an article', ARTICLE, 'https://www.example.com/', 'not-found'],
  ['without www', ARTICLE, 'https://example.com', 'not-found'],
  ['from the site for phones', 'https://m.example.com/a-b-c', 'https://example.com/', 'not-found'],
  ['to one for phones', 'https://example.com/a-b-c', 'https://m.example.com/', 'not-found'],
  ['the front page in one language', ARTICLE, 'https://example.com/en-GB/', 'not-found'],
  ['the front page by its file', ARTICLE, 'https://example.com/index.html', 'not-found'],
  ['an article by its number', 'https://example.com/123456', 'https://example.com/', 'not-found'],
  ['an article in a folder', 'https://example.com/blog/old-bank', 'https://example.com/', 'not-found'],
  ['one in letters that are encoded', 'https://example.com/b/銀行', 'https://example.com/', 'not-found'],
  ['the front page by its old name', 'https://example.com/index.html', 'https://example.com/', undefined],
  ['the page of one word', 'https://example.com/essay', 'https://example.com/', undefined],
  ['a folder', 'https://example.com/blog/', 'https://example.com/', undefined],
  ['a short link to a front page', 'https://sho.rt/2026/a-b-c', 'https://example.com/', undefined],
  ['a site whose name ends alike', 'https://myexample.com/a-b-c', 'https://example.com/', undefined],
  ['an article that is asked for', ARTICLE, 'https://example.com/?p=12', undefined],
  ['the same article elsewhere', ARTICLE, 'https://example.com/bank/the-old-bank', undefined],
  ['the same address', 'https://example.com/a-b-c', 'https://example.com/a-b-c', undefined],
  ['a form to log in', ARTICLE, 'https://example.com/login?next=%2F2026', 'login'],
  ['a form deeper down', ARTICLE, 'https://example.com/users/sign_in', 'login'],
  ['the form of WordPress', ARTICLE, 'https://example.com/wp-login.php?redirect_to=x', 'login'],
  ['a host for logins', ARTICLE, 'https://accounts.example.org/v3/start', 'login'],
  ['an article about it', ARTICLE, 'https://example.com/how-to-login', undefined],
  ['a form that was asked for', 'http://example.com/login', 'https://www.example.com/login', undefined],
  ['a host that asks for consent', ARTICLE, 'https://consent.example.org/v2/collect?id=1', 'consent-wall'],
  ['a page that asks for consent', ARTICLE, 'https://example.com/consent', 'consent-wall'],
  ['an article about consent', ARTICLE, 'https://example.com/2026/consent-and-law', undefined],
  ['a page for what is not found', ARTICLE, 'https://example.com/en/404.html', 'not-found'],
  ['another', ARTICLE, 'https://example.com/page-not-found', 'not-found'],
  ['an article with that number', ARTICLE, 'https://example.com/the-404-bus', undefined],
];

describe('redirectedAway', () => {
  for (const [why, asked, found, reason] of ROWS)
    it(`${reason ?? 'nothing'}: ${why}`, () =>
      assert.equal(redirectedAway(new URL(asked), new URL(found)), reason));
});
