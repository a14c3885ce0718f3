/**
 * Pages that are not the article that was saved: walls, notices, errors, lists of other pages. Such a page is
 * "unknown, and why", never a short article. Only a page with little text can be a wall: a long article about cookies
 * is an article. Short has to be earned: a short page gives a length only where something shows that it is an article.
 */

import {
  BLOCKED,
  BREAKS_OFF,
  CHALLENGE_SOURCE,
  CONSENT,
  CONSENT_SOURCE,
  LOGIN,
  LOGIN_TITLE,
  NEEDS_JAVASCRIPT,
  NO_PAGE_ERROR,
  NOT_FOUND_TEXT,
  NOT_FOUND_TITLE,
  PAYING,
  PAYWALL,
  REFUSAL,
  SERVER_ERROR,
} from './wall-phrases.ts';

/** Why a page gives no length. */
export type UnknownReason =
  | 'consent-wall'
  | 'login'
  | 'not-found'
  | 'server-error'
  | 'needs-javascript'
  | 'paywall'
  | 'blocked'
  | 'empty'
  | 'live-blog'
  | 'not-an-article';

/** What tells a page that is no article from one that is. */
export type NonArticleEvidence = {
  readonly title: string;
  /** The text that was taken for the article: all of it where it has few words. */
  readonly text: string;
  readonly words: number;
  /** The rest of the page's text, as far as it was kept. */
  readonly otherText: string;
  /** What stands in `<noscript>` and templates. */
  readonly fallbackText: string;
  readonly passwordFields: number;
  readonly buttons: number;
  /** Addresses of scripts and frames. */
  readonly sources: string;
  /** Of a publication: its type, a date, an author. */
  readonly marks: number;
  /** Most of the text stands in an element for articles. */
  readonly isInArticle: boolean;
  readonly claimsPaywall: boolean;
  readonly claimsLiveBlog: boolean;
  /** An offer to pay or to register begins in the text or right behind it. */
  readonly hasOffer: boolean;
  /** How likely such a page is an article, by the trained model: 0 to 1. */
  readonly chance: number;
};

type NonArticleRule = {
  readonly reason: UnknownReason;
  /** An article with more words than this is one, whatever else the page says. */
  readonly maxWords: number;
  readonly matches: (evidence: NonArticleEvidence) => boolean;
};

/** A phrase is searched in this much of a text: UTF-16 units. */
const MAX_SEARCHED_CHARACTERS = 3000;
/** With fewer words, a page that is for subscribers shows only how its article begins. */
const TEASER_BELOW_WORDS = 100;
const MAX_ENDING_CHARACTERS = 50;
/** What comes last in a text that goes on for those who pay: the end of the text, and the offer. */
const ENDING_BLOCKS = 4;
/** A longer beginning of a paid article needs an offer behind it. */
const MAX_BEGINNING_WORDS = 200;
/** Hardly an article is shorter, or has as little without saying at all that it is one. */
const MIN_ARTICLE_WORDS = 40;
const MIN_UNMARKED_WORDS = 130;
/** With fewer, a page with scripts is an empty frame for them. */
const MIN_SHOWN_WORDS = 10;
const MAX_STATUS_WORDS = 30;
/** Of the frame around a wall: UTF-16 units. */
const MAX_FRAME_CHARACTERS = 1500;
/** So many marks of a publication show that the shortest page is an article. */
const MIN_MARKS = 2;
/** With a mark of a publication, more words are an article; with fewer than the second, all of the page may ask. */
const MAX_CONSENT_WORDS = 80;
const MIN_CONSENT_WORDS = 15;
const startOf = (text: string): string => text.slice(0, MAX_SEARCHED_CHARACTERS);

const allText = ({ title, text, otherText }: NonArticleEvidence): string =>
  `${title}\n${startOf(text)}\n${startOf(otherText)}`;

/** Whether a text ends as one does that goes on for those who pay, or on the next page. */
export const breaksOff = (text: string): boolean => BREAKS_OFF.test(text.slice(-MAX_ENDING_CHARACTERS));

/** The same, where an offer may have come behind the text. */
const breaksOffBeforeEnd = (text: string): boolean =>
  text.trimEnd().split('\n').slice(-ENDING_BLOCKS).some(breaksOff);

const isPaywalled = ({ text, otherText, words, claimsPaywall, hasOffer }: NonArticleEvidence): boolean => {
  const rest = startOf(otherText);
  const asks = PAYWALL.test(startOf(text)) || PAYWALL.test(rest);
  if (hasOffer && (claimsPaywall || asks || breaksOffBeforeEnd(text))) return true;
  if (words > MAX_BEGINNING_WORDS) return false;
  if (claimsPaywall && (breaksOff(text) || words < TEASER_BELOW_WORDS)) return true;
  if (PAYWALL.test(startOf(text)) || (words < TEASER_BELOW_WORDS && PAYWALL.test(rest))) return true;
  return claimsPaywall ? PAYWALL.test(rest) : breaksOff(text) && PAYING.test(rest);
};

/** Whether there is hardly anything on a page besides the text. */
const isAlone = ({ otherText }: NonArticleEvidence): boolean => otherText.length < MAX_FRAME_CHARACTERS;

const isUnmarked = ({ marks, isInArticle }: NonArticleEvidence): boolean => marks === 0 && !isInArticle;

