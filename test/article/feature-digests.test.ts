import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { FEATURE_DIGESTS, FEATURE_PAGES, featureDigests } from '../helpers/feature-digests.ts';

describe('what the scorer looks at', () => {
  const trainedOn: Record<string, Record<string, readonly string[]>> = JSON.parse(
    readFileSync(FEATURE_DIGESTS, 'utf8'),
  );

  it('is looked at on the same pages', () => assert.deepEqual(Object.keys(trainedOn), FEATURE_PAGES));

  for (const page of FEATURE_PAGES) {
    it(`is, number for number, what it was trained on, else run: npm run train (${page})`, () =>
      assert.deepEqual(featureDigests(page), trainedOn[page]));
  }
});
