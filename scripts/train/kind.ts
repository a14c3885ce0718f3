/**
 * `npm run train:kind`: learns from pages of known type how likely a page is an article, and prints the weights for
 * lib/article/article-evidence.ts, and what thresholds would do. See README.md beside this file.
 */
import { DEFAULT_CORPORA, readHtml, readTruths, type Truth } from '../../bench/corpus.ts';
import { isSameBand } from '../../bench/page-score.ts';
import { kindFeaturesOf } from '../../lib/article/article-evidence.ts';
import { articleText } from '../../lib/article/article-text.ts';
import { COUNTED_ABOVE, countedBlocks, scoreBlocks } from '../../lib/article/block-model.ts';
import { pageFactsOf } from '../../lib/article/page-facts.ts';
import { parsePage } from '../../lib/article/parse-page.ts';
import { SHORT_WORDS } from '../../lib/article/paywalls-and-error-pages.ts';
import { foldOf } from './folds.ts';
import { chanceBy, type Example, fitTo } from './logistic-regression.ts';

const FOLDS = 8;

type Page = Example & {
  readonly truth: Truth;
  readonly names: readonly string[];
  readonly words: number;
  /** Its length puts it in another band than the right one. */
  readonly isWrong: boolean;
  /** It gets a length, or would if nothing but this model spoke against it. */
  readonly isKnown: boolean;
  readonly fold: number;
};

const readPage = ([id, truth]: [string, Truth]): Page => {
  const html = readHtml(DEFAULT_CORPORA, id);
  const { words, unknown } = articleText(html);
  const facts = pageFactsOf(parsePage(html));
  const features = kindFeaturesOf(facts, countedBlocks(facts, scoreBlocks(facts).context, COUNTED_ABOVE));
  return {
    truth,
    names: Object.keys(features),
    values: Object.values(features),
    label: truth.type === 'article' ? 1 : 0,
    words,
    isWrong: !isSameBand(words, truth.words),
    isKnown: unknown === undefined || unknown === 'not-an-article',
    fold: foldOf(id, truth, FOLDS),
  };
};

const pages = Object.entries(readTruths(DEFAULT_CORPORA)).map(readPage);
/** A page of another type that gets the right band all the same is neither. */
const learned = pages.filter(({ label, isWrong }) => label === 1 || isWrong);
const byFold = Array.from({ length: FOLDS }, (_, fold) =>
  fitTo(learned.filter((page) => page.fold !== fold)),
);
/** By weights that had not seen the page's site. */
const chances = new Map(
  pages.map((page) => [page, chanceBy(byFold[page.fold] as (typeof byFold)[number], page.values)]),
);

const shareOf = (part: readonly Page[], whole: readonly Page[]): number =>
  Number((part.length / Math.max(1, whole.length)).toFixed(4));

const score = (minChance: { readonly short: number; readonly long: number }) => {
  const isLeftAlone = (page: Page): boolean =>
    (chances.get(page) ?? 0) < minChance[page.words < SHORT_WORDS ? 'short' : 'long'];
  const articles = pages.filter(
    ({ label, isKnown, truth }) => label === 1 && isKnown && truth.truth === 'human',
  );
  const short = articles.filter(({ truth }) => truth.words < SHORT_WORDS);
  const others = pages.filter(({ label }) => label === 0);
  const wrong = others.filter(({ isWrong, isKnown }) => isWrong && isKnown);
  return {
    ...minChance,
    articlesLeftAlone: shareOf(articles.filter(isLeftAlone), articles),
    shortArticlesLeftAlone: shareOf(short.filter(isLeftAlone), short),
    wrongTagsBefore: shareOf(wrong, others),
    wrongTags: shareOf(
      wrong.filter((page) => !isLeftAlone(page)),
      others,
    ),
  };
};

console.table([0.1, 0.15, 0.2].flatMap((short) => [0.2, 0.3, 0.4].map((long) => score({ short, long }))));

const { bias, weights } = fitTo(learned);
const rounded = (weight: number): number => Number(weight.toPrecision(3));
console.log(weights.map((weight, at) => `  ${pages[0]?.names[at]}: ${rounded(weight)},`).join('\n'));
console.log(`KIND_BIAS = ${rounded(bias)}`);
