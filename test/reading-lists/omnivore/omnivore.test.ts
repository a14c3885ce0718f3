import assert from 'node:assert/strict';
import type { Item } from '../../../lib/core/item.ts';
import type { ReadingList } from '../../../lib/reading-lists/reading-list.ts';
import { NO_DEADLINE } from '../../helpers/pocket.ts';
import { type FakeItem, fakeItems } from '../../helpers/services/fake-service.ts';
import { fakeOmnivore, type OmnivoreFakeOptions } from '../../helpers/services/omnivore.ts';
import { setupOf } from '../../helpers/services/setups.ts';
import { type FakeUnderTest, underTest } from '../../helpers/services/under-test.ts';
import { adding, apply, everyItem, firstItem, tagAll } from '../reading-list-contract.ts';

type Asked = { readonly query: string; readonly variables: Readonly<Record<string, unknown>> };

describe('omnivore', () => {
  let under: FakeUnderTest;
  const start = async (items: FakeItem[], more: OmnivoreFakeOptions = {}): Promise<ReadingList> => {
    under = await underTest(
      { ...setupOf('omnivore'), start: (items, options) => fakeOmnivore(items, { ...options, ...more }) },
      items,
    );
    return under.list;
  };
  /** Each call by the first field of its operation, with its variables. */
  const asked = (from = 0) =>
    under.server.calls.slice(from).map(({ json }) => {
      const { query, variables } = json as Asked;
      return [/\{\s*(\w+)/.exec(query)?.[1], variables] as const;
    });
  const operations = (from = 0) => asked(from).map(([field]) => field);
  afterEach(() => under.close());

  it('asks for the inbox without feeds, newest first, in pages that overlap by an item', async () => {
    const list = await start(fakeItems(250));
    assert.equal((await everyItem(list)).length, 250);
    const query = 'in:inbox use:folders sort:saved-desc';
    assert.deepEqual(
      asked(),
      ['0', '99', '198'].map((after) => ['search', { query, first: 100, after }]),
    );
  });

  it('asks for everything but the trash to take tags off', async () => {
    const list = await start([]);
    for await (const _ of list.listAll(NO_DEADLINE));
    assert.deepEqual(asked(), [['search', { query: 'in:all sort:saved-desc', first: 100, after: '0' }]]);
  });

  it('lists what stands beside an uploaded file that is lost', async () => {
    const list = await start(fakeItems(2));
    // `url` of such a file is null where the schema has `String!`, so there is no result at all.
    const refused = { errors: [{ message: 'Unexpected server error' }], data: null };
    under.server.fault = ({ json }) =>
      /\burl\b/.test((json as Asked).query) ? Response.json(refused) : undefined;
    assert.equal((await everyItem(list)).length, 2);
  });

  it('sends the key alone in its header, and never in an address', async () => {
    const list = await start(fakeItems(1));
    await everyItem(list);
    assert.ok(under.server.calls.every(({ query, status }) => query.size === 0 && status === 200));
  });

  it('reads the labels once, makes one that is not there, and sets all of an item by their ids', async () => {
    const list = await start(fakeItems(3, { tags: ['mine'] }));
    const items = await everyItem(list);
    await tagAll(list, items);
    const fields = operations(1);
    const times = (field: string) => fields.filter((one) => one === field).length;
    assert.deepEqual(['search', 'labels', 'createLabel', 'setLabels'].map(times), [3, 1, 1, 3]);
    const last = asked().findLast(([field]) => field === 'setLabels')?.[1];
    assert.deepEqual(last, { input: { pageId: '1', labelIds: ['label-0', 'label-1'] } });
    for (const { tags } of under.items) assert.deepEqual(tags, ['mine', 'a quick read']);
  });

  it('takes a label of the reader that has other capitals', async () => {
    const list = await start(fakeItems(1), { labels: ['A Quick Read'] });
    await apply(list, [adding(await firstItem(list))]);
    assert.deepEqual(under.items[0]?.tags, ['A Quick Read']);
    assert.ok(!operations().includes('createLabel'));
    assert.deepEqual(
      (await firstItem(list)).tags.map(({ name }) => name),
      ['a quick read'],
    );
  });

  it('knows a label that came back as HTML: it is neither made again nor left behind', async () => {
    const list = await start(fakeItems(2, { tags: ['mine & yours'] }));
    const [one, other] = await everyItem(list);
    assert.ok(one && other);
    const name = '<5 min & over';
    const change = (item: Item) => ({ item, add: [name], remove: [] });
    assert.deepEqual(await apply(list, [change(one)]), [{ itemId: one.id, ok: true }]);
    assert.deepEqual(await apply(list, [change(one)]), [{ itemId: one.id, ok: true }]);
    const fresh = under.open();
    assert.deepEqual(await apply(fresh, [change(other)]), [{ itemId: other.id, ok: true }]);
    assert.deepEqual(
      under.items.map(({ tags }) => tags),
      [1, 2].map(() => ['mine & yours', '&lt;5 min &amp; over']),
    );
    assert.equal(operations().filter((field) => field === 'createLabel').length, 1);
    const remove = [{ item: one, add: [], remove: [{ name }] }];
    assert.deepEqual(await apply(fresh, remove), [{ itemId: one.id, ok: true }]);
    assert.deepEqual(under.items.find(({ id }) => id === one.id)?.tags, ['mine & yours']);
  });

  it('finds a label that it has made without learning of it', async () => {
    const list = await start(fakeItems(1));
    const item = await firstItem(list);
    let isFirst = true;
    under.server.fault = ({ isWrite }) => {
      if (!isWrite || !isFirst) return undefined;
      isFirst = false;
      // Carried out, and the answer lost; the next try finds it there.
      return { kind: 'reset', done: true };
    };
    assert.deepEqual(await apply(list, [adding(item)]), [{ itemId: item.id, ok: true }]);
    assert.deepEqual(operations(1), [
      'search',
      'labels',
      'createLabel',
      'createLabel',
      'labels',
      'setLabels',
    ]);
  });

  it('leaves an item whose labels the server could not read, and with them those of the reader', async () => {
    const list = await start(fakeItems(2, { tags: ['mine'] }));
    const [one, other] = await everyItem(list);
    assert.ok(one && other);
    const change = (body: unknown) => ({
      data: JSON.parse(JSON.stringify(body).replace(/"labels":\[[^\]]*\]/, '"labels":null')).data,
      errors: [{ message: 'Unexpected server error' }],
    });
    under.server.fault = ({ json }) =>
      JSON.stringify(json).includes(`includes:${one.id}"`) ? { kind: 'change', change } : undefined;
    assert.deepEqual(await apply(list, [adding(one), adding(other)]), [
      { itemId: one.id, ok: false, reason: 'the service did not confirm it' },
      { itemId: other.id, ok: true },
    ]);
    const tagsOf = (item: Item) => under.items.find(({ id }) => id === item.id)?.tags;
    assert.deepEqual([one, other].map(tagsOf), [['mine'], ['mine', 'a quick read']]);
  });

  it('writes nothing where nothing changes', async () => {
    const list = await start(fakeItems(1, { tags: ['a quick read'] }));
    await apply(list, [adding(await firstItem(list))]);
    assert.deepEqual(operations(1), ['search']);
  });

  it('reads the labels again after one was deleted meanwhile', async () => {
    const list = await start(fakeItems(2));
    const [one, other] = await everyItem(list);
    assert.ok(one && other);
    await apply(list, [adding(one)]);
    let isFirst = true;
    under.server.fault = ({ isWrite }) => {
      if (!isWrite || !isFirst) return undefined;
      isFirst = false;
      return Response.json({ data: { setLabels: { errorCodes: ['NOT_FOUND'] } } });
    };
    const failed = { itemId: other.id, ok: false, reason: 'the service answered 404' };
    assert.deepEqual(await apply(list, [adding(other)]), [failed]);
    const before = under.server.calls.length;
    assert.deepEqual(await apply(list, [adding(other)]), [{ itemId: other.id, ok: true }]);
    assert.deepEqual(operations(before), ['search', 'labels', 'setLabels']);
  });

  const texts: [why: string, text: string, found: object][] = [
    ['its words', `<p>${'word '.repeat(300)}</p>`, { known: true, words: 300 }],
    ['nothing where it is empty', '', { known: false, reason: 'no-length' }],
    [
      'nothing where it could not be read',
      '<p>We were unable to parse this page.</p>',
      { known: false, reason: 'not-parsed' },
    ],
  ];
  for (const [why, text, found] of texts) {
    it(`counts of a short article ${why}`, async () => {
      const list = await start(fakeItems(1, { words: 300, text }));
      const read = await list.readText?.(await firstItem(list), NO_DEADLINE);
      assert.deepEqual({ ...read, ...found }, read);
      assert.deepEqual(asked().at(-1), ['article', { slug: '1' }]);
    });
  }

  it('looks up no id that could be more than an id', async () => {
    const list = await start(fakeItems(1));
    const item = await firstItem(list);
    assert.equal(await list.getItem({ ...item, id: 'x OR in:all' }, NO_DEADLINE), undefined);
    assert.equal(under.server.calls.length, 1);
  });

  const answers: [why: string, answer: () => Response, expected: object][] = [
    [
      '500 before the operation: an unknown key',
      () => Response.json({ errors: [{ message: 'Unexpected server error' }] }, { status: 500 }),
      { kind: 'credentials', message: /answered 500, as to an API key that it does not know/ },
    ],
    [
      'no key at all',
      () => Response.json({ data: { search: { errorCodes: ['UNAUTHORIZED'] } } }),
      { kind: 'credentials' },
    ],
    [
      'an error in place of the result',
      () => Response.json({ errors: [{ message: 'Unexpected server error' }], data: null }),
      { kind: 'unavailable', message: /answered with an error/ },
    ],
    [
      'an operation that it does not know',
      () => Response.json({ errors: [{ message: 'Cannot query field' }] }, { status: 400 }),
      { kind: 'unexpected-response', status: 400 },
    ],
    [
      'a query that it does not take',
      () => Response.json({ data: { search: { errorCodes: ['QUERY_TOO_LONG'] } } }),
      {
        kind: 'unexpected-response',
        message: /Could not call "search" of Omnivore: it answered QUERY_TOO_LONG/,
      },
    ],
    ['a refusal by a proxy', () => new Response('', { status: 403 }), { kind: 'credentials', status: 403 }],
  ];
  for (const [why, answer, expected] of answers) {
    it(`fails as it should: ${why}`, async () => {
      const list = await start(fakeItems(1));
      under.server.fault = answer;
      await assert.rejects(everyItem(list), expected);
    });
  }

  it('gives what it answers beside an error', async () => {
    const list = await start(fakeItems(1));
    const change = (body: unknown) => ({
      ...(body as object),
      errors: [{ message: 'Unexpected server error' }],
    });
    under.server.fault = () => ({ kind: 'change', change });
    assert.equal((await everyItem(list)).length, 1);
  });
});
