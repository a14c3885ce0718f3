import assert from 'node:assert/strict';
import { goneResult } from '../../lib/core/item.ts';
import type { Decision } from '../../lib/core/plan.ts';
import {
  addDecisions,
  addRemaining,
  addResults,
  type Change,
  type Ending,
  emptyTally,
  type StopReason,
  summarise,
} from '../../lib/core/summary.ts';
import { anItem, tagsNamed } from '../helpers/items.ts';

const TAGS = ['a quick read', 'a medium read', 'a long read'];
const ending: Ending = { mode: 'recent', dryRun: false, requests: 3, durationMs: 40 };

const adds = (tag: string, minutes: number, id = '1'): Change => ({
  kind: 'change',
  item: anItem({ id }),
  add: [tag],
  remove: [],
  tag,
  minutes,
});
const keeps = (tag: string, minutes: number): Decision => ({ kind: 'keep', item: anItem(), tag, minutes });
const skips: Decision = { kind: 'skip', item: anItem(), reason: 'not-parsed' };
const untags: Change = { kind: 'change', item: anItem(), add: [], remove: tagsNamed('a long read') };
const done = (change: Change) => ({ itemId: change.item.id, ok: true }) as const;

function messageOf(decisions: Decision[], how: Partial<Ending> = {}): string {
  const changes = decisions.filter((decision): decision is Change => decision.kind === 'change');
  const tally = addResults(addDecisions(emptyTally(TAGS), decisions), changes, changes.map(done));
  return summarise(tally, { ...ending, ...how }).message;
}

describe('the sentence of a run', () => {
  const quick = adds('a quick read', 2);
  const long = adds('a long read', 9);
  const rows: [why: string, decisions: Decision[], how: Partial<Ending>, message: string][] = [
    [
      'everything at once',
      [quick, quick, long, keeps('a long read', 8), keeps('a long read', 8), skips, skips],
      {},
      'Tagged 3 of 7 unread items: 2 a quick read, 1 a long read. 2 were already right. 2 have no known length: 2 not yet looked at by the service.',
    ],
    ['an empty list', [], {}, 'Tagged 0 of 0 unread items.'],
    [
      'one of each',
      [keeps('a quick read', 1), skips],
      {},
      'Tagged 0 of 2 unread items. 1 was already right. 1 has no known length: 1 not yet looked at by the service.',
    ],
    ['one item', [quick], {}, 'Tagged 1 of 1 unread item: 1 a quick read.'],
    ['a dry run', [quick], { dryRun: true }, 'Would tag 1 of 1 unread item: 1 a quick read.'],
    [
      'a dry run that finds a needless band',
      [untags],
      { dryRun: true },
      'Would tag 0 of 1 unread item. Would remove a needless tag from 1.',
    ],
    [
      'a dry run of untagging',
      [untags],
      { mode: 'untag', dryRun: true },
      'Would remove our tags from 1 of 1 item.',
    ],
    ['a needless second band', [untags], {}, 'Tagged 0 of 1 unread item. Removed a needless tag from 1.'],
    [
      'untagging',
      [untags, { kind: 'keep', item: anItem() }],
      { mode: 'untag' },
      'Removed our tags from 1 of 2 items. 1 was without them.',
    ],
  ];
  for (const [why, decisions, how, message] of rows) {
    it(`reports ${why}`, () => assert.equal(messageOf(decisions, how), message));
  }

  const partly: [why: string, total: number | undefined, how: Partial<Ending>, said: string][] = [
    [
      'at Ctrl-C, of how many in all',
      3000,
      { stoppedBy: 'interrupted' },
      'Tagged 1 of 1 unread item, of 3,000 in all: ',
    ],
    [
      'at a limit, of how many in all',
      3000,
      { stoppedBy: 'limit' },
      'Tagged 1 of 1 unread item, of 3,000 in all: ',
    ],
    ['of a list that ends there', 1, { stoppedBy: 'limit' }, 'Tagged 1 of 1 unread item: '],
    ['of a list that shrank meanwhile', 0, { stoppedBy: 'limit' }, 'Tagged 1 of 1 unread item: '],
    ['of a service that does not say', undefined, { stoppedBy: 'limit' }, 'Tagged 1 of 1 unread item: '],
    ['to its end', 1, {}, 'Tagged 1 of 1 unread item: '],
    ['to its end, where the service counts more', 3000, {}, 'Tagged 1 of 1 unread item: '],
    ['of the newest only', 3000, { newestOnly: true }, 'Tagged 1 of the newest 1 unread item: '],
    [
      'untagging',
      3000,
      { mode: 'untag', stoppedBy: 'limit' },
      'Removed our tags from 0 of 1 item, of 3,000 in all.',
    ],
  ];
  for (const [why, total, how, said] of partly) {
    it(`says what it looked at ${why}`, () => {
      const tally = addResults(addDecisions(emptyTally(TAGS), [quick]), [quick], [done(quick)]);
      const counted = how.mode === 'untag' ? { ...tally, untagged: 0 } : tally;
      const { message } = summarise(
        { ...counted, ...(total !== undefined && { total }) },
        { ...ending, ...how },
      );
      assert.ok(message.startsWith(said), message);
    });
  }

  it('groups the digits of large numbers', () => {
    const tally = { ...emptyTally(TAGS), listed: 12_345, tagged: 1234, byBand: { 'a long read': 1234 } };
    const { message } = summarise({ ...tally, unchanged: 11_111 }, ending);
    assert.equal(
      message,
      'Tagged 1,234 of 12,345 unread items: 1,234 a long read. 11,111 were already right.',
    );
  });

  const stops: Record<Exclude<StopReason, 'failure'>, string> = {
    deadline: 'when its time was up',
    limit: 'at the limit on changes',
    interrupted: 'when asked to',
    'rate-limit': 'because the reading list allows no more calls for now',
    budget: 'because its calls for this hour are used up',
  };
  for (const [stoppedBy, why] of Object.entries(stops)) {
    it(`says that it stopped ${why}`, () =>
      assert.equal(
        messageOf([], { stoppedBy: stoppedBy as StopReason }),
        `Tagged 0 of 0 unread items. Stopped ${why}; the next full run continues.`,
      ));
  }
});

