import assert from 'node:assert/strict';
import type { Item, TagChange } from '../../../lib/core/item.ts';
import { deadlineIn } from '../../../lib/deadline.ts';
import { Failure, type FailureKind } from '../../../lib/failure.ts';
import { httpRequest, type RequestSpec } from '../../../lib/http/request.ts';
import type { NewItem } from '../../../lib/pocket-server/stored-item.ts';
import { pocket } from '../../../lib/reading-lists/pocket/pocket.ts';
import { pocketTagName, storedPocketTagName } from '../../../lib/reading-lists/tag-names.ts';
import { type Fault, faults, restart } from '../../helpers/faults.ts';
import { anItem, tagsNamed } from '../../helpers/items.ts';
import {
  articles,
  CREDENTIALS,
  environmentFor,
  NO_DEADLINE,
  type PocketUnderTest,
  pocketWith,
} from '../../helpers/pocket.ts';
import { runIn } from '../../helpers/run.ts';
import { wrongListing } from '../../helpers/services/wrong-listings.ts';
import type { TestPocketOptions } from '../../helpers/test-pocket.ts';
import { apply, everyItem, firstItem, keepsReadingListContract, tagAll } from '../reading-list-contract.ts';

let under: PocketUnderTest;
const start = async (items: readonly NewItem[], options?: Partial<TestPocketOptions>) => {
  under = await pocketWith(items, options);
  return under;
};
const adding = (item: Item, tag = 'a quick read'): TagChange => ({ item, add: [tag], remove: [] });

for (const era of ['A', 'B'] as const) {
  describe(`pocket, era ${era}, keeps the promises of a reading list`, () => {
    keepsReadingListContract(async ({ unread, tags = ['mine'], ready = true }) => {
      const words = (item: NewItem): NewItem => (ready ? item : { ...item, word_count: 0 });
      const items = articles(unread, tags).map(words);
      const archived = { ...articles(1, tags)[0], given_url: 'https://example.com/archived', status: 1 };
      let isForgetful = false;
      let mayWrite = true;
      let outage = restart(0);
      let wrong: (() => Fault) | undefined;
      const { list, server, store, sent, rotate, close } = await pocketWith([...items, archived], {
        era,
        fault: ({ endpoint }) => {
          const isDown = outage();
          if (isDown || endpoint !== 'send') return isDown ?? wrong?.();
          if (!mayWrite) return faults.noPermission();
          return isForgetful ? { kind: 'forget' } : undefined;
        },
      });
      return {
        list,
        rotate,
        close,
        sent,
        keepsNothing: () => {
          isForgetful = true;
        },
        mayOnlyRead: () => {
          mayWrite = false;
        },
        writes: () => server.calls.filter(({ endpoint }) => endpoint === 'send').length,
        restarts: (calls) => {
          outage = restart(calls);
        },
        listsWrongly: (how) => {
          wrong = wrongListing({ path: /get$/, rows: ['list'], total: 'total' }, how);
        },
        usesTotal: true,
        takesAtOnce: 2,
        maxInFlight: server.maxInFlight,
        tagsOf: (id) => store.find({ item_id: id })?.tags ?? [],
        readerTags: (id, tag) => store.addTags(Number(id), [tag]),
        readerArchives: (id) => store.change(Number(id), { status: 1 }),
        becomesReady: () => {
          for (const { item_id } of [...store.everything()])
            store.change(item_id, { word_count: 500 } as object);
        },
        normalizeTag: pocketTagName,
      };
    });
  });
}

