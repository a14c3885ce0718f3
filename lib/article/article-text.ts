/**
 * How much there is to read on a page: its article's words, and how far to trust the number. One pass over the
 * HTML, time linear in its length, any input.
 */
import type { WordCount } from '../core/count-words.ts';
import type { LeftOut } from '../core/estimate.ts';
import { type ChosenBlocks, chooseBlocks, countBlocks, MIN_TEXT_WORDS } from './choose-blocks.ts';
import { type CodeAndPictures, codeAndPicturesIn } from './code-and-pictures.ts';
import { leftOutWords } from './left-out.ts';
import {
  claimsLiveBlog,
  claimsPaywall,
  claimsToBeVideo,
  type LengthClaim,
  lengthClaimOf,
  videoSecondsOf,
} from './page-claims.ts';
import { languageOf } from './page-language.ts';
import { type ParsedPage, parsePage } from './parse-page.ts';
import { breaksOff, type UnknownReason, whyUnknown } from './paywalls-and-error-pages.ts';
import { bodyInScripts } from './script-body.ts';

/** What there is to read on a page. */
export type ArticleText = WordCount &
  CodeAndPictures & {
    /** BCP 47 primary language: of the text where its script says so, else as the page declares, else of the text. */
    readonly language?: string;
    /** How likely `words` is within a minute of what a careful reader would count: 0 to 1. */
    readonly confidence: number;
    /**
     * Counts by the second best way: by rules alone; where the second opinion counts, by the trained models; where the
     * page's claim counts, its text. Only who asks waits for it: most often what it counts was not counted yet.
     */
    readonly otherwise: () => WordCount;
    /** How many words of each kind the structure of the page says are not the article's: counted when asked for. */
    readonly leftOut: () => readonly LeftOut[];
    /** Where the words come from: the page's text, or a claim of the page about itself. */
    readonly from: 'text' | LengthClaim['from'];
    /** Why the page is not an article whose length is known: then `words` is what stands there, not an estimate. */
    readonly unknown?: UnknownReason;
    /** Length of the video, in seconds, above 0, where the page is nothing but a video. */
    readonly videoSeconds?: number;
  };

/** Under this many words of text, all of a page's claims about its length are read. */
const CLAIMS_BELOW_WORDS = 100;
/** The share of pages on which a claim is right within a minute. */
const CLAIM_CONFIDENCE = {
  'article-body': 0.78,
  'word-count': 0.82,
  'reading-time': 0.71,
  // Not measured: the pages with known length have no scripts. Taken to be as good as the body in JSON-LD.
  'script-body': 0.78,
};
/** Text kept to tell an article from other pages, and its language: UTF-16 units. */
const MAX_KEPT_CHARACTERS = 4000;

const keep = (kept: string, more: string): string =>
  kept.length >= MAX_KEPT_CHARACTERS ? kept : `${kept}${more.trim().slice(0, MAX_KEPT_CHARACTERS)}\n`;

/** What was counted on a page, and what was left out. */
type CountedPage = Pick<ChosenBlocks, 'count' | 'confidence' | 'evidence' | 'isDoubtful'> &
  Pick<ArticleText, 'otherwise' | 'leftOut'> & {
    /** Beginnings of what was counted, and of what was not. */
    readonly text: string;
    readonly otherText: string;
    readonly codeAndPictures: CodeAndPictures;
  };

const countArticle = (page: ParsedPage): CountedPage => {
  const { counted, otherwise, leftOut, ...chosen } = chooseBlocks(page);
  const isCounted = new Set(counted);
  let text = '';
  let otherText = '';
  page.blocks.forEach((block, at) => {
    if (isCounted.has(at)) text = keep(text, block.text);
    else otherText = keep(otherText, block.text);
  });
  return {
    ...chosen,
    otherwise: () => countBlocks(page, otherwise),
    leftOut: () => leftOutWords(page, leftOut, isCounted),
    text,
    otherText,
    codeAndPictures: codeAndPicturesIn(page, counted),
  };
};

