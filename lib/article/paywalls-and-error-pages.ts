/**
 * Pages that are not the article that was saved: walls, notices, errors, lists of other pages. Such a page is
 * "unknown, and why", never a short article. Only a page with little text can be a wall: a long article about cookies
 * is an article. Short has to be earned: a short page gives a length only where something shows that it is an article.
 */

import { isUnlikely } from './page-facts.ts';

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
  | 'not-an-article';

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
/** With a mark of a publication, more words are an article; with fewer than the second, all of the page may ask. */
const MAX_CONSENT_WORDS = 80;
const MIN_CONSENT_WORDS = 15;
const startOf = (text: string): string => text.slice(0, MAX_SEARCHED_CHARACTERS);

const NOT_FOUND_TITLE =
  /\b(?:404|410)\b|(?:page|site|article|content|document|url)\b.{0,20}\b(?:not found|unavailable|does ?n.t exist|no longer (?:exists|available))|^not found|^error\b|nicht gefunden|introuvable|no encontrad|non trovat|não encontrad|niet gevonden|не найден|找不到|不存在|未找到|見つかりません/i;
const NOT_FOUND_TEXT =
  /page (?:you(?:.re| are| were|.ve)? .{0,30})?(?:can(?:.t|not|not) be found|could ?n.t be found|could not be found|was not found|not found|does ?n.t exist|does not exist|no longer exists|no longer available|has been (?:removed|deleted))|(?:this|the) (?:article|story|post|video|page|content) (?:is |has been |was )?(?:no longer available|removed|deleted|unavailable)|we can.t find (?:the|that) page|seite (?:wurde )?nicht gefunden|page (?:est )?introuvable|página no encontrada|pagina non trovata|página não encontrada|страница не найдена|页面不存在|您访问的页面|页面未找到|ページが見つかりません/i;
const NEEDS_JAVASCRIPT =
  /(?:enable|turn on|activate|requires?|needs?|without|allow) (?:\w+ ){0,3}javascript|javascript (?:\w+ ){0,4}(?:disabled|required|enabled|not available|turned off)|javascript (?:aktivieren|ist deaktiviert)|activer javascript|activar javascript|habilite o javascript|включите javascript|开启javascript|启用 ?javascript|javascriptを有効/i;
const CONSENT =
  /before you continue|we (?:and our (?:\d{1,4} )?partners|value your privacy|use cookies)|accept (?:all|cookies)|cookie (?:consent|settings|preferences)|your (?:privacy|consent)|consent to|wir benötigen ihre zustimmung|cookies akzeptieren|mit werbung weiterlesen|tout accepter|accepter et continuer|aceptar (?:todas|y continuar)|accetta (?:tutti|e continua)|alle cookies/i;
const LOGIN =
  /(?:log ?in|sign ?in|sign ?up|register) (?:to|for|with|now)|(?:please|must|need to|have to) (?:log ?in|sign ?in|register)|create (?:an|your) account|forgot (?:your )?password|einloggen|anmelden|se connecter|connectez-vous|iniciar sesión|accedi|войдите|请登录|请先登录|登录后|ログインして/i;
const LOGIN_TITLE =
  /^(?:log ?in|sign ?in|sign ?up|anmelden|connexion|iniciar sesión|accedi|вход|登录|ログイン)\b|log ?in\s*[|·–-]|sign ?in\s*[|·–-]/i;
/** Says that the rest of the text is for those who pay. */
const PAYWALL =
  /subscri(?:be|bers?|ption)(?: \w+){0,6} (?:to (?:continue|read|access|unlock|keep)|only|exclusive)|(?:continue|keep) reading(?: \w+){0,5} (?:with|for|by|subscri|account|free)|(?:you need to|must|have to) subscribe|(?:this|the) (?:article|content|story) is (?:for|exclusive|available|reserved|only)(?: \w+){0,4} (?:subscribers|members)|\d free articles?|unlock (?:this|the full) (?:article|story|content|text)|jetzt weiterlesen|(?:nur )?für abonnenten|réservé aux abonnés|il vous reste|solo para suscriptores|suscríbete para|riservato agli abbonati|per gli abbonati|alleen voor abonnees|только для подписчиков|订阅后|付费阅读|付费内容|会員限定|有料会員/i;
/** Stands in the frame of many pages that are free: says something only beside a text that breaks off. */
const PAYING =
  /subscri|already (?:a|have a|an) (?:subscri|member)|members? only|free articles?|unlock|abonn|abbonat|suscr[ií]|assinante|подписк|付费|会員/i;
const BREAKS_OFF = /(?:…|\.{3})[\])]?\s{0,20}$/;
const BLOCKED =
  /access denied|attention required|verify(?:ing)? (?:that )?you(?:.re| are) (?:a )?human|are you (?:a )?(?:human|robot)|checking (?:your browser|(?:if|that) the (?:site|connection))|just a moment|unusual (?:traffic|activity)|captcha|security check|pardon our interruption|request (?:was |has been )?blocked|403 forbidden|you have been blocked|访问过于频繁|安全验证|人机验证/i;

/** Of those who check for robots: scripts and frames by which their checks come. */
const CHALLENGE_SOURCE =
  /captcha|challenges\.cloudflare\.com|\/cdn-cgi\/challenge-platform\/h\/|_incapsula_resource|px-c(?:dn|loud)\.net|perimeterx|arkoselabs|geetest|awswaf|ddos-guard|\/_sec\/cp_challenge|_____tmd_____|\.within\.website|kasada|datadome/i;
/** Of those who ask for consent in the name of sites. */
const CONSENT_SOURCE =
  /privacy-mgmt|sourcepoint|privacy-center|didomi|usercentrics|consensu\.org|quantcast|trustarc|cookielaw|onetrust|cookiebot|iubenda|contentpass|guce|axeptio|\bcmp\b|consent/i;
/** The number of an HTTP error at the beginning of a title or a text. */
const SERVER_ERROR = /^\D{0,20}\b5\d\d\b/;
const NO_PAGE_ERROR = /^\D{0,20}\b4(?:04|10)\b/;
const REFUSAL = /^\D{0,20}\b4(?:03|29)\b/;

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

/** Nothing on a short page, or too little on a longer one, shows that it is an article. */
const isNoArticle = (evidence: NonArticleEvidence): boolean => {
  const { words, marks, chance } = evidence;
  if (words < MIN_ARTICLE_WORDS && marks < 2) return true;
  return (words < MIN_UNMARKED_WORDS && isUnmarked(evidence)) || isUnlikely(chance, words);
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
  { reason: 'not-an-article', maxWords: Number.POSITIVE_INFINITY, matches: isNoArticle },
];

/** Why a page is not an article; undefined where it seems to be one. */
export const whyUnknown = (evidence: NonArticleEvidence): UnknownReason | undefined =>
  NON_ARTICLE_RULES.find((rule) => evidence.words <= rule.maxWords && rule.matches(evidence))?.reason;
