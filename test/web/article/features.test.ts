import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { FEATURE_DIGESTS, featureDigests } from '../../helpers/feature-digests.ts';

describe('what the scorer looks at', () => {
  const trainedOn: Record<string, readonly string[]> = JSON.parse(readFileSync(FEATURE_DIGESTS, 'utf8'));
  let found: typeof trainedOn;
  before(() => {
    found = featureDigests();
  });

  it('is looked at on the same pages', () => assert.deepEqual(Object.keys(found), Object.keys(trainedOn)));

  for (const name of Object.keys(trainedOn)) {
    it(`is, number for number, what it was trained on, else run: npm run train (${name})`, () =>
      assert.deepEqual(found[name], trainedOn[name]));
  }
});
