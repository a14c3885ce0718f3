/** How far confidence can be trusted, and what a threshold of it keeps. */

import type { Truth } from './corpus.ts';
import { isSameDefaultBand, isWithinAMinute, judgedAs } from './page-score.ts';

/** A page's estimate: words, and how sure they are. */
export type Estimated = { readonly truth: Truth; readonly words: number; readonly confidence: number };

/** Of the articles whose confidence is from `from` and under `to`: the mean of it, and the share that was right. */
export type CalibrationBin = {
  readonly from: number;
  readonly to: number;
  readonly pages: number;
  readonly confidence: number;
  readonly right: number;
};

/** What is left with a threshold: shares, 0 to 1. */
export type Kept = {
  readonly threshold: number;
  /** Of all articles. */
  readonly kept: number;
  /** Of the articles that are kept. */
  readonly withinAMinute: number;
  readonly sameDefaultBand: number;
  /** Of all pages that are no articles: those that would get a tag which is wrong. */
  readonly wrongOtherTypes: number;
};

const BIN_ENDS = [0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1];
const THRESHOLDS = [0, 0.3, 0.35, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9];

const isRight = ({ words, truth }: Estimated): boolean => isWithinAMinute(words, truth.words);
const isSame = ({ words, truth }: Estimated): boolean => isSameDefaultBand(words, truth.words);

const shareOf = (pages: readonly Estimated[], wanted: (page: Estimated) => boolean): number =>
  pages.length > 0 ? pages.filter(wanted).length / pages.length : 0;

const judged = (pages: readonly Estimated[], as: string): Estimated[] =>
  pages.filter(({ truth }) => judgedAs(truth) === as);

/** Whether a page at 0.8 is right in 8 of 10, by bins of confidence; without those that have no pages. */
export const calibrationOf = (pages: readonly Estimated[]): CalibrationBin[] =>
  BIN_ENDS.slice(1).flatMap((to, at) => {
    const from = BIN_ENDS[at] ?? 0;
    const isIn = ({ confidence }: Estimated) => confidence >= from && (confidence < to || to === 1);
    const inBin = judged(pages, 'articles').filter(isIn);
    if (inBin.length === 0) return [];
    const confidence = inBin.reduce((sum, page) => sum + page.confidence, 0) / inBin.length;
    return [{ from, to, pages: inBin.length, confidence, right: shareOf(inBin, isRight) }];
  });

/** What each threshold keeps, and what of that is right. */
export const curveOf = (pages: readonly Estimated[]): Kept[] => {
  const articles = judged(pages, 'articles');
  return THRESHOLDS.map((threshold) => {
    const isKept = ({ confidence }: Estimated) => confidence >= threshold;
    const kept = articles.filter(isKept);
    return {
      threshold,
      kept: shareOf(articles, isKept),
      withinAMinute: shareOf(kept, isRight),
      sameDefaultBand: shareOf(kept, isSame),
      wrongOtherTypes: shareOf(judged(pages, 'other types'), (page) => isKept(page) && !isSame(page)),
    };
  });
};
