import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Estimate } from '../../lib/core/estimate.ts';
import type { Item } from '../../lib/core/item.ts';
import {
  bandOf,
  type Decision,
  managedTags,
  type PlannedRow,
  type PlanRules,
  planItem,
  plannedRow,
  planToKeep,
  planUntag,
} from '../../lib/core/plan.ts';
import { anItem, tagsNamed } from '../helpers/items.ts';

const rules: PlanRules = {
  bands: [
    { tag: 'a quick read', upToMinutes: 2 },
    { tag: 'a medium read', upToMinutes: 5 },
  ],
  longestTag: 'a long read',
  videoTag: 'article with video',
  retiredTags: ['short'],
};
const { videoTag: _none, ...withoutVideoTag } = rules;

const reads = (minutes: number): Estimate => ({ known: true, minutes, basis: 'service-words' });
const unknown: Estimate = { known: false, reason: 'not-parsed' };

describe('how sure the length of a page is', () => {
  const planned = (confidence?: number) =>
    planItem(anItem(), { known: true, minutes: 3, basis: 'page', ...(confidence && { confidence }) }, rules);

  it('stays with its decision, and is in its row', () => {
    const decision = planned(0.8);
    assert.equal(decision.kind === 'change' && decision.confidence, 0.8);
    assert.equal(plannedRow(decision, rules).confidence, 0.8);
  });

  it('is not there where there is none', () => {
    assert.ok(!('confidence' in planned()));
    assert.ok(!('confidence' in plannedRow(planned(), rules)));
  });
});

describe('bandOf', () => {
  const boundaries: [minutes: number, tag: string][] = [
    [1, 'a quick read'],
    [2, 'a quick read'],
    [3, 'a medium read'],
    [5, 'a medium read'],
    [6, 'a long read'],
    [1000, 'a long read'],
  ];
  for (const [minutes, tag] of boundaries) {
    it(`${minutes} min is ${tag}`, () => assert.equal(bandOf(minutes, rules), tag));
  }

  it('gives every item the one tag where there is only one', () => {
    assert.equal(bandOf(1, { bands: [], longestTag: 'to read' }), 'to read');
  });
});

type Row = [
  why: string,
  tags: string[],
  add: string[],
  remove?: string[],
  item?: Partial<Item>,
  estimate?: Estimate,
];

const video: Estimate = { known: true, minutes: 9, basis: 'video-duration' };
const changes: Row[] = [
  ['an untagged item gets its band', [], ['a quick read']],
  ['the reader’s own tags stay', ['recipes', 'to cook'], ['a quick read']],
  ['another band goes', ['a long read'], ['a quick read'], ['a long read']],
  ['a second band goes', ['a quick read', 'a medium read'], [], ['a medium read']],
  ['a retired tag goes', ['short', 'a quick read'], [], ['short']],
  [
    'the video tag goes from what is no video',
    ['article with video'],
    ['a quick read'],
    ['article with video'],
  ],
  ['a tag that only looks like ours is not ours', ['a quick read later'], ['a quick read']],
  ['an article about a video gets the video tag', [], ['article with video'], [], { aboutVideo: true }],
  ['also where its length is unknown', [], ['article with video'], [], { aboutVideo: true }, unknown],
  [
    'but a video of known length does not',
    [],
    ['a long read'],
    [],
    { aboutVideo: true, kind: 'video' },
    video,
  ],
];

