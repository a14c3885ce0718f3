import assert from 'node:assert/strict';
import type { Environment } from '../../lib/settings.ts';
import { articles, environmentFor, pocketWith } from '../helpers/pocket.ts';
import { runIn } from '../helpers/run.ts';
import { fakeItems } from '../helpers/services/fake-service.ts';
import { setupOf } from '../helpers/services/setups.ts';
import { environmentOf, underTest } from '../helpers/services/under-test.ts';

type World = { readonly env: Environment; tags(): Record<string, readonly string[]>; close(): Promise<void> };

/** The reader's own, a retired one, and a band, which is wrong for most items. */
const TAGS = ['mine', 'short', 'a long read'];
/** More than a page and than a batch. */
const ITEMS = 70;

async function pocketWorld(): Promise<World> {
  const { server, tagsById, close } = await pocketWith(articles(ITEMS, TAGS));
  return { env: environmentFor(server), tags: tagsById, close };
}

async function worldOf(name: string, count = ITEMS): Promise<World> {
  const { server, items, close } = await underTest(setupOf(name), fakeItems(count, { tags: TAGS }));
  const tags = () => Object.fromEntries(items.map((item) => [item.id, item.tags.toSorted()]));
  return { env: environmentOf(name, server), tags, close };
}

/** Nothing keeps two runs apart: a full one may start while an hourly one runs, or by hand. */
describe('two runs at once leave the tags that one run leaves', () => {
  const rows: [why: string, start: () => Promise<World>, modes: [string, string]][] = [
    ['a list whose changes are sent in batches', pocketWorld, ['full', 'full']],
    ['the two schedules meet', pocketWorld, ['full', 'recent']],
    ['a tag is added in one call and taken off in another', () => worldOf('karakeep'), ['full', 'full']],
    // So few that its limit of calls a minute stops neither.
    ['a write replaces all tags of an item', () => worldOf('raindrop', 20), ['untag', 'untag']],
  ];
  for (const [why, start, modes] of rows) {
    it(`${modes.join(' and ')}: ${why}`, async () => {
      const alone = await inWorld(start, async (run, { tags }) => {
        await run(modes[0]);
        return tags();
      });
      await inWorld(start, async (run, { tags }) => {
        const both = await Promise.all(modes.map(run));
        assert.deepEqual(
          both.map(({ failed }) => failed.count),
          [0, 0],
        );
        assert.equal(both[0]?.complete, true);
        assert.deepEqual(tags(), alone);
        const again = await run(modes[0]);
        assert.deepEqual([again.tagged, again.untagged], [0, 0]);
      });
    });
  }
});

async function inWorld<Result>(
  start: () => Promise<World>,
  use: (run: (mode: string) => ReturnType<typeof runIn>, world: World) => Promise<Result>,
): Promise<Result> {
  const world = await start();
  try {
    return await use((mode) => runIn({ ...world.env, RETIRED_TAGS: 'short' }, { mode }), world);
  } finally {
    await world.close();
  }
}
