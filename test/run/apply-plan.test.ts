import assert from 'node:assert/strict';
import type { Decision, PlanRules } from '../../lib/core/plan.ts';
import { readOnly } from '../../lib/reading-lists/reading-list.ts';
import { applyPlan } from '../../lib/run/apply-plan.ts';
import { tagUnread } from '../../lib/run/tag-unread.ts';
import { articles, NO_DEADLINES, type PocketUnderTest, pocketWith } from '../helpers/pocket.ts';

const rules: PlanRules = { bands: [{ tag: 'short', upToMinutes: 5 }], longestTag: 'long', retiredTags: [] };

describe('applyPlan', () => {
  let under: PocketUnderTest;
  beforeEach(async () => {
    under = await pocketWith(articles(250));
  });
  afterEach(() => under.close());

  async function plan(): Promise<readonly Decision[]> {
    const decisions: Decision[] = [];
    await tagUnread({
      list: readOnly(under.list),
      rules,
      mode: 'full',
      deadlines: NO_DEADLINES,
      onPage: (page) => decisions.push(...page.decisions),
    });
    return decisions;
  }

  it('writes every change of the plan, and counts as the run does', async () => {
    const written: number[] = [];
    const tally = await applyPlan(under.list, {
      decisions: await plan(),
      rules,
      onWritten: (count) => written.push(count),
    });
    assert.deepEqual([tally.listed, tally.tagged, tally.failed.count], [250, 250, 0]);
    assert.equal(written.at(-1), 250);
    assert.ok(written.length > 1, 'called after each batch');
    assert.equal(tally.backlog.short?.items, tally.byBand.short);
    assert.deepEqual(under.tagsById()['1'], ['short']);
  });

  it('writes what was seen and nothing else, whatever the list has become', async () => {
    const decisions = await plan();
    under.store.insert([{ given_url: 'https://example.com/new', word_count: 9, time_to_read: 1 }]);
    under.store.change(2, { status: 1 });
    await applyPlan(under.list, { decisions, rules });
    const tags = under.tagsById();
    assert.deepEqual([tags['1'], tags['251']], [['short'], []]);
  });

  it('has nothing to write where everything is right', async () => {
    await applyPlan(under.list, { decisions: await plan(), rules });
    const before = under.sent();
    const tally = await applyPlan(under.list, { decisions: [], rules });
    assert.deepEqual([tally.tagged, under.sent() - before], [0, 0]);
  });
});
