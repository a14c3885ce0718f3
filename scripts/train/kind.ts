/**
 * `npm run train:kind`: learns from pages of known type how likely a page is an article, and prints
 * the weights for lib/article/page-facts.ts. See README.md beside this file.
 */
import { createHash } from 'node:crypto';
import { DEFAULT_CORPORA, readHtml, readTruths, type Truth } from '../../bench/corpus.ts';
import { isSameBand } from '../../bench/page-score.ts';
import { articleText } from '../../lib/article/article-text.ts';
import { COUNTED_ABOVE, countedBlocks, scoreBlocks } from '../../lib/article/block-model.ts';
import { kindFeaturesOf, pageFactsOf, SHORT_WORDS } from '../../lib/article/page-facts.ts';
import { parsePage } from '../../lib/article/parse-page.ts';

const FOLDS = 8;
/** Steps of Newton's method; it stands still after about eight. */
const STEPS = 25;
/** On the weights of numbers that have been scaled to a variance of 1. */
const RIDGE = 3;
type Row = {
  readonly truth: Truth;
  readonly words: number;
  readonly isArticle: boolean;
  /** It gets a length today that puts it in another band than the right one. */
  readonly isWrong: boolean;
  readonly isKnown: boolean;
  readonly values: readonly number[];
  readonly fold: number;
};

const SECOND_LEVEL = /\.(?:com?|org|net|gov|ac|edu)\.[a-z]{2}$/;
const siteOf = (host: string): string =>
  host
    .split('.')
    .slice(SECOND_LEVEL.test(host) ? -3 : -2)
    .join('.');
const foldOf = (site: string): number => createHash('md5').update(site).digest().readUInt32BE() % FOLDS;

let names: string[] = [];
const readRows = (corpora: readonly string[]): Row[] =>
  Object.entries(readTruths(corpora)).map(([id, truth]) => {
    const html = readHtml(corpora, id);
    const { words, unknown } = articleText(html);
    const facts = pageFactsOf(parsePage(html));
    const features = kindFeaturesOf(facts, countedBlocks(facts, scoreBlocks(facts).context, COUNTED_ABOVE));
    names = Object.keys(features);
    return {
      truth,
      words,
      isArticle: truth.type === 'article',
      isWrong: !isSameBand(words, truth.words),
      isKnown: unknown === undefined || unknown === 'not-an-article',
      values: names.map((name) => features[name] ?? 0),
      fold: foldOf(truth.url ? siteOf(new URL(truth.url).hostname) : id),
    };
  });

/** Solves `matrix x = right` by elimination; the matrix is symmetric and positive. */
const solve = (matrix: number[][], right: number[]): number[] => {
  const rows = matrix.map((row, at) => [...row, right[at] ?? 0]);
  for (let at = 0; at < rows.length; at++) {
    const pivot = rows[at] as number[];
    for (let other = 0; other < rows.length; other++) {
      if (other === at) continue;
      const row = rows[other] as number[];
      const factor = (row[at] as number) / (pivot[at] as number);
      for (let column = at; column <= rows.length; column++)
        row[column] = (row[column] as number) - factor * (pivot[column] as number);
    }
  }
  return rows.map((row, at) => (row[rows.length] as number) / (row[at] as number));
};

type Model = { readonly bias: number; readonly weights: readonly number[] };

const chance = ({ bias, weights }: Model, values: readonly number[]): number =>
  1 / (1 + Math.exp(-values.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), bias)));

/** Logistic regression, the weights kept small; given for the numbers as they are. */
const fitTo = (rows: readonly Row[]): Model => {
  const width = names.length;
  const mean = names.map(
    (_, at) => rows.reduce((sum, { values }) => sum + (values[at] ?? 0), 0) / rows.length,
  );
  const scale = names.map(
    (_, at) =>
      Math.sqrt(
        rows.reduce((sum, { values }) => sum + ((values[at] ?? 0) - (mean[at] ?? 0)) ** 2, 0) / rows.length,
      ) || 1,
  );
  const scaled = rows.map(({ values }) => [
    ...values.map((value, at) => (value - (mean[at] ?? 0)) / (scale[at] ?? 1)),
    1,
  ]);
  let weights = new Array<number>(width + 1).fill(0);
  for (let step = 0; step < STEPS; step++) {
    const gradient = weights.map((weight, at) => (at < width ? -RIDGE * weight : 0));
    const hessian = weights.map((_, at) =>
      weights.map((__, other) => (at === other && at < width ? RIDGE : 0)),
    );
    scaled.forEach((values, number) => {
      const p = 1 / (1 + Math.exp(-values.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), 0)));
      const error = (rows[number]?.isArticle ? 1 : 0) - p;
      for (let at = 0; at <= width; at++) {
        gradient[at] = (gradient[at] as number) + error * (values[at] as number);
        const row = hessian[at] as number[];
        for (let other = 0; other <= width; other++)
          row[other] =
            (row[other] as number) + p * (1 - p) * (values[at] as number) * (values[other] as number);
      }
    });
    const change = solve(hessian, gradient);
    weights = weights.map((weight, at) => weight + (change[at] ?? 0));
  }
  const own = names.map((_, at) => (weights[at] ?? 0) / (scale[at] ?? 1));
  return {
    weights: own,
    bias: (weights[width] ?? 0) - own.reduce((sum, weight, at) => sum + weight * (mean[at] ?? 0), 0),
  };
};

const share = (part: number, whole: number): number => Number((part / Math.max(1, whole)).toFixed(4));

const rows = readRows(DEFAULT_CORPORA);
/** A page of another type that gets the right band all the same is neither. */
const learned = rows.filter(({ isArticle, isWrong }) => isArticle || isWrong);
const models = Array.from({ length: FOLDS }, (_, fold) => fitTo(learned.filter((row) => row.fold !== fold)));
const chances = rows.map(({ values, fold }) => chance(models[fold] as Model, values));

const score = (minChance: { readonly short: number; readonly long: number }) => {
  const leftAlone = (row: Row): boolean =>
    (chances[rows.indexOf(row)] ?? 0) < minChance[row.words < SHORT_WORDS ? 'short' : 'long'];
  const articles = rows.filter(
    ({ isArticle, isKnown, truth }) => isArticle && isKnown && truth.truth === 'human',
  );
  const short = articles.filter(({ truth }) => truth.words < SHORT_WORDS);
  const others = rows.filter(({ isArticle }) => !isArticle);
  const isTaggedWrong = ({ isWrong, isKnown }: Row): boolean => isWrong && isKnown;
  return {
    minChance,
    articlesLeftAlone: share(articles.filter(leftAlone).length, articles.length),
    shortArticlesLeftAlone: share(short.filter(leftAlone).length, short.length),
    wrongTagsBefore: share(others.filter(isTaggedWrong).length, others.length),
    wrongTags: share(others.filter((row) => isTaggedWrong(row) && !leftAlone(row)).length, others.length),
  };
};
for (const short of [0.1, 0.15, 0.2])
  for (const long of [0.2, 0.3, 0.4]) console.log(JSON.stringify(score({ short, long })));

const { bias, weights } = fitTo(learned);
console.log(names.map((name, at) => `  ${name}: ${Number((weights[at] ?? 0).toPrecision(3))},`).join('\n'));
console.log(`bias: ${Number(bias.toPrecision(3))}`);
