import assert from 'node:assert/strict';
import { cached } from '../../lib/secrets/cached.ts';
import { withJsonKeys } from '../../lib/secrets/with-json-keys.ts';
import { sourceOf, version } from '../helpers/secret-source.ts';

const HOUR_MS = 3_600_000;

function remembered(secrets = { KEY: { current: version('one', 'v1') } }) {
  const clock = { ms: 0 };
  const { source, calls } = sourceOf(secrets);
  return { source: cached(source, { maxAgeMs: HOUR_MS, now: () => clock.ms }), calls, clock, secrets };
}

describe('cached', () => {
  it('reads once for callers at the same time, and for those after them', async () => {
    const { source, calls } = remembered();
    await Promise.all([source.read('KEY'), source.read('KEY')]);
    await source.read('KEY');
    assert.deepEqual(calls, ['read KEY']);
  });

  const ages: [why: string, ms: number, reads: number][] = [
    ['just before the hour is over', HOUR_MS - 1, 1],
    ['once the hour is over', HOUR_MS, 2],
  ];
  for (const [why, ms, reads] of ages) {
    it(`has read ${reads === 1 ? 'once' : 'twice'} ${why}`, async () => {
      const { source, calls, clock } = remembered();
      await source.read('KEY');
      clock.ms = ms;
      await source.read('KEY');
      assert.equal(calls.length, reads);
    });
  }

  it('reads anew when asked to, once for all who ask at the same time, and remembers that', async () => {
    const { source, calls, secrets } = remembered();
    await source.read('KEY');
    secrets.KEY = { current: version('two', 'v2') };
    const found = await Promise.all([
      source.read('KEY', { forceFetch: true }),
      source.read('KEY', { forceFetch: true }),
    ]);
    assert.deepEqual(
      found.map(({ text }) => text),
      ['two', 'two'],
    );
    assert.equal((await source.read('KEY')).text, 'two');
    assert.equal(calls.length, 2);
  });

  it('forgets a failure at once', async () => {
    const { source, secrets } = remembered({} as { KEY: { current: ReturnType<typeof version> } });
    await assert.rejects(source.read('KEY'), /not found/);
    secrets.KEY = { current: version('one', 'v1') };
    assert.equal((await source.read('KEY')).text, 'one');
  });

  it('reads a JSON secret once for all its keys', async () => {
    const { source, calls } = remembered({ KEY: { current: version('{"a":"1","b":"2"}', 'v1') } });
    const keys = withJsonKeys(source);
    const found = await Promise.all([keys.read('KEY#a'), keys.read('KEY#b')]);
    assert.deepEqual(
      found.map(({ text }) => text),
      ['1', '2'],
    );
    assert.equal(calls.length, 1);
  });
});
