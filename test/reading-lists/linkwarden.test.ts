import assert from 'node:assert/strict';
import { linkwarden } from '../../lib/reading-lists/linkwarden.ts';
import { linkwardenTagName } from '../../lib/reading-lists/tag-names.ts';
import { NO_DEADLINE } from '../helpers/pocket.ts';
import { type FakeItem, fakeItems } from '../helpers/services/fake-service.ts';
import { fakeLinkwarden, type LinkwardenOptions } from '../helpers/services/linkwarden.ts';
import { type FakeUnderTest, underTest } from '../helpers/services/under-test.ts';
import { adding, apply, everyItem, firstItem, tagAll } from './reading-list-contract.ts';

const VERSIONS = ['2.10', '2.16'] as const;

describe('Linkwarden', () => {
  let under: FakeUnderTest;
  const start = async (
    items: FakeItem[],
    { collection = '0', ...more }: LinkwardenOptions & { collection?: string } = {},
  ) => {
    under = await underTest(
      {
        open: (options) => linkwarden({ ...options, collection }),
        normalizeTag: linkwardenTagName,
        start: (items, options) => fakeLinkwarden(items, { ...options, ...more }),
      },
      items,
    );
    return under.list;
  };
  const writes = () => under.server.calls.filter(({ method }) => method === 'PUT');
  const idsIn = async (listing: ReturnType<FakeUnderTest['list']['listAll']>) => {
    const ids: string[] = [];
    for await (const { items } of listing) ids.push(...items.map(({ id }) => id));
    return ids;
  };
  afterEach(() => under.close());

  it('walks a list of 10,000, and needs a page for each 49', async () => {
    const list = await start(fakeItems(10_000));
    const ids = await idsIn(list.listUnread(NO_DEADLINE));
    assert.deepEqual([ids.length, new Set(ids).size], [10_000, 10_000]);
    assert.equal(under.server.calls.length, 1 + Math.ceil((10_000 - 1) / 49));
  });

  for (const version of VERSIONS)
    for (const pageSize of [1, 2, 3, 7, 50])
      it(`lists each once where the server of ${version} gives ${pageSize} a page`, async () => {
        const list = await start(fakeItems(100), { version, pageSize });
        const ids = await idsIn(list.listUnread(NO_DEADLINE));
        assert.deepEqual([ids.length, new Set(ids).size], [100, 100]);
      });

  /** Lists all, while the reader deletes some of the first page, or moves them to another collection. */
  const listWhile = async (items: FakeItem[], how: 'deleted' | 'moved', places: readonly number[]) => {
    const ids: string[] = [];
    for await (const page of under.list.listUnread(NO_DEADLINE)) {
      const gone = ids.length === 0 ? places.map((place) => page.items.at(place)?.id) : [];
      for (const item of items) if (gone.includes(item.id)) item.archived = true;
      if (how === 'deleted') items.splice(0, items.length, ...items.filter((item) => !item.archived));
      ids.push(...page.items.map(({ id }) => id));
    }
    return ids;
  };
  const last = (count: number) => Array.from({ length: count }, (_, at) => -1 - at);
  const meanwhile: [which: string, places: readonly number[]][] = [
    ['the last', last(1)],
    ['the last but one, which is the cursor', [-2]],
    ['the last two', last(2)],
    ['the last three', last(3)],
    ['the last twenty', last(20)],
    ['the first and the last two', [0, ...last(2)]],
    ['all but the first', last(49)],
  ];
  for (const version of VERSIONS)
    for (const how of ['deleted', 'moved'] as const)
      for (const [which, places] of meanwhile)
        it(`misses none of ${version} where the reader has ${how} ${which} of a page meanwhile`, async () => {
          const items = fakeItems(150);
          await start(items, { version, collection: '1' });
          const ids = await listWhile(items, how, places);
          assert.deepEqual([ids.length, new Set(ids).size], [150, 150]);
        });

  it('takes no cursor that it does not understand for the end', async () => {
    const list = await start(fakeItems(2));
    under.server.fault = ({ path }) =>
      path.endsWith('/search') ? Response.json({ data: { links: [], nextCursor: 'x' } }) : undefined;
    await assert.rejects(everyItem(list), { message: /"data.nextCursor" is not what was expected$/ });
  });

  it('says in one call who the reader is, however often it lists', async () => {
    const list = await start(fakeItems(2));
    await everyItem(list);
    await idsIn(list.listAll(NO_DEADLINE));
    assert.deepEqual(
      under.server.calls.map(({ path }) => path),
      ['/api/v1/users/me', '/api/v1/search', '/api/v1/search'],
    );
  });

  describe('of what others share', () => {
    const shared: LinkwardenOptions['shared'] = ({ id }) =>
      ({ '2': 'update' as const, '1': 'read' as const })[id];
    const cases: [
      why: string,
      options: LinkwardenOptions & { collection: string },
      of: string[],
      all: string[],
    ][] = [
      ['lists nothing by itself', { collection: '0' }, ['4', '3'], ['4', '3']],
      ['lists nothing beside a collection of the reader', { collection: '1' }, ['4', '3'], ['4', '3']],
      ['lists the collection that is named', { collection: '4' }, ['2'], ['4', '3', '2']],
      [
        'lists all where the server does not say who the reader is',
        { collection: '0', version: '2.10' },
        ['4', '3', '2', '1'],
        ['4', '3', '2', '1'],
      ],
    ];
    for (const [why, options, unread, all] of cases)
      it(why, async () => {
        const list = await start(fakeItems(4), { ...options, shared });
        assert.deepEqual(await idsIn(list.listUnread(NO_DEADLINE)), unread);
        assert.deepEqual(await idsIn(list.listAll(NO_DEADLINE)), all);
      });

    it('changes what may be changed', async () => {
      const list = await start(fakeItems(4), { collection: '4', shared });
      assert.deepEqual(await tagAll(list, await everyItem(list)), [{ itemId: '2', ok: true }]);
    });

    it('leaves what may only be read, for one reason, and changes the others', async () => {
      const list = await start(fakeItems(3), {
        collection: '3',
        shared: ({ id }) => (id === '2' ? 'read' : undefined),
      });
      const [item] = await everyItem(list);
      assert.ok(item);
      const results = await apply(list, [
        adding({ ...item, id: '3' }),
        adding(item),
        adding({ ...item, id: '1' }),
      ]);
      assert.deepEqual(
        results.map((result) => (result.ok ? 'ok' : result.reason)),
        ['ok', 'Linkwarden refused it; may you change the links of its collection?', 'ok'],
      );
    });
  });

  for (const version of VERSIONS)
    it(`keeps all else of a link, of ${version}`, async () => {
      const row = {
        name: 'Mine',
        description: 'Why',
        icon: 'Book',
        color: '#0f0',
        url: 'https://example.com/a?b',
      };
      const items = fakeItems(1, { row, url: row.url, tags: ['mine', 'a long read'] });
      const list = await start(items, { version });
      const item = await firstItem(list);
      await apply(list, [adding(item)]);
      await apply(list, [{ item, add: [], remove: [{ name: 'a long read' }] }]);
      const [kept] = items;
      assert.deepEqual(kept?.row, row);
      assert.deepEqual([kept?.tags, kept?.isLost], [['mine', 'a quick read'], undefined]);
      // With it, a link that is pinned by others would be unpinned, or nothing but pinned.
      for (const { json } of writes()) assert.ok(!JSON.stringify(json).includes('pinnedBy'));
    });

  it('keeps a tag, and a title, that the reader gives between its reading and its writing, where it only adds', async () => {
    const beforeWrite = (item: FakeItem) => {
      item.tags.push('theirs');
      Object.assign(item, { row: { name: 'Theirs' } });
    };
    const items = fakeItems(1, { tags: ['mine'] });
    const list = await start(items, { beforeWrite });
    await apply(list, [adding(await firstItem(list))]);
    assert.deepEqual(items[0]?.tags, ['mine', 'theirs', 'a quick read']);
    assert.equal(items[0]?.row?.name, 'Theirs');
  });

  it('writes nothing where nothing changes', async () => {
    const list = await start(fakeItems(1, { tags: ['a quick read'] }));
    await apply(list, [adding(await firstItem(list))]);
    assert.deepEqual(writes(), []);
  });

  it('leaves a link whose address the server would change, and with it drop the copies of its page', async () => {
    const items = fakeItems(2);
    Object.assign(items[0] ?? {}, { row: { url: ' https://example.com/1' } });
    const list = await start(items);
    const [result, other] = await tagAll(list, await everyItem(list));
    assert.match(result?.ok === false ? result.reason : '', /space around its address/);
    assert.deepEqual([other?.ok, items[0]?.isLost], [true, undefined]);
  });

  it('tags what was uploaded, and has no address', async () => {
    const items = fakeItems(1, { url: '', row: { url: null, type: 'pdf' } });
    const list = await start(items);
    const item = await firstItem(list);
    assert.deepEqual(await apply(list, [adding(item)]), [{ itemId: '1', ok: true }]);
    assert.equal(item.url, undefined);
  });

  it('asks for no text that the worker could not make', async () => {
    const list = await start(fakeItems(1, { words: 0 }));
    const item = await firstItem(list);
    assert.deepEqual(await list.readText?.(item, NO_DEADLINE), { known: false, reason: 'no-length' });
    assert.ok(!under.server.calls.some(({ path }) => path.includes('archives')));
  });

  it('takes a link that is gone for no refusal of the token', async () => {
    const items = fakeItems(2);
    const list = await start(items);
    const listed = await everyItem(list);
    items.pop();
    const [first, second] = await tagAll(list, listed);
    assert.deepEqual(
      [first?.ok, second],
      [true, { itemId: '1', ok: false, reason: 'no longer there', gone: true }],
    );
    under.server.tokens.clear();
    await assert.rejects(tagAll(list, listed), { kind: 'credentials', status: 401 });
  });
});