describe('pocket lists', () => {
  afterEach(() => under.close());

  for (const era of ['A', 'B'] as const) {
    it(`items as a server of era ${era} sends them`, async () => {
      const tags = ['mine', 'two'];
      const top_image_url = 'https://i.ytimg.com/vi/x/0.jpg';
      const given = [
        { word_count: 2207, lang: 'de', tags, time_added: 1_600_000_004 },
        { word_count: 0, has_image: 1, time_added: 1_600_000_003 },
        { has_video: 2 as const, media: { videos: [{ length: '612' }] }, time_added: 1_600_000_002 },
        { word_count: 9, has_video: 1 as const, top_image_url, time_added: 1_600_000_001 },
        { time_added: 1_600_000_000 },
      ];
      const { list } = await start(
        given.map((item, at) => ({ given_url: `https://example.com/${at}`, ...item }) as NewItem),
        { era },
      );
      const items = await everyItem(list);
      assert.partialDeepStrictEqual(items, [
        { words: 2207, minutes: 10, parsed: true, language: 'de', tags: tagsNamed(...tags) },
        { kind: 'article', addedAt: 1_600_000_003 },
        { kind: 'video', videoSeconds: 612 },
        { words: 9, aboutVideo: true },
        { parsed: false },
      ]);
      assert.deepEqual([items[1]?.words, items[4]?.words], [undefined, undefined]);
    });
  }

  it('newest first, whatever order the keys of the answer have', async () => {
    const items = articles(5).map((item, at) => ({
      ...item,
      item_id: 90 - at,
      time_added: 1_700_000_000 - at,
    }));
    const { list } = await start(items);
    assert.deepEqual(
      (await everyItem(list)).map(({ id }) => id),
      ['90', '89', '88', '87', '86'],
    );
  });

  it('flags as strings, state and sort always, 30 at a time', async () => {
    const { list, server } = await start(articles(31), { strictFlags: true });
    assert.equal((await everyItem(list)).length, 31);
    const sent = server.calls.map(({ params }) => params);
    const query = { state: 'unread', sort: 'newest', detailType: 'complete', total: '1', count: '30' };
    assert.deepEqual(sent, [
      { ...query, offset: '0' },
      { ...query, offset: '30' },
    ]);
  });

  it('every item of a server that cuts pages shorter than is asked for', async () => {
    const { list } = await start(articles(31), { mostItems: 10 });
    assert.equal((await everyItem(list)).length, 31);
  });

  it('one odd row does not stop the others', async () => {
    const odd = (body: unknown) => ({
      ...(body as object),
      list: {
        7: { item_id: 7, word_count: {}, tags: 'x', lang: null, videos: 3, time_added: 'soon' },
        8: 'nonsense',
        9: { item_id: '9', word_count: '476' },
      },
    });
    const { list } = await start(articles(3), {
      fault: ({ n }) => (n === 1 ? { kind: 'change', change: odd } : undefined),
    });
    const items = await everyItem(list);
    assert.deepEqual(
      items.map(({ id, words, parsed }) => ({ id, words, parsed })),
      [
        { id: '7', words: undefined, parsed: false },
        { id: '8', words: undefined, parsed: false },
        { id: '9', words: 476, parsed: false },
      ],
    );
  });

  it('items behind pages of which every row is hidden, or only a stub of a deleted item', async () => {
    const hidden = (body: unknown) => ({ ...(body as object), list: {} });
    const stubs = (n: number) => (body: unknown) => ({
      ...(body as object),
      list: Object.fromEntries(
        Array.from({ length: 30 }, (_, at) => [`9${n}${at}`, { item_id: `9${n}${at}`, status: '2' }]),
      ),
    });
    const { list } = await start(articles(240), {
      fault: ({ n }) => (n > 6 ? undefined : { kind: 'change', change: n === 2 ? hidden : stubs(n) }),
    });
    assert.equal((await everyItem(list)).length, 240 - 6 * 30);
  });

  it('items behind many pages in a row of which every row is hidden', async () => {
    const hidden = (body: unknown) => ({ ...(body as object), list: {} });
    const { list } = await start(articles(190), {
      fault: ({ n }) => (n <= 5 ? { kind: 'change', change: hidden } : undefined),
    });
    const pages: number[] = [];
    for await (const { items } of list.listUnread(NO_DEADLINE)) pages.push(items.length);
    assert.deepEqual(pages, [30, 10]);
  });

  it('a total that is cut at 5,000 is not the end', async () => {
    const more = (body: unknown) => ({ ...(body as object), total: '5000' });
    const { list } = await start(articles(5100), { fault: () => ({ kind: 'change', change: more }) });
    assert.equal((await everyItem(list)).length, 5100);
  });

  const archiveUpTo = (store: PocketUnderTest['store'], last: number) => {
    for (let id = 1; id <= last; id += 1) store.change(id, { status: 1 });
  };
  const uncounted: [what: string, total: string | undefined][] = [
    ['no total', undefined],
    ['a total that is cut at 5,000', '5000'],
  ];
  for (const [what, total] of uncounted) {
    const fault = (): Fault => ({ kind: 'change', change: (body) => ({ ...(body as object), total }) });

    it(`with ${what}, the last row of a page again with the next one, to see whether it moved`, async () => {
      const { list, server } = await start(articles(70), { fault });
      assert.equal((await everyItem(list)).length, 70);
      assert.deepEqual(
        server.calls.map(({ params }) => params.offset),
        ['0', '29', '58', '69', '70'],
      );
    });

    it(`with ${what}, rows that moved up because others left the list meanwhile`, async () => {
      const { list, store } = await start(articles(70), { fault });
      const seen = new Set<string>();
      for await (const { items } of list.listUnread(NO_DEADLINE)) {
        for (const { id } of items) seen.add(id);
        if (seen.size === 30) archiveUpTo(store, 5);
      }
      assert.equal(seen.size, 70);
    });

    it(`with ${what}, all that a server has which gives nothing behind its first page`, async () => {
      const { list, server } = await start(articles(5), {
        fault: ({ n, body }) => {
          if (n > 9) return faults.noPermission();
          return body.offset === '0'
            ? fault()
            : { kind: 'change', change: (body) => ({ ...(body as object), list: {}, total }) };
        },
      });
      assert.equal((await everyItem(list)).length, 5);
      assert.deepEqual(
        server.calls.map(({ params }) => params.offset),
        ['0', '4', '0', '4'],
      );
    });

    it(`with ${what}, rows that are too large to come two at a time`, async () => {
      const { list } = await start(articles(5), {
        fault: (call) => (Number(call.body.count) > 1 ? faults.tooLarge() : fault()),
      });
      assert.equal((await everyItem(list)).length, 5);
    });
  }

  it('says so when the server gives the same page for ever', async () => {
    const first = { status: 1, list: { 1: { item_id: '1', status: '0' } } };
    const { list } = await start([], { fault: () => ({ kind: 'change', change: () => first }) });
    await assert.rejects(everyItem(list), {
      kind: 'unexpected-response',
      message:
        /: 22 pages in a row had nothing new; does the service, or a cache in front of it, ignore the query\?$/,
    });
  });

  it('asks for half as much when a page is too large', async () => {
    const tooLarge = ({ body }: { body: Record<string, unknown> }): Fault | undefined =>
      Number(body.count) > 10
        ? faults.errorInside200("HTTP fetch failed from 'x': 413: Payload Too Large")
        : undefined;
    const { list } = await start(articles(20), { fault: tooLarge });
    assert.equal((await everyItem(list)).length, 20);
  });

  it('no less than one row where even that is too large, and says so', async () => {
    const { list, server } = await start(articles(20), {
      fault: ({ body }) => (Number(body.count) > 0 ? faults.tooLarge() : faults.noPermission()),
    });
    await assert.rejects(everyItem(list), { kind: 'unexpected-response', status: 413 });
    assert.deepEqual(
      server.calls.map(({ params }) => params.count),
      ['30', '15', '7', '3', '1'],
    );
  });
});

