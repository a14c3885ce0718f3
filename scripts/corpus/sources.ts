import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** A page as its data set has it. */
export type SourcePage = {
  /** Unique within the data set. */
  readonly name: string;
  readonly html: Uint8Array;
  /** The encoding that the data set says, where it says one. */
  readonly charset?: string;
  /** The text of the article. */
  readonly text: string;
  readonly url?: string;
  /** `article`, `forum`, `listing`, ... */
  readonly type: string;
  /** `segments`: the text is only some sentences of the article, so its length says nothing. */
  readonly truth: 'human' | 'segments';
};

export type Source = {
  /** The repository on GitHub. */
  readonly repository: string;
  readonly licence: string;
  /** Pages of a clone of the repository, in the order of their names. */
  readonly pages: (clone: string) => Iterable<SourcePage>;
};

/** The data sets that a corpus is made of, by the name that a page's source has in `ground-truth.json`. */
export const SOURCES: Readonly<Record<string, Source>> = {
  zyte: {
    repository: 'scrapinghub/article-extraction-benchmark',
    licence: 'MIT',
    pages: (clone) => listed(clone, 'ground-truth.json', (name) => gunzip(clone, 'html', `${name}.html.gz`)),
  },
  wcxb: {
    repository: 'Murrough-Foley/web-content-extraction-benchmark',
    licence: 'CC-BY-4.0',
    pages: pagesOfWcxb,
  },
  newspaper4k: {
    repository: 'AndyTheFactory/article-extraction-dataset',
    licence: 'Apache-2.0',
    pages: (clone) => listed(clone, 'articles.json', (name) => read(clone, 'html', `${name}.html`)),
  },
  magichtml: { repository: 'opendatalab/magic-html', licence: 'Apache-2.0', pages: pagesOfMagicHtml },
  'chinese-wce': {
    repository: 'immortal-autumn/Chinese-Web-Content-Extraction-Dataset',
    licence: 'MIT',
    pages: pagesOfChinese,
  },
  'trafilatura-eval': {
    repository: 'adbar/trafilatura',
    licence: 'Apache-2.0',
    pages: pagesOfTrafilatura,
  },
};

type Entry = { readonly articleBody?: string; readonly content?: string; readonly url?: string };

/** Pages of one JSON file, `{NAME: {articleBody or content, url}}`; those without a file of HTML are left out. */
function* listed(
  folder: string,
  index: string,
  htmlOf: (name: string) => Uint8Array | undefined,
  type = 'article',
): Generator<SourcePage> {
  for (const [name, entry] of sorted<Entry>(json(folder, index))) {
    const html = htmlOf(name);
    const text = entry.articleBody ?? entry.content;
    if (html && text?.trim())
      yield { name, html, text, type, truth: 'human', ...(entry.url && { url: entry.url }) };
  }
}

type WcxbTruth = {
  readonly url?: string;
  readonly ground_truth: { readonly main_content?: string };
  readonly _internal?: { readonly page_type?: { readonly primary?: string } };
};

function* pagesOfWcxb(clone: string): Generator<SourcePage> {
  const { files } = json(clone, 'metadata.json') as { files: Record<string, { page_type?: string }> };
  for (const part of ['dev', 'test']) {
    for (const name of names(join(clone, part, 'ground-truth'), '.json')) {
      const { url, ground_truth, _internal } = json(clone, part, 'ground-truth', `${name}.json`) as WcxbTruth;
      const html = gunzip(clone, part, 'html', `${name}.html.gz`);
      const text = ground_truth.main_content;
      const type = _internal?.page_type?.primary ?? files[name]?.page_type ?? 'unknown';
      if (html && text?.trim())
        yield { name: `${part}-${name}`, html, text, type, truth: 'human', ...(url && { url }) };
    }
  }
}

function* pagesOfMagicHtml(clone: string): Generator<SourcePage> {
  for (const type of ['article', 'forum']) {
    const folder = join(clone, 'benchmark', 'data', type);
    yield* listed(folder, 'base.json', (name) => read(folder, 'htmls', `${name}.html`), type);
  }
}

/** Each page stands inside `<text encoding="...">`, which is not part of it; texts are GB 18030. */
function* pagesOfChinese(clone: string): Generator<SourcePage> {
  for (const name of names(join(clone, 'original'), '.html')) {
    const bytes = read(clone, 'original', `${name}.html`);
    const truth = read(clone, 'cleaned', `${name}.txt`);
    if (!bytes || !truth) continue;
    const latin1 = Buffer.from(bytes).toString('latin1');
    const [opening = '', charset] = /^\s*<text [^>]*?encoding="([\w-]+)"[^>]*>/.exec(latin1) ?? [];
    const inside = latin1.slice(opening.length).replace(/<\/text>\s*$/, '');
    const text = new TextDecoder('gb18030').decode(truth);
    if (!text.trim()) continue;
    const known = charset && charset !== 'unset' ? { charset } : {};
    yield { name, html: Buffer.from(inside, 'latin1'), text, type: 'article', truth: 'human', ...known };
  }
}

/** Only sentences that the article has to hold are annotated, so these pages are for training, not for judging. */
function* pagesOfTrafilatura(clone: string): Generator<SourcePage> {
  const entries = sorted<{ file: string; with?: string[] }>(json(clone, 'tests', 'evaldata.json'));
  for (const [url, { file, with: segments = [] }] of entries) {
    const html = read(clone, 'tests', 'eval', file) ?? read(clone, 'tests', 'cache', file);
    if (html && segments.length > 0)
      yield { name: url, html, text: segments.join(' '), type: 'article', truth: 'segments', url };
  }
}

function json(...path: string[]): unknown {
  return JSON.parse(readFileSync(join(...path), 'utf8'));
}

function read(...path: string[]): Uint8Array | undefined {
  const file = join(...path);
  return existsSync(file) ? readFileSync(file) : undefined;
}

function gunzip(...path: string[]): Uint8Array | undefined {
  const bytes = read(...path);
  return bytes && gunzipSync(bytes);
}

/** Names of the files with this ending, without it, in order. */
function names(folder: string, ending: string): string[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(ending));
  return files.map((file) => file.slice(0, -ending.length)).sort();
}

function sorted<Value>(value: unknown): [string, Value][] {
  return Object.entries(value as Record<string, Value>).sort(([one], [other]) => (one < other ? -1 : 1));
}
