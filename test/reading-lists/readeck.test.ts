import assert from 'node:assert/strict';
import { tagUnread } from '../../lib/run/tag-unread.ts';
import { NO_DEADLINES, UNHURRIED } from '../helpers/pocket.ts';
import { type FakeItem, fakeItems } from '../helpers/services/fake-service.ts';
import { SETUPS } from '../helpers/services/setups.ts';
import { type FakeUnderTest, RULES, underTest } from '../helpers/services/under-test.ts';
import { apply, everyItem, firstItem } from './reading-list-contract.ts';

describe('readeck', () => {
  let under: FakeUnderTest;
  const start = async (fields: Partial<FakeItem>, count = 1) => {
    assert.ok(SETUPS.readeck);
    under = await underTest(SETUPS.readeck, fakeItems(count, fields));
    return under.list;
  };
  afterEach(() => under.close());

  const rows: [why: string, fields: Partial<FakeItem>, gives: Record<string, unknown>][] = [
    ['words and its own minutes', { words: 700 }, { words: 700, minutes: 3, parsed: true }],
    ['words too few for a minute', { words: 100 }, { words: 100, minutes: undefined }],
    ['no words where it counted none', { words: 0 }, { words: undefined, minutes: undefined }],
    ['no words before it is loaded', { ready: false }, { words: undefined, parsed: false }],
    ['no words of a text without spaces', { language: 'ja' }, { words: undefined, language: 'ja' }],
    ['how much of it was read', { progress: 0.4 }, { progress: 0.4 }],
    ['nothing about what was not begun', { progress: 0 }, { progress: undefined }],
  ];
  for (const [why, fields, gives] of rows) {
    it(`gives ${why}`, async () => {
      const item = await firstItem(await start(fields));
      assert.deepEqual(
        Object.fromEntries(Object.keys(gives).map((key) => [key, item[key as keyof typeof item]])),
        gives,
      );
    });
  }

  it('does not list what was read to the end', async () => {
    assert.deepEqual(await everyItem(await start({ progress: 1 })), []);
  });

  it('reads a list once, also where it holds what is archived', async () => {
    assert.ok(SETUPS.readeck);
    const rows = ['1', '2', '3'].map((id) => ({ id, is_archived: true }));
    under = await underTest(SETUPS.readeck, [], {
      fault: () => Response.json(rows, { headers: { 'Total-Count': '3' } }),
    });
    assert.deepEqual(await everyItem(under.list), []);
    assert.equal(under.server.calls.length, 1);
  });

  it('counts a Japanese article from its text', async () => {
    const list = await start({ language: 'ja', words: 100 });
    const text = await list.readText?.(await firstItem(list), UNHURRIED);
    assert.equal(text?.known && text.cjkCharacters, 800);
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
