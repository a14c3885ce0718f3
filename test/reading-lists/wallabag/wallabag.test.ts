import assert from 'node:assert/strict';
import { NO_DEADLINE } from '../../helpers/pocket.ts';
import { type FakeItem, fakeItems } from '../../helpers/services/fake-service.ts';
import { setupOf } from '../../helpers/services/setups.ts';
import { type FakeUnderTest, underTest } from '../../helpers/services/under-test.ts';
import { apply, everyItem, firstItem, tagAll } from '../reading-list-contract.ts';

describe('wallabag', () => {
  let under: FakeUnderTest;
  const start = async (items: FakeItem[]) => {
    under = await underTest(setupOf('wallabag'), items);
    return under.list;
  };
  const logins = () => under.server.calls.filter(({ path }) => path === '/oauth/v2/token').length;
  afterEach(() => under.close());

  it('logs in once for a whole run', async () => {
    const list = await start(fakeItems(250));
    const items = await everyItem(list);
    await tagAll(list, items);
    assert.equal(logins(), 1);
  });

  it('logs in again, once, when the token runs out in the middle of a run', async () => {
    const list = await start(fakeItems(250));
    const ids: string[] = [];
    for await (const { items } of list.listUnread(NO_DEADLINE)) {
      ids.push(...items.map(({ id }) => id));
      if (ids.length === 100) under.clock.pass(3_600_001);
      assert.ok((await tagAll(list, items.slice(0, 20))).every(({ ok }) => ok));
    }
    assert.equal(ids.length, 250);
    assert.equal(logins(), 2);
  });

  it('removes by id, after it added', async () => {
    const list = await start(fakeItems(1, { tags: ['mine', 'a long read'] }));
    const item = await firstItem(list);
    const remove = item.tags.filter(({ name }) => name === 'a long read');
    await apply(list, [{ item, add: ['a quick read'], remove }]);
    assert.deepEqual(
      under.server.calls.slice(-2).map(({ method, path, json }) => [method, path, json]),
      [
        ['POST', '/api/entries/1/tags.json', { tags: 'a quick read' }],
        ['DELETE', '/api/entries/1/tags/2.json', undefined],
      ],
    );
  });

  it('asks for whole pages, also after it stepped back', async () => {
    const list = await start(fakeItems(250));
    let isFirst = true;
    for await (const _ of list.listUnread(NO_DEADLINE)) {
      if (isFirst) for (const item of under.items.slice(0, 3)) item.archived = true;
      isFirst = false;
    }
    const pages = under.server.calls.flatMap(({ query }) => query.get('page') ?? []);
    assert.deepEqual(pages, ['1', '2', '1', '2', '3']);
  });

  it('fails where a later page is refused', async () => {
    const list = await start(fakeItems(201));
    const pages = list.listUnread(NO_DEADLINE)[Symbol.asyncIterator]();
    await pages.next();
    under.server.fault = () => Response.json({}, { status: 400 });
    await assert.rejects(pages.next(), { kind: 'unexpected-response', status: 400 });
  });

  it('misses nothing of a list that got shorter by more than a page', async () => {
    const list = await start(fakeItems(201));
    const ids = new Set<string>();
    for await (const { items } of list.listUnread(NO_DEADLINE)) {
      if (ids.size === 100) for (const item of under.items.slice(0, 150)) item.archived = true;
      for (const { id } of items) ids.add(id);
    }
    assert.equal(ids.size, 201);
  });
});
