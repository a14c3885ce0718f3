/**
 * What a page says about itself: its JSON-LD and `<meta>`. Taken only where its text is too short to go by,
 * because such claims are less often right than a count: JSON-LD `wordCount` is within a minute on 82 % of pages,
 * `articleBody` on 78 %, a reading time in `<meta>` on 71 %.
 */
import { countWords, type WordCount } from '../core/count-words.ts';
import type { ParsedPage } from './parse-page.ts';

/** What a page says of its own length, and where. */
export type LengthClaim = {
  readonly count: WordCount;
  readonly from: 'article-body' | 'word-count' | 'script-body' | 'reading-time';
};

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };
type Nested = JsonObject | readonly Json[];

/** Objects of JSON-LD that are read; the rest is left out. */
const MAX_OBJECTS = 2000;
const MAX_CLAIMED_WORDS = 200_000;
/** Yoast's "Est. reading time" is rounded up from words / 228 + images / 5: half a minute too long on average. */
const CLAIMED_WORDS_PER_MINUTE = 228;
const ROUNDED_UP_MINUTES = 0.5;
const MAX_VIDEO_SECONDS = 7 * 24 * 3600;

const parse = (text: string): Json => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
};

const isNested = (value: Json): value is Nested => typeof value === 'object' && value !== null;

const isObject = (value: Nested): value is JsonObject => !Array.isArray(value);

const parsed = new WeakMap<readonly string[], readonly JsonObject[]>();

/** All objects in the JSON-LD of a page, outer ones first: parsed once, for all that is asked of them. */
const jsonLdObjects = ({ jsonLd }: Pick<ParsedPage, 'jsonLd'>): readonly JsonObject[] => {
  const known = parsed.get(jsonLd);
  if (known) return known;
  const found: JsonObject[] = [];
  const waiting = jsonLd.map(parse).filter(isNested);
  // Grows during the loop.
  for (const value of waiting) {
    if (found.length >= MAX_OBJECTS) break;
    if (isObject(value)) found.push(value);
    for (const inner of Object.values(value)) if (isNested(inner)) waiting.push(inner);
  }
  parsed.set(jsonLd, found);
  return found;
};

/** `@type` may be one name or several. */
const typesOf = (object: JsonObject): string => [object['@type']].flat().join(' ');

const wordsOnly = (words: number): WordCount => ({ words, cjkCharacters: 0, cjkWords: 0 });

const READING_TIME = /^\s*(\d{1,3})\s*(?:min|分|мин|λεπτ|perc|dk|dakika)/iu;

const readingTimeOf = ({ metas }: Pick<ParsedPage, 'metas'>): number | undefined => {
  for (let at = 1; at <= 4; at++) {
    const minutes = Number(READING_TIME.exec(metas.get(`twitter:data${at}`) ?? '')?.[1]);
    if (minutes > 0) return minutes;
  }
  return undefined;
};

/** The best that a page claims about its length, or undefined. */
export const lengthClaimOf = (page: Pick<ParsedPage, 'jsonLd' | 'metas'>): LengthClaim | undefined => {
  let wordCount = 0;
  for (const object of jsonLdObjects(page)) {
    const body = object.articleBody;
    if (typeof body === 'string') {
      const count = countWords(body.replaceAll(/<[^<>]{0,500}>/g, ' '));
      if (count.words > 0) return { count, from: 'article-body' };
    }
    wordCount ||= Number(object.wordCount);
  }
  if (wordCount > 0 && wordCount <= MAX_CLAIMED_WORDS)
    return { count: wordsOnly(Math.round(wordCount)), from: 'word-count' };
  const minutes = readingTimeOf(page);
  return minutes
    ? { count: wordsOnly((minutes - ROUNDED_UP_MINUTES) * CLAIMED_WORDS_PER_MINUTE), from: 'reading-time' }
    : undefined;
};

const DURATION = /^P(?:(\d{1,4})D)?T?(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})(?:\.\d{0,9})?S)?$/i;

/** Seconds of an ISO 8601 duration (`PT1H2M3S`), or undefined. */
const secondsOf = (duration: string): number | undefined => {
  const parts = DURATION.exec(duration.trim());
  if (!parts) return undefined;
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] = parts;
  const sum = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  return sum > 0 && sum <= MAX_VIDEO_SECONDS ? sum : undefined;
};

/** Length of the video that a page says it is about, in seconds. */
export const videoSecondsOf = (page: Pick<ParsedPage, 'jsonLd' | 'metas'>): number | undefined => {
  for (const object of jsonLdObjects(page)) {
    const duration = object.duration;
    if (!typesOf(object).includes('VideoObject') || typeof duration !== 'string') continue;
    const seconds = secondsOf(duration);
    if (seconds !== undefined) return seconds;
  }
  const said = page.metas.get('og:video:duration') ?? page.metas.get('video:duration') ?? '';
  if (/^\d{1,6}$/.test(said.trim())) return Number(said) || undefined;
  return secondsOf(page.metas.get('duration') ?? '');
};

