import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { Item, TagChange, TagResult } from '../../lib/core/item.ts';
import { Failure } from '../../lib/failure.ts';
import type { ReadingList } from '../../lib/reading-lists/reading-list.ts';
import { verifyFirstWrite as verifyWithClock } from '../../lib/reading-lists/verify-first-write.ts';
import { anItem, tagsNamed } from '../helpers/items.ts';
import { apply } from './reading-list-contract.ts';

const adding: TagChange = { item: anItem({ id: '1' }), add: ['short'], remove: [] };
const swapping: TagChange = { item: anItem({ id: '2' }), add: ['short'], remove: tagsNamed('long') };
const removing: TagChange = { item: anItem({ id: '3' }), add: [], remove: tagsNamed('long') };

const listWith = (getItem: ReadingList['getItem'], refused: readonly string[] = []) => ({
  batchSize: 30,
  async *listUnread() {},
  async *listAll() {},
  async *applyTags(changes: readonly TagChange[]): AsyncGenerator<TagResult> {
    for (const { item } of changes) {
      const itemId = item.id;
      yield refused.includes(itemId) ? { itemId, ok: false, reason: 'refused' } : { itemId, ok: true };
    }
  },
  getItem,
});
/** Nobody waits here; `waits` says for how long one would have. */
let waits: number[] = [];
const clock = {
  now: () => 0,
  wait: async (ms: number) => {
    waits.push(ms);
  },
};
const verifyFirstWrite = (list: ReadingList) => verifyWithClock(list, { clock });
const found = (...tags: string[]) => sinon.fake.resolves(anItem({ tags: tagsNamed(...tags) }));

describe('verifyFirstWrite', () => {
  beforeEach(() => {
    waits = [];
  });
  const rows: [why: string, change: TagChange, tags: string[], kept: boolean][] = [
    ['a tag that was added', adding, ['mine', 'short'], true],
    ['a tag that is not there', adding, ['mine'], false],
    ['no tags at all', adding, [], false],
    ['a tag swapped for another', swapping, ['short'], true],
    ['a tag added and the other not removed', swapping, ['short', 'long'], false],
    ['a tag that was removed', removing, ['mine'], true],
    ['a tag that is still there', removing, ['long'], false],
  ];
  for (const [why, change, tags, kept] of rows) {
    it(`${kept ? 'believes' : 'stops at'} ${why}`, async () => {
      const write = apply(verifyFirstWrite(listWith(found(...tags))), [change]);
      if (kept) assert.deepEqual(await write, [{ itemId: change.item.id, ok: true }]);
      else await assert.rejects(write, { kind: 'unexpected-response', message: /read back the item is as/ });
    });
  }

  it('looks again after two seconds, since a service may read behind its own writes', async () => {
    const getItem = sinon.fake();
    const seen = [anItem({ tags: [] }), anItem({ tags: tagsNamed('short') })];
    const list = listWith(async (...args) => {
      getItem(...args);
      return seen.shift();
    });
    assert.deepEqual(await apply(verifyFirstWrite(list), [adding]), [{ itemId: '1', ok: true }]);
    assert.deepEqual([getItem.callCount, waits], [2, [2000]]);
  });

  it('waits for nothing where the tag is there at once', async () => {
    await apply(verifyFirstWrite(listWith(found('short'))), [adding]);
    assert.deepEqual(waits, []);
  });

  it('names the tag and what was to become of it', async () => {
    await assert.rejects(apply(verifyFirstWrite(listWith(found())), [adding]), {
      message: /the tag "short" was added, .* does the server keep tags\?$/,
    });
    await assert.rejects(apply(verifyFirstWrite(listWith(found('long'))), [removing]), {
      message: /the tag "long" was removed/,
    });
  });

  it('reads back one item of the first batch, and none after it', async () => {
    const getItem = found('short');
    const list = verifyFirstWrite(listWith(getItem));
    await apply(list, [adding, adding]);
    await apply(list, [adding]);
    assert.equal(getItem.callCount, 1);
  });

  it('reads back an item that the service said it has written, be it of a later batch', async () => {
    const getItem = sinon.fake(async (item: Item) => anItem({ id: item.id, tags: tagsNamed('short') }));
    const list = verifyFirstWrite(listWith(getItem, ['1']));
    await apply(list, [adding]);
    assert.equal(getItem.callCount, 0);
    await apply(list, [adding, swapping]);
    assert.deepEqual(
      getItem.args.map(([item]) => item.id),
      ['2'],
    );
  });

  const unknown: [why: string, getItem: ReadingList['getItem']][] = [
    ['has left the list', sinon.fake.resolves(undefined)],
    ['cannot be read', sinon.fake.rejects(new Failure('unavailable', 'no answer'))],
  ];
  for (const [why, getItem] of unknown) {
    it(`believes the service where the item ${why}`, async () => {
      const results = await apply(verifyFirstWrite(listWith(getItem)), [adding]);
      assert.deepEqual(results, [{ itemId: '1', ok: true }]);
    });
  }
});
