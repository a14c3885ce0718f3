import assert from 'node:assert/strict';
import { calibrationOf, curveOf } from '../../bench/confidence-score.ts';
import type { Truth } from '../../bench/corpus.ts';
import model from '../../lib/article/block-model.json' with { type: 'json' };
import { calibrated } from '../../lib/article/calibration.ts';
import { loadTrees } from '../../lib/article/decision-trees.ts';
import { MIN_CONFIDENCE } from '../../lib/core/estimate.ts';
import {
  calibratedByFold,
  calibrateTrees,
  calibrationFor,
  type Scored,
} from '../../scripts/train/calibrate.ts';

/** `right` of `of` pages at a score. */
const scored = (score: number, right: number, of: number, fold = 0): Scored[] =>
  Array.from({ length: of }, (_, at) => ({ score, isRight: at < right, fold }));

const assertNearly = (found: number | undefined, wanted: number): void =>
  assert.ok(Math.abs((found ?? Number.NaN) - wanted) < 0.001, `${found}, not ${wanted}`);

describe('calibrationFor', () => {
  const rows: readonly (readonly [why: string, low: number, high: number])[] = [
    ['scores that are right stay as they are', 0.6, 0.9],
    ['scores that are too high come down', 0.4, 0.8],
    ['scores that are too timid are spread', 0.3, 0.98],
  ];
  for (const [why, low, high] of rows) {
    it(why, () => {
      const found = calibrationFor([...scored(0.6, low * 1000, 1000), ...scored(0.9, high * 1000, 1000)]);
      assertNearly(calibrated(0.6, found), low);
      assertNearly(calibrated(0.9, found), high);
    });
  }

  it('keeps a page apart from the calibration that it is judged by', () => {
    const rows = [
      ...scored(0.6, 9, 10, 1),
      ...scored(0.9, 9, 10, 1),
      ...scored(0.6, 1, 10, 2),
      ...scored(0.9, 5, 10, 2),
    ];
    const confidences = calibratedByFold(rows, rows);
    assertNearly(confidences[0], 0.1);
    assertNearly(confidences[39], 0.9);
  });
});

describe('calibrateTrees', () => {
  it('puts the calibration into the leaves, and leaves the questions alone', () => {
    const trees = {
      width: 1,
      roots: '0 3',
      columns: '0 0 0 0',
      thresholds: '0.5 -1 2 0.25',
      skips: '2 0 0 0',
    };
    const by = { scale: 1.5, shift: -0.3 };
    const [before, after] = [loadTrees(trees), loadTrees(calibrateTrees(trees, by))].map((score) =>
      score(Float64Array.of(0, 1)),
    );
    assertNearly(after?.[0], calibrated(before?.[0] ?? 0, by));
    assertNearly(after?.[1], calibrated(before?.[1] ?? 0, by));
  });
});

describe('what confidence is worth', () => {
  const page = (type: string, words: number, truth: number, confidence: number) => ({
    truth: { type, truth: 'human', words: truth } as Truth,
    words,
    confidence,
  });
  const pages = [
    page('article', 500, 500, 0.85),
    page('article', 900, 400, 0.82),
    page('article', 500, 510, 0.99),
    page('listing', 500, 100, 0.85),
    page('listing', 100, 100, 0.2),
  ];

  it('is told by bins, of articles alone', () => {
    assert.deepEqual(
      calibrationOf(pages).map(({ from, to, pages, right }) => [from, to, pages, right]),
      [
        [0.8, 0.9, 2, 0.5],
        [0.95, 1, 1, 1],
      ],
    );
    assertNearly(calibrationOf(pages)[0]?.confidence, 0.835);
  });

  it('is told by thresholds: what is kept, what of it is right, and which tags of other pages are wrong', () => {
    const at = (wanted: number) => curveOf(pages).find(({ threshold }) => threshold === wanted);
    assert.deepEqual(at(0), {
      threshold: 0,
      kept: 1,
      withinAMinute: 2 / 3,
      sameDefaultBand: 2 / 3,
      wrongOtherTypes: 0.5,
    });
    assert.deepEqual(at(0.9), {
      threshold: 0.9,
      kept: 1 / 3,
      withinAMinute: 1,
      sameDefaultBand: 1,
      wrongOtherTypes: 0,
    });
  });
});

describe('the trained model, on sites that it has not seen', () => {
  const { calibration, curve } = model.crossValidated;

  it('is as often right as it says, within six of a hundred', () => {
    const pages = calibration.reduce((sum, bin) => sum + bin.pages, 0);
    const off = calibration.reduce((sum, bin) => sum + bin.pages * Math.abs(bin.confidence - bin.right), 0);
    assert.ok(off / pages < 0.06, `${off / pages}`);
  });

  it('leaves about one article in twenty alone, and is right more often in the rest', () => {
    const [all] = curve;
    const kept = curve.find(({ threshold }) => threshold === MIN_CONFIDENCE);
    assert.ok(all && kept && kept.kept >= 0.95 && kept.kept < 0.99, `${kept?.kept}`);
    assert.ok(kept.withinAMinute >= 0.91, `${kept.withinAMinute}`);
    assert.ok(kept.sameDefaultBand >= 0.94, `${kept.sameDefaultBand}`);
    // The second opinion has made the rest right more often, too, so that there is less to gain.
    assert.ok(kept.withinAMinute > all.withinAMinute + 0.015, `${kept.withinAMinute}`);
    assert.ok(kept.wrongOtherTypes < all.wrongOtherTypes - 0.05, `${kept.wrongOtherTypes}`);
  });
});
