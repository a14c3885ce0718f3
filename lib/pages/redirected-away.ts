/**
 * Sites send those who ask for an article that is gone to the front page, and those who have not logged in to a form.
 * What is found there is not what was saved, however much text it has.
 */
import type { SkipReason } from '../core/skip-reason.ts';
import { hostOf } from '../http/address-rules.ts';

/** The front page of a site, or of one language of it. */
const FRONT_PAGE_PATH = /^\/(?:[a-z]{2}(?:[-_][a-z]{2})?\/?|(?:home|index)(?:\.\w{1,5})?\/?)?$/i;
/** Three words, a number, or, below a folder, two words: what old names of front pages do not have. */
const ARTICLE_PATH = /[^/_-][-_][^/_-]+[-_][^/_-]|\d{3}|[^/]\/[^/]*[-_\d%]/;

/** By host and path, what the last redirect leads to. */
const PLACES: readonly (readonly [SkipReason, RegExp])[] = [
  [
    'login',
    /^(?:login|signin|accounts?|auth|sso)\.|^[^/]+\/(?:[\w-]{1,20}\/){0,2}(?:log-?in|sign[-_]?in|wp-login\.php)(?:\.\w{1,5})?\/?$/i,
  ],
  ['consent-wall', /^consent\.|^[^/]+\/(?:[\w-]{1,20}\/)?consent\/?$/i],
  ['not-found', /^[^/]+\/(?:[\w-]{1,20}\/)?(?:404|410|(?:page-?)?not-?found|error)(?:\.\w{1,5})?\/?$/i],
];

const siteOf = (url: URL): string => hostOf(url).replace(/^www\./, '');

/** Why a page that was found is not the one that was asked for, by where its redirects end; undefined: it may be. */
export function redirectedAway(asked: URL, found: URL): SkipReason | undefined {
  const [from, to] = [`${hostOf(asked)}${asked.pathname}`, `${hostOf(found)}${found.pathname}`];
  if (from === to) return undefined;
  const place = PLACES.find(([, pattern]) => pattern.test(to) && !pattern.test(from));
  if (place) return place[0];
  // A short link may well lead to a front page, and an address with a question to an article on it.
  const [site, other] = [siteOf(asked), siteOf(found)];
  const isSameSite = site === other || site.endsWith(`.${other}`) || other.endsWith(`.${site}`);
  const isFront = FRONT_PAGE_PATH.test(found.pathname) && found.search === '';
  return isSameSite && isFront && ARTICLE_PATH.test(asked.pathname) ? 'not-found' : undefined;
}