describe('the sentence of a run at its limit on changes', () => {
  const quick = adds('a quick read', 2);
  const rows: [
    why: string,
    mode: Ending['mode'],
    undone: Decision[],
    total: number | undefined,
    said: string,
  ][] = [
    ['counted to the end', 'full', [quick, quick], 2, 'with 2 more to change; the next full run continues.'],
    [
      'some not looked at',
      'recent',
      [quick, quick],
      3,
      'with at least 2 more to change and 1 unread item not looked at; the next full run continues.',
    ],
    [
      'the total is unknown',
      'recent',
      [quick],
      undefined,
      'with at least 1 more to change; the next full run continues.',
    ],
    ['what is right is not left', 'full', [quick, keeps('a long read', 8)], 2, 'with 1 more to change; the'],
    [
      'an unknown length is not looked at',
      'full',
      [quick, skips],
      2,
      'with at least 1 more to change and 1 unread item not looked at; the',
    ],
    ['untagging', 'untag', [untags], 1, 'with 1 more to change; the next such run continues.'],
    ['a list that shrank meanwhile', 'full', [quick, quick], 1, 'with 2 more to change; the'],
  ];
  for (const [why, mode, undone, total, said] of rows) {
    it(`reports what is left: ${why}`, () => {
      const { message } = summarise(addRemaining(emptyTally(TAGS), undone, total), {
        ...ending,
        mode,
        stoppedBy: 'limit',
      });
      assert.ok(message.includes(`Stopped at the limit on changes, ${said}`), message);
    });
  }

  it('adds up what several pages leave', () => {
    const one = addRemaining(emptyTally(TAGS), [quick, quick], 5);
    assert.deepEqual(addRemaining(one, [quick], 5).left, { changes: 3, unseen: 2 });
  });
});