describe('pocket reads back', () => {
  afterEach(() => under.close());

  it('nothing where the item has left the list', async () => {
    const { list, store } = await start(articles(3));
    const item = await firstItem(list);
    store.change(Number(item.id), { status: 1 });
    assert.equal(await list.getItem(item, NO_DEADLINE), undefined);
  });

  it('nothing that it has not listed, without a call', async () => {
    const { list, sent } = await start(articles(3));
    assert.equal(await list.getItem(anItem({ id: '1' }), NO_DEADLINE), undefined);
    assert.equal(sent(), 0);
  });
});

describe('pocket writes', () => {
  afterEach(() => under.close());

  it('at most 30 actions a request, those of one item together', async () => {
    const { list, server } = await start(articles(40, ['a long read']));
    const items = await everyItem(list);
    const changes = items.map((item) => ({ item, add: ['a quick read'], remove: tagsNamed('a long read') }));
    const results = await apply(list, changes);
    assert.equal(results.filter(({ ok }) => ok).length, 40);
    const sends = server.calls
      .filter(({ endpoint }) => endpoint === 'send')
      .map(({ params }) => params.actions);
    assert.deepEqual(
      sends.map((actions) => (actions as unknown[]).length),
      [30, 30, 20],
    );
  });

  it('all the tags of an item in one action', async () => {
    const { list, tagsById } = await start(articles(1, ['mine', 'old', 'older']));
    const item = await firstItem(list);
    const change = { item, add: ['one', 'two'], remove: tagsNamed('old', 'older') };
    assert.deepEqual(await apply(list, [change]), [{ itemId: item.id, ok: true }]);
    assert.deepEqual(Object.values(tagsById()), [['mine', 'one', 'two']]);
  });

  it('request by request, with the results of each also where a later one fails', async () => {
    const { list } = await start(articles(40), {
      fault: ({ endpoint, n }) => (endpoint === 'send' && n > 3 ? faults.noPermission() : undefined),
    });
    const done: boolean[] = [];
    const changes = (await everyItem(list)).map((item) => adding(item));
    const write = async () => {
      for await (const { ok } of list.applyTags(changes, NO_DEADLINE)) done.push(ok);
    };
    await assert.rejects(write, { kind: 'credentials' });
    assert.deepEqual(done, Array(30).fill(true));
  });

  const refused: [why: string, count: number, fault: Fault, failure: Partial<Failure>][] = [
    ['one change is too large', 1, faults.tooLarge(), { kind: 'unexpected-response', status: 413 }],
    ['many are refused for another reason', 5, faults.noPermission(), { kind: 'credentials', status: 403 }],
  ];
  for (const [why, count, fault, failure] of refused) {
    it(`not in halves where ${why}`, async () => {
      const { list, server } = await start(articles(count), {
        fault: ({ endpoint, n }) => {
          if (n > 9) return { kind: 'answer', answer: { status: 400, headers: {}, body: {} } };
          return endpoint === 'send' ? fault : undefined;
        },
      });
      await assert.rejects(tagAll(list, await everyItem(list)), failure);
      assert.equal(server.calls.filter(({ endpoint }) => endpoint === 'send').length, 1);
    });
  }

  it('half as many at a time when they are too many', async () => {
    const fault = ({ endpoint, body }: { endpoint: string; body: Record<string, unknown> }) =>
      endpoint === 'send' && (body.actions as unknown[]).length > 4 ? faults.tooLarge() : undefined;
    const { list, tagsById } = await start(articles(10), { fault });
    const results = await tagAll(list, await everyItem(list));
    assert.equal(results.filter(({ ok }) => ok).length, 10);
    assert.ok(Object.values(tagsById()).every((tags) => tags.includes('a quick read')));
  });

  it('adds before it removes, so that no item is ever without a band', async () => {
    const { list, server } = await start(articles(1, ['a long read']));
    const item = await firstItem(list);
    await apply(list, [{ item, add: ['a quick read'], remove: tagsNamed('a long read') }]);
    const { actions } = server.calls.at(-1)?.params ?? {};
    assert.deepEqual(
      (actions as { action: string }[]).map(({ action }) => action),
      ['tags_add', 'tags_remove'],
    );
  });
});