/** The article among what is shown; where that is next to nothing, among all there is. */
const countArticleAnywhere = (page: ParsedPage): CountedPage => {
  const whole =
    page.fallbackBlocks.length === 0 ? page : { ...page, blocks: [...page.blocks, ...page.fallbackBlocks] };
  if (page.blocks.length === 0) return countArticle(whole);
  const shown = countArticle(page);
  if (shown.count.words >= MIN_TEXT_WORDS || page.fallbackBlocks.length === 0) return shown;
  const all = countArticle(whole);
  return all.count.words > shown.count.words ? all : shown;
};

/**
 * Whether a claim says more than the text. A reading time is rounded, and often of a template's making: against
 * some text that does not break off it says nothing.
 */
const isBetter = ({ count, from }: LengthClaim, found: CountedPage, looksCut: boolean): boolean =>
  count.words > found.count.words &&
  (from !== 'reading-time' || looksCut || found.count.words < MIN_TEXT_WORDS);

const withClaim = (
  found: CountedPage,
  claim: LengthClaim | undefined,
  looksCut: boolean,
): Pick<ArticleText, 'confidence' | 'from' | 'otherwise'> & WordCount => {
  if (claim && isBetter(claim, found, looksCut)) {
    const confidence = CLAIM_CONFIDENCE[claim.from];
    return { ...claim.count, from: claim.from, confidence, otherwise: () => found.count };
  }
  return { ...found.count, from: 'text', confidence: found.confidence, otherwise: found.otherwise };
};

/** What a page says of its length: in doubt only its article's text; where it shows next to nothing, all there is. */
const claimOf = (page: ParsedPage, isShort: boolean, isDoubtful: boolean): LengthClaim | undefined => {
  if (!isShort && !isDoubtful) return undefined;
  const claim = lengthClaimOf(page);
  if (claim?.from === 'article-body') return claim;
  if (!isShort) return undefined;
  const body = bodyInScripts(page.scripts);
  return body ? { count: body, from: 'script-body' } : claim;
};

/**
 * Reads a page.
 * @param html decoded text of any kind, HTML or not
 * @param address where the page was found, if known: says which of several articles is meant
 */
export const articleText = (html: string, { address }: { readonly address?: string } = {}): ArticleText => {
  const page = { ...parsePage(html), address };
  const found = countArticleAnywhere(page);
  const isShort = found.count.words < CLAIMS_BELOW_WORDS;
  const paywall = claimsPaywall(page);
  const liveBlog = claimsLiveBlog(page);
  const claim = claimOf(page, isShort, found.isDoubtful);
  const counted = withClaim(found, claim, paywall || breaksOff(found.text));
  const language = languageOf(page, found.text);
  const seconds = isShort && (page.videos > 0 || claimsToBeVideo(page)) ? videoSecondsOf(page) : undefined;
  const unknown =
    (counted.from === 'text' || liveBlog) && seconds === undefined
      ? whyUnknown({
          title: page.title,
          text: found.text,
          words: found.count.words,
          otherText: found.otherText,
          fallbackText: page.fallbackBlocks
            .map((block) => block.text)
            .join('\n')
            .slice(0, MAX_KEPT_CHARACTERS),
          passwordFields: page.passwordFields,
          sources: page.sources,
          claimsPaywall: paywall,
          claimsLiveBlog: liveBlog,
          ...found.evidence,
        })
      : undefined;
  return {
    ...counted,
    leftOut: found.leftOut,
    // Of a length that the page claims, only its words are known.
    ...(counted.from === 'text' && found.codeAndPictures),
    ...(language === undefined ? {} : { language }),
    ...(unknown === undefined ? {} : { unknown }),
    ...(seconds === undefined ? {} : { videoSeconds: seconds }),
  };
};