describe('planItem', () => {
  for (const [why, tags, add, remove = [], item = {}, estimate = reads(2)] of changes) {
    it(why, () => {
      const decision = planItem(anItem({ ...item, tags: tagsNamed(...tags) }), estimate, rules);
      assert.ok(decision.kind === 'change');
      assert.deepEqual({ add: decision.add, remove: decision.remove }, { add, remove: tagsNamed(...remove) });
    });
  }

  it('costs nothing where the item is right', () => {
    const item = anItem({ tags: tagsNamed('mine', 'a quick read') });
    assert.deepEqual(planItem(item, reads(1), rules), {
      kind: 'keep',
      item,
      tag: 'a quick read',
      minutes: 1,
    });
  });

  it('has the words that the minutes are based on, if there are any', () => {
    const byWords = planItem(
      anItem(),
      { known: true, minutes: 3, basis: 'service-words', words: 700 },
      rules,
    );
    assert.equal(byWords.kind === 'change' && byWords.words, 700);
    assert.equal('words' in planItem(anItem(), reads(3), rules), false);
  });

  it('skips an unknown length, whatever the tags', () => {
    const item = anItem({ tags: tagsNamed('a quick read', 'short') });
    assert.deepEqual(planItem(item, unknown, rules), { kind: 'skip', item, reason: 'not-parsed' });
  });

  it('treats an article about a video as any article where there is no video tag', () => {
    const decision = planItem(anItem({ aboutVideo: true }), reads(4), withoutVideoTag);
    assert.ok(decision.kind === 'change');
    assert.deepEqual(decision.add, ['a medium read']);
  });

  const anyItem = fc.record({
    tags: fc.subarray([
      'mine',
      'a quick read',
      'a medium read',
      'a long read',
      'article with video',
      'short',
      'its',
    ]),
    minutes: fc.integer({ min: 1, max: 60 }),
    aboutVideo: fc.boolean(),
  });

  it('leaves exactly one of our tags and all of the others, and planning again changes nothing', () => {
    fc.assert(
      fc.property(anyItem, ({ tags, minutes, aboutVideo }) => {
        const item = anItem({ tags: tagsNamed(...tags), aboutVideo });
        const after = carriedOut(planItem(item, reads(minutes), rules));
        const [ours, others] = split(after);
        assert.equal(ours.length, 1);
        assert.deepEqual(others, split(item)[1]);
        assert.equal(planItem(after, reads(minutes), rules).kind, 'keep');
      }),
    );
  });

  it('leaves none of our tags and all of the others when untagging', () => {
    fc.assert(
      fc.property(anyItem, ({ tags }) => {
        const item = anItem({ tags: tagsNamed(...tags) });
        const after = carriedOut(planUntag(item, rules));
        assert.deepEqual(split(after), [[], split(item)[1]]);
        assert.equal(planUntag(after, rules).kind, 'keep');
      }),
    );
  });
});

describe('planToKeep', () => {
  const rows: [why: string, tags: string[], kept: string | undefined][] = [
    ['a band', ['a quick read'], 'a quick read'],
    ['a band that is not the first', ['a medium read'], 'a medium read'],
    ['the band without a limit, beside the reader’s own tags', ['recipes', 'a long read'], 'a long read'],
    ['nothing where there is none', [], undefined],
    ['nothing where only the reader’s tags are', ['recipes'], undefined],
    ['no two bands, of which one is wrong', ['a quick read', 'a long read'], undefined],
    ['no band beside a retired tag, which has to go', ['a quick read', 'short'], undefined],
    ['no retired tag', ['short'], undefined],
    ['no video tag: what it is about has to be looked at', ['article with video'], undefined],
  ];
  for (const [why, tags, kept] of rows) {
    it(`keeps ${why}`, () => {
      const item = anItem({ tags: tagsNamed(...tags) });
      assert.deepEqual(planToKeep(item, rules), kept && { kind: 'keep', item, tag: kept });
    });
  }
});

describe('managedTags', () => {
  it('are the bands, the video tag and the retired ones, and nothing else', () => {
    const bands = ['a quick read', 'a medium read', 'a long read'];
    assert.deepEqual(managedTags(rules), [...bands, 'article with video', 'short']);
    assert.deepEqual(managedTags(withoutVideoTag), [...bands, 'short']);
  });
});

const url = 'https://example.com/a';

describe('plannedRow', () => {
  const rows: [why: string, decision: Decision, row: PlannedRow][] = [
    [
      'a change, with our tags on the item and the one to come',
      {
        kind: 'change',
        item: anItem({ title: 'A title', url, tags: tagsNamed('mine', 'a quick read', 'short') }),
        add: ['a long read'],
        remove: tagsNamed('a quick read', 'short'),
        tag: 'a long read',
        minutes: 4,
        words: 900,
      },
      {
        id: '1',
        title: 'A title',
        words: 900,
        minutes: 4,
        from: ['a quick read', 'short'],
        to: 'a long read',
      },
    ],
    [
      'the address where there is no title, and no words where none were counted',
      {
        kind: 'keep',
        item: anItem({ url, tags: tagsNamed('a quick read') }),
        tag: 'a quick read',
        minutes: 1,
      },
      { id: '1', title: url, minutes: 1, from: ['a quick read'], to: 'a quick read' },
    ],
    [
      'an item of which nothing is known',
      { kind: 'skip', item: anItem(), reason: 'no-length' },
      { id: '1', title: '1', from: [] },
    ],
  ];
  for (const [why, decision, row] of rows) {
    it(`shows ${why}`, () => assert.deepEqual(plannedRow(decision, rules), row));
  }
});

function carriedOut(decision: Decision): Item {
  if (decision.kind !== 'change') return decision.item;
  const kept = decision.item.tags.filter((tag) => !decision.remove.includes(tag));
  return { ...decision.item, tags: [...kept, ...tagsNamed(...decision.add)] };
}

function split(item: Item): [ours: string[], others: string[]] {
  const managed = managedTags(rules);
  const names = item.tags.map(({ name }) => name);
  return [names.filter((name) => managed.includes(name)), names.filter((name) => !managed.includes(name))];
}