const beginsWith = (status: RegExp, { title, text, otherText, words }: NonArticleEvidence): boolean =>
  words <= MAX_STATUS_WORDS && (status.test(title) || status.test((text || otherText).trimStart()));

const asksForConsent = (evidence: NonArticleEvidence): boolean => {
  const { title, text, otherText, words, sources, buttons, marks } = evidence;
  const asks = CONSENT.test(`${title}\n${startOf(text)}`);
  if (words <= MAX_CONSENT_WORDS && asks) return true;
  if (words < MIN_CONSENT_WORDS && CONSENT.test(startOf(otherText))) return true;
  if (asks && marks === 0 && isAlone(evidence)) return true;
  return (
    isUnmarked(evidence) &&
    isAlone(evidence) &&
    buttons > 0 &&
    (CONSENT_SOURCE.test(sources) || /cookie/i.test(text))
  );
};

/**
 * Two minutes, in English.
 * @internal
 */
export const SHORT_WORDS = 476;
/**
 * A page that is less likely an article gives no length: a short one, and a longer one. By the table that `npm run
 * train:kind` prints, of weights that had not seen the page's site: 6 of 1,000 articles are less likely, and 14 of 100
 * other pages get a wrong tag instead of 28.
 */
const MIN_CHANCE = { short: 0.1, long: 0.3 };

const isUnlikely = ({ chance, words }: NonArticleEvidence): boolean =>
  chance < (words < SHORT_WORDS ? MIN_CHANCE.short : MIN_CHANCE.long);

/** Nothing on a short page, or too little on a longer one, shows that it is an article. */
const isNoArticle = (evidence: NonArticleEvidence): boolean => {
  const { words, marks } = evidence;
  if (words < MIN_ARTICLE_WORDS && marks < MIN_MARKS) return true;
  return (words < MIN_UNMARKED_WORDS && isUnmarked(evidence)) || isUnlikely(evidence);
};

/** In order: the first that matches is the reason. Limits are words of a usual wall, and well under an article's. */
const NON_ARTICLE_RULES: readonly NonArticleRule[] = [
  {
    // The site took the request for a robot's: its notice is short and says so in the title or first lines.
    reason: 'blocked',
    maxWords: 120,
    matches: (evidence) =>
      BLOCKED.test(`${evidence.title}\n${startOf(evidence.text || evidence.otherText).slice(0, 400)}`) ||
      beginsWith(REFUSAL, evidence) ||
      (isUnmarked(evidence) && CHALLENGE_SOURCE.test(evidence.sources)),
  },
  {
    // An error page sent with status 200 says so in its title or its text.
    reason: 'not-found',
    maxWords: 150,
    matches: (evidence) =>
      NOT_FOUND_TITLE.test(evidence.title) ||
      NOT_FOUND_TEXT.test(startOf(evidence.text || evidence.otherText)) ||
      beginsWith(NO_PAGE_ERROR, evidence),
  },
  {
    // The error of a server, or of what stands before it, by its number.
    reason: 'server-error',
    maxWords: MAX_STATUS_WORDS,
    matches: (evidence) => beginsWith(SERVER_ERROR, evidence),
  },
  {
    // The page is drawn by scripts: what is left is the notice.
    reason: 'needs-javascript',
    maxWords: 60,
    matches: (evidence) => NEEDS_JAVASCRIPT.test(allText(evidence)),
  },
  {
    // The notice is for those without scripts, and next to nothing is shown beside it; or nothing at all.
    reason: 'needs-javascript',
    maxWords: MIN_UNMARKED_WORDS,
    matches: (evidence) =>
      isUnmarked(evidence) &&
      (/javascript/i.test(evidence.fallbackText) ||
        (evidence.words > 0 && evidence.words < MIN_SHOWN_WORDS && evidence.sources !== '')) &&
      evidence.passwordFields === 0,
  },
  {
    // A field for a password, or a title that says so, and hardly any text.
    reason: 'login',
    maxWords: 100,
    matches: (evidence) =>
      LOGIN_TITLE.test(evidence.title) ||
      (evidence.passwordFields > 0 &&
        ((isUnmarked(evidence) && isAlone(evidence)) || LOGIN.test(allText(evidence)))),
  },
  {
    // The beginning of an article, and an offer to subscribe or a claim to be for subscribers.
    reason: 'paywall',
    maxWords: 400,
    matches: isPaywalled,
  },
  {
    // Asks for consent and has nothing else to read.
    reason: 'consent-wall',
    maxWords: 300,
    matches: asksForConsent,
  },
  {
    // Asks to log in and has nothing else to read.
    reason: 'login',
    maxWords: 40,
    matches: (evidence) => LOGIN.test(startOf(evidence.text)),
  },
  { reason: 'empty', maxWords: 0, matches: () => true },
  {
    // It goes on being written, and nobody reads it from end to end.
    reason: 'live-blog',
    maxWords: Number.POSITIVE_INFINITY,
    matches: (evidence) => evidence.claimsLiveBlog,
  },
  { reason: 'not-an-article', maxWords: Number.POSITIVE_INFINITY, matches: isNoArticle },
];

/** Why a page is not an article; undefined where it seems to be one. */
export const whyUnknown = (evidence: NonArticleEvidence): UnknownReason | undefined =>
  NON_ARTICLE_RULES.find((rule) => evidence.words <= rule.maxWords && rule.matches(evidence))?.reason;
