/**
 * `npm run train -- [--corpus DIR]... [--folds N] [--json FILE] [--scores-only] [--size TIMES]`: trains
 * lib/article/block-model.json. See README.md beside this file. Features come from the very code that runs in
 * production; only the growing of trees is Python's. FILE gets the words of each page by trees that had not seen
 * its site.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { calibrationOf, curveOf } from '../../bench/confidence-score.ts';
import { DEFAULT_CORPORA } from '../../bench/corpus.ts';
import { isWithinAMinute, judgedAs, type Score, scoreOf } from '../../bench/page-score.ts';
import { articleEvidenceOf } from '../../lib/article/article-evidence.ts';
import { featuresOf } from '../../lib/article/block-features.ts';
import { confidenceFeaturesOf, countedBlocks, SECOND_OPINION_BELOW } from '../../lib/article/block-model.ts';
import { MAX_SCORED_BLOCKS } from '../../lib/article/choose-blocks.ts';
import { contextFeaturesOf } from '../../lib/article/context-pass.ts';
import { secondOpinion } from '../../lib/article/second-opinion.ts';
import { FEATURE_DIGESTS, FEATURE_PAGES, featureDigests } from '../../test/helpers/feature-digests.ts';
import { calibratedByFold, calibrateTrees, calibrationFor } from './calibrate.ts';
import { grow, type Rows } from './grow.ts';
import { type Known, readKnown } from './known-pages.ts';

const MODEL = join(import.meta.dirname, '../../lib/article/block-model.json');
/** Words of an article that the blocks around it do not outweigh. */
const SHORTEST_ARTICLE = 100;
/** So that the weights are about 1. */
const TYPICAL_BLOCKS = 10;
/** Chosen by the score on sites that the trees had not seen. */
const BLOCK = {
  rounds: 100,
  learning_rate: 0.07,
  num_leaves: 31,
  max_depth: 6,
  min_data_in_leaf: 60,
  feature_fraction: 0.4,
};
const CONTEXT = {
  rounds: 50,
  learning_rate: 0.09,
  num_leaves: 15,
  max_depth: 5,
  min_data_in_leaf: 60,
  feature_fraction: 0.3,
};
const CONFIDENCE = {
  rounds: 40,
  learning_rate: 0.06,
  num_leaves: 6,
  max_depth: 3,
  min_data_in_leaf: 30,
  feature_fraction: 0.5,
};
const COUNTED_ABOVE = 0.45;

const { values } = parseArgs({
  options: {
    corpus: { type: 'string', multiple: true, default: DEFAULT_CORPORA },
    folds: { type: 'string', default: '5' },
    json: { type: 'string' },
    'scores-only': { type: 'boolean', default: false },
    size: { type: 'string', default: '1' },
  },
});
const FOLDS = Number(values.folds);
/** The trees that choose blocks are so many times as many, to compare sizes. */
const SIZE = Number(values.size);
const sized = (options: typeof BLOCK): typeof BLOCK => ({
  ...options,
  rounds: Math.round(options.rounds * SIZE),
});
const folds = Array.from({ length: FOLDS }, (_, fold) => fold);
/** For trees that learn from all. */
const NO_FOLD = [-1];

const known = readKnown(values.corpus, FOLDS);
const truths = Object.fromEntries(known.map(({ id, truth }) => [id, truth]));

/** A block weighs as much as it is of its article, so that a long page does not drown the others. */
const weightsOf = ({ words, shares, isWrong, facts }: Known): number[] => {
  if (isWrong || words.length > MAX_SCORED_BLOCKS) return words.map(() => 0);
  const article = words.reduce((sum, count, at) => ((shares[at] ?? 0) > 0.5 ? sum + count : sum), 0);
  return words.map((count, at) =>
    facts.leftOut[at] ? 0 : (count / Math.max(article, SHORTEST_ARTICLE)) * TYPICAL_BLOCKS,
  );
};

const labels = known.flatMap(({ shares }) => shares);
const weights = known.flatMap(weightsOf);
const foldOfBlock = known.flatMap(({ fold, words }) => words.map(() => fold));

const blockRows = (featuresOfPage: (page: Known, at: number) => Float64Array): Rows => {
  const tables = known.map(featuresOfPage);
  const features = new Float32Array(tables.reduce((sum, { length }) => sum + length, 0));
  let from = 0;
  for (const table of tables) {
    features.set(table, from);
    from += table.length;
  }
  return { width: features.length / labels.length, features, labels, weights, folds: foldOfBlock };
};

