/** What is left alone, and what is tagged although it is no article: walls, pages of other kinds, short articles. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ArticleText, articleText } from '../lib/article/article-text.ts';
import { SHORT_WORDS } from '../lib/article/paywalls-and-error-pages.ts';
import { MIN_CONFIDENCE } from '../lib/core/estimate.ts';
import { LANGUAGES_SEEN, WALLS, wallPage } from '../test/fixtures/walls.ts';
import type { Truth } from './corpus.ts';
import { isSameBand, judgedAs } from './page-score.ts';

const told = (pages: readonly string[]): string =>
  `${pages.filter((html) => articleText(html).unknown !== undefined).length} of ${pages.length}`;

/** Walls that have no length: our own, by language, and those of a corpus that has some in `walls.json`. */
const wallsTold = (corpora: readonly string[]): string[] => {
  const own = (isSeen: boolean): string =>
    told(WALLS.filter(([language]) => LANGUAGES_SEEN.has(language) === isSeen).map(wallPage));
  const files = corpora.map((corpus) => join(corpus, 'walls.json')).filter((path) => existsSync(path));
  return [
    `walls told: ${own(true)} of our own in languages by which the rules were written, ${own(false)} in others`,
    ...files.map((path) => {
      const walls = JSON.parse(readFileSync(path, 'utf8')) as readonly { readonly html: string }[];
      return `walls told: ${told(walls.map(({ html }) => html))} of ${path}`;
    }),
  ];
};

const count = (part: readonly string[], whole: readonly string[]): string =>
  `${part.length} of ${whole.length} (${((part.length / Math.max(1, whole.length)) * 100).toFixed(1)} %)`;

/** What becomes of the pages of the corpora at the threshold of confidence, and without it. */
export const judgements = (
  corpora: readonly string[],
  truths: Readonly<Record<string, Truth>>,
  found: ReadonlyMap<string, Omit<ArticleText, 'otherwise' | 'leftOut'>>,
): string => {
  const ids = Object.keys(truths);
  const truthOf = (id: string): Truth => truths[id] as Truth;
  const articles = ids.filter((id) => judgedAs(truthOf(id)) === 'articles');
  const short = articles.filter((id) => truthOf(id).words < SHORT_WORDS);
  const others = ids.filter((id) => judgedAs(truthOf(id)) === 'other types');
  const isLeftAlone = (id: string, minConfidence: number): boolean =>
    found.get(id)?.unknown !== undefined || (found.get(id)?.confidence ?? 0) < minConfidence;
  const lines = [0, MIN_CONFIDENCE].map((threshold) => {
    const alone = (of: readonly string[]): string[] => of.filter((id) => isLeftAlone(id, threshold));
    const wrong = others.filter(
      (id) => !isLeftAlone(id, threshold) && !isSameBand(found.get(id)?.words ?? 0, truthOf(id).words),
    );
    return `at a confidence from ${threshold}: articles left alone ${count(alone(articles), articles)}, under two minutes ${count(alone(short), short)}; other types with a wrong tag ${count(wrong, others)}`;
  });
  return [...wallsTold(corpora), ...lines].join('\n');
};
