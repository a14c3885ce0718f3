import assert from 'node:assert/strict';
import { Failure } from '../../lib/failure.ts';
import { SERVICES } from '../../lib/reading-lists/services.ts';
import { captureOutput } from '../helpers/capture-output.ts';
import { runIn } from '../helpers/run.ts';
import { type FakeItem, type FakeOptions, fakeItems } from '../helpers/services/fake-service.ts';
import { SETUPS } from '../helpers/services/setups.ts';
import { environmentOf, type FakeUnderTest, underTest } from '../helpers/services/under-test.ts';
import { isListing, wrongListing } from '../helpers/services/wrong-listings.ts';

/** Services whose lengths come from the open web. */
const WITHOUT_LENGTHS = ['raindrop', 'linkding'];

describe('a run, from the environment to the tags', () => {
  let under: FakeUnderTest | undefined;
  afterEach(() => under?.close());

  it('is tried with every service', () => {
    assert.deepEqual(Object.keys(SERVICES).sort(), ['pocket', ...Object.keys(SETUPS)].sort());
  });

  for (const [name, setup] of Object.entries(SETUPS)) {
    const start = async (...given: [FakeItem[], FakeOptions?]) => {
      under = await underTest(setup, ...given);
      const { server } = under;
      const runOf = (mode: 'full' | 'untag') =>
        captureOutput(() => runIn(environmentOf(name, server), { mode }));
      return { server, runOf };
    };

    it(`of ${name}`, async () => {
      const { server, runOf } = await start(fakeItems(10, { tags: ['mine'] }));
      const { result, written } = await runOf('full');
      assert.equal(result.complete, true);
      assert.equal(result.listed, 10);
      assert.equal(result.tagged, WITHOUT_LENGTHS.includes(name) ? 0 : 10);
      assert.ok(![...server.tokens].some((token) => written.includes(token)));
    });

    if (!WITHOUT_LENGTHS.includes(name))
      it(`of ${name} goes by the reader's own speed, and not by the service's minutes`, async () => {
        const { server } = await start(fakeItems(1, { words: 800 }));
        const bandsAt = async (more: object) => {
          const env = { ...environmentOf(name, server), ...more };
          const { result } = await captureOutput(() => runIn(env, { mode: 'full', dryRun: true }));
          return Object.keys(result.byBand).filter((tag) => result.byBand[tag]);
        };
        assert.deepEqual(await bandsAt({}), ['a medium read']);
        assert.deepEqual(await bandsAt({ WORDS_PER_MINUTE: '100' }), ['a long read']);
      });

    it(`of ${name} fails where the listing never ends, after it has tagged each item once`, async () => {
      const { server, runOf } = await start(fakeItems(3));
      const wrong = wrongListing(setup.listing, 'an item a hundred times');
      let isFirst = true;
      server.fault = (call) => {
        if (!isFirst || !isListing(setup.listing, call)) return undefined;
        isFirst = false;
        return wrong();
      };
      await assert.rejects(runOf('full'), (error) => {
        assert.ok(error instanceof Failure);
        assert.equal(error.kind, 'unexpected-response');
        const { listed = 0, tagged } = error.summary ?? {};
        assert.ok(listed > 0);
        assert.equal(tagged, WITHOUT_LENGTHS.includes(name) ? 0 : listed);
        return true;
      });
    });

    // So many that listings, texts and writes meet; so few that no limit on calls a minute does.
    for (const [mode, most] of [
      ['full', ['linkding', 'raindrop', 'readwise', 'shiori'].includes(name) ? 1 : 2],
      ['untag', ['linkding', 'shiori'].includes(name) ? 1 : 2],
    ] as const)
      it(`of ${name} has as many requests in flight as it takes, and never more: ${mode}`, async () => {
        const items = fakeItems(100, { tags: ['mine'] });
        for (const item of items.slice(50)) item.tags.push('a long read');
        const { server, runOf } = await start(items, { delayMs: 2 });
        const { result } = await runOf(mode);
        assert.equal(result.complete, true);
        assert.equal(result.untagged, mode === 'untag' ? 50 : 0);
        assert.equal(server.maxInFlight(), most);
      });
  }
});
