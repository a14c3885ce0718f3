import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { estimate } from '../../../lib/core/estimate.ts';
import type { Item } from '../../../lib/core/item.ts';
import { deadlineIn } from '../../../lib/deadline.ts';
import { karakeep } from '../../../lib/reading-lists/karakeep/karakeep.ts';
import { karakeepTagName } from '../../../lib/reading-lists/tag-names.ts';
import { NO_DEADLINE } from '../../helpers/pocket.ts';
import { type FakeItem, fakeItems } from '../../helpers/services/fake-service.ts';
import { fakeKarakeep } from '../../helpers/services/karakeep.ts';
import { setupOf } from '../../helpers/services/setups.ts';
import { type FakeUnderTest, underTest } from '../../helpers/services/under-test.ts';
import { apply, firstItem } from '../reading-list-contract.ts';

/** An answer with walls, made after public reports. */
const WALLS = '../shared/reports/karakeep-walls.json';

describe('karakeep', () => {
  let under: FakeUnderTest;
  const start = async (items: FakeItem[], inAssets = false) => {
    const setup = { open: karakeep, normalizeTag: karakeepTagName };
    under = await underTest(
      { ...setup, start: (items, options) => fakeKarakeep(items, { ...options, inAssets }) },
      items,
    );
    return under.list;
  };
  const change = (item: Item, remove = item.tags) => ({ item, add: [], remove });
  afterEach(() => under.close());

  it('says which right its key lacks, in its own words', async () => {
    const list = await start(fakeItems(1));
    under.server.mayWrite = false;
    await assert.rejects(list.tryWrite?.(await firstItem(list), NO_DEADLINE) ?? Promise.resolve(), {
      message:
        /: answered 403, credentials refused: "API key is missing required scope: bookmarks:readwrite"; /,
    });
    assert.deepEqual(under.server.calls.at(-1)?.json, { tags: [] });
  });

  it('has no length of a wall that was stored instead of the article, nor of a video by its description', async function () {
    if (!existsSync(WALLS)) this.skip();
    const body = readFileSync(WALLS, 'utf8');
    const headers = { 'content-type': 'application/json' };
    under = await underTest({ ...setupOf('karakeep') }, [], { fault: () => new Response(body, { headers }) });
    const found: Record<string, string> = {};
    for await (const { items } of under.list.listUnread(NO_DEADLINE)) {
      for (const item of items) {
        const text = await under.list.readText?.(item, NO_DEADLINE);
        const length = estimate(item, {}, text);
        found[item.id] = length.known ? `${length.minutes} minutes` : length.reason;
      }
    }
    assert.deepEqual(found, {
      a: 'blocked',
      b: 'needs-javascript',
      c: 'consent-wall',
      d: 'video-without-duration',
    });
    assert.ok(
      under.server.calls.every(({ path }) => !path.includes('/content')),
      'asks for no text again',
    );
  });

  it('counts the words of the article that the list brings, and no script', async () => {
    const list = await start(fakeItems(1, { words: 476 }));
    assert.deepEqual(await firstItem(list), {
      id: '1',
      kind: 'article',
      parsed: true,
      tags: [],
      url: 'https://example.com/1',
      title: 'Article 1',
      addedAt: 1_700_000_000,
      words: 476,
    });
  });

  it('reads in parts an article that is not in the list', async () => {
    const list = await start(fakeItems(1, { words: 25_000 }), true);
    const text = await list.readText?.(await firstItem(list), NO_DEADLINE);
    assert.equal(text?.known && text.words, 25_000);
    const parts = under.server.calls.filter(({ path }) => path.endsWith('/content'));
    assert.deepEqual(
      parts.map(({ query }) => query.get('format')),
      ['text', 'text', 'text'],
    );
  });

  const part = (content: string, nextCursor: string) => ({ content, nextCursor });
  const endless: [why: string, answer: (n: number) => object, calls: number][] = [
    ['with the same cursor', () => part('word ', 'same'), 2],
    ['with new cursors to the same part', (n) => part('word ', `${n}`), 5],
    ['with new cursors to empty parts', (n) => part('', `${n}`), 5],
    ['in parts of a word each', (n) => part(`word${n} `, `${n}`), 201],
  ];
  for (const [why, answer, calls] of endless)
    it(`takes an article that never ends, ${why}, for one of unknown length`, async () => {
      const list = await start(fakeItems(1), true);
      const item = await firstItem(list);
      let n = 0;
      under.server.fault = () => {
        n += 1;
        // Without a guard it would not end, and neither would this test.
        return n > 999 ? new Response('Bad request', { status: 400 }) : Response.json(answer(n));
      };
      const text = await list.readText?.(item, NO_DEADLINE);
      assert.deepEqual(text, { known: false, reason: 'text-unavailable' });
      assert.equal(n, calls);
    });

  it('reads no further than five million characters of an article', async () => {
    const list = await start(fakeItems(1), true);
    const item = await firstItem(list);
    let n = 0;
    under.server.fault = () => {
      n += 1;
      return Response.json(part(`${n} `.repeat(50_000 / (`${n}`.length + 1)), `${n}`));
    };
    const text = await list.readText?.(item, NO_DEADLINE);
    assert.equal(text?.known && text.words > 1_000_000, true);
    assert.equal(n, 101);
  });

  for (const [said, remainingMs, retryAfterMs] of [
    ['90 seconds', 60_000, 90_000],
    ['1 second', 900, 1000],
  ] as const) {
    it(`waits ${said}, as the text of a limit says, or not at all`, async () => {
      const message = `Too many requests. Try again in ${said}.`;
      const fault = () => new Response(message, { status: 429 });
      under = await underTest(
        { start: fakeKarakeep, open: karakeep, normalizeTag: karakeepTagName },
        fakeItems(1),
        { fault },
      );
      const pages = under.list.listUnread(deadlineIn(remainingMs))[Symbol.asyncIterator]();
      await assert.rejects(pages.next(), { kind: 'unavailable', retryAfterMs });
    });
  }

  it('does not take a title that speaks of seconds for a limit', async () => {
    const list = await start(fakeItems(1, { title: 'Learn to juggle in 90 seconds' }));
    assert.equal((await firstItem(list)).title, 'Learn to juggle in 90 seconds');
  });

  it('keeps the tags that AI attached', async () => {
    const list = await start(fakeItems(1, { tags: ['ai-news', 'a long read'] }));
    const item = await firstItem(list);
    const ours = item.tags.filter(({ name }) => name === 'a long read');
    await apply(list, [change(item, ours)]);
    assert.deepEqual(under.items[0]?.tags, ['ai-news']);
  });

  it('takes a tag of other capitals for another tag', async () => {
    const list = await start(fakeItems(1, { tags: ['A Quick Read'] }));
    assert.deepEqual(
      (await firstItem(list)).tags.map(({ name }) => name),
      ['A Quick Read'],
    );
  });

  it('removes by a DELETE with a body, and adds first', async () => {
    const list = await start(fakeItems(1, { tags: ['a long read'] }));
    const item = await firstItem(list);
    await apply(list, [{ ...change(item), add: ['a quick read'] }]);
    assert.deepEqual(
      under.server.calls.slice(1).map(({ method, json }) => [method, json]),
      [
        ['POST', { tags: [{ tagName: 'a quick read' }] }],
        ['DELETE', { tags: [{ tagId: item.tags[0]?.id }] }],
      ],
    );
  });

  it('names an item that is gone although the 404 is plain text', async () => {
    const list = await start(fakeItems(1, { tags: ['a long read'] }));
    const item = await firstItem(list);
    under.items.length = 0;
    assert.deepEqual(await apply(list, [change(item)]), [
      { itemId: '1', ok: false, reason: 'no longer there', gone: true },
    ]);
  });

  for (const [why, tag, kept] of [
    ['as it is', 'a quick read', 'a quick read'],
    ['with its capitals', 'A Quick Read', 'A Quick Read'],
    ['trimmed', ' short ', 'short'],
    ['without a leading #', '#short', 'short'],
    ['without several of them', '##short', 'short'],
    ['with the space behind the #, as Karakeep 0.33.2 does', '# short', ' short'],
    ['trimmed before the # goes', ' ### long', ' long'],
    ['not at all where it is a # alone', ' ## ', ''],
    ['with a # inside', 'c#', 'c#'],
  ] as const) {
    it(`keeps a tag ${why}`, () => assert.equal(karakeepTagName(tag), kept));
  }
});
