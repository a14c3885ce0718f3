import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { featuresOf } from '../../lib/article/block-features.ts';
import { secondLookOf } from '../../lib/article/context-pass.ts';
import { readPage } from '../../lib/article/html-blocks.ts';
import { pageFactsOf } from '../../lib/article/page-facts.ts';
import { pageLookOf } from '../../lib/article/page-look.ts';

/** Where the digests of the features are kept that the model in lib/article was trained on. */
export const FEATURE_DIGESTS = 'test/fixtures/feature-digests.json';

/** Pages of every kind of element, name and phrase, put together at random. */
export const FEATURE_PAGES = globSync('test/fixtures/pages/*.html').sort();

/** What every number that the scorer looks at comes to over all blocks of a page: digests by what is looked at. */
export function featureDigests(file: string): Record<string, readonly string[]> {
  const facts = pageFactsOf(readPage(readFileSync(file, 'utf8')));
  const count = facts.blocks.length;
  // Not the model's own scores: these digests are to outlive a model.
  const first = Float64Array.from(facts.blocks, (block, at) => ((at * 37 + block.words) % 101) / 100);
  const second = Float64Array.from(facts.blocks, (block, at) => ((at * 53 + block.words) % 89) / 88);
  const { element, firstBlock, lastBlock, words, counted } = facts.main;
  return {
    'main container': [[element, firstBlock, lastBlock, words, counted.length].join(' ')],
    'first look': byColumn(featuresOf(facts), count),
    'second look': byColumn(secondLookOf(facts, first), count),
    'page look': pageLookOf(facts, first, second, 400).map((value) => digest([value])),
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
