import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Truth } from '../../bench/corpus.ts';
import { detectLanguage } from '../../lib/core/detect-language.ts';
import { decodePage } from '../../lib/pages/decode-page.ts';
import { SOURCES, type SourcePage } from './sources.ts';

const icuWords = new Intl.Segmenter('en', { granularity: 'word' });
const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;

/**
 * Builds a corpus for `npm run bench:pages` and `npm run train` from clones of public data sets: for each data set
 * that has a folder of its name in `clones`, its pages. Gives the number of pages by data set.
 */
export function buildCorpus(clones: string, corpus: string): Record<string, number> {
  mkdirSync(join(corpus, 'html'), { recursive: true });
  const truths: Record<string, Truth & { readonly licence: string }> = {};
  const texts: Record<string, string> = {};
  const pages: Record<string, number> = {};
  for (const [source, { licence, pages: pagesOf }] of Object.entries(SOURCES)) {
    const clone = join(clones, source);
    if (!existsSync(clone)) continue;
    for (const page of pagesOf(clone)) {
      const id = `${source}-${createHash('sha256').update(page.name).digest('hex').slice(0, 10)}`;
      truths[id] = { ...truthOf(page), source, licence };
      texts[id] = page.text;
      const html = withoutScripts(decodePage(page.html, page.charset));
      writeFileSync(join(corpus, 'html', `${id}.html.gz`), gzipSync(html));
      pages[source] = (pages[source] ?? 0) + 1;
    }
  }
  writeFileSync(join(corpus, 'ground-truth.json'), JSON.stringify(truths, null, 1));
  writeFileSync(join(corpus, 'texts.json.gz'), gzipSync(JSON.stringify(texts)));
  return pages;
}

function truthOf({ text, type, truth, url }: SourcePage) {
  return {
    words: [...icuWords.segment(text)].filter(({ isWordLike }) => isWordLike).length,
    whitespaceWords: text.split(/\s+/).filter(Boolean).length,
    cjkChars: text.match(CJK)?.length ?? 0,
    lang: detectLanguage(text) ?? 'und',
    type,
    truth,
    ...(url && { url }),
  };
}

/** Bodies of scripts and styles are most of a page's bytes; JSON-LD stays, since the estimator reads it. */
function withoutScripts(html: string): string {
  return html
    .replace(/(<script\b(?![^>]*ld\+json)[^>]*>)[\s\S]*?(<\/script)/gi, '$1$2')
    .replace(/(<style\b[^>]*>)[\s\S]*?(<\/style)/gi, '$1$2');
}

if (import.meta.main) {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [clones, corpus] = positionals;
  if (clones && corpus) console.table(buildCorpus(clones, corpus));
  else {
    console.error('Usage: npm run corpus -- CLONES CORPUS (see scripts/corpus/README.md)');
    process.exitCode = 2;
  }
}
