import assert from 'node:assert/strict';
import type { Failure } from '../../../lib/failure.ts';
import type { ReadingList } from '../../../lib/reading-lists/reading-list.ts';
import { shioriTagName } from '../../../lib/reading-lists/tag-names.ts';
import { NO_DEADLINE } from '../../helpers/pocket.ts';
import { type FakeItem, fakeItems } from '../../helpers/services/fake-service.ts';
import { setupOf } from '../../helpers/services/setups.ts';
import { fakeShiori, type ShioriFakeOptions } from '../../helpers/services/shiori.ts';
import { type FakeUnderTest, underTest } from '../../helpers/services/under-test.ts';
import { adding, apply, everyItem, firstItem } from '../reading-list-contract.ts';

const TAGS = '/api/bookmarks/tags';
const LOGIN = '/api/v1/auth/login';
const ME = '/api/v1/auth/me';
const MORE_THAN_AN_HOUR_MS = 3_700_000;

describe('shiori', () => {
  let under: FakeUnderTest;
  const start = async (items: FakeItem[], more: ShioriFakeOptions = {}): Promise<ReadingList> => {
    const setup = setupOf('shiori');
    under = await underTest(
      { ...setup, start: (items, options) => fakeShiori(items, { ...options, ...more }) },
      items,
    );
    return under.list;
  };
  const calls = () => under.server.calls.map(({ method, path }) => `${method} ${path}`);
  const callsTo = (path: string) => under.server.calls.filter((call) => call.path === path);
  const add = async (list: ReadingList) => apply(list, [adding(await firstItem(list))]);
  const swap = async (list: ReadingList) => {
    const item = await firstItem(list);
    const remove = item.tags.filter(({ name }) => name === 'a long read');
    return apply(list, [{ item, add: ['a quick read'], remove }]);
  };
  afterEach(() => under.close());

  it('logs in once, and asks for each page and once more for the last', async () => {
    const list = await start(fakeItems(1000));
    assert.equal((await everyItem(list)).length, 1000);
    const pages = callsTo('/api/bookmarks').map(({ query }) => Number(query.get('page')));
    assert.deepEqual(pages, [1, 34, ...Array.from({ length: 33 }, (_, at) => at + 2)]);
    assert.equal(under.server.calls.length, 1 + pages.length);
  });

  it('adds a tag by its name, in one call', async () => {
    await add(await start(fakeItems(1, { tags: ['mine'] })));
    const writes = under.server.calls.filter(({ method }) => method === 'PUT');
    assert.deepEqual(
      writes.map(({ path, json }) => [path, json]),
      [[TAGS, { ids: [1], tags: [{ name: 'a quick read' }] }]],
    );
  });

  it('takes a tag off by writing the whole bookmark, as the answer of the call before has it', async () => {
    await swap(await start(fakeItems(1, { tags: ['a long read', 'mine'] })));
    const item = under.items[0];
    assert.deepEqual(item?.tags, ['a quick read', 'mine']);
    const { url, title } = item ?? {};
    assert.deepEqual(under.server.calls.at(-1)?.json, {
      id: 1,
      url,
      title,
      excerpt: 'About 1',
      public: 1,
      tags: [{ name: 'a quick read' }, { name: 'mine' }],
    });
  });

  it('only reads the bookmark where nothing is to be added', async () => {
    const list = await start(fakeItems(1, { tags: ['a long read', 'mine'] }));
    const item = await firstItem(list);
    await apply(list, [{ item, add: [], remove: [{ name: 'a long read' }] }]);
    assert.deepEqual(callsTo(TAGS)[0]?.json, { ids: [1], tags: [{ name: 'a long read' }] });
    assert.deepEqual(under.items[0]?.tags, ['mine']);
  });

  it('knows a tag of ours that somebody has renamed to have capitals, and takes it off', async () => {
    await swap(await start(fakeItems(1, { tags: ['A Long Read'] })));
    assert.deepEqual(under.items[0]?.tags, ['a quick read']);
  });

  for (const [why, name, kept] of [
    ['lower-cased', 'Quick', 'quick'],
    ['trimmed, and spaces made one', '  a  quick\tread ', 'a quick read'],
  ] as const)
    it(`keeps a tag ${why}`, () => assert.equal(shioriTagName(name), kept));

  const moved: [why: string, change: (items: FakeItem[]) => void, found: boolean][] = [
    ['where it was', () => {}, true],
    ['on a later page after many were added', (items) => void items.unshift(...newer(70)), true],
    ['on an earlier page after many were deleted', (items) => void items.splice(0, 70), true],
    ['nowhere after it was deleted', (items) => void items.splice(99, 1), false],
    ['nowhere after it and all later pages were deleted', (items) => void items.splice(20), false],
    ['nowhere after it and all before it were deleted', (items) => void items.splice(0, 100), false],
  ];
  const newer = (count: number) => fakeItems(1000).slice(0, count);
  for (const [why, change, isFound] of moved) {
    it(`finds a bookmark again ${why}`, async () => {
      const list = await start(fakeItems(150));
      const item = (await everyItem(list))[99];
      assert.ok(item);
      change(under.items);
      assert.equal((await list.getItem(item, NO_DEADLINE))?.id, isFound ? item.id : undefined);
    });
  }

  for (const [why, maxPage] of [
    ['far too high', 1000],
    ['too low', 2],
    ['no number', 'many'],
    ['missing', undefined],
  ] as const)
    it(`lists all where the number of pages is ${why}`, async () => {
      const list = await start(fakeItems(100));
      under.server.fault = ({ path }) =>
        path === '/api/bookmarks'
          ? { kind: 'change', change: (body) => ({ ...(body as object), maxPage }) }
          : undefined;
      assert.equal(new Set((await everyItem(list)).map(({ id }) => id)).size, 100);
      const item = (await everyItem(list))[0];
      under.items.shift();
      assert.equal(item && (await list.getItem(item, NO_DEADLINE)), undefined);
    });

  // What the older part of the API cannot do, it answers in two ways.
  for (const version of ['1.7', '1.8'] as const)
    describe(`${version}, where the older part of the API refuses a call`, () => {
      it('logs in again when the token is outdated, in the list and at a write', async () => {
        const list = await start(fakeItems(40, { tags: ['mine'] }), { version });
        const pages = list.listUnread(NO_DEADLINE)[Symbol.asyncIterator]();
        const [item] = (await pages.next()).value?.items ?? [];
        under.clock.pass(MORE_THAN_AN_HOUR_MS);
        assert.equal((await pages.next()).value?.items.length, 10);
        under.clock.pass(MORE_THAN_AN_HOUR_MS);
        assert.ok(item);
        assert.deepEqual(await apply(list, [adding(item)]), [{ itemId: '40', ok: true }]);
        assert.equal(callsTo(LOGIN).length, 3);
      });

      it('says that the account may only read, and not its name', async () => {
        const list = await start(fakeItems(1, { tags: ['mine'] }), { version });
        under.server.mayWrite = false;
        await assert.rejects(add(list), ({ kind, status, message }: Failure) => {
          assert.deepEqual([kind, status], ['credentials', 403]);
          assert.match(message, /the account may only read; make it an owner in the settings of Shiori/);
          assert.ok(!message.includes('reader'));
          return true;
        });
        assert.deepEqual(under.items[0]?.tags, ['mine']);
      });

      it('says that a bookmark is gone', async () => {
        const list = await start(fakeItems(2), { version });
        const item = await firstItem(list);
        under.items.shift();
        const gone = { itemId: '2', ok: false, reason: 'no longer there', gone: true };
        assert.deepEqual(await apply(list, [adding(item)]), [gone]);
      });

      it('says of a bookmark that is there that it did not confirm it', async () => {
        const list = await start(fakeItems(1), { version });
        const item = await firstItem(list);
        Object.assign(under.items[0] ?? {}, { title: '' });
        const [result] = await apply(list, [{ item, add: ['x'], remove: [{ name: 'x' }] }]);
        assert.deepEqual(result, { itemId: '1', ok: false, reason: 'the service did not confirm it' });
      });
    });

  it('takes the answer of a reverse proxy, in place of one that the server does not give, for the same', async () => {
    const list = await start(fakeItems(1));
    const item = await firstItem(list);
    under.clock.pass(MORE_THAN_AN_HOUR_MS);
    let refused = 0;
    under.server.fault = ({ path }) => {
      if (path !== TAGS || refused === 2) return undefined;
      refused += 1;
      return new Response('<html>502 Bad Gateway</html>', { status: 502 });
    };
    assert.deepEqual(await apply(list, [adding(item)]), [{ itemId: '1', ok: true }]);
    assert.deepEqual([callsTo(ME).length, callsTo(LOGIN).length], [1, 2]);
  });

  it('tries again where the database was in use, without asking about the account', async () => {
    const list = await start(fakeItems(1), { version: '1.7' });
    const item = await firstItem(list);
    let isFirst = true;
    under.server.fault = () => {
      if (!isFirst) return undefined;
      isFirst = false;
      return new Response('database is locked (5) (SQLITE_BUSY)', { status: 500 });
    };
    assert.deepEqual(await apply(list, [adding(item)]), [{ itemId: '1', ok: true }]);
    assert.deepEqual([callsTo(TAGS).length, callsTo(ME).length], [2, 0]);
  });

  it('names the failure of the call itself where the server does not answer about the account either', async () => {
    const list = await start(fakeItems(1));
    const item = await firstItem(list);
    under.server.fault = () => ({ kind: 'reset' });
    await assert.rejects(apply(list, [adding(item)]), {
      kind: 'unavailable',
      message: /PUT .*\/api\/bookmarks\/tags/,
    });
  });

  for (const [why, answer, expected] of [
    [
      '404: another server',
      { status: 404 },
      { kind: 'settings', message: /is SHIORI_URL right, and Shiori 1\.6 or newer\?/ },
    ],
    [
      'a redirect',
      { status: 301, headers: { Location: 'https://shiori.example/' } },
      { kind: 'settings', message: /a redirect to https:\/\/shiori\.example; is SHIORI_URL right\?/ },
    ],
    ['400: a wrong password', { status: 400 }, { kind: 'credentials', message: /name or password refused/ }],
    ['a web page', { status: 200 }, { kind: 'unavailable', message: /not JSON/ }],
  ] as const)
    it(`cannot log in: ${why}`, async () => {
      const list = await start(fakeItems(1));
      under.server.fault = () => new Response('<html></html>', answer);
      await assert.rejects(everyItem(list), expected);
      assert.ok(calls().every((call) => call === `POST ${LOGIN}`));
    });
});
