import assert from 'node:assert/strict';
import type { Decision, PlanRules } from '../../lib/core/plan.ts';
import { deadlineIn } from '../../lib/deadline.ts';
import { readOnly } from '../../lib/reading-lists/reading-list.ts';
import { applyPlan } from '../../lib/run/apply-plan.ts';
import { tagUnread } from '../../lib/run/tag-unread.ts';
import { faults } from '../helpers/faults.ts';
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
    const { tally, stoppedBy } = await applyPlan(under.list, {
      decisions: await plan(),
      rules,
      deadlines: NO_DEADLINES,
      onCount: ({ tagged }) => written.push(tagged),
    });
    assert.equal(stoppedBy, undefined);
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
    await applyPlan(under.list, { decisions, rules, deadlines: NO_DEADLINES });
    const tags = under.tagsById();
    assert.deepEqual([tags['1'], tags['251']], [['short'], []]);
  });

  it('writes no more than the limit, the first ones, and says how many are left', async () => {
    const decisions = await plan();
    const { tally, stoppedBy } = await applyPlan(under.list, {
      decisions,
      limit: 130,
      rules,
      deadlines: NO_DEADLINES,
    });
    assert.deepEqual([tally.tagged, tally.left, stoppedBy], [130, { changes: 120, unseen: 0 }, 'limit']);
    const tags = under.tagsById();
    assert.deepEqual([tags['130']?.length, tags['131']?.length], [1, 0]);
  });

  it('has no limit where all changes are within it', async () => {
    const { stoppedBy } = await applyPlan(under.list, {
      decisions: await plan(),
      limit: 250,
      rules,
      deadlines: NO_DEADLINES,
    });
    assert.equal(stoppedBy, undefined);
  });

  it('has nothing to write where everything is right', async () => {
    await applyPlan(under.list, { decisions: await plan(), rules, deadlines: NO_DEADLINES });
    const before = under.sent();
    const { tally } = await applyPlan(under.list, { decisions: [], rules, deadlines: NO_DEADLINES });
    assert.deepEqual([tally.tagged, under.sent() - before], [0, 0]);
  });

  it('begins no batch after it was asked to stop, ends the one in hand, and says how many are left', async () => {
    const stop = new AbortController();
    const { tally, stoppedBy } = await applyPlan(under.list, {
      decisions: await plan(),
      rules,
      deadlines: { ...NO_DEADLINES, reading: deadlineIn(60_000, { stop: stop.signal }) },
      onCount: () => stop.abort(),
    });
    assert.equal(stoppedBy, 'interrupted');
    assert.ok(tally.tagged > 0 && tally.tagged < 250, `${tally.tagged}`);
    assert.deepEqual(tally.left, { changes: 250 - tally.tagged, unseen: 0 });
    assert.equal(Object.values(under.tagsById()).flat().length, tally.tagged);
  });

  it('ends at a wait that its deadline does not allow, with what it had written', async () => {
    const decisions = await plan();
    await under.close();
    under = await pocketWith(articles(250), {
      fault: ({ endpoint, n }) => (endpoint === 'send' && n > 2 ? faults.maintenance(1_000_000) : undefined),
    });
    const soon = deadlineIn(60_000);
    const { tally, stoppedBy } = await applyPlan(under.list, {
      decisions,
      rules,
      deadlines: { reading: soon, writing: soon },
    });
    assert.equal(stoppedBy, 'rate-limit');
    assert.deepEqual([tally.tagged > 0, tally.left?.changes], [true, 250 - tally.tagged]);
  });
});
