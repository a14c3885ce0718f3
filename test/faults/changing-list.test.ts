import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Store } from '../../lib/pocket-server/store.ts';
import type { Fault } from '../helpers/faults.ts';
import { proven } from './report.ts';
import { attempt, others, startWorld, UNREAD } from './world.ts';

/** What a reader does while a run continues. `id` is the item that it is done to. */
type Deed = { readonly does: 'archives' | 'deletes' | 'adds' | 'tags' | 'untags'; readonly id: number };

const deeds: Readonly<Record<Deed['does'], (store: Store, id: number) => void>> = {
  archives: (store, id) => store.change(id, { status: 1 }),
  deletes: (store, id) => {
    store.change(id, { status: 2 });
    store.clearTags(id);
  },
  adds: (store, id) => {
    const given_url = `https://example.com/new/${id}/${Math.random()}`;
    store.insert([{ given_url, word_count: 100 * id, time_added: 1_700_000_100 }]);
  },
  tags: (store, id) => store.addTags(id, ['meanwhile']),
  untags: (store, id) => store.removeTags(id, ['mine', 'zz']),
};

const unread = (store: Store) => [...store.everything()].filter(({ status }) => status === 0);

/** What the service says of how many items there are. */
const totals: Readonly<Record<string, Fault | undefined>> = {
  counted: undefined,
  'counted no further than 5,000': {
    kind: 'change',
    change: (body) => ({ ...(body as object), total: '5000' }),
  },
  'not counted': { kind: 'change', change: (body) => ({ ...(body as object), total: undefined }) },
};

async function runWith(during: ReadonlyMap<number, readonly Deed[]>, total?: Fault): Promise<void> {
  const world = await startWorld();
  const { store } = world;
  const stayed = new Set(unread(store).map(({ item_id }) => String(item_id)));
  const readerSet = new Map<number, Set<string>>();
  world.fault = ({ n, endpoint }) => {
    for (const { does, id } of during.get(n) ?? []) {
      deeds[does](store, id);
      if (does === 'archives' || does === 'deletes') stayed.delete(String(id));
      readerSet.set(id, new Set(others(store.find({ item_id: String(id) })?.tags ?? [])));
    }
    return endpoint === 'get' ? total : undefined;
  };
  const checked = new Map(unread(store).map(({ item_id, tags }) => [item_id, new Set(others(tags))]));
  try {
    const run = await attempt(world, { readerWrites: true });
    assert.equal(run.failure, undefined);
    assert.equal(run.summary?.complete, true);
    for (const id of stayed)
      assert.ok(run.lookedAt.has(id), `item ${id} was there all the time and not seen`);
    const again = await attempt(world);
    assert.equal(again.summary?.complete, true);
    for (const { item_id, tags } of store.everything()) {
      const theirs = readerSet.get(item_id) ?? checked.get(item_id) ?? new Set();
      assert.deepEqual(new Set(others(tags)), theirs, `the reader's own tags of ${item_id}`);
    }
    for (const { item_id, tags, word_count } of unread(store)) {
      if (word_count > 0) assert.equal(tags.length - others(tags).length, 1, `one band on ${item_id}`);
    }
    assert.equal((await attempt(world)).carriedOut.size, 0, 'nothing is tagged twice');
  } finally {
    await world.close();
  }
}

describe('a list that the reader changes while a run continues', () => {
  const CALLS = 7;
  for (const [counted, total] of Object.entries(totals)) {
    for (const does of Object.keys(deeds) as Deed['does'][]) {
      it(`that is ${counted}: looks at every item that stays, and keeps what the reader did: ${does} some between any two calls`, async () => {
        const tried = Array.from({ length: CALLS }, (_, at) =>
          runWith(new Map([[at + 1, [1, 2, 20, 40, 69].map((id) => ({ does, id }))]]), total),
        );
        await Promise.all(tried);
        const fault = `the reader ${does} items of a list that is ${counted}`;
        proven({ fault, when: 'once', positions: CALLS, end: 'nothing lost' });
      });
    }
  }

  it('whatever the reader does, and whenever', async () => {
    const seed = Number(process.env.FAULT_SEED ?? Date.now() % 2 ** 31);
    console.log(`      seed ${seed} (FAULT_SEED=${seed} to see it again)`);
    const deed = fc.record({
      n: fc.integer({ min: 1, max: CALLS }),
      does: fc.constantFrom(...(Object.keys(deeds) as Deed['does'][])),
      id: fc.integer({ min: 1, max: UNREAD }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(deed, { maxLength: 12 }),
        fc.constantFrom(...Object.values(totals)),
        (all, total) =>
          runWith(
            Map.groupBy(all, ({ n }) => n),
            total,
          ),
      ),
      { seed, numRuns: 60 },
    );
    proven({ fault: 'the reader does all of these', when: 'at random', positions: 60, end: 'nothing lost' });
  });
});
