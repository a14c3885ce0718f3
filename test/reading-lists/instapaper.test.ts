import assert from 'node:assert/strict';
import { deadlineIn } from '../../lib/deadline.ts';
import { instapaper } from '../../lib/reading-lists/instapaper.ts';
import { instapaperTagName } from '../../lib/reading-lists/tag-names.ts';
import { tagUnread } from '../../lib/run/tag-unread.ts';
import { NO_DEADLINE, NO_DEADLINES } from '../helpers/pocket.ts';
import { type FakeItem, fakeItems } from '../helpers/services/fake-service.ts';
import { fakeInstapaper, type InstapaperOptions } from '../helpers/services/instapaper.ts';
import { type FakeUnderTest, RULES, underTest } from '../helpers/services/under-test.ts';
import { apply, everyItem, firstItem, withoutRef } from './reading-list-contract.ts';

describe('instapaper', () => {
  let under: FakeUnderTest;
  const start = async (items: FakeItem[], more: InstapaperOptions = {}, folders = '') => {
    const setup = {
      start: (items: FakeItem[], options: InstapaperOptions) =>
        fakeInstapaper(items, { ...options, ...more }),
      open: (options: Parameters<typeof instapaper>[0] | object) =>
        instapaper({ ...(options as Parameters<typeof instapaper>[0]), folders }),
      normalizeTag: instapaperTagName,
    };
    under = await underTest(setup, items);
    return under.list;
  };
  const parses = () => under.server.calls.filter(({ path }) => path.endsWith('/parse')).length;
  const run = (more = {}) =>
    tagUnread({ list: under.list, rules: RULES, mode: 'full', deadlines: NO_DEADLINES, ...more });
  afterEach(() => under.close());

  it('asks for the words of what has no band yet, and of nothing else', async () => {
    await start([...fakeItems(3, { tags: ['a long read'] }), ...fakeItems(2).map(apart)]);
    assert.equal((await run()).tally.tagged, 2);
    assert.equal(parses(), 2);
  });

  it('asks again for what was begun since, where the time left is asked for', async () => {
    await start(fakeItems(1, { words: 2000, progress: 0.9, tags: ['a long read'] }));
    await run({ speed: { timeLeft: true } });
    assert.deepEqual(under.items[0]?.tags, ['a quick read']);
  });

  it('asks for no more articles once there are no more to be had', async () => {
    await start(fakeItems(10), { quota: 4 });
    const { tally } = await run();
    assert.equal(tally.tagged, 4);
    assert.deepEqual(tally.skipped, { quota: 6 });
    assert.ok(parses() <= 6, `${parses()} calls`);
  });

  it('stops, and says so, where there were too many calls and no time to wait a minute', async () => {
    const fault = ({ path }: { path: string }) =>
      path.endsWith('/parse') ? new Response('{}', { status: 429 }) : undefined;
    await start(fakeItems(3), { fault });
    const deadlines = { reading: deadlineIn(50_000), writing: deadlineIn(50_000) };
    assert.equal((await run({ deadlines })).stoppedBy, 'rate-limit');
  });

  it('fails where no article may be asked for', async () => {
    const fault = ({ path }: { path: string }) =>
      path.endsWith('/parse') ? new Response('{}', { status: 403 }) : undefined;
    await start(fakeItems(3), { fault });
    await assert.rejects(run(), { kind: 'credentials' });
  });

  it('tags what it has read of a page when the time is over, and leaves the rest to the next run', async () => {
    const controller = new AbortController();
    await start(fakeItems(8), {
      fault: ({ n }) => {
        if (n === 5) controller.abort(new DOMException('over', 'TimeoutError'));
        return undefined;
      },
    });
    const reading = { signal: controller.signal, remainingMs: () => 60_000 };
    const { tally, stoppedBy } = await run({ deadlines: { ...NO_DEADLINES, reading } });
    assert.equal(stoppedBy, 'deadline');
    assert.ok(tally.tagged >= 1 && tally.tagged < 8, `${tally.tagged} tagged`);
    assert.equal(tally.failed.count, 0);
  });

  it('reads the folders that are asked for beside the home list', async () => {
    const folders = { 1: 77, 2: 77, 3: 88 };
    const list = await start(fakeItems(5), { folders }, '77');
    assert.deepEqual(
      (await everyItem(list)).map(({ id }) => id),
      ['5', '4', '2', '1'],
    );
  });

  it('asks for each folder by its bare id, and for no folder that is not named', async () => {
    const list = await start([], {}, '77,, 88 ');
    await everyItem(list);
    assert.deepEqual(
      under.server.calls.map(({ query }) => query.get('section') ?? query.get('folder_id')),
      ['home', '77', '88'],
    );
  });

  it('gives once what was moved to a folder meanwhile, and no page without an item', async () => {
    const fault = () => Response.json({ bookmarks: [{ id: 7 }] });
    const list = await start([], { fault }, '77');
    const ids: string[][] = [];
    for await (const { items } of list.listUnread(NO_DEADLINE)) ids.push(items.map(({ id }) => id));
    assert.deepEqual(ids, [['7']]);
  });

  it('steps back where no row is known, also where rows are archived', async () => {
    const rows = (from: number, to: number) => ({
      bookmarks: Array.from({ length: to - from }, (_, at) => ({ id: from + at, archived: at === 0 })),
    });
    const pages = [rows(0, 100), rows(150, 250), rows(100, 150)];
    const list = await start([], { fault: () => Response.json(pages.shift() ?? rows(0, 0)) });
    await everyItem(list);
    assert.deepEqual(
      under.server.calls.map(({ query }) => query.get('offset')),
      ['0', '95', '0'],
    );
  });

  it('asks for the next article where one has no length', async () => {
    const [empty, ...more] = fakeItems(2, { words: 300 });
    assert.ok(empty);
    const list = await start([{ ...empty, ready: false }, ...more]);
    const texts = [];
    for (const item of await everyItem(list)) texts.push(await list.readText?.(item, NO_DEADLINE));
    assert.deepEqual(texts, [
      { known: false, reason: 'no-length' },
      { known: true, words: 300 },
    ]);
  });

  it('reads an item back far down the list, also where others left it meanwhile', async () => {
    const list = await start(fakeItems(301));
    const item = (await everyItem(list))[260];
    assert.ok(item);
    under.items.splice(0, 40);
    assert.equal((await list.getItem(item, NO_DEADLINE))?.id, item.id);
  });

  it('reads nothing back of what is gone, or was never listed', async () => {
    const list = await start(fakeItems(2));
    const item = await firstItem(list);
    under.items.shift();
    assert.equal(await list.getItem(item, NO_DEADLINE), undefined);
    const asked = under.server.calls.length;
    assert.equal(await list.getItem(withoutRef(item), NO_DEADLINE), undefined);
    assert.equal(under.server.calls.length, asked);
  });

  it('removes by id and adds by name, in one call', async () => {
    const list = await start(fakeItems(1, { tags: ['a long read'] }));
    const item = await firstItem(list);
    await apply(list, [{ item, add: ['a quick read'], remove: item.tags }]);
    assert.deepEqual(under.server.calls.at(-1)?.json, {
      add_tags: [{ name: 'a quick read' }],
      remove_tags: [{ id: 100 }],
    });
  });
});

function apart(item: FakeItem): FakeItem {
  return { ...item, id: String(50 + Number(item.id)), url: `${item.url}/apart` };
}
