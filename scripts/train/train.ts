/**
 * `npm run train -- [--corpus DIR]`: trains lib/article/block-model.json. See README.md beside this file.
 * Features come from the very code that runs in production; only the growing of trees is Python's.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { calibrationOf, curveOf } from '../../bench/confidence-score.ts';
import { DEFAULT_CORPUS, readHtml, readTexts, readTruths, type Truth } from '../../bench/corpus.ts';
import { isWithinAMinute, judgedAs, type Score, scoreOf } from '../../bench/page-score.ts';
import { featuresOf } from '../../lib/article/block-features.ts';
import { confidenceFeaturesOf, countedBlocks } from '../../lib/article/block-model.ts';
import { contextFeaturesOf } from '../../lib/article/context-pass.ts';
import type { TreeTables } from '../../lib/article/decision-trees.ts';
import { type PageFacts, pageFactsOf } from '../../lib/article/page-facts.ts';
import { parsePage } from '../../lib/article/parse-page.ts';
import { countWords } from '../../lib/core/count-words.ts';
import { FEATURE_DIGESTS, FEATURE_PAGES, featureDigests } from '../../test/helpers/feature-digests.ts';
import { calibratedByFold, calibrateTrees, calibrationFor } from './calibrate.ts';
import { shareIn } from './labels.ts';

const MODEL = join(import.meta.dirname, '../../lib/article/block-model.json');
const FOLDS = 8;
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

const { values } = parseArgs({ options: { corpus: { type: 'string', default: DEFAULT_CORPUS } } });

type Known = {
  readonly id: string;
  readonly truth: Truth;
  readonly facts: PageFacts;
  /** Words of each block as ICU counts them, and the share of it that is in the known text. */
  readonly words: readonly number[];
  readonly shares: readonly number[];
  readonly fold: number;
};

const SECOND_LEVEL = /\.(?:com?|org|net|gov|ac|edu)\.[a-z]{2}$/;

/** `news.example.co.uk` -> `example.co.uk`: what is published together is learned or tested together. */
const siteOf = (host: string): string =>
  host
    .split('.')
    .slice(SECOND_LEVEL.test(host) ? -3 : -2)
    .join('.');

const foldOf = (site: string): number => createHash('md5').update(site).digest().readUInt32BE() % FOLDS;

const readKnown = (): Known[] => {
  const truths = readTruths(values.corpus);
  const texts = readTexts(values.corpus);
  return Object.entries(truths).map(([id, truth]) => {
    const facts = pageFactsOf(parsePage(readHtml(values.corpus, id)));
    const share = shareIn(texts[id] ?? '');
    return {
      id,
      truth,
      facts,
      words: facts.page.blocks.map((block) => countWords(block.text).words),
      shares: facts.page.blocks.map((block) => share(block.text)),
      fold: foldOf(truth.url ? siteOf(new URL(truth.url).hostname) : id),
    };
  });
};

type Row = {
  readonly features: ArrayLike<number>;
  readonly label: number;
  readonly weight: number;
  readonly fold: number;
};

const directory = mkdtempSync(join(tmpdir(), 'train-'));

/** Grows trees on rows; gives them and the score of each row by trees that saw nothing of its site. */
const grow = (
  name: string,
  rows: readonly Row[],
  options: object,
): { trees: TreeTables; scores: Float64Array } => {
  const width = rows[0]?.features.length ?? 0;
  const table = new Float32Array(rows.length * (width + 3));
  rows.forEach(({ features, label, weight, fold }, at) => {
    table.set(features, at * (width + 3));
    table.set([label, weight, fold], at * (width + 3) + width);
  });
  writeFileSync(join(directory, `${name}.f32`), Buffer.from(table.buffer));
  const script = join(import.meta.dirname, 'grow.py');
  const python = process.env.PYTHON ?? 'python3';
  const { status } = spawnSync(python, [script, directory, name, JSON.stringify({ width, ...options })], {
    stdio: 'inherit',
  });
  if (status !== 0)
    throw new Error(`${python} could not grow the trees: pip install -r scripts/train/requirements.txt`);
  const scores = readFileSync(join(directory, `${name}.scores`));
  return {
    trees: JSON.parse(readFileSync(join(directory, `${name}.json`), 'utf8')) as TreeTables,
    scores: new Float64Array(scores.buffer.slice(scores.byteOffset, scores.byteOffset + scores.byteLength)),
  };
};

/** A block weighs as much as it is of its article, so that a long page does not drown the others. */
const weightsOf = ({ words, shares }: Known): number[] => {
  const article = words.reduce((sum, count, at) => ((shares[at] ?? 0) > 0.5 ? sum + count : sum), 0);
  return words.map((count) => (count / Math.max(article, SHORTEST_ARTICLE)) * TYPICAL_BLOCKS);
};

