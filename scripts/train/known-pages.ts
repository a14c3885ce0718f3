/** Pages with known text, as the trees learn from them. */
import { packedBytes, readHtml, readTexts, readTruths, type Truth } from '../../bench/corpus.ts';
import { type PageFacts, pageFactsOf } from '../../lib/article/page-facts.ts';
import { parsePage } from '../../lib/article/parse-page.ts';
import { countWords } from '../../lib/core/count-words.ts';
import { foldOf } from './folds.ts';
import { shareIn } from './labels.ts';
import wrongTruths from './wrong-truths.json' with { type: 'json' };

export type Known = {
  readonly id: string;
  readonly truth: Truth;
  /** Its truth is wrong by the rule of README.md: nothing is learned from it. */
  readonly isWrong: boolean;
  /** Of the page as it is stored, gzipped. */
  readonly bytes: number;
  readonly facts: PageFacts;
  /** Words of each block as ICU counts them, and the share of it that is in the known text. */
  readonly words: readonly number[];
  readonly shares: readonly number[];
  readonly fold: number;
};

export const readKnown = (corpora: readonly string[], folds: number): Known[] => {
  const truths = readTruths(corpora);
  const texts = readTexts(corpora);
  return Object.entries(truths).map(([id, truth]) => {
    const facts = pageFactsOf(parsePage(readHtml(corpora, id)));
    const share = shareIn(texts[id] ?? '');
    return {
      id,
      truth,
      isWrong: id in wrongTruths,
      bytes: packedBytes(corpora, id),
      facts,
      words: facts.page.blocks.map((block) => countWords(block.text).words),
      shares: facts.page.blocks.map((block) => share(block.text)),
      fold: foldOf(id, truth, folds),
    };
  });
};