/** Cuts the scores of all blocks into those of each page. */
const byPage = (scores: Float64Array): Float64Array[] => {
  let from = 0;
  return known.map(({ words }) => {
    from += words.length;
    return scores.subarray(from - words.length, from);
  });
};

const scoresOf = (scores: readonly Float64Array[], at: number): Float64Array =>
  scores[at] ?? new Float64Array();

/** For each page its scores in the list of its own fold. */
const ownOf = (byFold: readonly (readonly Float64Array[])[]): Float64Array[] =>
  known.map(({ fold }, at) => scoresOf(byFold[fold] ?? [], at));

/**
 * First scores as each outer fold sees them: of the pages in it by trees that saw all the others, and of every
 * other page by trees that saw neither the outer fold nor that page's own.
 */
const growBlock = (rows: Rows) => {
  const pairs = folds.flatMap((one) => folds.slice(0, one + 1).map((other) => [one, other]));
  const { scores, trees } = grow(rows, sized(BLOCK), values['scores-only'] ? pairs : [...pairs, NO_FOLD]);
  const byFold = folds.map((outer) => {
    const seen = folds.map((fold) => {
      const pair = pairs.findIndex(([a, b]) => a === Math.max(outer, fold) && b === Math.min(outer, fold));
      return byPage(scores[pair] ?? new Float64Array());
    });
    return ownOf(seen);
  });
  return { byFold, own: ownOf(byFold), trees };
};

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const report = (name: string, score: Score): void =>
  console.log(
    `${name.padEnd(44)} ${percent(score.withinAMinute)} within a minute, ${percent(score.sameBand)} same band, ${percent(score.sameDefaultBand)} of three, error ${score.medianError.toFixed(3)}, 90th percentile ${score.error90.toFixed(2)} (${score.pages} pages)`,
  );

const LARGE_BYTES = 28 * 1024;
const LONG_WORDS = 3000;
const isArticle = ({ truth }: Known): boolean => judgedAs(truth) === 'articles';
const GROUPS: Readonly<Record<string, (page: Known) => boolean>> = {
  articles: isArticle,
  'other types': ({ truth }) => judgedAs(truth) === 'other types',
  'articles without wrong truths': (page) => isArticle(page) && !page.isWrong,
  'articles over 28 kB': (page) => isArticle(page) && page.bytes > LARGE_BYTES,
  'articles over 3,000 words': (page) => isArticle(page) && page.truth.words > LONG_WORDS,
};

const wordsIn = ({ words }: Known, counted: readonly number[]): number =>
  counted.reduce((sum, at) => sum + (words[at] ?? 0), 0);
const isScored = ({ words }: Known): boolean => words.length <= MAX_SCORED_BLOCKS;

const wordsAbove = (page: Known, scores: Float64Array, threshold: number): number =>
  wordsIn(page, isScored(page) ? countedBlocks(page.facts, scores, threshold) : page.facts.main.counted);

const judge = (name: string, estimate: (page: Known, at: number) => number): Record<string, Score> => {
  const estimates = new Map(known.map((page, at) => [page.id, estimate(page, at)]));
  const scores = Object.entries(GROUPS).map(([group, isIn]): [string, Score] => {
    const ids = known.filter(isIn).map(({ id }) => id);
    const score = scoreOf(ids, truths, estimates);
    report(`${name}, ${group}`, score);
    return [group, score];
  });
  return Object.fromEntries(scores);
};

judge('rules', ({ facts }) => facts.main.words);
judge('what the labels allow', ({ words, shares }) =>
  words.reduce((sum, count, at) => ((shares[at] ?? 0) > 0.5 ? sum + count : sum), 0),
);
const block = growBlock(blockRows(({ facts }) => featuresOf(facts)));
judge('first pass', (page, at) => wordsAbove(page, scoresOf(block.own, at), COUNTED_ABOVE));

const contextRows = (first: readonly Float64Array[]): Rows =>
  blockRows(({ facts }, at) => contextFeaturesOf(facts, scoresOf(first, at)));
const contextScores = ownOf(
  block.byFold.map((first, fold) =>
    byPage(grow(contextRows(first), sized(CONTEXT), [[fold]]).scores[0] ?? new Float64Array()),
  ),
);
const estimate = (page: Known, at: number): number =>
  wordsAbove(page, scoresOf(contextScores, at), COUNTED_ABOVE);
