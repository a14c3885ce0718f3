/**
 * Writes what `train.py` learns from: the features of every block of every page with known text, by the very
 * code that runs in production, and how much of each block is in the known text.
 *
 *   node scripts/train-blocks/write-features.ts CORPUS OUT
 *
 * OUT/blocks.f32: rows of [features..., words, share of its words in the text]; OUT/pages.json: one entry a page.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { featuresOf } from '../../lib/web/block-features.ts';
import { readPage } from '../../lib/web/html-blocks.ts';
import { pageFactsOf } from '../../lib/web/page-facts.ts';

type Truth = { words: number; lang: string; type: string; truth: string; source: string; url?: string };

const [corpus = '../shared/pages', out = 'train'] = process.argv.slice(2);
const read = (path: string): Buffer => readFileSync(join(corpus, path));

const SHINGLE = 3;

/** Letters and digits in small runs; each Chinese or Japanese character is a run of its own. */
const runsOf = (text: string): string[] =>
  text.toLowerCase().match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}]+/gu) ?? [];

const shinglesOf = (runs: readonly string[], size: number): string[] =>
  runs.slice(0, Math.max(0, runs.length - size + 1)).map((_, at) => runs.slice(at, at + size).join(' '));

/** For short blocks: whether the text has a line like it; for others: the share of its shingles in the text. */
const shareInText = (text: string) => {
  const known = new Set(shinglesOf(runsOf(text), SHINGLE));
  const lines = new Set(text.split('\n').map((line) => runsOf(line).join(' ')));
  const pairs = new Set(shinglesOf(runsOf(text), 2));
  return (block: string): number => {
    const runs = runsOf(block);
    if (runs.length === 0) return 0;
    if (lines.has(runs.join(' '))) return 1;
    if (runs.length === 1) return 0;
    if (runs.length < SHINGLE) return pairs.has(runs.join(' ')) ? 0.6 : 0;
    const shingles = shinglesOf(runs, SHINGLE);
    return shingles.filter((shingle) => known.has(shingle)).length / shingles.length;
  };
};

const truths = JSON.parse(read('ground-truth.json').toString()) as Record<string, Truth>;
const texts = JSON.parse(gunzipSync(read('texts.json.gz')).toString()) as Record<string, string>;
const rows: Float32Array[] = [];
const pages: object[] = [];
for (const [id, truth] of Object.entries(truths)) {
  const facts = pageFactsOf(readPage(gunzipSync(read(`html/${id}.html.gz`)).toString()));
  const features = featuresOf(facts);
  const width = facts.blocks.length > 0 ? features.length / facts.blocks.length : 0;
  const share = shareInText(texts[id] ?? '');
  facts.blocks.forEach((block, at) => {
    const known = share(facts.page.blocks[at]?.text ?? '');
    rows.push(Float32Array.from([...features.slice(at * width, (at + 1) * width), block.words, known]));
  });
  const host = truth.url ? new URL(truth.url).hostname : id;
  pages.push({ id, host, blocks: facts.blocks.length, ruleWords: facts.main.words, ...truth });
}
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'blocks.f32'), Buffer.concat(rows.map((row) => Buffer.from(row.buffer))));
writeFileSync(join(out, 'pages.json'), JSON.stringify(pages));
