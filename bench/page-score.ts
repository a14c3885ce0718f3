/** How good estimates of length are: what README's table of peers uses. */
import type { Truth } from './corpus.ts';

const WORDS_PER_MINUTE = 238;
/** Upper ends of five bands, and of the three default ones, in minutes. */
const BANDS = [2, 5, 10, 20];
const DEFAULT_BANDS = [2, 5];

export type Score = {
  readonly pages: number;
  /** Share of pages, 0 to 1. */
  readonly withinAMinute: number;
  readonly sameBand: number;
  readonly sameDefaultBand: number;
  /** Of |estimate - truth| / truth. */
  readonly medianError: number;
  readonly error90: number;
};

const minutesOf = (words: number): number => words / WORDS_PER_MINUTE;
const bandOf = (words: number, bands: readonly number[]): number =>
  bands.filter((limit) => minutesOf(words) > limit).length;
const share = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);

const quantile = (sorted: readonly number[], at: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? 0;

export const isWithinAMinute = (words: number, truth: number): boolean =>
  Math.abs(minutesOf(words - truth)) <= 1;

/** Whether a page gets the right tag by the default bands. */
export const isSameDefaultBand = (words: number, truth: number): boolean =>
  bandOf(words, DEFAULT_BANDS) === bandOf(truth, DEFAULT_BANDS);

export const isSameBand = (words: number, truth: number): boolean =>
  bandOf(words, BANDS) === bandOf(truth, BANDS);

/** @param estimates words by page */
export const scoreOf = (
  ids: readonly string[],
  truths: Readonly<Record<string, Truth>>,
  estimates: ReadonlyMap<string, number>,
): Score => {
  let withinAMinute = 0;
  let sameBand = 0;
  let sameDefaultBand = 0;
  const errors: number[] = [];
  for (const id of ids) {
    const truth = truths[id]?.words ?? 0;
    const words = estimates.get(id) ?? 0;
    if (isWithinAMinute(words, truth)) withinAMinute++;
    if (isSameBand(words, truth)) sameBand++;
    if (isSameDefaultBand(words, truth)) sameDefaultBand++;
    errors.push(Math.abs(words - truth) / Math.max(1, truth));
  }
  errors.sort((a, b) => a - b);
  return {
    pages: ids.length,
    withinAMinute: share(withinAMinute, ids.length),
    sameBand: share(sameBand, ids.length),
    sameDefaultBand: share(sameDefaultBand, ids.length),
    medianError: quantile(errors, 0.5),
    error90: quantile(errors, 0.9),
  };
};

export type Judged = 'articles' | 'other types';

/** Articles with human truth; every other type. Articles with another truth are not judged. */
export const judgedAs = ({ type, truth }: Truth): Judged | undefined => {
  if (type !== 'article') return 'other types';
  return truth === 'human' ? 'articles' : undefined;
};