/** Whether a page says that it is a video's. */
export const claimsToBeVideo = ({ metas }: Pick<ParsedPage, 'metas'>): boolean =>
  (metas.get('og:type') ?? '').startsWith('video') || metas.get('twitter:card') === 'player';

/** Whether a page says that its text is only for those who pay. */
export const claimsPaywall = (page: Pick<ParsedPage, 'jsonLd' | 'metas'>): boolean =>
  /^(?:locked|metered)$/i.test(page.metas.get('article:content_tier') ?? '') ||
  jsonLdObjects(page).some((object) => /^false$/i.test(String(object.isAccessibleForFree)));

/** Whether a page says that it is a live blog: that the first article it speaks of, in JSON-LD or by `itemtype`, is one. */
export const claimsLiveBlog = (page: Pick<ParsedPage, 'jsonLd' | 'itemType'>): boolean => {
  const first = jsonLdObjects(page)
    .map(typesOf)
    .find((type) => ARTICLE_TYPE.test(type));
  return LIVE_BLOG_TYPE.test(first ?? page.itemType);
};

/** The titles that a page gives its article, and the addresses where it says that this stands, the surest first. */
export const ownNamesOf = (
  page: Pick<ParsedPage, 'address' | 'canonical' | 'jsonLd' | 'metas' | 'title'>,
) => {
  const article = jsonLdObjects(page).find((object) => ARTICLE_TYPE.test(typesOf(object))) ?? {};
  const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
  const mainPage = article.mainEntityOfPage ?? null;
  const pageId = isNested(mainPage) && isObject(mainPage) ? mainPage['@id'] : mainPage;
  return {
    titles: [page.title, page.metas.get('og:title'), article.headline].filter(isText),
    addresses: [page.address, page.canonical, page.metas.get('og:url'), article.url, pageId].filter(isText),
  };
};

/** What a page says of its own kind. */
export type Publication = {
  readonly isArticleType: boolean;
  readonly isArticleInJsonLd: boolean;
  /** A product, a question, a list of pages: what is no article. */
  readonly isOtherInJsonLd: boolean;
  readonly hasDate: boolean;
  readonly hasAuthor: boolean;
};

const ARTICLE_META_TYPE = /^(?:article|news|newsarticle|blog)$/i;
const ARTICLE_TYPE = /article|blogposting|reportage|recipe/i;
const LIVE_BLOG_TYPE = /liveblogposting/i;
const OTHER_TYPE =
  /product|collectionpage|itemlist|qapage|question|faqpage|discussion|profilepage|application|store|service|business|offer|course|jobposting|event|hotel|restaurant/i;
const DATE_META =
  /^(?:article:(?:published|modified)_time|og:published_time|og:pubdate|date|pubdate|publish_?date|datepublished|originalpublicationdate|lastmod|parsely-pub-date|sailthru\.date|article\.published|citation_publication_date|cxenseparse:.{0,20}publishtime|weibo:.{0,20}create_at|(?:dc|dcterms)\.(?:date|created|issued).{0,20})$/;
const AUTHOR_META =
  /^(?:author|article:author|dc\.creator|parsely-author|sailthru\.author|byl|twitter:creator|cxenseparse:author)$/;

/** What a page says of its own kind: only a publication says most of this. */
export const publicationOf = (page: Pick<ParsedPage, 'jsonLd' | 'metas'>): Publication => {
  const objects = jsonLdObjects(page);
  const types = objects.map(typesOf);
  const metas = [...page.metas.keys()];
  return {
    isArticleType: ARTICLE_META_TYPE.test(page.metas.get('og:type') ?? ''),
    isArticleInJsonLd: types.some((type) => ARTICLE_TYPE.test(type)),
    isOtherInJsonLd: types.some((type) => OTHER_TYPE.test(type)),
    hasDate:
      metas.some((name) => DATE_META.test(name)) || objects.some((object) => 'datePublished' in object),
    hasAuthor: metas.some((name) => AUTHOR_META.test(name)),
  };
};

/** How many marks of a publication a page carries: its type, a date, an author. */
export const marksOf = ({ times }: Pick<ParsedPage, 'times'>, publication: Publication): number => {
  const { isArticleType, isArticleInJsonLd, hasDate, hasAuthor } = publication;
  return [isArticleType, isArticleInJsonLd, hasDate || times > 0, hasAuthor].filter(Boolean).length;
};
