import assert from 'node:assert/strict';
import type { Item } from '../../../lib/core/item.ts';
import { deadlineIn } from '../../../lib/deadline.ts';
import { tagUnread } from '../../../lib/run/tag-unread.ts';
import { NO_DEADLINE, NO_DEADLINES } from '../../helpers/pocket.ts';
import { type FakeItem, fakeItems } from '../../helpers/services/fake-service.ts';
import { setupOf } from '../../helpers/services/setups.ts';
import { type FakeUnderTest, RULES, underTest } from '../../helpers/services/under-test.ts';
import { adding, apply, everyItem, firstItem, tagAll, withoutRef } from '../reading-list-contract.ts';

/** The list goes from one location to the next. */
const newestFirst = (items: readonly Item[]) =>
  items.toSorted((one, other) => Number(other.id) - Number(one.id));

describe('readwise', () => {
  let under: FakeUnderTest;
  const start = async (count: number, fields: Partial<FakeItem> = {}, options = {}) => {
    under = await underTest(setupOf('readwise'), fakeItems(count, fields), options);
    return under.list;
  };
  const calls = (path: string) => under.server.calls.filter((call) => call.path === path);
  afterEach(() => under.close());

  it('lists inbox, later and shortlist, and no highlights', async () => {
    const list = await start(21);
    assert.equal((await everyItem(list)).length, 21);
    assert.deepEqual(
      calls('/api/v3/list/').map(({ query }) => query.get('location')),
      ['new', 'later', 'shortlist'],
    );
  });

  it('never makes more than 20 calls in a minute', async () => {
    const list = await start(2000);
    const { tally } = await tagUnread({ list, rules: RULES, mode: 'full', deadlines: NO_DEADLINES });
    assert.equal(tally.tagged, 2000);
    assert.deepEqual(
      under.server.calls.filter(({ status }) => status === 429),
      [],
    );
  });

  it('does not begin a wait that the deadline does not allow', async () => {
    const list = await start(2500);
    const read = async () => {
      for await (const _ of list.listUnread(deadlineIn(30_000)));
    };
    await assert.rejects(read, { kind: 'unavailable', message: /20 calls a minute/ });
    assert.equal(under.server.calls.length, 20);
  });

  it('goes on at a cursor that is a number, and takes nothing else for the end of a list', async () => {
    const cursors: unknown[] = [7, { at: 7 }];
    const list = await start(
      1,
      {},
      {
        fault: () => Response.json({ results: [], nextPageCursor: cursors.shift() }),
      },
    );
    await assert.rejects(everyItem(list), {
      kind: 'unexpected-response',
      message: 'Could not read the documents of Readwise: "nextPageCursor" is not what was expected',
    });
    assert.deepEqual(
      calls('/api/v3/list/').map(({ query }) => query.get('pageCursor')),
      [null, '7'],
    );
  });

  it('writes nothing to an item of which the service does not say the tags, which would be lost', async () => {
    const list = await start(2, { tags: ['mine'] });
    const items = await everyItem(list);
    const change = (body: unknown) => ({
      results: [{ id: (body as { results: { id: string }[] }).results[0]?.id }],
    });
    under.server.fault = () => ({ kind: 'change', change });
    await assert.rejects(tagAll(list, items), {
      kind: 'unexpected-response',
      message: 'Could not read the documents of Readwise: "results.0.tags" is not what was expected',
    });
    assert.deepEqual(
      under.items.map(({ tags }) => tags),
      [['mine'], ['mine']],
    );
  });

  it('sends what is there and ours in one call, and nothing where nothing changes', async () => {
    const list = await start(2, { tags: ['mine', 'a long read'] });
    const items = await everyItem(list);
    const [one, other] = items;
    assert.ok(one && other);
    const remove = one.tags.filter(({ name }) => name === 'a long read');
    await apply(list, [
      { item: one, add: ['a quick read'], remove },
      { item: other, add: ['A Long Read'], remove: [] },
    ]);
    assert.deepEqual(
      calls('/api/v3/bulk_update/').map(({ json }) => json),
      [{ updates: [{ id: one.id, tags: ['mine', 'a quick read'] }] }],
    );
  });

  it('reads a page again just before each write, by one call for all of its items', async () => {
    const list = await start(90, { tags: ['mine'] });
    const items = (await everyItem(list)).slice(0, 30);
    const before = under.server.calls.length;
    await tagAll(list, items.slice(0, 15));
    await tagAll(list, items.slice(15));
    assert.deepEqual(
      under.server.calls.slice(before).map(({ method }) => method),
      ['GET', 'PATCH', 'GET', 'PATCH'],
    );
  });

  it('writes what ten calls read, and then reads the next', async () => {
    const list = await start(12, { tags: ['mine'] });
    const items = (await everyItem(list)).map(withoutRef);
    const before = under.server.calls.length;
    assert.ok((await tagAll(list, items)).every(({ ok }) => ok));
    assert.equal(
      under.server.calls
        .slice(before)
        .map(({ method }) => method[0])
        .join(''),
      'GGGGGGGGGGPGGP',
    );
  });

  it('says which document is gone, also where it was deleted after it was read again', async () => {
    const list = await start(3);
    const items = await everyItem(list);
    under.server.fault = ({ method }) => void (method === 'PATCH' && under.items.splice(0, 1));
    const results = await tagAll(list, items);
    assert.deepEqual(
      results.filter(({ ok }) => !ok),
      [{ itemId: '3', ok: false, reason: 'no longer there', gone: true }],
    );
  });

  it('says which document was refused', async () => {
    const list = await start(1);
    const items = await everyItem(list);
    under.server.fault = ({ method }) =>
      method === 'PATCH'
        ? Response.json({ results: [{ id: '1', success: false }] }, { status: 207 })
        : undefined;
    assert.deepEqual(await tagAll(list, items), [
      { itemId: '1', ok: false, reason: 'the service refused it' },
    ]);
  });

  it('writes fifty at a time', async () => {
    const list = await start(120);
    const items = await everyItem(list);
    await tagAll(list, items);
    const sizes = calls('/api/v3/bulk_update/').map(
      ({ json }) => (json as { updates: unknown[] }).updates.length,
    );
    assert.deepEqual(sizes, [50, 50, 20]);
  });

  it('has no results where there is nothing to write', async () => {
    const list = await start(0);
    assert.deepEqual(await apply(list, []), []);
  });

  it('reads by itself, once, what it has not listed', async () => {
    const list = await start(1, { tags: ['mine'] });
    const item = await firstItem(list);
    const asked = calls('/api/v3/list/').length;
    const changes = ['1', '99'].map((id) => ({
      item: { ...withoutRef(item), id },
      add: ['a quick read'],
      remove: [],
    }));
    assert.deepEqual(await apply(under.open(), changes), [
      { itemId: '1', ok: true },
      { itemId: '99', ok: false, reason: 'no longer there', gone: true },
    ]);
    assert.deepEqual(under.items[0]?.tags, ['mine', 'a quick read']);
    assert.deepEqual(
      calls('/api/v3/list/')
        .slice(asked)
        .map(({ query }) => query.toString()),
      ['id=1', 'id=99'],
    );
  });

  it('reads by itself what has left its page since', async () => {
    const list = await start(1, { tags: ['mine'] });
    const item = await firstItem(list);
    Object.assign(under.items[0] ?? {}, { archived: true, tags: ['mine', 'theirs'] });
    const results = await apply(list, [adding(item)]);
    assert.deepEqual(results, [{ itemId: '1', ok: true }]);
    assert.deepEqual(under.items[0]?.tags, ['mine', 'theirs', 'a quick read']);
  });

  it('waits for the limit on calls before it reads, not between reading and writing', async () => {
    const list = await start(2, { tags: ['mine'] });
    const [item, other] = await everyItem(list);
    assert.ok(item && other);
    while (under.server.calls.length < 19) await list.getItem(other, NO_DEADLINE);
    const readAt: number[] = [];
    under.server.fault = () => void readAt.push(under.clock.now());
    await apply(list, [adding(item)]);
    assert.deepEqual([readAt.length, readAt[0]], [2, readAt[1]]);
  });

  it('says what is no longer there when a page is read again, and writes the others', async () => {
    const list = await start(3);
    const items = newestFirst(await everyItem(list));
    under.items.splice(1, 1);
    const results = await tagAll(list, items);
    assert.deepEqual(results, [
      { itemId: '3', ok: true },
      { itemId: '2', ok: false, reason: 'no longer there', gone: true },
      { itemId: '1', ok: true },
    ]);
    const written = calls('/api/v3/bulk_update/').map(({ json }) =>
      (json as { updates: { id: string }[] }).updates.map(({ id }) => id),
    );
    assert.deepEqual(written, [['3', '1']]);
  });

  it('asks nothing more where all that was to be written is no longer there', async () => {
    const list = await start(1);
    const item = await firstItem(list);
    under.items.splice(0, 1);
    const results = await apply(list, [adding(item)]);
    assert.deepEqual(results, [{ itemId: '1', ok: false, reason: 'no longer there', gone: true }]);
    assert.deepEqual(calls('/api/v3/bulk_update/'), []);
  });

  it('keeps what it wrote itself when it writes the same item again', async () => {
    const list = await start(1, { tags: ['mine'] });
    const item = await firstItem(list);
    await apply(list, [adding(item)]);
    await apply(list, [adding(item, 'another')]);
    assert.deepEqual(under.items[0]?.tags, ['mine', 'a quick read', 'another']);
  });

  it('does not take for written what was refused', async () => {
    const list = await start(1, { tags: ['mine'] });
    const item = await firstItem(list);
    const [gone] = under.items.splice(0, 1);
    await apply(list, [adding(item)]);
    assert.ok(gone);
    under.items.push(gone);
    await apply(list, [adding(item, 'another')]);
    assert.deepEqual(under.items[0]?.tags, ['mine', 'another']);
  });

  const json = (status: number, body: object) => () => Response.json(body, { status });
  const said: [why: string, answer: () => Response, ok: boolean[]][] = [
    ['200 without results: all is done', json(200, {}), [true, true]],
    ['200 with results: what they say', json(200, { results: [{ id: '2', success: true }] }), [true, false]],
    ['207 without results: nobody knows, so nothing', json(207, {}), [false, false]],
    [
      '207 with results: what they say',
      json(207, {
        results: [
          { id: '2', success: false },
          { id: '1', success: true },
        ],
      }),
      [false, true],
    ],
  ];
  for (const [why, answer, ok] of said) {
    it(`takes ${why}`, async () => {
      const fault = ({ method }: { method: string }) => (method === 'PATCH' ? answer() : undefined);
      const list = await start(2, {}, { fault });
      const items = newestFirst(await everyItem(list));
      const results = await tagAll(list, items);
      assert.deepEqual(
        results.map((result) => result.ok),
        ok,
      );
    });
  }
});