judge('context pass', estimate);

const pageFeatures = known.map((page, at) =>
  confidenceFeaturesOf(
    page.facts,
    { block: scoresOf(block.own, at), context: scoresOf(contextScores, at) },
    estimate(page, at),
  ),
);
const isRight = known.map((page, at) => (isWithinAMinute(estimate(page, at), page.truth.words) ? 1 : 0));
const pageRows: Rows = {
  width: pageFeatures[0]?.length ?? 0,
  features: Float32Array.from(pageFeatures.flat()),
  labels: isRight,
  weights: known.map(({ isWrong }) => (isWrong ? 0 : 1)),
  folds: known.map(({ fold }) => fold),
};
const confidence = grow(pageRows, CONFIDENCE, [...folds.map((fold) => [fold]), NO_FOLD]);
const scored = known.map(({ fold }, at) => ({
  score: confidence.scores[fold]?.[at] ?? 0,
  isRight: isRight[at] === 1,
  fold,
}));
const scoredArticles = scored.filter((_, at) => isArticle(known[at] as Known));
const firstConfidences = calibratedByFold(scored, scoredArticles);

const secondWords = known.map((page) => wordsIn(page, secondOpinion(page.facts)));
judge('second opinion alone', (_, at) => secondWords[at] ?? 0);
const isDoubtful = known.map(
  (page, at) => isScored(page) && (firstConfidences[at] ?? 0) < SECOND_OPINION_BELOW,
);
const scoredInDoubt = known.map(({ fold, truth }, at) => ({
  score: firstConfidences[at] ?? 0,
  isRight: isWithinAMinute(secondWords[at] ?? 0, truth.words),
  fold,
}));
const doubtfulArticles = scoredInDoubt.filter((_, at) => isDoubtful[at] && isArticle(known[at] as Known));
const secondConfidences = calibratedByFold(scoredInDoubt, doubtfulArticles);
/** Of the page being an article at all, by what the models choose. */
const chanceOf = ({ facts }: Known, at: number): number =>
  articleEvidenceOf(facts, countedBlocks(facts, scoresOf(contextScores, at), COUNTED_ABOVE)).chance;
const finalWords = (page: Known, at: number): number =>
  isDoubtful[at] ? (secondWords[at] ?? 0) : estimate(page, at);
const crossValidated = judge('with the second opinion', finalWords);
const estimated = known.map((page, at) => ({
  truth: page.truth,
  words: finalWords(page, at),
  confidence: isDoubtful[at]
    ? (secondConfidences[at] ?? 0) * chanceOf(page, at)
    : (firstConfidences[at] ?? 0),
}));
if (values.json !== undefined) {
  const rows = known.map(({ id }, at) => {
    const { words, confidence } = estimated[at] ?? {};
    return [
      id,
      { words, confidence, first: estimate(known[at] as Known, at), firstConfidence: firstConfidences[at] },
    ];
  });
  writeFileSync(values.json, JSON.stringify(Object.fromEntries(rows)));
}
const [calibration, curve] = [calibrationOf(estimated), curveOf(estimated)];
console.table(calibration);
console.table(curve);

if (!values['scores-only']) {
  const context = grow(contextRows(block.own), sized(CONTEXT), [NO_FOLD]);
  const model = {
    madeFrom: `${known.length} pages of shared/pages and shared/pages-more; see scripts/train/README.md`,
    crossValidated: {
      folds: FOLDS,
      articles: crossValidated.articles,
      otherTypes: crossValidated['other types'],
      calibration,
      curve,
    },
    countedAbove: COUNTED_ABOVE,
    secondOpinion: calibrationFor(doubtfulArticles),
  };
  writeFileSync(
    MODEL,
    `${JSON.stringify({ ...model, block: block.trees, context: context.trees, confidence: calibrateTrees(confidence.trees, calibrationFor(scoredArticles)) })}
`,
  );
  const digests = Object.fromEntries(FEATURE_PAGES.map((file) => [file, featureDigests(file)]));
  writeFileSync(
    FEATURE_DIGESTS,
    `${JSON.stringify(digests, null, 2)}
`,
  );
  console.log(`wrote ${MODEL}: ${readFileSync(MODEL).length} bytes`);
}
