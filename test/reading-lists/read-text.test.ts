import assert from 'node:assert/strict';
import type { PageEvidence } from '../../lib/core/estimate.ts';
import { Failure } from '../../lib/failure.ts';
import { readTexts } from '../../lib/reading-lists/read-text.ts';
import { tagUnread } from '../../lib/run/tag-unread.ts';
import { anItem } from '../helpers/items.ts';
import { NO_DEADLINE, NO_DEADLINES } from '../helpers/pocket.ts';
import { type FakeItem, fakeItems } from '../helpers/services/fake-service.ts';
import { fakeKarakeep } from '../helpers/services/karakeep.ts';
import { setupOf } from '../helpers/services/setups.ts';
import { type FakeUnderTest, RULES, underTest } from '../helpers/services/under-test.ts';

type Row = {
  readonly why: string;
  readonly service: string;
  /** Items whose text has to be asked for. */
  readonly items: Partial<FakeItem>;
  /** Path of the text of item 4. */
  readonly path: string;
};

const ROWS: readonly Row[] = [
  {
    why: 'kept apart from the list',
    service: 'karakeep',
    items: { words: 100 },
    path: '/api/v1/bookmarks/4/content',
  },
  {
    why: 'in a script that it miscounts',
    service: 'readeck',
    items: { language: 'ja', words: 100 },
    path: '/api/bookmarks/4/article',
  },
  { why: 'under a minute', service: 'wallabag', items: { words: 100 }, path: '/api/entries/4.json' },
  { why: 'any', service: 'instapaper', items: { words: 100 }, path: '/api/2/bookmarks/4/parse' },
];

/** Ways in which the text of one item fails, each time that it is asked for. */
const TROUBLES: readonly [why: string, answer: () => Response | { kind: 'reset' }, maxTries: number][] = [
  ['500', () => new Response('Internal server error', { status: 500 }), 2],
  ['a page of HTML', () => new Response('<!DOCTYPE html><p>Sorry</p>', { status: 200 }), 2],
  ['400', () => Response.json({}, { status: 400 }), 1],
  ['413', () => new Response('', { status: 413 }), 1],
  ['503', () => new Response('', { status: 503 }), 9],
  ['no answer', () => ({ kind: 'reset' }), 9],
];

for (const { why, service, items, path } of ROWS) {
  describe(`${service}, a text ${why}`, () => {
    let under: FakeUnderTest;
    afterEach(() => under.close());
    const setup = setupOf(service);
    const start = async (count = 7) => {
      const isKarakeep = service === 'karakeep';
      under = await underTest(
        isKarakeep
          ? { ...setup, start: (all, more) => fakeKarakeep(all, { ...more, inAssets: true }) }
          : setup,
        fakeItems(count, items),
      );
    };
    const run = (more = {}) =>
      tagUnread({ list: under.list, rules: RULES, mode: 'full', deadlines: NO_DEADLINES, ...more });
    const paths = new RegExp(`^${path.replace('/4', '/\\d+')}$`);
    const isText = (call: { method: string; path: string }) => call.method === 'GET' && paths.test(call.path);
    const textCalls = () => under.server.calls.filter(isText);
    const callsOf4 = () => under.server.calls.filter((call) => call.path === path).length;

    for (const [trouble, answer, maxTries] of TROUBLES) {
      it(`that fails by ${trouble} costs that item`, async () => {
        await start();
        under.server.fault = (call) => (call.path === path ? answer() : undefined);
        const { tally, wholeList, stoppedBy } = await run();
        assert.deepEqual([tally.tagged, wholeList, stoppedBy], [6, true, undefined]);
        assert.deepEqual([tally.skipped, tally.failed.count], [{ 'text-unavailable': 1 }, 0]);
        assert.ok(callsOf4() >= 1 && callsOf4() <= maxTries, `${callsOf4()} tries`);
      });
    }

    it('that fails is read from the page of the item', async () => {
      await start();
      under.server.fault = (call) => (call.path === path ? TROUBLES[0]?.[1]() : undefined);
      const { tally } = await run({ pages: { read: under.readPage } });
      assert.deepEqual([tally.tagged, tally.skipped], [7, {}]);
    });

    it('that fails like all others costs each its length, while the service lists its items', async () => {
      await start(23);
      under.server.fault = (call) => (isText(call) ? new Response('', { status: 500 }) : undefined);
      const { tally, wholeList } = await run();
      assert.deepEqual([tally.skipped, wholeList], [{ 'text-unavailable': 23 }, true]);
      assert.ok(textCalls().length <= 25, `${textCalls().length} calls`);
    });

    it('is the service where the listing fails, too', async () => {
      await start();
      let isDown = false;
      under.server.fault = (call) => {
        isDown ||= isText(call);
        return isDown ? new Response('', { status: 500 }) : undefined;
      };
      await assert.rejects(run(), { kind: 'unavailable', status: 500 });
    });

    it('is the service where a proxy answers in its place each time', async () => {
      await start();
      under.server.fault = (call) => (isText(call) ? new Response('', { status: 503 }) : undefined);
      await assert.rejects(run(), { kind: 'unavailable', status: 503 });
    });
  });
}