const blockRows = (
  known: readonly Known[],
  featuresOfPage: (page: Known, at: number) => Float64Array,
): Row[] =>
  known.flatMap((page, number) => {
    const features = featuresOfPage(page, number);
    const width = page.words.length > 0 ? features.length / page.words.length : 0;
    const weights = weightsOf(page);
    return page.words.map((_, at) => ({
      features: features.slice(at * width, (at + 1) * width),
      label: page.shares[at] ?? 0,
      weight: weights[at] ?? 0,
      fold: page.fold,
    }));
  });

const scoresOf = (scores: readonly Float64Array[], at: number): Float64Array =>
  scores[at] ?? new Float64Array();

/** Cuts the scores of all blocks into those of each page. */
const byPage = (known: readonly Known[], scores: Float64Array): Float64Array[] => {
  let from = 0;
  return known.map(({ words }) => {
    from += words.length;
    return scores.subarray(from - words.length, from);
  });
};

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const report = (name: string, score: Score): void =>
  console.log(
    `${name.padEnd(34)} ${percent(score.withinAMinute)} within a minute, ${percent(score.sameBand)} same band, error ${score.medianError.toFixed(3)}, 90th percentile ${score.error90.toFixed(2)} (${score.pages} pages)`,
  );

const known = readKnown();
const truths = Object.fromEntries(known.map(({ id, truth }) => [id, truth]));
const idsOf = (judged: string): string[] =>
  known.flatMap(({ id, truth }) => (judgedAs(truth) === judged ? [id] : []));

const wordsAbove = ({ facts, words }: Known, scores: Float64Array, threshold: number): number =>
  countedBlocks(facts, scores, threshold).reduce((sum, at) => sum + (words[at] ?? 0), 0);

const judge = (name: string, estimate: (page: Known, at: number) => number): Score[] => {
  const estimates = new Map(known.map((page, at) => [page.id, estimate(page, at)]));
  return ['articles', 'other types'].map((judged) => {
    const score = scoreOf(idsOf(judged), truths, estimates);
    report(`${name}, ${judged}`, score);
    return score;
  });
};

try {
  judge('rules', ({ facts }) => facts.main.words);
  judge('what the labels allow', ({ words, shares }) =>
    words.reduce((sum, count, at) => ((shares[at] ?? 0) > 0.5 ? sum + count : sum), 0),
  );
  const block = grow(
    'block',
    blockRows(known, ({ facts }) => featuresOf(facts)),
    BLOCK,
  );
  const blockScores = byPage(known, block.scores);
  judge('first pass, other sites', (page, at) => wordsAbove(page, scoresOf(blockScores, at), COUNTED_ABOVE));
  const context = grow(
    'context',
    blockRows(known, ({ facts }, at) => contextFeaturesOf(facts, scoresOf(blockScores, at))),
    CONTEXT,
  );
  const contextScores = byPage(known, context.scores);
  for (const threshold of [0.4, 0.45, 0.5, 0.55, 0.6]) {
    judge(`counted above ${threshold}`, (page, at) =>
      wordsAbove(page, scoresOf(contextScores, at), threshold),
    );
  }
  const estimate = (page: Known, at: number): number =>
    wordsAbove(page, scoresOf(contextScores, at), COUNTED_ABOVE);
  const crossValidated = judge('context pass, other sites', estimate);
  const pageRows = known.map((page, at) => ({
    features: confidenceFeaturesOf(
      page.facts,
      { block: scoresOf(blockScores, at), context: scoresOf(contextScores, at) },
      estimate(page, at),
    ),
    label: isWithinAMinute(estimate(page, at), page.truth.words) ? 1 : 0,
    weight: 1,
    fold: page.fold,
  }));
  const confidence = grow('confidence', pageRows, CONFIDENCE);
  const scored = pageRows.map(({ label, fold }, at) => ({
    score: confidence.scores[at] ?? 0,
    isRight: label === 1,
    fold,
  }));
  const scoredArticles = scored.filter((_, at) => judgedAs((known[at] as Known).truth) === 'articles');
  const confidences = calibratedByFold(scored, scoredArticles);
  const estimated = known.map((page, at) => ({
    truth: page.truth,
    words: estimate(page, at),
    confidence: confidences[at] ?? 0,
  }));
  const [calibration, curve] = [calibrationOf(estimated), curveOf(estimated)];
  console.table(calibration);
  console.table(curve);
  const madeFrom = `${known.length} pages of shared/pages; see scripts/train/README.md`;
  const model = {
    madeFrom,
    crossValidated: {
      folds: FOLDS,
      articles: crossValidated[0],
      otherTypes: crossValidated[1],
      calibration,
      curve,
    },
    countedAbove: COUNTED_ABOVE,
  };
  writeFileSync(
    MODEL,
    `${JSON.stringify({ ...model, block: block.trees, context: context.trees, confidence: calibrateTrees(confidence.trees, calibrationFor(scoredArticles)) })}\n`,
  );
  const digests = Object.fromEntries(FEATURE_PAGES.map((file) => [file, featureDigests(file)]));
  writeFileSync(FEATURE_DIGESTS, `${JSON.stringify(digests, null, 2)}\n`);
  console.log(`wrote ${MODEL}: ${readFileSync(MODEL).length} bytes`);
} finally {
  rmSync(directory, { recursive: true });
}
