import assert from 'node:assert/strict';
import { raindrop } from '../../../lib/reading-lists/raindrop/raindrop.ts';
import { raindropTagName } from '../../../lib/reading-lists/tag-names.ts';
import { tagUnread } from '../../../lib/run/tag-unread.ts';
import { NO_DEADLINE, NO_DEADLINES } from '../../helpers/pocket.ts';
import { type FakeItem, fakeItems } from '../../helpers/services/fake-service.ts';
import { fakeRaindrop, type RaindropFakeOptions } from '../../helpers/services/raindrop.ts';
import {
  type FakeUnderTest,
  RULES,
  type ServiceSetup,
  underTest,
} from '../../helpers/services/under-test.ts';
import { adding, apply, everyItem, firstItem, tagAll, withoutRef } from '../reading-list-contract.ts';

describe('raindrop', () => {
  let under: FakeUnderTest;
  const start = async (items: FakeItem[], collection = '0', more: RaindropFakeOptions = {}) => {
    const setup: Omit<ServiceSetup, 'listing'> = {
      start: (items, options) => fakeRaindrop(items, { ...options, ...more }),
      open: (options) => raindrop({ ...options, collection }),
      normalizeTag: raindropTagName,
    };
    under = await underTest(setup, items);
    return under.list;
  };
  const writes = () => under.server.calls.filter(({ method }) => method === 'PUT');
  const run = (mode: 'full' | 'untag' = 'full') =>
    tagUnread({
      list: under.list,
      rules: RULES,
      mode,
      deadlines: NO_DEADLINES,
      pages: { read: under.readPage },
    });
  afterEach(() => under.close());

  it('adds a tag to all of a collection that get it, in the collection they are in', async () => {
    await start(fakeItems(40, { words: 100 }));
    assert.equal((await run()).tally.tagged, 40);
    assert.deepEqual(
      writes().map(({ path, json }) => [path, (json as { tags: unknown }).tags]),
      [
        ['/rest/v1/raindrops/-1', ['a quick read']],
        ['/rest/v1/raindrops/7', ['a quick read']],
      ],
    );
  });

  it('never sends an empty array to many, whatever is to be removed', async () => {
    await start(fakeItems(30, { tags: ['a long read'] }));
    await run('untag');
    assert.equal(writes().length, 30);
    assert.ok(writes().every(({ path }) => path.startsWith('/rest/v1/raindrop/')));
  });

  it('replaces no tags of an item of which the service does not say the tags', async () => {
    const list = await start(fakeItems(1, { tags: ['mine', 'a long read'] }));
    const item = await firstItem(list);
    const remove = item.tags.filter(({ name }) => name === 'a long read');
    const change = (body: unknown) => ({ item: { ...(body as { item: object }).item, tags: undefined } });
    under.server.fault = () => ({ kind: 'change', change });
    await assert.rejects(apply(list, [{ item, add: ['a quick read'], remove }]), {
      kind: 'unexpected-response',
      message: 'Could not read a raindrop: "item.tags" is not what was expected',
    });
    assert.deepEqual(under.items[0]?.tags, ['mine', 'a long read']);
  });

  for (const [why, answer] of [
    ['is gone', () => Response.json({ result: false }, { status: 404 })],
    ['may not be changed', () => Response.json({ result: false, errorMessage: 'no' })],
    ['makes the service fail', () => Response.json({}, { status: 500 })],
  ] as const)
    it(`tags the items of a collection one by one where it ${why}, and those of the others as ever`, async () => {
      await start(fakeItems(6, { words: 100 }));
      const [own = ''] = under.items.map(({ id }) => id);
      under.server.fault = ({ method, path }) => {
        if (method !== 'PUT') return undefined;
        return path.endsWith('/raindrops/7') || path.endsWith(`/raindrop/${own}`) ? answer() : undefined;
      };
      const { tally } = await run();
      const refused = under.items.filter(({ tags }) => tags.length === 0).map(({ id }) => id);
      assert.deepEqual(
        tally.failed.items.map(({ id }) => id),
        refused,
      );
      assert.ok(refused.length <= 1);
      assert.equal(tally.tagged, 6 - refused.length);
    });

  it('says that items may be tagged where a write to many was not answered, and then nothing more is allowed', async () => {
    const list = await start(fakeItems(6), '0', { collections: [7] });
    const items = await everyItem(list);
    under.server.fault = ({ method }) =>
      method === 'PUT' ? Response.json({}, { status: 500 }) : Response.json({}, { status: 401 });
    await assert.rejects(tagAll(list, items), { kind: 'credentials', outcomeUnknown: true });
  });

  it('looks at each item where fewer were modified than asked', async () => {
    const list = await start(fakeItems(6, { words: 100 }));
    const items = await everyItem(list);
    under.items[1]?.tags.push('a quick read');
    under.items.splice(3, 1);
    const results = await tagAll(list, items);
    assert.deepEqual(
      results.filter(({ ok }) => !ok).map(({ itemId }) => itemId),
      [items[3]?.id],
    );
    assert.equal(results.length, 6);
  });

  it('writes one by one what is in no collection that can be named', async () => {
    await start(fakeItems(3, { words: 100 }), '0', { collections: [0] });
    assert.equal((await run()).tally.tagged, 3);
    assert.ok(writes().every(({ path }) => path.startsWith('/rest/v1/raindrop/')));
  });

  it('reads an item again just before it replaces its tags', async () => {
    const list = await start(fakeItems(1, { tags: ['a long read'] }));
    const item = await firstItem(list);
    under.items[0]?.tags.push('theirs');
    await apply(list, [{ item, add: ['a quick read'], remove: item.tags }]);
    assert.deepEqual(under.items[0]?.tags, ['theirs', 'a quick read']);
  });

  it('reads one collection where that is asked for', async () => {
    assert.equal((await everyItem(await start(fakeItems(10), '7'))).length, 5);
  });

  it('takes tags off what is in other collections, too', async () => {
    await start(fakeItems(10, { tags: ['a long read', 'mine'] }), '7');
    assert.equal((await run('untag')).tally.untagged, 10);
    assert.ok(under.items.every(({ tags }) => tags.join() === 'mine'));
  });

  it('never makes more than 120 calls in a minute', async () => {
    await start(fakeItems(300, { tags: ['a long read'] }));
    await run('untag');
    assert.ok(under.items.every(({ tags }) => tags.length === 0));
    assert.deepEqual(
      under.server.calls.filter(({ status }) => status === 429),
      [],
    );
  });

  it('takes an error inside HTTP 200 for what it is', async () => {
    const answer = () =>
      new Response('{"result":false,"error":-1}', { headers: { 'Content-Type': 'application/json' } });
    await assert.rejects(everyItem(await start(fakeItems(1), '0', { fault: answer })), {
      kind: 'unexpected-response',
      message: /an error inside HTTP 200/,
    });
  });

  it('writes fifty of a collection at a time, and one that is left over by itself', async () => {
    const list = await start(fakeItems(101), '0', { collections: [7] });
    const items = await everyItem(list);
    const results = await tagAll(list, items);
    assert.deepEqual(
      writes().map(({ path, json }) => [
        path.replace(/\/\d+$/, ''),
        (json as { ids?: number[] }).ids?.length,
      ]),
      [
        ['/rest/v1/raindrops', 50],
        ['/rest/v1/raindrops', 50],
        ['/rest/v1/raindrop', undefined],
      ],
    );
    assert.equal(results.length, 101);
  });

  it('puts into one call only what gets the same tag in the same collection, and loses none', async () => {
    const list = await start(fakeItems(6, { tags: ['mine'] }), '0', { collections: [7] });
    const items = await everyItem(list);
    const tags = ['a quick read', 'a quick read', 'a long read', 'a long read'];
    const changes = items.map((item, at) => ({
      item,
      add: at === 5 ? ['a quick read', 'another'] : [tags[at] ?? 'a quick read'],
      remove: at === 4 ? item.tags : [],
    }));
    await apply(list, changes);
    assert.deepEqual(
      writes()
        .map(({ json }) => json as { ids?: number[]; tags: string[] })
        .map(({ ids, tags }) => [ids?.length, tags.join()]),
      [
        [2, 'a quick read'],
        [2, 'a long read'],
        [undefined, 'a quick read'],
        [undefined, 'mine,a quick read,another'],
      ],
    );
  });

  it('does not read an item again before it adds a tag to many', async () => {
    const list = await start(fakeItems(2), '0', { collections: [7] });
    const items = await everyItem(list);
    await tagAll(list, items);
    assert.deepEqual(
      under.server.calls.map(({ method }) => method),
      ['GET', 'PUT'],
    );
  });

  it('waits for the limit on calls before it reads, not between reading and writing', async () => {
    const list = await start(fakeItems(1, { tags: ['a long read'] }));
    const item = await firstItem(list);
    while (under.server.calls.length < 119) await list.getItem(item, NO_DEADLINE);
    const readAt: number[] = [];
    under.server.fault = () => void readAt.push(under.clock.now());
    await apply(list, [{ item, add: ['a quick read'], remove: item.tags }]);
    assert.deepEqual([readAt.length, readAt[0]], [2, readAt[1]]);
  });

  it('reads by itself what it has not listed, and writes it by itself', async () => {
    const list = await start(fakeItems(2, { tags: ['mine'] }), '0', { collections: [7] });
    const items = await everyItem(list);
    for (const { tags } of under.items) tags.push('theirs');
    const changes = items.map((item) => ({ item: withoutRef(item), add: ['a quick read'], remove: [] }));
    await apply(list, changes);
    assert.deepEqual(
      writes().map(({ json }) => json),
      items.map(() => ({ tags: ['mine', 'theirs', 'a quick read'] })),
    );
  });

  for (const [why, where] of [
    ['as an object', { collection: { $id: 7 } }],
    ['as a number', { collectionId: 7 }],
    ['as an object, whatever the number', { collection: { $id: 7 }, collectionId: 8 }],
  ] as const) {
    it(`writes together what is in a collection that is given ${why}`, async () => {
      const rows = [1, 2].map((_id) => ({ _id, ...where }));
      const fault = ({ method }: { method: string }) =>
        Response.json(method === 'GET' ? { items: rows, count: 2 } : { modified: 2 });
      const list = await start([], '0', { fault });
      const items = await everyItem(list);
      await tagAll(list, items);
      assert.deepEqual(
        writes().map(({ path }) => path),
        ['/rest/v1/raindrops/7'],
      );
    });
  }

  for (const [why, answer] of [
    ['no count, as documented', { result: true }],
    ['a count that is none', { result: true, modified: 'two' }],
    ['nothing', null],
  ] as const) {
    it(`confirms nothing where a write to many is answered with ${why}, and goes on`, async () => {
      const list = await start(fakeItems(3), '0', { collections: [7, 7, 8] });
      const items = await everyItem(list);
      under.server.fault = ({ path }) => (path.endsWith('/7') ? Response.json(answer) : undefined);
      const notSaid = { ok: false, reason: 'the service did not say whether it was done' } as const;
      assert.deepEqual(await tagAll(list, items), [
        { itemId: '3', ...notSaid },
        { itemId: '1', ...notSaid },
        { itemId: '2', ok: true },
      ]);
    });
  }

  // https://developer.raindrop.io/v1/raindrops/multiple#update-many-raindrops: the answer is `{"result": true}`.
  it('confirms a write to many that is answered as documented by the pages that the items were listed on', async () => {
    await start(fakeItems(60, { words: 100 }), '0', { collections: [7], withoutCount: true });
    const { tally } = await run();
    assert.deepEqual([tally.tagged, tally.failed.count], [60, 0]);
    const calls = under.server.calls.map(({ method, path, query }) =>
      [method, path.replace('/rest/v1', ''), query.get('page')].filter(Boolean).join(' '),
    );
    assert.deepEqual(calls, [
      'GET /raindrops/0 0',
      'GET /raindrops/0 1',
      'PUT /raindrops/7',
      'GET /raindrops/0 0',
      'PUT /raindrops/7',
      'GET /raindrops/0 1',
    ]);
  });

  it('reads by itself what is no longer on its page, and tells what is gone or has no tag', async () => {
    const list = await start(fakeItems(52, { words: 100 }), '0', { collections: [7], withoutCount: true });
    const items = (await everyItem(list)).slice(0, 50);
    const [first, second, third] = under.items;
    under.server.fault = ({ method }) => {
      if (method !== 'PUT') return undefined;
      const response = Response.json({ result: true });
      for (const item of under.items) item.tags = ['a quick read'];
      // Saved again, so that others move to another page; deleted; and untagged at once by the reader.
      if (first && second && third) under.items.splice(0, 3, ...fakeItems(3, { id: '900' }), third, first);
      if (third) third.tags = [];
      return response;
    };
    const results = await tagAll(list, items);
    assert.deepEqual(
      results.filter(({ ok }) => !ok),
      [
        { itemId: second?.id, ok: false, reason: 'no longer there', gone: true },
        { itemId: third?.id, ok: false, reason: 'the service did not say whether it was done' },
      ],
    );
    assert.equal(results.length, 50);
  });

  it('says what has not got its tag where fewer were modified than asked', async () => {
    const list = await start(fakeItems(2, { tags: ['mine'] }), '0', { collections: [7] });
    const items = await everyItem(list);
    under.items[0]?.tags.push('A Quick Read');
    under.server.fault = ({ method }) => (method === 'PUT' ? Response.json({ modified: 0 }) : undefined);
    assert.deepEqual(await tagAll(list, items), [
      { itemId: '2', ok: true },
      { itemId: '1', ok: false, reason: 'the service did not say whether it was done' },
    ]);
  });

  it('takes an error inside HTTP 200 to a write for an answer about the one item', async () => {
    const list = await start(fakeItems(1, { tags: ['a long read'] }));
    const item = await firstItem(list);
    under.server.fault = () => Response.json({ result: false });
    assert.deepEqual(await apply(list, [{ item, add: [], remove: item.tags }]), [
      { itemId: '1', ok: false, reason: 'the service answered 400' },
    ]);
  });

  it('does not take null for a list', async () => {
    const list = await start([], '0', { fault: () => Response.json(null) });
    await assert.rejects(everyItem(list), {
      message: 'Could not read the raindrops: "answer" is not what was expected',
    });
  });

  it('writes nothing where the tags are already as asked for', async () => {
    const list = await start(fakeItems(1, { tags: ['A Quick Read'] }));
    const item = await firstItem(list);
    const results = await apply(list, [adding(item)]);
    assert.deepEqual([results, writes()], [[{ itemId: item.id, ok: true }], []]);
  });
});
