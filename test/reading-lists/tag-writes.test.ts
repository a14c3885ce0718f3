import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Item, TagChange, TagResult } from '../../lib/core/item.ts';
import { Failure } from '../../lib/failure.ts';
import * as tagWrites from '../../lib/reading-lists/tag-writes.ts';
import { anItem, tagsNamed } from '../helpers/items.ts';
import { resultsOf } from './reading-list-contract.ts';

const changes = (count: number): TagChange[] =>
  Array.from({ length: count }, (_, at) => ({ item: anItem({ id: String(at) }), add: ['a'], remove: [] }));
const { replacedTags } = tagWrites;
/** Every item is there, where nothing else is said. */
const oneByOne = (
  changes: readonly TagChange[],
  write: (change: TagChange) => Promise<string | undefined>,
  getItem: (item: Item) => Promise<Item | undefined> = async (item) => item,
  more: { maxInFlight?: number; readPage?: () => Promise<void>; failedInARow?: { count: number } } = {},
) =>
  tagWrites.oneByOne(changes, {
    ...{ write, getItem, readPage: async () => undefined, failedInARow: { count: 0 } },
    ...more,
  });
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('oneByOne', () => {
  it('gives a result for each change, in order, whichever is done first', async () => {
    const results = await resultsOf(
      oneByOne(changes(9), async ({ item: { id } }) => {
        if (Number(id) % 2 === 0) await turn();
        if (id === '3') throw new Failure('unexpected-response', 'x', { status: 404 });
        if (id === '4') throw new Failure('unexpected-response', 'x', { status: 422 });
        return id === '5' ? 'not taken' : undefined;
      }),
    );
    assert.deepEqual(
      results.map((result) => (result.ok ? result.itemId : [result.itemId, result.reason])),
      [
        '0',
        '1',
        '2',
        ['3', 'the service answered 404'],
        ['4', 'the service answered 422'],
        ['5', 'not taken'],
        '6',
        '7',
        '8',
      ],
    );
  });

  const answers = (status: number) => new Failure('unexpected-response', 'x', { status });
  const gone = { itemId: '0', ok: false, reason: 'no longer there', gone: true } as const;
  const rows: [why: string, getItem: () => Promise<Item | undefined>, refused: number, result: TagResult][] =
    [
      ['gone: there is no such item any more', async () => Promise.reject(answers(404)), 404, gone],
      ['gone for good, as HTTP puts it', async () => Promise.reject(answers(410)), 404, gone],
      ['gone: its page of the list is without it', async () => undefined, 400, gone],
      [
        'refused: the item is there',
        async () => anItem(),
        404,
        { itemId: '0', ok: false, reason: 'the service answered 404' },
      ],
      [
        'refused: nobody can say whether it is there',
        async () => Promise.reject(answers(405)),
        422,
        { itemId: '0', ok: false, reason: 'the service answered 422' },
      ],
    ];
  for (const [why, getItem, refused, result] of rows) {
    it(`takes a change for ${why}`, async () => {
      const write = async () => Promise.reject(answers(refused));
      assert.deepEqual(await resultsOf(oneByOne(changes(1), write, getItem)), [result]);
    });
  }

  it('rejects where the service is in trouble when it is asked whether an item is gone', async () => {
    const unavailable = new Failure('unavailable', 'x', { status: 503 });
    const results = oneByOne(
      changes(1),
      async () => Promise.reject(answers(404)),
      async () => Promise.reject(unavailable),
    );
    await assert.rejects(resultsOf(results), unavailable);
  });

  it('gives no result for no change', async () => {
    assert.deepEqual(await resultsOf(oneByOne([], async () => undefined)), []);
  });

  it('rejects where only the second of two is in trouble', async () => {
    const write = async ({ item: { id } }: TagChange) => {
      if (id === '1') throw new Failure('unavailable', 'x', { status: 503 });
      return undefined;
    };
    await assert.rejects(resultsOf(oneByOne(changes(2), write)), { kind: 'unavailable' });
  });

  for (const [why, given, expected] of [
    ['two, where the service does not say', {}, 2],
    ['as many as the service takes', { maxInFlight: 1 }, 1],
  ] as const) {
    it(`has no more under way than ${why}`, async () => {
      let underWay = 0;
      let most = 0;
      const write = async () => {
        underWay += 1;
        most = Math.max(most, underWay);
        await turn();
        underWay -= 1;
        return undefined;
      };
      await resultsOf(oneByOne(changes(20), write, undefined, given));
      assert.equal(most, expected);
    });
  }

  const error = new Failure('unavailable', 'x', { status: 500, outcomeUnknown: true });
  const silence = new Failure('unavailable', 'x', { timedOut: true });
  const unconfirmed = (id: number) => ({
    itemId: String(id),
    ok: false,
    reason: 'the service did not confirm it',
  });
  for (const [why, failure] of [
    ['answers with an error', error],
    ['is silent', silence],
  ] as const) {
    it(`costs the one item where the service ${why} each time, and answers else`, async () => {
      const write = async ({ item: { id } }: TagChange) => {
        if (id === '2') throw failure;
        return undefined;
      };
      assert.deepEqual(await resultsOf(oneByOne(changes(4), write)), [
        { itemId: '0', ok: true },
        { itemId: '1', ok: true },
        unconfirmed(2),
        { itemId: '3', ok: true },
      ]);
    });
  }

  it('rejects where the service does not answer a listing either, which is asked once for both writes', async () => {
    let asked = 0;
    const readPage = async () => {
      asked += 1;
      await turn();
      throw new Failure('unavailable', 'no listing', { status: 500 });
    };
    const results = oneByOne(changes(9), () => Promise.reject(error), undefined, { readPage });
    await assert.rejects(resultsOf(results), { message: 'no listing' });
    assert.equal(asked, 1);
  });

  for (const [why, listing] of [
    ['refuses the listing', new Failure('credentials', 'refused', { status: 401 })],
    ['allows no more calls', new Failure('unavailable', 'busy', { status: 429, retryAfterMs: 1e6 })],
  ] as const)
    it(`says which items are not confirmed where the service ${why} after an error`, async () => {
      const ids: string[] = [];
      const read = async () => {
        const write = async ({ item: { id } }: TagChange) => {
          if (Number(id) > 1) throw error;
          return undefined;
        };
        const readPage = () => turn().then(() => Promise.reject(listing));
        for await (const result of oneByOne(changes(9), write, undefined, { readPage }))
          ids.push(`${result.itemId} ${result.ok}`);
      };
      await assert.rejects(read, listing);
      assert.deepEqual(ids, ['0 true', '1 true', '2 false', '3 false']);
    });

  it('asks for a listing again at a later error', async () => {
    let asked = 0;
    const readPage = async () => {
      asked += 1;
    };
    const write = async ({ item: { id } }: TagChange) => {
      if (id === '1' || id === '8') throw error;
      return undefined;
    };
    await resultsOf(oneByOne(changes(10), write, undefined, { readPage, maxInFlight: 1 }));
    assert.equal(asked, 2);
  });

  it('counts the errors in a row from batch to batch', async () => {
    const failedInARow = { count: 0 };
    const batch = (count: number) =>
      resultsOf(oneByOne(changes(count), () => Promise.reject(error), undefined, { failedInARow }));
    assert.equal((await batch(3)).length, 3);
    await assert.rejects(batch(3), error);
  });

  it('rejects at the fifth error in a row, though listings are answered', async () => {
    const ids: string[] = [];
    const read = async (isGood: (id: number) => boolean) => {
      const write = async ({ item: { id } }: TagChange) => {
        if (isGood(Number(id))) return undefined;
        throw error;
      };
      for await (const { itemId } of oneByOne(changes(12), write, undefined, { maxInFlight: 1 }))
        ids.push(itemId);
    };
    await assert.rejects(
      read((id) => id === 2),
      error,
    );
    assert.deepEqual(ids, ['0', '1', '2', '3', '4', '5', '6']);
    await read((id) => id % 5 === 4);
    assert.equal(ids.length, 7 + 12);
  });

  it('yields a result while the next change is still being written', async () => {
    const { promise: never } = Promise.withResolvers<undefined>();
    const results = oneByOne(changes(3), async ({ item: { id } }) => (id === '0' ? undefined : never));
    assert.deepEqual((await results.next()).value, { itemId: '0', ok: true });
  });

  it('throws only when what was under way beside the failure has its result', async () => {
    const ids: string[] = [];
    const write = async ({ item: { id } }: TagChange) => {
      if (id === '0') throw new Failure('unavailable', 'x', { status: 503 });
      for (let at = 0; at < 5; at += 1) await turn();
      return undefined;
    };
    const read = async () => {
      for await (const { itemId } of oneByOne(changes(9), write)) ids.push(itemId);
    };
    await assert.rejects(read, { kind: 'unavailable' });
    assert.deepEqual(ids, ['1']);
  });

  it('begins nothing more, and ends what it began, where its caller stops', async () => {
    const ended: string[] = [];
    const write = async ({ item: { id } }: TagChange) => {
      await turn();
      ended.push(id);
      return undefined;
    };
    for await (const _ of oneByOne(changes(9), write)) break;
    const count = ended.length;
    for (let at = 0; at < 10; at += 1) await turn();
    assert.equal(ended.length, count);
    assert.ok(count <= 4, ended.join());
  });

  it('begins nothing more once the service is in trouble', async () => {
    let begun = 0;
    const write = async () => {
      begun += 1;
      await turn();
      throw new Failure('unavailable', 'x', { status: 503 });
    };
    await assert.rejects(resultsOf(oneByOne(changes(20), write)), { kind: 'unavailable' });
    for (let at = 0; at < 10; at += 1) await turn();
    assert.equal(begun, 2);
  });
});

