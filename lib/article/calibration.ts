/** Makes a score mean what it says: Platt's scaling (1999), which keeps the order. */

/** `logit(calibrated) = scale * logit(score) + shift`. */
export type Calibration = { readonly scale: number; readonly shift: number };

/** A score of exactly 0 or 1 has no logit. */
const NEAREST_END = 1e-6;

/**
 * @param score 0 to 1
 * @internal
 */
export const logit = (score: number): number => {
  const inside = Math.min(1 - NEAREST_END, Math.max(NEAREST_END, score));
  return Math.log(inside / (1 - inside));
};

/** How likely what scores so is right: 0 to 1. */
export const calibrated = (score: number, { scale, shift }: Calibration): number =>
  1 / (1 + Math.exp(-(scale * logit(score) + shift)));