describe('pocket in trouble', () => {
  afterEach(() => under.close());

  const passing: [why: string, fault: Fault][] = [
    ['500', faults.internalError()],
    ['503', faults.maintenance()],
    ['503 with Retry-After', faults.maintenance(0)],
    ['an error inside HTTP 200', faults.errorInside200()],
    ['HTML where JSON was expected', faults.html()],
    ['half an answer', { kind: 'truncate' }],
    ['a connection that is reset', { kind: 'reset' }],
    ['a connection that is reset after the work was done', { kind: 'reset', done: true }],
    ['no answer at all', { kind: 'hang' }],
    ['the limit on calls, reset at once', faults.rateLimited(0)],
  ];
  for (const [why, fault] of passing) {
    it(`tries again after ${why}`, async () => {
      const { list, sent } = await start(articles(1), { fault: ({ n }) => (n === 1 ? fault : undefined) });
      assert.equal((await everyItem(list)).length, 1);
      assert.equal(sent(), 2);
    });

    if (why.startsWith('the limit')) continue;
    it(`gives up after four times ${why}`, async () => {
      const { list, sent } = await start(articles(1), { fault: () => fault });
      await assert.rejects(everyItem(list), { kind: 'unavailable' });
      assert.equal(sent(), 4);
    });
  }

  const answer = (status: number, body: unknown, headers = {}): Fault => ({
    kind: 'answer',
    answer: { status, headers, body },
  });
  const instead = (body: unknown): Fault => ({ kind: 'change', change: () => body });
  const final: [why: string, fault: Fault, kind: FailureKind][] = [
    ['401', faults.tokenRefused(), 'credentials'],
    ['a refusal inside HTTP 200', faults.refusedInside200(), 'credentials'],
    ['403 with calls left', faults.noPermission(), 'credentials'],
    ['400', answer(400, { error: 'Bad request' }), 'unexpected-response'],
    ['404', answer(404, 'Not found'), 'settings'],
    ['a redirect', answer(302, '', { Location: 'https://example.com/' }), 'unexpected-response'],
    ['an answer without a list', instead({ status: 1 }), 'unexpected-response'],
    ['a list that is none', instead({ status: 1, list: 5 }), 'unexpected-response'],
  ];
  for (const [why, fault, kind] of final) {
    it(`does not try again after ${why}`, async () => {
      const { list, sent } = await start(articles(1), { fault: () => fault });
      await assert.rejects(everyItem(list), (error) => error instanceof Failure && error.kind === kind);
      assert.equal(sent(), 1);
    });
  }

  it('says that the token is refused when every slot of a write says so', async () => {
    const { list, server } = await start(articles(1), { refusesInside200: true });
    const items = await everyItem(list);
    server.setCredentials({ consumerKey: CREDENTIALS.consumerKey, accessToken: 'another' });
    await assert.rejects(tagAll(list, items), { kind: 'credentials' });
  });

  it('does not begin a wait for the limit that the deadline does not allow', async () => {
    const { list, sent } = await start(articles(1), { fault: () => faults.rateLimited(3600) });
    const pages = list.listUnread(deadlineIn(60_000))[Symbol.asyncIterator]();
    await assert.rejects(pages.next(), { kind: 'unavailable', retryAfterMs: 3_600_000 });
    assert.equal(sent(), 1);
  });

  it('asks no more once the headers say that no calls are left', async () => {
    const { list, sent } = await start(articles(31), { callsPerHour: 1 });
    const pages = list.listUnread(deadlineIn(60_000))[Symbol.asyncIterator]();
    assert.equal((await pages.next()).value?.items.length, 30);
    await assert.rejects(pages.next(), { kind: 'unavailable', message: /no more calls/ });
    assert.equal(sent(), 1);
  });

  it('sends its secrets in the body of a POST alone, for reading too', async () => {
    const { server } = await start(articles(1));
    const sent: RequestSpec[] = [];
    const { request } = httpRequest();
    const list = pocket({
      apiUrl: server.url,
      request: (spec) => {
        sent.push(spec);
        return request(spec);
      },
      credentials: { use: (attempt) => attempt(CREDENTIALS) },
    });
    await tagAll(list, await everyItem(list));
    const { consumerKey: consumer_key, accessToken: access_token } = CREDENTIALS;
    assert.deepEqual(
      sent.map(({ method, url, headers }) => ({ method, url, headers })),
      ['get', 'send'].map((path) => ({
        method: 'POST',
        url: `${server.url}/${path}`,
        headers: undefined,
      })),
    );
    for (const { json } of sent) assert.partialDeepStrictEqual(json, { consumer_key, access_token });
  });

  it('says which address does not answer', async () => {
    const { list, server } = await start([]);
    await server.close();
    const address = `${server.url}/get`;
    await assert.rejects(
      everyItem(list),
      (error) => error instanceof Failure && error.message.includes(address),
    );
  });
});