const lower = (tag: string) => tag.trim().toLowerCase();

describe('replacedTags', () => {
  const rows: [why: string, held: string[], add: string[], remove: string[], after: string[] | undefined][] =
    [
      ['adds to what is there', ['mine'], ['a'], [], ['mine', 'a']],
      ['removes and adds', ['mine', 'b'], ['a'], ['b'], ['mine', 'a']],
      ['leaves nothing where nothing is left', ['b'], [], ['b'], []],
      ['says that nothing changes', ['mine', 'a'], ['a'], ['b'], undefined],
      ['does not add what is there under another name', ['A'], ['a'], [], undefined],
      ['removes what is there under another name', ['B', 'mine'], [], ['b'], ['mine']],
    ];
  for (const [why, held, add, remove, after] of rows) {
    it(why, () => {
      const change = { add, remove: tagsNamed(...remove) };
      assert.deepEqual(replacedTags(change, tagsNamed(...held), lower), after);
    });
  }

  it('never loses a tag that it was not to remove', () =>
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string(), { selector: lower }),
        fc.array(fc.string()),
        fc.array(fc.string()),
        (held, add, remove) => {
          const after =
            replacedTags({ add, remove: tagsNamed(...remove) }, tagsNamed(...held), lower) ?? held;
          for (const tag of held) {
            if (!remove.map(lower).includes(lower(tag))) assert.ok(after.includes(tag));
          }
        },
      ),
    ));
});
