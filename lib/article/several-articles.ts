/**
 * Pages that hold several articles: the next ones of endless scrolling, teasers with a beginning, the numbers of a
 * magazine. Where the page's address, its title or its first heading mean one of them, that one was saved.
 */
import { type MeasuredPage, outermost } from './block-facts.ts';
import { ownNamesOf, publicationOf } from './page-claims.ts';

/** With less running text, an article is a teaser: words. */
const MIN_ARTICLE_PROSE = 50;
const MIN_TITLE_CHARACTERS = 10;
const MAX_TITLE_CHARACTERS = 300;
/** An address with fewer words, such as `/news/science`, names no article. */
const MIN_SLUG_WORDS = 3;
/** Such a share of the words of an address stands in the heading of its article, and less in any other. */
const MIN_SLUG_SHARE = 0.75;
/** Shorter words are left out of many addresses. */
const MIN_WORD_CHARACTERS = 3;
const HEADING = /^h[1-6]$/;

type Article = {
  /** Its element, and the first heading in it. */
  readonly at: number;
  readonly heading: string;
  readonly isH1: boolean;
  readonly proseWords: number;
};

const normalized = (text: string): string =>
  text.slice(0, MAX_TITLE_CHARACTERS).toLowerCase().replaceAll(/\s+/g, ' ').trim();

const wordsIn = (text: string): string[] =>
  (
    text
      .normalize('NFKD')
      .replaceAll(/\p{M}/gu, '')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  ).filter(({ length }) => length >= MIN_WORD_CHARACTERS);

/** Where an address leads, in one form for the usual ways to write it; undefined for what is none. */
const placeOf = (address: string, base: string): string | undefined => {
  const url = address === '' ? null : URL.parse(address, base || 'http://site.invalid');
  return url ? `${url.hostname.replace(/^www\./, '')}${url.pathname.replace(/\/$/, '')}` : undefined;
};

const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
};

/** The words in the last part of an address that has some: `/2026/11/the-old-bank.html`. */
const slugWordsOf = (address: string): string[] => {
  const parts = decoded(URL.parse(address, 'http://site.invalid')?.pathname ?? '').split('/');
  const words = parts.map((part) =>
    wordsIn(part.replace(/\.\w{1,5}$/, '')).filter((word) => !/\d/.test(word)),
  );
  return words.findLast(({ length }) => length >= MIN_SLUG_WORDS) ?? [];
};

/** The outermost articles that have a heading. */
const headedArticlesIn = ({ page, blocks, elements }: MeasuredPage): Article[] => {
  return outermost({ page }, ({ tag }) => tag.name === 'article').flatMap((at) => {
    const own = elements[at];
    if (!own || own.blocks === 0) return [];
    const tagAt = (block: number): string => page.elements[blocks[block]?.element ?? -1]?.tag.name ?? '';
    let first = own.firstBlock;
    const end = first + own.blocks;
    while (first < end && !HEADING.test(tagAt(first))) first++;
    if (first === end) return [];
    const heading = normalized(page.blocks[first]?.text ?? '');
    return [{ at, heading, isH1: tagAt(first) === 'h1', proseWords: own.proseWords }];
  });
};

/** Those whose address is the page's, by what their elements say. */
const byAddress = ({ page }: MeasuredPage, addresses: readonly string[], articles: readonly Article[]) => {
  const base = page.address ?? page.canonical;
  const places = new Set(addresses.map((address) => placeOf(address, base)).filter(Boolean));
  return articles.filter(({ at }) => places.has(placeOf(page.articleAddresses.get(at) ?? '', base)));
};

const byTitle = (titles: readonly string[], articles: readonly Article[]) => {
  const known = titles.map(normalized);
  return articles.filter(
    ({ heading }) => heading.length >= MIN_TITLE_CHARACTERS && known.some((title) => title.includes(heading)),
  );
};

const bySlug = (addresses: readonly string[], articles: readonly Article[]) => {
  const slugs = addresses.map(slugWordsOf).filter(({ length }) => length > 0);
  return articles.filter(({ heading }) => {
    const words = new Set(wordsIn(heading));
    return slugs.some(
      (slug) => slug.filter((word) => words.has(word)).length >= slug.length * MIN_SLUG_SHARE,
    );
  });
};

const onlyOne = (articles: readonly Article[]): Article | undefined =>
  articles.length === 1 ? articles[0] : undefined;

/** Where a page of one article goes on with others, each has the heading of a page: the first is meant. */
const firstOf = ({ page }: MeasuredPage, articles: readonly Article[]): Article | undefined => {
  const { isArticleType, isArticleInJsonLd } = publicationOf(page);
  return (isArticleType || isArticleInJsonLd) && articles.every(({ isH1 }) => isH1) ? articles[0] : undefined;
};

/** Of several articles on a page, each under a heading, the elements of those that are not meant; none where none is. */
export const otherArticlesIn = (facts: MeasuredPage): readonly number[] => {
  const articles = headedArticlesIn(facts);
  const long = articles.filter(({ proseWords }) => proseWords >= MIN_ARTICLE_PROSE);
  if (articles.length < 2 || long.length === 0) return [];
  const { titles, addresses } = ownNamesOf(facts.page);
  const meant =
    onlyOne(byAddress(facts, addresses, long)) ??
    onlyOne(byTitle(titles, long)) ??
    onlyOne(bySlug(addresses, long)) ??
    firstOf(facts, long);
  return meant ? articles.filter((one) => one !== meant).map(({ at }) => at) : [];
};
