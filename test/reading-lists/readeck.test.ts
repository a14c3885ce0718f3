import assert from 'node:assert/strict';
import { tagUnread } from '../../lib/run/tag-unread.ts';
import { NO_DEADLINES } from '../helpers/pocket.ts';
import { type FakeItem, fakeItems } from '../helpers/services/fake-service.ts';
import { setupOf } from '../helpers/services/setups.ts';
import { type FakeUnderTest, RULES, underTest } from '../helpers/services/under-test.ts';
import { apply, everyItem, firstItem } from './reading-list-contract.ts';

describe('readeck', () => {
  let under: FakeUnderTest;
  const start = async (fields: Partial<FakeItem>, count = 1) => {
    under = await underTest(setupOf('readeck'), fakeItems(count, fields));
    return under.list;
  };
  afterEach(() => under.close());

  it('does not list what was read to the end', async () => {
    assert.deepEqual(await everyItem(await start({ progress: 1 })), []);
  });

  it('reads a list once, also where it holds what is archived', async () => {
    const rows = ['1', '2', '3'].map((id) => ({ id, is_archived: true }));
    under = await underTest(setupOf('readeck'), [], {
      fault: () => Response.json(rows, { headers: { 'Total-Count': '3' } }),
    });
    assert.deepEqual(await everyItem(under.list), []);
    assert.equal(under.server.calls.length, 1);
  });

  it('asks for the text only of what has no band yet', async () => {
    const list = await start({ language: 'ja', words: 100 }, 3);
    const articles = () => under.server.calls.filter(({ path }) => path.endsWith('/article')).length;
    const run = () => tagUnread({ list, rules: RULES, mode: 'full', deadlines: NO_DEADLINES });
    assert.equal((await run()).tally.tagged, 3);
    assert.equal((await run()).tally.unchanged, 3);
    assert.equal(articles(), 3);
  });

  it('adds and removes in one call', async () => {
    const list = await start({ tags: ['a long read'] });
    const item = await firstItem(list);
    await apply(list, [{ item, add: ['a quick read'], remove: item.tags }]);
    assert.deepEqual(
      under.server.calls.slice(1).map(({ method, json }) => [method, json]),
      [['PATCH', { add_labels: ['a quick read'], remove_labels: ['a long read'] }]],
    );
  });

  it('tags by the time that is left, where that is asked for', async () => {
    const list = await start({ words: 2000, progress: 0.9 });
    const run = (timeLeft: boolean) =>
      tagUnread({ list, rules: RULES, mode: 'full', deadlines: NO_DEADLINES, speed: { timeLeft } });
    await run(false);
    assert.deepEqual(under.items[0]?.tags, ['a long read']);
    await run(true);
    assert.deepEqual(under.items[0]?.tags, ['a quick read']);
  });
});
