/** Makes a confidence of 0.8 right in 8 of 10: Platt's scaling of what the trees say, which keeps their order. */
import { type Calibration, calibrated, logit } from '../../lib/article/calibration.ts';
import type { TreeTables } from '../../lib/article/decision-trees.ts';

/** A score from 0 to 1 of trees that had not seen the page's site, and whether the page was read rightly. */
export type Scored = { readonly score: number; readonly isRight: boolean; readonly fold: number };

const MAX_STEPS = 50;
/** The most likely calibration, by Newton's method. */
export const calibrationFor = (rows: readonly Scored[]): Calibration => {
  let [scale, shift] = [1, 0];
  for (let step = 0; step < MAX_STEPS; step++) {
    // The two first derivatives of the log likelihood, and the three second ones.
    let [byScale, byShift, scaleScale, scaleShift, shiftShift] = [0, 0, 0, 0, 0];
    for (const { score, isRight } of rows) {
      const [value, confidence] = [logit(score), calibrated(score, { scale, shift })];
      const [error, curvature] = [Number(isRight) - confidence, confidence * (1 - confidence)];
      byScale += error * value;
      byShift += error;
      scaleScale += curvature * value * value;
      scaleShift += curvature * value;
      shiftShift += curvature;
    }
    const determinant = scaleScale * shiftShift - scaleShift * scaleShift;
    if (determinant < Number.EPSILON) break;
    scale += (shiftShift * byScale - scaleShift * byShift) / determinant;
    shift += (scaleScale * byShift - scaleShift * byScale) / determinant;
  }
  return { scale, shift };
};

/** The confidence of each row by a calibration that saw no row of its fold. @param known those to calibrate by */
export const calibratedByFold = (rows: readonly Scored[], known: readonly Scored[]): number[] => {
  const folds = [...new Set(rows.map(({ fold }) => fold))];
  const byFold = new Map(
    folds.map((fold) => [fold, calibrationFor(known.filter((row) => row.fold !== fold))]),
  );
  return rows.map(({ score, fold }) => calibrated(score, byFold.get(fold) ?? { scale: 1, shift: 0 }));
};

/** The same trees with the calibration in their leaves: what is added up is scaled, and a last tree is the shift. */
export const calibrateTrees = (trees: TreeTables, { scale, shift }: Calibration): TreeTables => {
  const skips = trees.skips.split(' ');
  const thresholds = trees.thresholds
    .split(' ')
    .map((value, at) => (skips[at] === '0' ? String(Number((Number(value) * scale).toPrecision(4))) : value));
  return {
    ...trees,
    roots: `${trees.roots} ${skips.length}`,
    columns: `${trees.columns} 0`,
    thresholds: [...thresholds, shift.toPrecision(4)].join(' '),
    skips: `${trees.skips} 0`,
  };
};
