import assert from 'node:assert/strict';
import type { Item } from '../../lib/core/item.ts';
import type { ReadingList } from '../../lib/reading-lists/reading-list.ts';
import { NO_DEADLINE, pocketWith } from '../helpers/pocket.ts';
import { fakeItems } from '../helpers/services/fake-service.ts';
import { SETUPS } from '../helpers/services/setups.ts';
import { type FakeUnderTest, underTest } from '../helpers/services/under-test.ts';
import { apply, firstItem } from './reading-list-contract.ts';

/** Ids that a service could send, and whether one can be a part of a path at all. */
const IDS: readonly [why: string, id: string, isPart: boolean][] = [
  ['the folder above', '..', false],
  ['the folder itself', '.', false],
  ['none', '', false],
  ['half a character', '\ud83d', false],
  ['a folder below', 'a/b', true],
  ['the way to another item', '../8', true],
  ['the folder above, encoded', '%2e%2e', true],
  ['a slash, encoded', '7%2f..%2f8', true],
  ['a slash the other way', '..\\8', true],
  ['a query', '?x', true],
  ['a fragment', '#', true],
  ['a parameter', '..;/8', true],
  ['a line break', '7\r\nHost: x', true],
  ['a space', ' ', true],
  ['more than a name may have', 'x'.repeat(4000), true],
  ['other scripts', '読む📚', true],
];

/** Calls everything that concerns one item, whatever comes of it. */
async function callAll(list: ReadingList, item: Item): Promise<void> {
  const tag = { name: 'a long read', id: '3' };
  for (const call of [
    () => list.getItem(item, NO_DEADLINE),
    () => list.readText?.(item, NO_DEADLINE),
    () => list.tryWrite?.(item, NO_DEADLINE),
    () => apply(list, [{ item, add: ['a quick read'], remove: [tag] }]),
    () => apply(list, [{ item, add: [], remove: [{ ...tag, id: item.id }] }]),
  ])
    await (async () => call())().catch(() => {});
}

for (const [name, setup] of Object.entries(SETUPS)) {
  describe(`${name} is called at no other path than that of the item`, () => {
    let under: FakeUnderTest;
    /** As they leave the adapter, still encoded. */
    const paths: string[] = [];
    let known: string[] = [];
    before(async () => {
      const open: typeof setup.open = (options) =>
        setup.open({
          ...options,
          request: (spec) => {
            paths.push(new URL(spec.url).pathname);
            return options.request(spec);
          },
        });
      under = await underTest({ ...setup, open }, fakeItems(9));
      known = await pathsFor('7');
      assert.ok(known.length > 0, 'nothing was called');
    });
    after(() => under.close());

    /** The paths that are called for an item of this id, with `{id}` in the place of the id. */
    const pathsFor = async (id: string) => {
      const item = { ...(await firstItem(under.list)), id };
      paths.length = 0;
      await callAll(under.list, item);
      const part = id.isWellFormed() ? encodeURIComponent(id) : id;
      return paths.map((path) =>
        path
          .split('/')
          .map((at) => (part && at.replace(/\.json$/, '') === part ? '{id}' : at))
          .join('/'),
      );
    };

    for (const [why, id, isPart] of IDS)
      it(`whose id is ${why}`, async () => {
        const allowed = known.filter((path) => isPart || !path.includes('{id}'));
        const called = await pathsFor(id);
        assert.deepEqual(
          called.filter((path) => !allowed.includes(path)),
          [],
        );
      });
  });
}

describe('pocket is called at no other path than those of all items', () => {
  for (const [why, id] of IDS)
    it(`for an item whose id is ${why}`, async () => {
      const under = await pocketWith([{ given_url: 'https://example.com/a', word_count: 9 }]);
      await callAll(under.list, { ...(await firstItem(under.list)), id });
      await under.close();
      const endpoints = new Set(under.server.calls.map(({ endpoint }) => endpoint));
      assert.deepEqual([...endpoints].sort(), ['get', 'send']);
    });
});
