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
    const start = async () => {
      const isKarakeep = service === 'karakeep';
      under = await underTest(
        isKarakeep
          ? { ...setup, start: (all, more) => fakeKarakeep(all, { ...more, inAssets: true }) }
          : setup,
        fakeItems(7, items),
      );
    };
    const run = (more = {}) =>
      tagUnread({ list: under.list, rules: RULES, mode: 'full', deadlines: NO_DEADLINES, ...more });
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
      const { tally } = await run({ pages: { read: under.readPage, refetch: false } });
      assert.deepEqual([tally.tagged, tally.skipped], [7, {}]);
    });

    it('is the service where every one fails', async () => {
      await start();
      const end = path.slice(path.indexOf('/4') + 2);
      under.server.fault = (call) =>
        call.method === 'GET' && call.path !== '/api/entries.json' && call.path.endsWith(end)
          ? new Response('', { status: 500 })
          : undefined;
      await assert.rejects(run(), { kind: 'unavailable', status: 500 });
    });
  });
}

describe('readTexts', () => {
  const text: PageEvidence = { known: true, words: 9 };
  const failure = (...given: ConstructorParameters<typeof Failure>) => new Failure(...given);
  const FAILED = failure('unavailable', 'answered 500', { status: 500 });
  /** Reads texts with these outcomes, one after the other: `ok`, the reason, or what was thrown. */
  const outcomes = async (...given: (PageEvidence | Error)[]) => {
    const left = [...given];
    const read = readTexts(async () => {
      const next = left.shift();
      if (next === undefined || next instanceof Error) throw next;
      return next;
    });
    const found: string[] = [];
    for (const _ of given) {
      const one = await read(anItem(), NO_DEADLINE).catch((error: Error) => error);
      found.push(one instanceof Error ? `thrown: ${one.message}` : one.known ? 'ok' : one.reason);
    }
    return found;
  };
  const unavailable = 'text-unavailable';

  it('takes the fifth failure in a row for the service, and the next', async () =>
    assert.deepEqual(await outcomes(...Array(6).fill(FAILED)), [
      ...Array(4).fill(unavailable),
      ...Array(2).fill('thrown: answered 500'),
    ]));

  it('begins to count again behind each text that came', async () =>
    assert.deepEqual(await outcomes(...Array(4).fill(FAILED), text, ...Array(4).fill(FAILED)), [
      ...Array(4).fill(unavailable),
      'ok',
      ...Array(4).fill(unavailable),
    ]));

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