describe('a tag with a quote', () => {
  afterEach(() => under.close());

  it('can be a band, which a second run leaves alone, and can be retired', async () => {
    const { server, store } = await start(articles(3, ['mine']));
    store.addTags(3, [storedPocketTagName("Don't read")]);
    const env = { ...environmentFor(server), BANDS: "it's quick:5, long" };
    const tags = () => ['1', '2', '3'].map((item_id) => store.find({ item_id })?.tags);
    assert.equal((await runIn(env)).tagged, 3);
    const quick = [String.raw`it\'s quick`, 'mine'];
    assert.deepEqual(tags(), [quick, quick, [String.raw`don\'t read`, ...quick]]);

    const again = await runIn({ ...env, RETIRED_TAGS: "don't read" }, { mode: 'full' });
    assert.equal(again.unchanged, 2);
    assert.deepEqual(tags(), [quick, quick, quick]);

    const retired = { BANDS: 'quick:5, long', RETIRED_TAGS: "it's quick, don't read" };
    await runIn({ ...env, ...retired }, { mode: 'full' });
    assert.deepEqual(tags(), [
      ['mine', 'quick'],
      ['mine', 'quick'],
      ['mine', 'quick'],
    ]);
  });
});

describe('pocketTagName', () => {
  const rows: [why: string, tag: string, kept: string][] = [
    ['as it is', 'a quick read', 'a quick read'],
    ['lower case', 'A Quick Read', 'a quick read'],
    ['trimmed', ' a quick read ', 'a quick read'],
    ['25 characters, not more', 'abcdefghijklmnopqrstuvwxyz', 'abcdefghijklmnopqrstuvwxy'],
    ['25 code points, not code units', '😀'.repeat(26), '😀'.repeat(25)],
    ['a quote as it is written', "it's", "it's"],
    ['a quote as Pocket stores it', String.raw`it\'s`, "it's"],
    ['double quotes', String.raw`say \"x\"`, 'say "x"'],
    ['escaped twice, by a client that wrote what it had read', String.raw`it\\\'s`, "it's"],
    ['a backslash as it is written', String.raw`a\b`, String.raw`a\b`],
    ['a backslash as Pocket stores it', String.raw`a\\b`, String.raw`a\b`],
    ['25 characters, without counting escapes', storedPocketTagName("'".repeat(30)), "'".repeat(25)],
    ['a space at the cut', 'abcdefghijklmnopqrstuvwx yz', 'abcdefghijklmnopqrstuvwx'],
    ['what is no character becomes a question mark', 'a\uFFFDb', 'a?b'],
  ];
  for (const [why, tag, kept] of rows) it(why, () => assert.equal(pocketTagName(tag), kept));
});