describe('a Karakeep restored without its files', () => {
  const LOST = 300;
  let under: FakeUnderTest;
  beforeEach(async () => {
    const setup = setupOf('karakeep');
    const start: typeof setup.start = (all, more) => fakeKarakeep(all, { ...more, inAssets: true });
    under = await underTest({ ...setup, start }, fakeItems(LOST + 20, { words: 100 }));
    // The newest are lost, for ever.
    under.server.fault = ({ path }) => {
      const [, id = ''] = /\/(\d+)\/content$/.exec(path) ?? [];
      return Number(id) > 20 ? new Response('Internal server error', { status: 500 }) : undefined;
    };
  });
  afterEach(() => under.close());
  const run = (more = {}) =>
    tagUnread({ list: under.list, rules: RULES, mode: 'full', deadlines: NO_DEADLINES, ...more });

  it('has all tagged that it still has, behind 300 that are lost, each asked for once', async () => {
    const { tally, wholeList, stoppedBy } = await run();
    assert.deepEqual([tally.tagged, wholeList, stoppedBy], [20, true, undefined]);
    assert.deepEqual(tally.skipped, { 'text-unavailable': LOST });
    const calls = under.server.calls.filter(({ path }) => path.endsWith('/content'));
    // Two texts are read at once, so two may be tried again.
    assert.ok(calls.length <= LOST + 20 + 2, `${calls.length} calls`);
  });

  it('has the others tagged by their pages', async () => {
    const { tally } = await run({ pages: { read: under.readPage } });
    assert.deepEqual([tally.tagged, tally.skipped], [LOST + 20, {}]);
  });
});

