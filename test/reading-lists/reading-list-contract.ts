import assert from 'node:assert/strict';
import type { Item, TagChange } from '../../lib/core/item.ts';
import { type ReadingList, readOnly } from '../../lib/reading-lists/reading-list.ts';
import { UNHURRIED } from '../helpers/pocket.ts';

/** A service under test: the real adapter, and what the service itself holds. */
export type ServiceUnderTest = {
  readonly list: ReadingList;
  /** How many writes the service has carried out. */
  writes(): number;
  /** The tags that the service holds for an item, by its id. */
  tagsOf(id: string): readonly string[];
  /** The reader gives an item a tag in the service's own app. */
  readerTags(id: string, tag: string): void;
  close(): Promise<void>;
};

/**
 * The promises of the `ReadingList` port, for any adapter. `serviceWith` starts a service with so many unread
 * items, each with the tag `mine`, and one archived item.
 */
export function keepsReadingListContract(serviceWith: (unread: number) => Promise<ServiceUnderTest>): void {
  let service: ServiceUnderTest;
  const withItems = async (unread: number) => {
    service = await serviceWith(unread);
    return service;
  };
  afterEach(() => service.close());

  it('yields every unread item once', async () => {
    const { list } = await withItems(75);
    const ids = (await everyItem(list)).map(({ id }) => id);
    assert.equal(ids.length, 75);
    assert.equal(new Set(ids).size, 75);
  });

  it('yields nothing of an empty list', async () => {
    const { list } = await withItems(0);
    assert.deepEqual(await everyItem(list), []);
  });

  it('yields every item once also while those already yielded are being tagged', async () => {
    const { list } = await withItems(95);
    const ids: string[] = [];
    for await (const { items } of list.listUnread(UNHURRIED)) {
      ids.push(...items.map(({ id }) => id));
      await list.applyTags(
        items.map((item) => adding(item, 'a quick read')),
        UNHURRIED,
      );
    }
    assert.equal(new Set(ids).size, 95);
    assert.equal(ids.length, 95);
  });

  it('keeps other people’s tags, also one added between our reading and our writing', async () => {
    const { list, tagsOf, readerTags } = await withItems(3);
    const [item] = await everyItem(list);
    assert.ok(item);
    readerTags(item.id, 'theirs');
    await list.applyTags([adding(item, 'a quick read')], UNHURRIED);
    assert.deepEqual([...tagsOf(item.id)].sort(), ['a quick read', 'mine', 'theirs']);
  });

  it('adds and removes in one change', async () => {
    const { list, tagsOf } = await withItems(1);
    const before = await firstItem(list);
    await list.applyTags([adding(before, 'a long read')], UNHURRIED);
    const item = await firstItem(list);
    const remove = item.tags.filter(({ name }) => name === 'a long read');
    await list.applyTags([{ item, add: ['a quick read'], remove }], UNHURRIED);
    assert.deepEqual([...tagsOf(item.id)].sort(), ['a quick read', 'mine']);
  });

  it('changes nothing more when a change is repeated', async () => {
    const { list, tagsOf } = await withItems(1);
    const item = await firstItem(list);
    const change = adding(item, 'a quick read');
    await list.applyTags([change], UNHURRIED);
    const [again] = await list.applyTags([change], UNHURRIED);
    assert.deepEqual(again, { itemId: item.id, ok: true });
    assert.deepEqual([...tagsOf(item.id)].sort(), ['a quick read', 'mine']);
  });

  it('gives one result for each change, in order', async () => {
    const { list } = await withItems(40);
    const items = await everyItem(list);
    const results = await list.applyTags(
      items.map((item) => adding(item, 'a quick read')),
      UNHURRIED,
    );
    assert.deepEqual(
      results,
      items.map(({ id }) => ({ itemId: id, ok: true })),
    );
  });

  it('gives a tag back under the name that was asked for', async () => {
    const { list } = await withItems(1);
    await list.applyTags([adding(await firstItem(list), 'a quick read')], UNHURRIED);
    const { tags } = await firstItem(list);
    assert.ok(tags.some(({ name }) => name === 'a quick read'));
  });

  it('reads an item back as it is now, where it can read back at all', async () => {
    const { list, readerTags } = await withItems(95);
    if (!list.readBack) return;
    const items = await everyItem(list);
    for (const item of [items[0], items[47], items[94]]) {
      assert.ok(item);
      readerTags(item.id, 'theirs');
      const found = await list.readBack(item, UNHURRIED);
      assert.deepEqual(
        [found?.id, found?.tags.map(({ name }) => name).sort()],
        [item.id, ['mine', 'theirs']],
      );
    }
  });

  it('writes nothing through readOnly', async () => {
    const { list, writes } = await withItems(2);
    const dry = readOnly(list);
    const items = await everyItem(dry);
    const results = await dry.applyTags(
      items.map((item) => adding(item, 'a quick read')),
      UNHURRIED,
    );
    assert.deepEqual(
      results,
      items.map(({ id }) => ({ itemId: id, ok: true })),
    );
    assert.equal(writes(), 0);
  });
}

function adding(item: Item, tag: string): TagChange {
  return { item, add: [tag], remove: [] };
}

export async function everyItem(list: ReadingList): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of list.listUnread(UNHURRIED)) items.push(...page.items);
  return items;
}

async function firstItem(list: ReadingList): Promise<Item> {
  const [item] = await everyItem(list);
  assert.ok(item);
  return item;
}
