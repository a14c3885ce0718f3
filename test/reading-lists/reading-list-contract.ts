import assert from 'node:assert/strict';
import type { Item, TagChange, TagResult } from '../../lib/core/item.ts';
import type { Tally } from '../../lib/core/summary.ts';
import { Failure } from '../../lib/failure.ts';
import type { ReadPage } from '../../lib/pages/read-page.ts';
import { type ReadingList, readOnly } from '../../lib/reading-lists/reading-list.ts';
import { verifyFirstWrite } from '../../lib/reading-lists/verify-first-write.ts';
import { tagUnread } from '../../lib/run/tag-unread.ts';
import { NO_DEADLINE, NO_DEADLINES } from '../helpers/pocket.ts';
import { instantClock } from '../helpers/services/clock.ts';
import { RULES } from '../helpers/services/under-test.ts';
import type { WrongListing } from '../helpers/services/wrong-listings.ts';

/** A service under test: the real adapter, and what the service itself holds. */
export type ServiceUnderTest = {
  readonly list: ReadingList;
  /** How many writes the service has carried out. */
  writes(): number;
  /** Requests that `list` has sent. */
  sent(): number;
  /** From now on the service says yes to every write, and keeps nothing of it. */
  keepsNothing(): void;
  /** From now on the credentials allow reading only. */
  mayOnlyRead(): void;
  /**
   * The service is killed at the next call, which it carries out and does not answer, and is back after so many calls,
   * that one among them.
   */
  restarts(calls: number): void;
  /** From now on the service lists its items like this. */
  listsWrongly(how: WrongListing): void;
  /** The adapter goes by the total that the service reports. */
  readonly usesTotal: boolean;
  /** How many calls the service takes at once. */
  readonly takesAtOnce: number;
  /** Maximum number of concurrent calls so far. */
  maxInFlight(): number;
  /** The tags that the service holds for an item, by its id. */
  tagsOf(id: string): readonly string[];
  /** The reader gives an item a tag in the service's own app. */
  readerTags(id: string, tag: string): void;
  /** The reader archives an item. */
  readerArchives(id: string): void;
  /** What the reader archives is in the trash. */
  readonly leavesTrash?: boolean;
  /** The item is gone for good, and no write can reach it. Absent where the service takes it all the same. */
  readonly deletes?: (id: string) => void;
  /** The service has looked at the pages that it had not looked at. */
  becomesReady(): void;
  /** Another token is accepted from now on, and the secret holds it. */
  rotate(): void;
  /** What the open web says of an item whose length the service does not know. */
  readonly readPage?: ReadPage;
  /** The name under which the service keeps a tag. */
  normalizeTag(tag: string): string;
  close(): Promise<void>;
};

/** More than the four tries of a request that may have a wrong address, in each of two requests that are in flight. */
const CALLS_OF_A_RESTART = 7;

/** More than a page of any service. */
const MORE_THAN_A_PAGE = 601;

/** What a service starts with: so many unread items, alike but for their words. */
export type Start = {
  readonly unread: number;
  /** By default `mine`. */
  readonly tags?: readonly string[];
  /** False: the service has not looked at the pages yet. */
  readonly ready?: boolean;
};

/**
 * The promises of the `ReadingList` port, for any adapter. `serviceWith` starts a service with unread items of
 * 100, 200, ... 2,000 words, over and over, and one archived item.
 */
