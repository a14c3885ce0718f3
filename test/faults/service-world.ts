import assert from 'node:assert/strict';
import type { TagResult } from '../../lib/core/item.ts';
import { managedTags } from '../../lib/core/plan.ts';
import type { StopReason, Tally } from '../../lib/core/summary.ts';
import { deadlineIn } from '../../lib/deadline.ts';
import { Failure } from '../../lib/failure.ts';
import type { ReadingList } from '../../lib/reading-lists/reading-list.ts';
import { verifyFirstWrite } from '../../lib/reading-lists/verify-first-write.ts';
import { tagUnread } from '../../lib/run/tag-unread.ts';
import { type FakeCall, type FakeItem, fakeItems } from '../helpers/services/fake-service.ts';
import { type FakeUnderTest, RULES, type ServiceSetup, underTest } from '../helpers/services/under-test.ts';

/** Longer than any wait that a run is to sit out, shorter than any that it is not to begin. */
const DEADLINE_MS = 20_000;

/** Items of every kind: two that Raindrop tags in one call, others rightly and wrongly tagged, one of unknown length. */
const KINDS: readonly { words: number; tags: readonly string[] }[] = [
  { words: 100, tags: [] },
  { words: 900, tags: ['a long read', 'mine'] },
  { words: 100, tags: ['mine', 'zz'] },
  { words: 900, tags: ['short', 'a medium read'] },
  { words: 3000, tags: ['a long read'] },
  { words: 0, tags: ['mine'] },
];

export type Tags = Readonly<Record<string, readonly string[]>>;

export type ServiceWorld = FakeUnderTest & {
  readonly setup: ServiceSetup;
  readonly tags: () => Tags;
};

/** A service with so many rounds of the items above. */
export async function startService(setup: ServiceSetup, rounds = 1): Promise<ServiceWorld> {
  const items = fakeItems(KINDS.length * rounds);
  for (const [at, item] of items.entries()) {
    const { words = 0, tags = [] } = KINDS[at % KINDS.length] ?? {};
    Object.assign(item, { words, tags: tags.map(setup.normalizeTag) } satisfies Partial<FakeItem>);
  }
  const under = await underTest(setup, items);
  const tags = () => Object.fromEntries(under.items.map((item) => [item.id, item.tags.toSorted()]));
  return Object.assign(under, { setup, tags });
}

/** What became of one run. */
export type Attempt = {
  readonly ended?: { readonly tally: Tally; readonly stoppedBy?: StopReason };
  readonly failure?: Failure;
  /** The items of which the list has told that their change is made. */
  readonly told: ReadonlySet<string>;
  /** The items of which the service has carried out the whole change. */
  readonly carriedOut: ReadonlySet<string>;
};

/**
 * One run of the product against the service as it is now. `right` are the tags as they should be in the end. What
 * holds of every run is checked before it is returned.
 */
export async function attempt(world: ServiceWorld, right?: Tags): Promise<Attempt> {
  // Limits on calls a minute are for each run.
  world.clock.pass(61_000);
  const before = world.tags();
  const told = new Set<string>();
  const lookedAt = new Set<string>();
  const run = tagUnread({
    list: withListener(verifyFirstWrite(world.open()), ({ itemId, ok }) => {
      if (ok) told.add(itemId);
    }),
    rules: RULES,
    mode: 'full',
    pages: { read: world.readPage },
    deadlines: { reading: deadlineIn(DEADLINE_MS), writing: deadlineIn(DEADLINE_MS) },
    onPage: ({ decisions }) => {
      for (const { item } of decisions) lookedAt.add(item.id);
    },
  });
  const found = await run.then(
    (ended) => ({ ended }),
    (error: unknown) => {
      assert.ok(error instanceof Failure, `a run failed with something else: ${error}`);
      return { failure: error };
    },
  );
  const after = world.tags();
  const wanted = right ?? after;
  const carriedOut = new Set(
    Object.keys(after).filter((id) => isSame(after[id], wanted[id]) && !isSame(after[id], before[id])),
  );
  for (const id of Object.keys(after)) assert.deepEqual(others(world, after[id]), others(world, before[id]));
  assert.ok(world.server.maxInFlight() <= 2, 'requests in flight');
  for (const id of told) assert.ok(carriedOut.has(id), `item ${id} was told of and not carried out`);
  if ('ended' in found) {
    const { tally, stoppedBy } = found.ended;
    assert.equal(tally.tagged + tally.untagged, told.size, 'the summary counts what was told');
    assert.ok(carriedOut.size <= told.size + tally.failed.count, 'what was carried out is counted');
    if (!stoppedBy) assert.equal(lookedAt.size, world.items.length, 'complete, and something not looked at');
  }
  return { ...found, told, carriedOut };
}

/** The same list; `onResult` is called with every result. */
function withListener(list: ReadingList, onResult: (result: TagResult) => void): ReadingList {
  return {
    ...list,
    async *applyTags(changes, deadline) {
      for await (const result of list.applyTags(changes, deadline)) {
        onResult(result);
        yield result;
      }
    },
  };
}

function isSame(one: readonly string[] = [], other: readonly string[] = []): boolean {
  return one.join() === other.join();
}

function others({ setup }: ServiceWorld, tags: readonly string[] = []): readonly string[] {
  const ours = new Set(managedTags(RULES).map(setup.normalizeTag));
  return tags.filter((tag) => !ours.has(setup.normalizeTag(tag)));
}

/** The tags after a run in which nothing goes wrong, and how many calls and writes it makes. */
export async function undisturbed(
  setup: ServiceSetup,
  rounds = 1,
): Promise<{ tags: Tags; calls: number; writes: number }> {
  const world = await startService(setup, rounds);
  const { ended } = await attempt(world);
  assert.equal(ended?.tally.failed.count, 0);
  const { calls } = world.server;
  await world.close();
  return { tags: world.tags(), calls: calls.length, writes: calls.filter(isWrite).length };
}

/** One run more without a fault: complete, and the list is as if nothing had ever gone wrong. Another writes nothing. */
export async function recovers(world: ServiceWorld, right: Tags): Promise<void> {
  world.server.fault = () => undefined;
  const { ended, failure } = await attempt(world, right);
  assert.equal(failure, undefined);
  assert.deepEqual([ended?.stoppedBy, ended?.tally.failed.count], [undefined, 0]);
  assert.deepEqual(world.tags(), right);
  const before = world.server.calls.length;
  await attempt(world, right);
  assert.deepEqual(world.server.calls.slice(before).filter(isWrite), [], 'nothing is tagged twice');
}

export function isWrite({ isWrite }: Pick<FakeCall, 'isWrite'>): boolean {
  return isWrite;
}
