import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { FEATURE_DIGESTS, featureDigests } from '../../helpers/feature-digests.ts';

describe('what the scorer looks at', () => {
  const trainedOn = JSON.parse(readFileSync(FEATURE_DIGESTS, 'utf8'));
  const found = featureDigests();

  it('is looked at on the same pages', () => assert.deepEqual(Object.keys(found), Object.keys(trainedOn)));

  for (const [name, digests] of Object.entries(found)) {
    it(`is, number for number, what it was trained on, else run: npm run train (${name})`, () =>
      assert.deepEqual(digests, trainedOn[name]));
  }
});