describe('a tally', () => {
  it('counts a change only when it was carried out', () => {
    const changes = [adds('a quick read', 1, '7'), adds('a long read', 9, '8')];
    const tally = addResults(addDecisions(emptyTally(TAGS), changes), changes, [
      { itemId: '7', ok: true },
      { itemId: '8', ok: false, reason: 'refused' },
    ]);
    const summary = summarise(tally, ending);
    assert.equal(summary.tagged, 1);
    assert.deepEqual(summary.byBand, { 'a quick read': 1, 'a medium read': 0, 'a long read': 0 });
    assert.deepEqual(summary.failed, { count: 1, items: [{ id: '8', reason: 'refused' }] });
    assert.match(summary.message, /1 could not be changed\.$/);
  });

  it('counts an item that was deleted meanwhile, and not as failed', () => {
    const gone = adds('a quick read', 2);
    const tally = addResults(addDecisions(emptyTally(TAGS), [gone]), [gone], [goneResult('1')]);
    assert.deepEqual([tally.gone, tally.failed.count, tally.tagged], [1, 0, 0]);
    assert.match(summarise(tally, ending).message, /\. 1 was deleted meanwhile\.$/);
  });

  it('names the first 20 failures and counts all of them', () => {
    const changes = Array.from({ length: 50 }, (_, at) => adds('a quick read', 1, String(at)));
    const results = changes.map(({ item }) => ({ itemId: item.id, ok: false, reason: 'refused' }) as const);
    const { failed } = addResults(emptyTally(TAGS), changes, results);
    assert.equal(failed.count, 50);
    assert.deepEqual(
      failed.items.map(({ id }) => id),
      changes.slice(0, 20).map(({ item }) => item.id),
    );
  });

  it('adds up what is left to read, changed or not', () => {
    const change = adds('a long read', 9);
    const tally = addResults(
      addDecisions(emptyTally(TAGS), [change, keeps('a long read', 6), skips]),
      [change],
      [done(change)],
    );
    assert.deepEqual(tally.backlog['a long read'], { items: 2, minutes: 15 });
    assert.deepEqual(tally.skipped, { 'not-parsed': 1 });
  });

  it('adds up over the pages of a list', () => {
    const one = addDecisions(emptyTally(TAGS), [skips, keeps('a long read', 6)]);
    const two = addDecisions(one, [skips, { ...skips, reason: 'image' }, keeps('a long read', 7)]);
    assert.deepEqual(two.skipped, { 'not-parsed': 2, image: 1 });
    assert.deepEqual([two.listed, two.unchanged, two.backlog['a long read']?.minutes], [5, 2, 13]);
  });

  it('counts a tag that it did not know of', () => {
    const change = adds('article with video', 3);
    const tally = addResults(emptyTally(TAGS), [change], [done(change)]);
    assert.deepEqual(tally.byBand['article with video'], 1);
    assert.deepEqual(tally.backlog['article with video'], { items: 1, minutes: 3 });
  });

  it('does not count a change that no result came for', () => {
    assert.equal(addResults(emptyTally(TAGS), [adds('a long read', 9)], []).tagged, 0);
  });

  it('has no item to read under no tag', () => {
    const tally = addDecisions(emptyTally(TAGS), [{ kind: 'keep', item: anItem() }]);
    assert.deepEqual(Object.keys(tally.backlog), TAGS);
  });

  it('knows of as many unseen items as the list has beyond those looked at', () => {
    const tally = addDecisions(emptyTally(TAGS), [skips, skips]);
    const quick = adds('a quick read', 1);
    assert.deepEqual(addRemaining(tally, [quick], 10).left, { changes: 1, unseen: 7 });
    assert.deepEqual(addRemaining(tally, [quick], undefined).left, { changes: 1 });
    assert.deepEqual(addRemaining(addRemaining(tally, [quick], undefined), [quick], 10).left, { changes: 2 });
  });

  it('is complete unless something stopped it', () => {
    assert.equal(summarise(emptyTally(TAGS), ending).complete, true);
    assert.equal(summarise(emptyTally(TAGS), { ...ending, stoppedBy: 'limit' }).complete, false);
  });
});