export function keepsReadingListContract(serviceWith: (start: Start) => Promise<ServiceUnderTest>): void {
  let service: ServiceUnderTest;
  const withItems = async (unread: number, more: Omit<Start, 'unread'> = {}) => {
    service = await serviceWith({ unread, ...more });
    return service;
  };
  const run = (
    mode: 'full' | 'untag' = 'full',
    list: ReadingList = service.list,
    onCount: (tally: Tally) => void = () => {},
  ) =>
    tagUnread({
      list,
      onCount,
      rules: RULES,
      mode,
      deadlines: NO_DEADLINES,
      ...(service.readPage && { pages: { read: service.readPage } }),
    });
  const stored = (...tags: string[]) => tags.map((tag) => service.normalizeTag(tag)).sort();
  const held = (id: string) => [...service.tagsOf(id)].sort();
  afterEach(() => service.close());

  it('yields every unread item once', async () => {
    const { list } = await withItems(75);
    const ids = (await everyItem(list)).map(({ id }) => id);
    assert.equal(ids.length, 75);
    assert.equal(new Set(ids).size, 75);
  });

  for (const unread of [100, 201]) {
    it(`yields all of ${unread}, whether or not they fill their pages`, async () => {
      const { list } = await withItems(unread);
      assert.equal(new Set((await everyItem(list)).map(({ id }) => id)).size, unread);
    });
  }

  it('yields newest first, at least within a page', async () => {
    const { list } = await withItems(40);
    for await (const { items } of list.listUnread(NO_DEADLINE)) {
      const times = items.map(({ addedAt = 0 }) => addedAt);
      assert.deepEqual(
        times,
        times.toSorted((one, other) => other - one),
      );
    }
  });

  it('yields nothing of an empty list', async () => {
    const { list } = await withItems(0);
    assert.deepEqual(await everyItem(list), []);
  });

  it('yields every item once also while those already yielded are being tagged', async () => {
    const { list } = await withItems(95);
    const ids: string[] = [];
    for await (const { items } of list.listUnread(NO_DEADLINE)) {
      ids.push(...items.map(({ id }) => id));
      await tagAll(list, items);
    }
    assert.equal(new Set(ids).size, 95);
    assert.equal(ids.length, 95);
  });

  it('yields every item once although the service restarts, before the first page and after it', async () => {
    const { list, restarts, sent } = await withItems(250);
    await everyItem(list);
    const undisturbed = sent();
    restarts(CALLS_OF_A_RESTART);
    const ids: string[] = [];
    for await (const { items } of list.listUnread(NO_DEADLINE)) {
      if (ids.length === 0) restarts(CALLS_OF_A_RESTART);
      ids.push(...items.map(({ id }) => id));
    }
    assert.equal(new Set(ids).size, 250);
    assert.equal(ids.length, 250);
    assert.ok(sent() >= 2 * undisturbed + CALLS_OF_A_RESTART);
  });

  it('tags every item although the service restarts in the middle of writing', async () => {
    const { list, restarts, writes } = await withItems(75);
    let told = 0;
    const { tally, stoppedBy } = await run('full', {
      ...list,
      async *applyTags(changes, deadline) {
        // In the middle of a batch where it is written in several calls.
        for await (const result of list.applyTags(changes, deadline)) {
          told += 1;
          if (told === 1) restarts(CALLS_OF_A_RESTART);
          yield result;
        }
      },
    });
    assert.deepEqual([tally.tagged, tally.failed.count, stoppedBy], [75, 0, undefined]);
    for (const { id } of await everyItem(list)) assert.equal(held(id).length, 2, held(id).join());
    const before = writes();
    assert.equal((await run()).tally.unchanged, 75);
    assert.equal(writes(), before);
  });

  for (const how of ['the same page', 'new cursors to the same page'] as const)
    it(`gives each item once, and fails, where the service gives ${how} for ever`, async () => {
      const { list, listsWrongly, sent } = await withItems(MORE_THAN_A_PAGE);
      listsWrongly(how);
      const { ids, failure } = await walked(list);
      assert.equal(new Set(ids).size, ids.length);
      assert.ok(ids.length > 0 && ids.length < MORE_THAN_A_PAGE, `${ids.length} items`);
      assert.equal(failure?.kind, 'unexpected-response');
      assert.match(failure.message, /^Could not read to the end: .* ignore the query\?$/);
      assert.ok(sent() < 50, `${sent()} calls`);
    });

  it('tags each item once, and fails, where an item comes a hundred times', async () => {
    const { listsWrongly } = await withItems(3);
    listsWrongly('an item a hundred times');
    let tally: Tally | undefined;
    const onCount = (counted: Tally) => {
      tally = counted;
    };
    await assert.rejects(run('full', service.list, onCount), {
      kind: 'unexpected-response',
      message: /: one item came 100 times on a page;/,
    });
    assert.ok(tally && tally.listed > 0);
    assert.equal(tally.tagged, tally.listed);
  });

  it('skips and counts rows that are not understood, and tags the others', async () => {
    const { listsWrongly } = await withItems(75);
    listsWrongly('odd rows');
    const { tally, stoppedBy } = await run();
    const skipped = Object.values(tally.skipped).reduce((sum, items) => sum + items, 0);
    assert.deepEqual([skipped, tally.tagged + skipped, stoppedBy], [2, tally.listed, undefined]);
    assert.ok(tally.tagged >= 73, `${tally.tagged} tagged`);
  });

  it('gives each item once where the service reports a total far too high, and fails if it goes by it', async () => {
    const { list, listsWrongly, usesTotal, sent } = await withItems(75);
    listsWrongly('a total far too high');
    const { ids, failure } = await walked(list);
    assert.deepEqual([ids.length, new Set(ids).size], [75, 75]);
    assert.equal(failure?.kind, usesTotal ? 'unexpected-response' : undefined);
    assert.ok(sent() < 250, `${sent()} calls`);
  });

  it('gives each item once where the total is of the page only', async () => {
    const { list, listsWrongly } = await withItems(MORE_THAN_A_PAGE);
    listsWrongly('a total of the page only');
    const { ids, failure } = await walked(list);
    assert.deepEqual(
      [ids.length, new Set(ids).size, failure],
      [MORE_THAN_A_PAGE, MORE_THAN_A_PAGE, undefined],
    );
  });

  it('gives each item once, and ends, where two totals come in turn', async () => {
    const { list, listsWrongly, sent } = await withItems(250);
    listsWrongly('totals in turn');
    const { ids, failure } = await walked(list);
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(failure ? failure.kind === 'unexpected-response' : ids.length === 250, failure?.message);
    assert.ok(sent() < 250, `${sent()} calls`);
  });

  it('makes no more calls at once than the service takes', async () => {
    const { maxInFlight, takesAtOnce } = await withItems(60);
    await run();
    await run('untag');
    assert.ok(maxInFlight() <= takesAtOnce, `${maxInFlight()} at once`);
  });

  it('misses none when the reader archives some on a page already read', async () => {
    const { list, readerArchives } = await withItems(250);
    const ids: string[] = [];
    for await (const { items } of list.listUnread(NO_DEADLINE)) {
      if (ids.length === 0) for (const { id } of items.slice(0, 3)) readerArchives(id);
      ids.push(...items.map(({ id }) => id));
    }
    assert.equal(new Set(ids).size, 250);
    assert.equal(ids.length, 250);
  });

  it('keeps 15 of 15 tags that the reader adds between our reading and our writing', async () => {
    const { list, readerTags } = await withItems(15);
    const items = await everyItem(list);
    for (const { id } of items) readerTags(id, 'theirs');
    await tagAll(list, items);
    for (const { id } of items) assert.deepEqual(held(id), stored('a quick read', 'mine', 'theirs'));
  });

  it('keeps them also while it swaps bands', async () => {
    const { list, readerTags } = await withItems(3, { tags: ['mine', 'a long read'] });
    const item = await firstItem(list);
    readerTags(item.id, 'theirs');
    const remove = item.tags.filter(({ name }) => name === 'a long read');
    assert.equal(remove.length, 1);
    await apply(list, [{ item, add: ['a quick read'], remove }]);
    assert.deepEqual(held(item.id), stored('a quick read', 'mine', 'theirs'));
  });

  it('changes nothing more when a change is repeated', async () => {
    const { list } = await withItems(1);
    const item = await firstItem(list);
    const change = adding(item, 'a quick read');
    await apply(list, [change]);
    const [again] = await apply(list, [change]);
    assert.deepEqual(again, { itemId: item.id, ok: true });
    assert.deepEqual(held(item.id), stored('a quick read', 'mine'));
  });

  it('gives one result for each change', async () => {
    const { list } = await withItems(40);
    const items = await everyItem(list);
    const results = await tagAll(list, items);
    assert.deepEqual(okById(results), new Map(items.map(({ id }) => [id, true])));
    assert.equal(results.length, items.length);
  });

  it('says which item is gone meanwhile, and changes the others', async () => {
    const { list, deletes } = await withItems(5);
    if (!deletes) return;
    const items = await everyItem(list);
    const gone = items[2]?.id ?? '';
    deletes(gone);
    const results = await tagAll(list, items);
    assert.deepEqual(okById(results), new Map(items.map(({ id }) => [id, id !== gone])));
    assert.deepEqual(
      results.filter(({ ok }) => !ok),
      [{ itemId: gone, ok: false, reason: 'no longer there', gone: true }],
    );
    for (const { id } of items) if (id !== gone) assert.deepEqual(held(id), stored('a quick read', 'mine'));
  });

  it('gives a tag back under the name that was asked for', async () => {
    const { list } = await withItems(1);
    await apply(list, [adding(await firstItem(list), 'a quick read')]);
    const { tags } = await firstItem(list);
    assert.ok(tags.some(({ name }) => name === 'a quick read'));
  });

  it('gives every item exactly one band, and a second run writes nothing', async () => {
    const { list, writes } = await withItems(60);
    const { tally } = await run();
    assert.equal(tally.tagged, 60);
    for (const { id } of await everyItem(list)) assert.equal(held(id).length, 2, held(id).join());
    const before = writes();
    const again = await run();
    assert.equal(again.tally.unchanged, 60);
    assert.equal(writes(), before);
  });

  it('leaves one band where there were several, and takes a retired tag off', async () => {
    await withItems(3, { tags: ['mine', 'a long read', 'a medium read', 'short'] });
    const { tally } = await run();
    assert.equal(tally.failed.count, 0);
    for (const { tags } of await everyItem(service.list)) {
      assert.deepEqual(tags.filter(({ name }) => name !== 'mine').length, 1);
    }
  });

  it('takes all of our tags off again, and no other', async () => {
    const { list } = await withItems(30, { tags: ['mine', 'a long read'] });
    const ids = (await everyItem(list)).map(({ id }) => id);
    await run('untag');
    for (const id of ids) assert.deepEqual(held(id), stored('mine'));
  });

  it('takes our tags off archived and read items, too, and says how many', async () => {
    const { readerArchives, leavesTrash } = await withItems(70, { tags: ['mine', 'a long read'] });
    const ids = (await everyItem(service.list)).map(({ id }) => id);
    // There is no archive in some services: what leaves their list is in the trash, which is left alone.
    const archived = leavesTrash ? [] : ids.slice(5, 60);
    for (const id of archived) readerArchives(id);
    const { tally } = await run('untag', verifyFirstWrite(service.list));
    for (const id of ids) assert.deepEqual(held(id), stored('mine'));
    // One was archived before all of this.
    assert.equal(tally.untagged, leavesTrash ? 70 : 71);
    assert.deepEqual([tally.listed, tally.failed.count], [tally.untagged, 0]);
    assert.equal((await run('untag')).tally.untagged, 0);
  });

  it('takes our tag off also where it is the only one', async () => {
    const { list } = await withItems(2, { tags: ['a long read'] });
    const ids = (await everyItem(list)).map(({ id }) => id);
    await run('untag');
    for (const id of ids) assert.deepEqual(held(id), []);
  });

  it('takes what is not ready for unknown, not for short, and looks at it again', async () => {
    const { list, becomesReady, writes } = await withItems(4, { ready: false });
    const { tally } = await run();
    assert.equal(tally.tagged, 0);
    assert.equal(writes(), 0);
    const ids = (await everyItem(list)).map(({ id }) => id);
    for (const id of ids) assert.deepEqual(held(id), stored('mine'));
    becomesReady();
    assert.equal((await run()).tally.tagged, 4);
  });

  it('reads its secrets again when they are refused, and continues', async () => {
    const { list, rotate } = await withItems(120);
    const pages = list.listUnread(NO_DEADLINE)[Symbol.asyncIterator]();
    const first = (await pages.next()).value?.items ?? [];
    rotate();
    const results = await tagAll(list, first.slice(0, 3));
    assert.ok(results.every(({ ok }) => ok));
    assert.ok(((await pages.next()).value?.items.length ?? 0) > 0);
  });

  it('reads an item back as it is now', async () => {
    const { list, readerTags } = await withItems(95);
    const items = await everyItem(list);
    for (const item of [items[0], items[47], items[94]]) {
      assert.ok(item);
      readerTags(item.id, 'theirs');
      const found = await list.getItem(item, NO_DEADLINE);
      assert.deepEqual(
        [found?.id, found?.tags.map(({ name }) => name).sort()],
        [item.id, ['mine', 'theirs']],
      );
    }
  });

  it('reads an item back under our names', async () => {
    const { list } = await withItems(1);
    const item = await firstItem(list);
    await apply(list, [adding(item)]);
    const found = await list.getItem(item, NO_DEADLINE);
    assert.deepEqual(found?.tags.map(({ name }) => name).sort(), ['a quick read', 'mine']);
  });

  it('finds items by their ids as it lists them, if they are unread', async () => {
    const { list, readerArchives, deletes } = await withItems(45);
    if (!list.findUnread) return;
    const listed = await everyItem(list);
    const [archived, deleted] = [listed[7]?.id ?? '', listed[8]?.id ?? ''];
    readerArchives(archived);
    deletes?.(deleted);
    const found = [];
    for await (const page of list.findUnread([...listed.map(({ id }) => id), 'never'], NO_DEADLINE))
      found.push(...page.items);
    const gone = deletes ? [archived, deleted] : [archived];
    assert.deepEqual(
      found,
      listed.filter(({ id }) => !gone.includes(id)),
    );
  });

  it('finds items by their ids under our names', async () => {
    const { list } = await withItems(1, { tags: ['a quick read'] });
    const { id } = await firstItem(list);
    const pages = list.findUnread?.([id], NO_DEADLINE);
    if (!pages) return;
    for await (const { items } of pages)
      assert.deepEqual(
        items[0]?.tags.map(({ name }) => name),
        ['a quick read'],
      );
  });

  it('takes one request more to be confirmed', async () => {
    await withItems(25);
    await run();
    const unconfirmed = service.sent();
    await service.close();
    const { list, sent } = await withItems(25);
    assert.equal((await run('full', verifyFirstWrite(list))).tally.tagged, 25);
    assert.equal(sent(), unconfirmed + 1);
  });

  it('ends a run after the first batch where the service says yes and keeps nothing', async () => {
    const { list } = await withItems(0);
    await service.close();
    await withItems(list.batchSize);
    await run();
    const writesOfOneBatch = service.writes();
    await service.close();
    const { keepsNothing, writes, tagsOf } = await withItems(list.batchSize + 30);
    keepsNothing();
    await assert.rejects(run('full', verifyFirstWrite(service.list, { clock: instantClock })), {
      kind: 'unexpected-response',
      message: /said that the tag ".*" was added, .* does the server keep tags\?$/,
    });
    assert.equal(writes(), writesOfOneBatch);
    assert.deepEqual(tagsOf('1'), stored('mine'));
  });

  it('ends it also where tags are to be taken off', async () => {
    const { list, keepsNothing } = await withItems(3, { tags: ['mine', 'a long read'] });
    keepsNothing();
    await assert.rejects(run('untag', verifyFirstWrite(list, { clock: instantClock })), {
      message: /the tag "a long read" was removed/,
    });
  });

  it('tries to write without a change', async () => {
    const { list, sent } = await withItems(2, { tags: ['mine', 'a long read'] });
    if (!list.tryWrite) return;
    const item = await firstItem(list);
    const before = sent();
    await list.tryWrite(item, NO_DEADLINE);
    assert.equal(sent(), before + 1);
    assert.deepEqual(held(item.id), stored('mine', 'a long read'));
  });

  it('fails that try where the credentials allow reading only', async () => {
    const { list, mayOnlyRead } = await withItems(2);
    mayOnlyRead();
    const item = await firstItem(list);
    const trying = list.tryWrite?.(item, NO_DEADLINE);
    if (trying) await assert.rejects(trying, { kind: 'credentials', status: 403 });
    await assert.rejects(apply(list, [adding(item)]), { kind: 'credentials', status: 403 });
    assert.deepEqual(held(item.id), stored('mine'));
  });

  it('writes nothing through readOnly', async () => {
    const { list, writes } = await withItems(2);
    const dry = readOnly(list);
    const items = await everyItem(dry);
    const results = await tagAll(dry, items);
    assert.deepEqual(
      results,
      items.map(({ id }) => ({ itemId: id, ok: true })),
    );
    assert.equal(writes(), 0);
  });
}

