/** Pages written for this test, one folder each: `page.html`, the article's text as a reader would count it, and facts. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type ArticleText, articleText } from '../../lib/article/article-text.ts';
import { SKIP_SENTENCES } from '../../lib/core/skip-reason.ts';

type Facts = {
  /** What the page is an example of. */
  readonly why: string;
  /** BCP 47 primary language. */
  readonly language: string;
  /** Words of `article.txt` as ICU counts them. */
  readonly words: number;
  /** `words` for an article, else the reason why the page is none. */
  readonly expect: string;
  /** What comes out today, where that is wrong. */
  readonly knownWrong?: string;
};

const PAGES = 'test/fixtures/pages';
const MIN_FOLDERS = 40;
const MAX_KNOWN_WRONG = 8;
/** An estimate may be off by the larger of the two. */
const MAX_WORDS_OFF = 15;
const MAX_SHARE_OFF = 0.12;

const read = (folder: string, file: string): string => readFileSync(`${PAGES}/${folder}/${file}`, 'utf8');

const pages = readdirSync(PAGES)
  .filter((name) => existsSync(`${PAGES}/${name}/facts.json`))
  .map((folder) => ({ folder, facts: JSON.parse(read(folder, 'facts.json')) as Facts }));

const icuWords = (text: string, language: string): number =>
  [...new Intl.Segmenter(language, { granularity: 'word' }).segment(text)].filter((part) => part.isWordLike)
    .length;

/** What is wrong with an answer; undefined where it is right. */
const faultOf = (answer: ArticleText, facts: Facts): string | undefined => {
  if (facts.expect !== 'words') {
    return answer.unknown === facts.expect
      ? undefined
      : `${answer.unknown ?? `${answer.words} words`} instead of ${facts.expect}`;
  }
  if (answer.unknown !== undefined) return `${answer.unknown} instead of ${facts.words} words`;
  if (Math.abs(answer.words - facts.words) > Math.max(MAX_WORDS_OFF, facts.words * MAX_SHARE_OFF))
    return `${answer.words} words instead of ${facts.words}`;
  return answer.language === facts.language
    ? undefined
    : `language ${answer.language} instead of ${facts.language}`;
};

describe('articleText on pages of every kind', () => {
  it(`has at least ${MIN_FOLDERS} of them, and at most ${MAX_KNOWN_WRONG} known to come out wrong`, () => {
    assert.ok(pages.length >= MIN_FOLDERS, `${pages.length} folders`);
    assert.ok(pages.filter(({ facts }) => facts.knownWrong !== undefined).length <= MAX_KNOWN_WRONG);
  });

  for (const { folder, facts } of pages) {
    it(`${folder}: ${facts.why}${facts.knownWrong === undefined ? '' : ' (known to be wrong)'}`, () => {
      assert.equal(
        icuWords(read(folder, 'article.txt'), facts.language),
        facts.words,
        'words of article.txt',
      );
      assert.equal(facts.words > 0, facts.expect === 'words', 'only an article has words');
      assert.ok(facts.expect === 'words' || Object.hasOwn(SKIP_SENTENCES, facts.expect), facts.expect);
      const fault = faultOf(articleText(read(folder, 'page.html')), facts);
      if (facts.knownWrong === undefined) assert.equal(fault, undefined);
      else assert.ok(fault, `it comes out right now: remove knownWrong from ${folder}/facts.json`);
    });
  }
});
