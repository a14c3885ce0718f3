import assert from 'node:assert/strict';
import { linkding } from '../../lib/reading-lists/linkding.ts';
import { linkdingTagName } from '../../lib/reading-lists/tag-names.ts';
import { tagUnread } from '../../lib/run/tag-unread.ts';
import { NO_DEADLINE, NO_DEADLINES } from '../helpers/pocket.ts';
import { type FakeItem, fakeItems } from '../helpers/services/fake-service.ts';
import { fakeLinkding, type LinkdingOptions } from '../helpers/services/linkding.ts';
import { type FakeUnderTest, RULES, underTest } from '../helpers/services/under-test.ts';
import { adding, apply, everyItem, firstItem, tagAll } from './reading-list-contract.ts';

describe('linkding', () => {
  let under: FakeUnderTest;
  const start = async (items: FakeItem[], more: LinkdingOptions = {}) => {
    const setup = { open: linkding, normalizeTag: linkdingTagName };
    under = await underTest(
      { ...setup, start: (items, options) => fakeLinkding(items, { ...options, ...more }) },
      items,
    );
    return under.list;
  };
  const writes = () => under.server.calls.filter(({ method }) => method === 'PATCH');
  afterEach(() => under.close());

  it('knows a tag of ours by its hyphens and whatever its capitals', async () => {
    const list = await start(fakeItems(1, { tags: ['A-Quick-Read', 'mine'] }));
    assert.deepEqual((await firstItem(list)).tags, [
      { name: 'a quick read', storedAs: 'A-Quick-Read' },
      { name: 'mine' },
    ]);
  });

  it('swaps a band that it knows by its hyphens', async () => {
    await start(fakeItems(1, { words: 100, tags: ['a-long-read', 'mine'] }));
    await tagUnread({
      list: under.list,
      rules: RULES,
      mode: 'full',
      deadlines: NO_DEADLINES,
      pages: { read: under.readPage },
      refetch: true,
    });
    assert.deepEqual(under.items[0]?.tags, ['mine', 'a-quick-read']);
  });

  it('lists only what is unread, also where the server does not know the filter', async () => {
    const [read, ...unread] = fakeItems(3);
    assert.ok(read);
    const list = await start([{ ...read, progress: 1 }, ...unread], { knowsUnread: false });
    assert.equal((await everyItem(list)).length, 2);
  });

  it('writes nothing where nothing changes', async () => {
    const list = await start(fakeItems(1, { tags: ['a-quick-read'] }));
    const item = await firstItem(list);
    await apply(list, [adding(item)]);
    assert.deepEqual(writes(), []);
  });

  it('lives with tags that the server adds by address', async () => {
    const list = await start(fakeItems(1), { autoTags: () => ['auto'] });
    const item = await firstItem(list);
    assert.deepEqual(await apply(list, [adding(item)]), [{ itemId: '1', ok: true }]);
    assert.deepEqual(under.items[0]?.tags, ['a-quick-read', 'auto']);
  });

  it('reads each bookmark just before it is written, one at a time', async () => {
    const list = await start(fakeItems(2));
    const items = await everyItem(list);
    assert.ok((await tagAll(list, items)).every(({ ok }) => ok));
    assert.deepEqual(
      under.server.calls.slice(1).map(({ method, path }) => [method, path]),
      items.flatMap(({ id }) => ['GET', 'PATCH'].map((method) => [method, `/api/bookmarks/${id}/`])),
    );
    assert.equal(under.server.maxInFlight(), 1);
  });

  it('lists a few hundred rows with one call, in pages of a hundred', async () => {
    const list = await start(fakeItems(450));
    const pages: number[] = [];
    for await (const { items } of list.listUnread(NO_DEADLINE)) pages.push(items.length);
    assert.deepEqual([pages, under.server.calls.length], [[100, 100, 100, 100, 50], 1]);
  });

  it('reads a page that is too large in parts, each item once', async () => {
    const list = await start(fakeItems(450));
    under.server.fault = ({ n }) => (n <= 2 ? new Response('', { status: 413 }) : undefined);
    const ids = (await everyItem(list)).map(({ id }) => id);
    assert.deepEqual([ids.length, new Set(ids).size], [450, 450]);
    const limits = under.server.calls.map(({ query }) => query.get('limit'));
    assert.deepEqual(limits.slice(0, 3), ['500', '250', '125']);
  });
});
