import assert from 'node:assert/strict';
import { cached } from '../../lib/secrets/secret-cache.ts';
import { withJsonKeys } from '../../lib/secrets/with-json-keys.ts';
import { sourceOf, version } from '../helpers/secret-source.ts';

const HOUR_MS = 3_600_000;

function cachedSource(secrets = { KEY: { current: version('one', 'v1') } }) {
  const clock = { ms: 0 };
  const { source, calls } = sourceOf(secrets);
  return { source: cached(source, { maxAgeMs: HOUR_MS, now: () => clock.ms }), calls, clock, secrets };
}

describe('cached', () => {
  it('reads once for callers at the same time, and for those after them', async () => {
    const { source, calls } = cachedSource();
    await Promise.all([source.getSecret('KEY'), source.getSecret('KEY')]);
    await source.getSecret('KEY');
    assert.deepEqual(calls, ['read KEY']);
  });

  const ages: [why: string, ms: number, reads: number][] = [
    ['just before the hour is over', HOUR_MS - 1, 1],
    ['once the hour is over', HOUR_MS, 2],
  ];
  for (const [why, ms, reads] of ages) {
    it(`has read ${reads === 1 ? 'once' : 'twice'} ${why}`, async () => {
      const { source, calls, clock } = cachedSource();
      await source.getSecret('KEY');
      clock.ms = ms;
      await source.getSecret('KEY');
      assert.equal(calls.length, reads);
    });
  }

  it('reads again when forced to, once for callers at the same time, and keeps the result', async () => {
    const { source, calls, secrets } = cachedSource();
    await source.getSecret('KEY');
    secrets.KEY = { current: version('two', 'v2') };
    const found = await Promise.all([
      source.getSecret('KEY', { forceFetch: true }),
      source.getSecret('KEY', { forceFetch: true }),
    ]);
    assert.deepEqual(found, ['two', 'two']);
    assert.equal(await source.getSecret('KEY'), 'two');
    assert.equal(calls.length, 2);
  });

  it('forgets a failure at once', async () => {
    const { source, secrets } = cachedSource({} as { KEY: { current: ReturnType<typeof version> } });
    await assert.rejects(source.getSecret('KEY'), /not found/);
    secrets.KEY = { current: version('one', 'v1') };
    assert.equal(await source.getSecret('KEY'), 'one');
  });

  it('reads a JSON secret once for all its keys', async () => {
    const { source, calls } = cachedSource({ KEY: { current: version('{"a":"1","b":"2"}', 'v1') } });
    const keys = withJsonKeys(source);
    const found = await Promise.all([keys.getSecret('KEY#a'), keys.getSecret('KEY#b')]);
    assert.deepEqual(found, ['1', '2']);
    assert.equal(calls.length, 1);
  });
});
