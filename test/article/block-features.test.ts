import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { featuresOf } from '../../lib/article/block-features.ts';
import { pageFactsOf } from '../../lib/article/page-facts.ts';
import { parsePage } from '../../lib/article/parse-page.ts';
import { FEATURE_DIGESTS, FEATURE_PAGES, featureDigests } from '../helpers/feature-digests.ts';

const featuresIn = (html: string): readonly number[] => [...featuresOf(pageFactsOf(parsePage(html)))];

const TEXT = 'This is a text of more than eight words, as texts are.';

describe('the features of a block', () => {
  it('are none on an empty page', () => assert.deepEqual(featuresIn(''), []));

  it('are the same behind an empty element, which is no neighbour', () => {
    assert.deepEqual(featuresIn(`<section></section><p>${TEXT}</p>`), featuresIn(`<p>${TEXT}</p>`));
  });

  it('change by nothing but tag and depth with a wrapper around all, which counts as what is further out', () => {
    const wrapped = featuresIn(`<div>${TEXT}</div>`);
    const bare = featuresIn(TEXT);
    assert.equal(wrapped.length, bare.length);
    assert.deepEqual(
      wrapped.flatMap((value, at) => (value === bare[at] ? [] : [[bare[at], value]])),
      [
        [0, 4],
        [0, 1],
      ],
    );
  });
});

describe('the features of all models', () => {
  const trainedOn: Record<string, Record<string, readonly string[]>> = JSON.parse(
    readFileSync(FEATURE_DIGESTS, 'utf8'),
  );

  it('are kept for the same pages', () => assert.deepEqual(Object.keys(trainedOn), FEATURE_PAGES));

  for (const page of FEATURE_PAGES) {
    it(`are the numbers that the models were trained on, else run: npm run train (${page})`, () =>
      assert.deepEqual(featureDigests(page), trainedOn[page]));
  }
});
