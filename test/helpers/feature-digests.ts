import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { featuresOf } from '../../lib/article/block-features.ts';
import { confidenceFeaturesOf } from '../../lib/article/block-model.ts';
import { contextFeaturesOf } from '../../lib/article/context-pass.ts';
import { pageFactsOf } from '../../lib/article/page-facts.ts';
import { parsePage } from '../../lib/article/parse-page.ts';

/** Where the digests of the features are kept that the model in lib/article was trained on. */
export const FEATURE_DIGESTS = 'test/fixtures/feature-digests.json';

/** Pages of every kind of element, name and phrase, put together at random. */
export const FEATURE_PAGES = globSync('test/fixtures/pages/*.html').sort();

/** Digests of every feature over all blocks of a page. */
export function featureDigests(file: string): Record<string, readonly string[]> {
  const facts = pageFactsOf(parsePage(readFileSync(file, 'utf8')));
  const count = facts.blocks.length;
  // Not the model's own scores: these digests are to outlive a model.
  const block = Float64Array.from(facts.blocks, ({ words }, at) => ((at * 37 + words) % 101) / 100);
  const context = Float64Array.from(facts.blocks, ({ words }, at) => ((at * 53 + words) % 89) / 88);
  const { element, firstBlock, lastBlock, words, counted } = facts.main;
  return {
    'main container': [[element, firstBlock, lastBlock, words, counted.length].join(' ')],
    'block features': byColumn(featuresOf(facts), count),
    'context features': byColumn(contextFeaturesOf(facts, block), count),
    'confidence features': confidenceFeaturesOf(facts, { block, context }, 400).map((value) =>
      digest([value]),
    ),
  };
}

function byColumn(table: Float64Array, rows: number): string[] {
  const width = table.length / rows;
  return Array.from({ length: width }, (_, column) =>
    digest(Array.from({ length: rows }, (_, row) => table[row * width + column] ?? Number.NaN)),
  );
}

function digest(values: readonly number[]): string {
  const text = values.map((value) => value.toFixed(6)).join(' ');
  return createHash('sha256').update(text).digest('base64url').slice(0, 8);
}
