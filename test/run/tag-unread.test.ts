import assert from 'node:assert/strict';
import type { StopReason } from '../../lib/core/summary.ts';
import { deadlineIn } from '../../lib/deadline.ts';
import type { NewItem } from '../../lib/pocket-server/stored-item.ts';
import { readOnly } from '../../lib/reading-lists/reading-list.ts';
import { type Progress, type TagUnreadOptions, tagUnread } from '../../lib/run/tag-unread.ts';
import { readSettings } from '../../lib/settings.ts';
import { faults } from '../helpers/faults.ts';
import { articles, NO_DEADLINE, NO_DEADLINES, type PocketUnderTest, pocketWith } from '../helpers/pocket.ts';
import type { TestPocketOptions } from '../helpers/test-pocket.ts';
import { resultsOf } from '../reading-lists/reading-list-contract.ts';

const { rules } = readSettings({ POCKET_API_URL: 'http://127.0.0.1/v3', RETIRED_TAGS: 'short' });

let under: PocketUnderTest;
const start = async (items: readonly NewItem[], options?: Partial<TestPocketOptions>) => {
  under = await pocketWith(items, options);
  return under;
};
const tag = (run: Partial<TagUnreadOptions> = {}) =>
  tagUnread({ list: under.list, rules, mode: 'full', deadlines: NO_DEADLINES, ...run });
const sends = () => under.server.calls.filter(({ endpoint }) => endpoint === 'send').length;
const gets = () => under.server.calls.filter(({ endpoint }) => endpoint === 'get').length;

