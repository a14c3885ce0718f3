import assert from 'node:assert/strict';
import type { Decision, PlanRules } from '../../lib/core/plan.ts';
import { type PlannedRow, plannedRow } from '../../lib/core/planned-row.ts';
import { anItem, tagsNamed } from '../helpers/items.ts';

const rules: PlanRules = {
  bands: [{ tag: 'quick', upToMinutes: 2 }],
  longestTag: 'long',
  retiredTags: ['old'],
};
const url = 'https://example.com/a';

describe('plannedRow', () => {
  const rows: [why: string, decision: Decision, row: PlannedRow][] = [
    [
      'a change, with our tags on the item and the one to come',
      {
        kind: 'change',
        item: anItem({ title: 'A title', url, tags: tagsNamed('mine', 'quick', 'old') }),
        add: ['long'],
        remove: tagsNamed('quick', 'old'),
        tag: 'long',
        minutes: 4,
        words: 900,
      },
      { id: '1', title: 'A title', words: 900, minutes: 4, from: ['quick', 'old'], to: 'long' },
    ],
    [
      'the address where there is no title, and no words where none were counted',
      { kind: 'keep', item: anItem({ url, tags: tagsNamed('quick') }), tag: 'quick', minutes: 1 },
      { id: '1', title: url, minutes: 1, from: ['quick'], to: 'quick' },
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
