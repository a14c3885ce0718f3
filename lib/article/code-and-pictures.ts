import { countWords } from '../core/count-words.ts';
import type { ParsedPage } from './parse-page.ts';

/** What of an article may be read faster, or slower, than its prose. */
export type CodeAndPictures = {
  /** Words in blocks of code, which are among the article's words too. Without Chinese and Japanese: those are comments. */
  readonly codeWords?: number;
  /** Pictures between the article's first words and its last. */
  readonly pictures?: number;
};

/** @param counted indices of the blocks that are the article's, in order */
export function codeAndPicturesIn(page: ParsedPage, counted: readonly number[]): CodeAndPictures {
  const isCode: boolean[] = [];
  for (const { parent, tag } of page.elements) isCode.push(tag.name === 'pre' || (isCode[parent] ?? false));
  const code = counted
    .map((at) => page.blocks[at])
    .filter((block) => block !== undefined && isCode[block.element])
    .map((block) => countWords(block?.text ?? ''));
  const codeWords = code.reduce((sum, { words, cjkWords }) => sum + words - cjkWords, 0);
  const [first = 0, last = -1] = [counted.at(0), counted.at(-1)];
  const pictures = page.pictures.filter((at) => at >= first && at <= last).length;
  return { ...(codeWords > 0 && { codeWords }), ...(pictures > 0 && { pictures }) };
}