describe('tagUnread', () => {
  afterEach(() => under.close());

  it('tags every item with its band, in as few requests as the limits allow', async () => {
    await start(articles(100));
    const { tally, stoppedBy } = await tag();
    assert.equal(stoppedBy, undefined);
    assert.deepEqual(tally.byBand, {
      'a quick read': 20,
      'a medium read': 35,
      'a long read': 45,
      'article with video': 0,
    });
    assert.equal(tally.tagged, 100);
    assert.ok(under.sent() <= Math.ceil(100 / 30) + Math.ceil(100 / 30) + 2, `${under.sent()} requests`);
    assert.deepEqual(under.tagsById()['1'], ['a quick read']);
  });

  it('writes nothing the second time', async () => {
    await start(articles(50));
    await tag();
    const before = sends();
    const { tally } = await tag();
    assert.equal(tally.unchanged, 50);
    assert.equal(sends(), before);
  });

  it('skips items of unknown length, and counts them by reason', async () => {
    const unparsed = { given_url: 'https://example.com/a', tags: ['mine'] };
    const image = { given_url: 'https://example.com/b', has_image: 2 };
    const video = { given_url: 'https://example.com/c', has_video: 2 };
    await start([unparsed, image, video]);
    const { tally } = await tag();
    assert.deepEqual(tally.skipped, { 'not-parsed': 1, image: 1, 'video-without-duration': 1 });
    assert.deepEqual(under.tagsById(), { 1: ['mine'], 2: [], 3: [] });
    assert.equal(sends(), 0);
  });

  it('swaps bands when the settings change, and removes retired tags, and no other', async () => {
    await start(articles(3, ['mine', 'short', 'a long read']));
    await tag();
    assert.deepEqual(under.tagsById()['1'], ['a quick read', 'mine']);
  });

  it('untags: removes every tag of ours and nothing else', async () => {
    await start([
      ...articles(35, ['mine', 'a long read', 'short']),
      { given_url: 'https://example.com/x', tags: ['article with video'] },
    ]);
    const { tally } = await tag({ mode: 'untag' });
    assert.equal(tally.untagged, 36);
    assert.deepEqual(new Set(Object.values(under.tagsById()).flat()), new Set(['mine']));
  });

  it('plans a dry run and writes nothing', async () => {
    await start(articles(40));
    const { tally } = await tag({ list: readOnly(under.list) });
    assert.equal(tally.tagged, 40);
    assert.equal(sends(), 0);
  });

  it('changes no more items than the limit', async () => {
    await start(articles(100));
    const { tally, stoppedBy } = await tag({ limit: 35 });
    assert.equal(tally.tagged, 35);
    assert.equal(tally.listed, 35);
    assert.equal(stoppedBy, 'limit');
  });

  it('says how much the limit left, counted to the end where it may list the rest', async () => {
    await start(articles(100));
    const { tally, stoppedBy, wholeList } = await tag({ limit: 35, countLeft: true });
    assert.deepEqual([tally.tagged, tally.listed, tally.left], [35, 35, { changes: 65, unseen: 0 }]);
    // It walked to the end, and decided on 35: the backlog of the others was not measured.
    assert.deepEqual([stoppedBy, wholeList, gets(), sends()], ['limit', false, 4, 2]);
  });

  it('says at least how much the limit left where it does not list the rest', async () => {
    await start(articles(100));
    const { tally } = await tag({ limit: 35, mode: 'recent' });
    assert.deepEqual(tally.left, { changes: 25, unseen: 40 });
    assert.equal(gets(), 2);
  });

  it('changes the newest first, and in as many runs as it takes, all', async () => {
    await start(articles(100));
    for (const left of [60, 20]) {
      const { tally } = await tag({ limit: 40, countLeft: true });
      assert.equal(tally.left?.changes, left);
      const untagged = Object.entries(under.tagsById()).filter(([, tags]) => tags.length === 0);
      assert.equal(Math.min(...untagged.map(([id]) => Number(id))), 101 - left);
    }
    const { tally, stoppedBy } = await tag({ limit: 40, countLeft: true });
    assert.deepEqual([tally.tagged, tally.left, stoppedBy], [20, undefined, undefined]);
  });

  it('is complete when the limit was just enough', async () => {
    await start(articles(35));
    const { stoppedBy, wholeList } = await tag({ limit: 35, countLeft: true });
    assert.deepEqual([stoppedBy, wholeList], [undefined, true]);
  });

  it('calls onPage for each page, with the total', async () => {
    await start(articles(40));
    const calls: Progress[] = [];
    await tag({ onPage: (progress) => calls.push(progress) });
    assert.deepEqual(
      calls.map(({ listed, total }) => [listed, total]),
      [
        [30, 40],
        [40, 40],
      ],
    );
  });

  it('reads the next page while a batch is being written, and never has more than two requests open', async () => {
    let open = 0;
    let most = 0;
    await start(articles(120));
    const { list } = under;
    const counted = async <T>(work: Promise<T>): Promise<T> => {
      open += 1;
      most = Math.max(most, open);
      return work.finally(() => {
        open -= 1;
      });
    };
    await tag({
      list: {
        ...list,
        async *applyTags(changes, deadline) {
          yield* await counted(resultsOf(list.applyTags(changes, deadline)));
        },
        async *listUnread(deadline) {
          const pages = list.listUnread(deadline)[Symbol.asyncIterator]();
          for (;;) {
            const { done, value } = await counted(Promise.resolve(pages.next()));
            if (done) return;
            yield value;
          }
        },
      },
    });
    assert.equal(most, 2);
  });
});

describe('a recent run', () => {
  afterEach(() => under.close());
  const right = articles(150, ['a quick read']).map((item) => ({ ...item, word_count: 100 }));
  const old = { given_url: 'https://example.com/old', word_count: 100, time_added: 1 };

  it('stops after three pages in a row that needed nothing', async () => {
    await start([...right, old]);
    const { tally, stoppedBy, wholeList } = await tag({ mode: 'recent' });
    assert.deepEqual([tally.listed, gets(), stoppedBy, wholeList], [90, 3, undefined, false]);
  });

  it('continues where one of them needed something', async () => {
    await start([...right, { ...old, time_added: right[70]?.time_added ?? 0 }]);
    const { tally } = await tag({ mode: 'recent' });
    assert.equal(tally.tagged, 1);
    assert.equal(tally.listed, 151);
  });

  it('does not end there when an earlier run was stopped', async () => {
    await start([...right, old]);
    const { tally } = await tag({ mode: 'recent', skipEarlyStop: true });
    assert.deepEqual([tally.listed, tally.tagged], [151, 1]);
  });

  it('does not end a full run, which lists everything', async () => {
    await start([...right, old]);
    const { tally, wholeList } = await tag();
    assert.deepEqual([tally.listed, tally.tagged, wholeList], [151, 1, true]);
  });
});

