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

/** Beside the project: those that are there. */
export const DEFAULT_CORPORA = ['pages', 'pages-more'].map((name) =>
  resolve(import.meta.dirname, '../../shared', name),
);

const readJson = <Value>(bytes: Buffer): Record<string, Value> =>
  JSON.parse(bytes.toString()) as Record<string, Value>;

const found = (corpora: readonly string[]): string[] =>
  corpora.filter((corpus) => existsSync(join(corpus, 'ground-truth.json')));

/** The truths by page. Ends the process with status 1, and says how to get a corpus, where there is none. */
export const readTruths = (corpora: readonly string[]): Record<string, Truth> => {
  const all = found(corpora).map((corpus) =>
    readJson<Truth>(readFileSync(join(corpus, 'ground-truth.json'))),
  );
  if (all.length > 0) return Object.assign({}, ...all);
  console.error(
    `No corpus at "${corpora.join('", "')}": build one as scripts/corpus/README.md says, and name it with --corpus DIR`,
  );
  process.exit(1);
};

/** The page as it is stored: gzipped. */
const packedHtml = (corpora: readonly string[], id: string): Buffer => {
  const paths = corpora.map((corpus) => join(corpus, 'html', `${id}.html.gz`));
  return readFileSync(paths.find((path) => existsSync(path)) ?? id);
};

export const readHtml = (corpora: readonly string[], id: string): string =>
  gunzipSync(packedHtml(corpora, id)).toString();

/** How large a page is, gzipped: bytes. */
export const packedBytes = (corpora: readonly string[], id: string): number => packedHtml(corpora, id).length;

/** The texts of the articles by page. */
export const readTexts = (corpora: readonly string[]): Record<string, string> =>
  Object.assign(
    {},
    ...found(corpora).map((corpus) =>
      readJson<string>(gunzipSync(readFileSync(join(corpus, 'texts.json.gz')))),
    ),
  );
