/** Pages with known length: a directory of `html/ID.html.gz`, `ground-truth.json`, and `texts.json.gz`. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

export type Truth = {
  /** Words of the article, as ICU counts them. */
  readonly words: number;
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

/** The truths by page, or undefined where there is no corpus. */
export const readTruths = (corpus: string): Record<string, Truth> | undefined => {
  const path = join(corpus, 'ground-truth.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, Truth>) : undefined;
};

export const readHtml = (corpus: string, id: string): string =>
  gunzipSync(readFileSync(join(corpus, 'html', `${id}.html.gz`))).toString();

/** The texts of the articles by page. */
export const readTexts = (corpus: string): Record<string, string> =>
  JSON.parse(gunzipSync(readFileSync(join(corpus, 'texts.json.gz'))).toString()) as Record<string, string>;
