import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { estimate, type ReaderSettings } from '../../../lib/core/estimate.ts';
import { NO_DEADLINE } from '../../helpers/pocket.ts';
import { type FakeItem, fakeItems } from '../../helpers/services/fake-service.ts';
import { setupOf } from '../../helpers/services/setups.ts';
import { type FakeUnderTest, underTest } from '../../helpers/services/under-test.ts';
import { fakeWallabag, type WallabagFakeOptions } from '../../helpers/services/wallabag.ts';
import { apply, everyItem, firstItem, tagAll } from '../reading-list-contract.ts';

/** Inputs of what people report, beside the project; not part of it. */
const REPORT = new URL('../../../../shared/reports/wallabag-800-words.json', import.meta.url);

describe('wallabag', () => {
  let under: FakeUnderTest;
  const start = async (items: FakeItem[], more: WallabagFakeOptions = {}) => {
    const setup = setupOf('wallabag');
    under = await underTest(
      { ...setup, start: (all, options) => fakeWallabag(all, { ...options, ...more }) },
      items,
    );
    return under.list;
  };
  const callsTo = (end: string) => under.server.calls.filter(({ path }) => path.endsWith(end));
  const logins = () => callsTo('/oauth/v2/token').length;
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

  const speeds: [why: string, fake: WallabagFakeOptions, words: number, shown: number][] = [
    ['200 words a minute, as it comes', {}, 800, 4],
    ['a slow reader’s speed, as its apps do', { readingSpeed: 100 }, 800, 8],
    ['a fast one, rounded as its apps do', { readingSpeed: 300 }, 1000, 3],
    ['no less than a minute, where the apps show none', { readingSpeed: 1000 }, 400, 1],
    ['200 where none is set', { readingSpeed: null }, 800, 4],
    ['200 where the speed is none', { readingSpeed: 0 }, 800, 4],
    ['200 where the speed makes no sense', { readingSpeed: 'fast' }, 800, 4],
    ['200 before wallabag 2.5, which has no such call', { withoutConfig: 404 }, 800, 4],
    ['200 where the call is not allowed', { withoutConfig: 403 }, 800, 4],
  ];
  for (const [why, fake, words, shown] of speeds) {
    it(`gives minutes by the speed set in it: ${why}`, async () => {
      const { minutes, lengthByMinutes } = await firstItem(await start(fakeItems(1, { words }), fake));
      assert.deepEqual([minutes, lengthByMinutes], [shown, { words }]);
      assert.equal(callsTo('/config.json').length, 1);
    });
  }

  it('is asked for the speed once for a whole run, and not to take tags off', async () => {
    const list = await start(fakeItems(250), { readingSpeed: 100 });
    const [item] = await everyItem(list);
    assert.equal(callsTo('/config.json').length, 1);
    assert.equal((item && (await list.getItem(item, NO_DEADLINE)))?.minutes, undefined);
    const other = under.open();
    for await (const _ of other.listAll(NO_DEADLINE));
    assert.equal(callsTo('/config.json').length, 1);
  });

  it('fails where the speed cannot be read for now, rather than tag by another', async () => {
    const list = await start(fakeItems(1));
    under.server.fault = ({ path }) =>
      path === '/api/config.json' ? new Response('', { status: 502 }) : undefined;
    await assert.rejects(everyItem(list), { kind: 'unavailable', status: 502 });
  });

  it('gives 8 minutes for 800 words at 100 a minute', async function () {
    if (!existsSync(REPORT)) this.skip();
    const list = await start([]);
    under.server.fault = ({ path }) =>
      path === '/api/entries.json' ? Response.json(JSON.parse(readFileSync(REPORT, 'utf8'))) : undefined;
    const item = await firstItem(list);
    const minutesAt = (speed: ReaderSettings) => {
      const found = estimate(item, speed);
      return found.known && found.minutes;
    };
    assert.deepEqual([minutesAt({}), minutesAt({ wordsPerMinute: 100 })], [4, 8]);
  });

  for (const [why, ignoresDetail] of [
    ['without its article', false],
    ['with its article, from servers up to 2.6, which pass over what they do not know', true],
  ] as const) {
    it(`reads an item again ${why}`, async () => {
      const list = await start(fakeItems(1, { words: 800, tags: ['mine'] }), { ignoresDetail });
      const item = await firstItem(list);
      assert.deepEqual(await list.getItem(item, NO_DEADLINE), item);
      const { query, answered } = under.server.calls.at(-1) ?? {};
      assert.equal(query?.get('detail'), 'metadata');
      assert.equal((answered as { content: unknown }).content !== null, ignoresDetail);
    });
  }
});
