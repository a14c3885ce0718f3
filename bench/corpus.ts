/** Pages with known length: a directory of `html/ID.html.gz`, `ground-truth.json`, and `texts.json.gz`. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

export type Truth = {
  /** Words of the article, as ICU counts them. */
  readonly words: number;
  /** Han characters and kana. */
  readonly cjkChars: number;
  readonly lang: string;
  /** `article`, `forum`, `listing`, ... */
  readonly type: string;
  /** Who says so: `human`, `silver`, ... */
  readonly truth: string;
  readonly source: string;
  readonly url?: string;
};

/** Beside the project. */
export const DEFAULT_CORPUS = resolve(import.meta.dirname, '../../shared/pages');

/** The truths by page. Ends the process with status 1, and says how to get a corpus, where there is none. */
export const readTruths = (corpus: string): Record<string, Truth> => {
  const path = join(corpus, 'ground-truth.json');
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as Record<string, Truth>;
  console.error(
    `No corpus at "${corpus}": build one as scripts/corpus/README.md says, and name it with --corpus DIR`,
  );
  process.exit(1);
};

export const readHtml = (corpus: string, id: string): string =>
  gunzipSync(readFileSync(join(corpus, 'html', `${id}.html.gz`))).toString();

/** The texts of the articles by page. */
export const readTexts = (corpus: string): Record<string, string> =>
  JSON.parse(gunzipSync(readFileSync(join(corpus, 'texts.json.gz'))).toString()) as Record<string, string>;