describe('readTexts', () => {
  const text: PageEvidence = { known: true, words: 9 };
  const failure = (...given: ConstructorParameters<typeof Failure>) => new Failure(...given);
  const ERROR = failure('unavailable', 'answered 500', { status: 500 });
  const HTML = failure('unavailable', 'answered something that is not JSON', { status: 200 });
  const DOWN = failure('unavailable', 'answered 503', { status: 503 });
  const SILENT = failure('unavailable', 'no answer');
  const ANSWER = { status: 200, body: '', header: () => undefined };
  const UNREADABLE = failure('unexpected-response', 'could not read');
  /** Reads texts with these outcomes, one after the other: `ok`, the reason, or what was thrown. */
  const reading = async (
    given: readonly (PageEvidence | Error)[],
    listing: () => Promise<void> = async () => {},
  ) => {
    const left = [...given];
    const retries: number[] = [];
    let listed = 0;
    const read = readTexts(
      async ({ maxRetriesOfErrors = Number.NaN }) => {
        retries.push(maxRetriesOfErrors);
        return ANSWER;
      },
      async function* () {
        listed += 1;
        await listing();
        yield { items: [] };
      },
      async (_item, callForText) => {
        await callForText({ path: '/' });
        const next = left.shift();
        if (next === undefined || next instanceof Error) throw next;
        return next;
      },
    );
    const found: string[] = [];
    for (const _ of given) {
      const one = await read(anItem(), NO_DEADLINE).catch((error: Error) => error);
      found.push(one instanceof Error ? `thrown: ${one.message}` : one.known ? 'ok' : one.reason);
    }
    return { found, retries, listed };
  };
  const outcomes = async (...given: (PageEvidence | Error)[]) => (await reading(given)).found;
  const unavailable = 'text-unavailable';

  for (const [why, error] of [
    ['errors', ERROR],
    ['pages of HTML', HTML],
  ] as const)
    it(`never takes ${why} for the service while its listing answers, which is asked at each fifth`, async () => {
      const { found, listed } = await reading(Array(12).fill(error));
      assert.deepEqual([found, listed], [Array(12).fill(unavailable), 2]);
    });

  it('throws what the listing fails with at the fifth error in a row', async () => {
    const { found } = await reading(Array(5).fill(ERROR), () =>
      Promise.reject(failure('unavailable', 'listing: answered 500', { status: 500 })),
    );
    assert.deepEqual(found, [...Array(4).fill(unavailable), 'thrown: listing: answered 500']);
  });

  for (const [why, error] of [
    ['no answer at all', SILENT],
    ['an answer in place of the service', DOWN],
    ['an answer that is not understood', UNREADABLE],
  ] as const)
    it(`takes the fifth time of ${why} in a row for the service, and the next`, async () => {
      const { found, listed } = await reading(Array(6).fill(error));
      const thrown = `thrown: ${error.message}`;
      assert.deepEqual([found, listed], [[...Array(4).fill(unavailable), thrown, thrown], 0]);
    });

  it('reads no text that waits for its turn once the service is taken to be in trouble', async () => {
    let calls = 0;
    const read = readTexts(
      async () => ANSWER,
      async function* () {},
      async () => {
        calls += 1;
        throw SILENT;
      },
    );
    const ends = await Promise.allSettled(Array.from({ length: 40 }, () => read(anItem(), NO_DEADLINE)));
    assert.ok(calls < 10, `${calls} calls`);
    assert.equal(ends.at(-1)?.status, 'rejected');
  });

  it('begins to count again behind each text that came, and behind each answer', async () => {
    const four = Array(4).fill(SILENT);
    for (const between of [text, ERROR, failure('unexpected-response', 'gone', { status: 404 })])
      assert.ok((await outcomes(...four, between, ...four)).every((one) => !one.startsWith('thrown')));
  });

  it('asks for no text of an item whose id cannot be part of an address, however many there are', async () => {
    const asked = () => assert.fail('asked');
    const read = readTexts(asked, async function* () {}, asked);
    for (let n = 1; n <= 6; n += 1)
      assert.deepEqual(await read(anItem({ id: '..' }), NO_DEADLINE), { known: false, reason: unavailable });
  });

  it('retries the first error in a row only', async () => {
    const { retries } = await reading([ERROR, ERROR, text, SILENT, ERROR, ERROR]);
    assert.deepEqual(retries, [1, 0, 0, 1, 1, 0]);
  });

  it('never takes for the service what is said about each item', async () => {
    const gone = failure('unexpected-response', 'answered 404', { status: 404 });
    const refused = failure('unexpected-response', 'answered 400', { status: 400 });
    assert.deepEqual(await outcomes(...Array(6).fill(gone)), Array(6).fill('no-length'));
    assert.deepEqual(await outcomes(...Array(6).fill(refused)), Array(6).fill(unavailable));
  });

  for (const [why, error] of [
    ['refused credentials', failure('credentials', 'refused', { status: 401 })],
    ['a wrong setting', failure('settings', 'wrong')],
    ['a limit on calls', failure('unavailable', 'limit', { status: 429 })],
    ['a wait that was asked for', failure('unavailable', 'wait', { status: 503, retryAfterMs: 5 })],
    ['what is no failure of a call', new Error('deadline')],
  ] as const) {
    it(`throws ${why} at the first item`, async () =>
      assert.deepEqual(await outcomes(error), [`thrown: ${error.message}`]));
  }
});