export async function everyItem(list: ReadingList, deadline = NO_DEADLINE): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of list.listUnread(deadline)) items.push(...page.items);
  return items;
}

/** The ids that a listing gives until it ends, and its failure, if it fails. */
async function walked(list: ReadingList): Promise<{ ids: string[]; failure?: Failure }> {
  const ids: string[] = [];
  try {
    for await (const { items } of list.listUnread(NO_DEADLINE)) ids.push(...items.map(({ id }) => id));
    return { ids };
  } catch (error) {
    assert.ok(error instanceof Failure, String(error));
    return { ids, failure: error };
  }
}

/** What an item says, without what its adapter notes in it. */
export function withoutRef({ ref: _, ...item }: Item): Item {
  return item;
}

export async function firstItem(list: ReadingList): Promise<Item> {
  const [item] = await everyItem(list);
  assert.ok(item);
  return item;
}

const okById = (results: readonly TagResult[]) => new Map(results.map(({ itemId, ok }) => [itemId, ok]));

/** The change that gives an item a tag. */
export function adding(item: Item, tag = 'a quick read'): TagChange {
  return { item, add: [tag], remove: [] };
}

/** All that becomes of changes, without a deadline. */
export function apply(list: ReadingList, changes: readonly TagChange[]): Promise<TagResult[]> {
  return resultsOf(list.applyTags(changes, NO_DEADLINE));
}

/** All that becomes of giving each of these items the tag `a quick read`. */
export function tagAll(list: ReadingList, items: readonly Item[]): Promise<TagResult[]> {
  return apply(
    list,
    items.map((item) => adding(item)),
  );
}

/** All that becomes of some changes. Rejects where the list throws. */
export async function resultsOf(results: AsyncIterable<TagResult>): Promise<TagResult[]> {
  const all: TagResult[] = [];
  for await (const result of results) all.push(result);
  return all;
}