describe('a run that has to stop', () => {
  afterEach(() => under.close());

  const ends: [by: StopReason, reason: DOMException][] = [
    ['deadline', new DOMException('', 'TimeoutError')],
    ['interrupted', new DOMException('', 'AbortError')],
  ];
  for (const [by, reason] of ends)
    it(`writes the batch in hand, says what stopped it (${by}), and the next one continues`, async () => {
      await start(articles(300));
      const timeIsUp = new AbortController();
      const reading = { signal: timeIsUp.signal, remainingMs: () => 0 };
      const { tally, stoppedBy, wholeList } = await tag({
        deadlines: { reading, writing: NO_DEADLINE },
        onPage: ({ listed }) => listed >= 100 && timeIsUp.abort(reason),
      });
      assert.deepEqual([stoppedBy, wholeList], [by, false]);
      assert.equal(tally.listed, 120);
      assert.equal(tally.tagged, tally.listed);
      assert.equal(Object.values(under.tagsById()).filter((tags) => tags.length === 1).length, tally.tagged);
      const next = await tag();
      assert.equal(next.tally.tagged + tally.tagged, 300);
    });

  it('rejects when the batch in hand is refused after the time for reading, so that it is known why', async () => {
    const timeIsUp = new AbortController();
    const reading = { signal: timeIsUp.signal, remainingMs: () => 0 };
    await start(articles(60), {
      fault: ({ endpoint }) => {
        if (endpoint === 'get') return undefined;
        timeIsUp.abort(new DOMException('', 'TimeoutError'));
        return faults.noPermission();
      },
    });
    await assert.rejects(tag({ deadlines: { reading, writing: NO_DEADLINE } }), { kind: 'credentials' });
  });

  it('counts a batch that was not answered in time as failed', async () => {
    const hang = { kind: 'hang', done: true } as const;
    await start(articles(30), { fault: ({ endpoint }) => (endpoint === 'send' ? hang : undefined) });
    const { tally, stoppedBy } = await tag({ deadlines: { reading: NO_DEADLINE, writing: deadlineIn(150) } });
    assert.equal(stoppedBy, 'deadline');
    assert.equal(tally.failed.count, 30);
    assert.equal(tally.tagged, 0);
  });

  it('counts a batch as failed that may have been carried out before the service rate-limited us', async () => {
    const soon = deadlineIn(60_000);
    const answers = [{ ...faults.internalError(), done: true }, faults.maintenance(3600)];
    await start(articles(30), {
      fault: ({ endpoint }) => (endpoint === 'send' ? answers.shift() : undefined),
    });
    const { tally, stoppedBy } = await tag({ deadlines: { reading: soon, writing: soon } });
    assert.deepEqual([stoppedBy, tally.tagged, tally.failed.count], ['rate-limit', 0, 30]);
  });

  it('stops when the limit on calls leaves no time', async () => {
    await start(articles(90), { fault: ({ n }) => (n > 2 ? faults.rateLimited(3600) : undefined) });
    const soon = deadlineIn(60_000);
    const { tally, stoppedBy } = await tag({ deadlines: { reading: soon, writing: soon } });
    assert.equal(stoppedBy, 'rate-limit');
    assert.deepEqual([tally.tagged, tally.failed.count], [Object.values(under.tagsById()).flat().length, 0]);
  });

  it('rejects when the list can be read no further, after writing what it had planned', async () => {
    await start(articles(45), {
      fault: ({ endpoint, n }) => (endpoint === 'get' && n > 1 ? faults.noPermission() : undefined),
    });
    await assert.rejects(tag(), { kind: 'credentials' });
    assert.equal(Object.values(under.tagsById()).flat().length, 30);
  });

  it('rejects when nothing can be written', async () => {
    await start(articles(45), {
      fault: ({ endpoint }) => (endpoint === 'send' ? faults.internalError() : undefined),
    });
    await assert.rejects(tag(), { kind: 'unavailable' });
  });
});
