import assert from 'node:assert/strict';
import fc from 'fast-check';
import { listByCursor, listByOffset, type OffsetPaging } from '../../lib/reading-lists/paging.ts';
import { anItem } from '../helpers/items.ts';

type Listing = { rows: string[]; hasTotal: boolean; calls: number };

/** All ids that a walk yields. `onCall` may change the list before the n-th call, from 1. */
async function walk(
  listing: Listing,
  paging: OffsetPaging,
  onCall: (n: number) => void = () => {},
): Promise<string[]> {
  const read = async (offset: number) => {
    listing.calls += 1;
    onCall(listing.calls);
    if (paging.byNumber) assert.equal(offset % paging.pageSize, 0);
    const rows = listing.rows
      .slice(offset, offset + paging.pageSize)
      .map((id) => ({ id, item: anItem({ id }) }));
    return { rows, ...(listing.hasTotal && { total: listing.rows.length }) };
  };
  const ids: string[] = [];
  for await (const { items } of listByOffset(read, paging)) ids.push(...items.map(({ id }) => id));
  return ids;
}
const list = (count: number, hasTotal = true): Listing => ({
  rows: Array.from({ length: count }, (_, at) => String(at)),
  hasTotal,
  calls: 0,
});

describe('listByOffset', () => {
  const calls: [why: string, count: number, hasTotal: boolean, paging: OffsetPaging, calls: number][] = [
    ['full pages and a total', 30, true, { pageSize: 10 }, 3],
    ['a short page and a total', 25, true, { pageSize: 10 }, 3],
    ['full pages without a total, which take one more to see the end', 30, false, { pageSize: 10 }, 4],
    ['a short page without a total', 25, false, { pageSize: 10 }, 3],
    ['pages by number', 25, true, { pageSize: 10, byNumber: true }, 3],
    ['pages that overlap', 25, false, { pageSize: 10, overlap: 2 }, 3],
    ['an empty list', 0, true, { pageSize: 10 }, 1],
  ];
  for (const [why, count, hasTotal, paging, expected] of calls) {
    it(`reads every row once from ${why}`, async () => {
      const listing = list(count, hasTotal);
      const ids = await walk(listing, paging);
      assert.deepEqual([ids.length, new Set(ids).size, listing.calls], [count, count, expected]);
    });
  }

  for (const paging of [
    { pageSize: 10 },
    { pageSize: 10, byNumber: true },
    { pageSize: 10, overlap: 2 },
  ] as OffsetPaging[]) {
    it(`misses none of those that stay when others leave or come: ${JSON.stringify(paging)}`, () =>
      fc.assert(
        fc.asyncProperty(
          fc.nat(60),
          fc.nat(12),
          fc.nat(3),
          fc.integer({ min: 2, max: 5 }),
          async (count, leaving, coming, n) => {
            const listing = list(count, paging.overlap === undefined);
            const gone = new Set(listing.rows.slice(0, leaving));
            const ids = await walk(listing, paging, (call) => {
              if (call !== n) return;
              listing.rows = listing.rows.filter((id) => !gone.has(id));
              if (leaving === 0)
                listing.rows.unshift(...Array.from({ length: coming }, (_, at) => `new${at}`));
            });
            assert.equal(new Set(ids).size, ids.length);
            const missed = listing.rows.filter((id) => !ids.includes(id) && !id.startsWith('new'));
            assert.deepEqual(missed, []);
          },
        ),
      ));
  }

  for (const [when, call] of [
    ['with the first page alone', 1],
    ['with the second page alone', 2],
  ] as const)
    it(`misses none of the items that stay if the total is given ${when}`, async () => {
      const listing = list(40, false);
      const ids = await walk(listing, { pageSize: 10, overlap: 2 }, (n) => {
        listing.hasTotal = n === call;
        if (n === 2) listing.rows.splice(0, 12);
      });
      assert.deepEqual(
        listing.rows.filter((id) => !ids.includes(id)),
        [],
      );
    });

  it('ends if all other items leave meanwhile, without a total', async () => {
    const listing = list(100, false);
    const ids = await walk(listing, { pageSize: 10, overlap: 2 }, (n) => {
      if (n === 6) listing.rows = [];
    });
    assert.equal(ids.length, 42);
  });

  it('reads the first page as often as rows behind it leave', async () => {
    const listing = list(120);
    const ids = await walk(listing, { pageSize: 10 }, (n) => {
      if (n > 1 && n < 9) listing.rows.splice(-10);
    });
    assert.deepEqual(
      listing.rows.filter((id) => !ids.includes(id)),
      [],
    );
  });

  it('gives the total with each page, if the service does', async () => {
    const totals: (number | undefined)[] = [];
    const row = { id: '1', item: anItem() };
    for (const answer of [{ rows: [row], total: 1 }, { rows: [row] }])
      for await (const { total } of listByOffset(async () => answer, { pageSize: 10 })) totals.push(total);
    assert.deepEqual(totals, [1, undefined]);
  });

  it('walks once more where rows of equal rank changed places between two calls', async () => {
    const listing = list(20);
    const ids = await walk(listing, { pageSize: 10 }, (n) => {
      if (n === 2) [listing.rows[9], listing.rows[10]] = ['10', '9'];
    });
    assert.equal(new Set(ids).size, 20);
    assert.equal(ids.length, 20);
  });

  it('walks no more than twice where a total counts rows that never come', async () => {
    const offsets: number[] = [];
    const read = async (offset: number) => {
      offsets.push(offset);
      return { rows: offset === 0 ? [{ id: '1', item: anItem() }] : [], total: 5 };
    };
    let pages = 0;
    for await (const _ of listByOffset(read, { pageSize: 10 })) pages += 1;
    assert.deepEqual([pages, offsets], [1, [0, 1, 0, 1]]);
  });

  it('says so where the service does not know offsets', async () => {
    const rows = Array.from({ length: 10 }, (_, at) => ({ id: String(at), item: anItem() }));
    const read = async () => {
      for await (const _ of listByOffset(async () => ({ rows }), { pageSize: 10 }));
    };
    await assert.rejects(read, { kind: 'unexpected-response', message: /same page/ });
  });
});

describe('listByCursor', () => {
  const row = (id: string) => ({ id, item: anItem({ id }) });

  it('yields each item once, until there is no cursor', async () => {
    const answers = [
      { rows: [row('1'), row('2')], nextCursor: 'a' },
      { rows: [], nextCursor: 'b' },
      { rows: [row('2'), row('3')], nextCursor: null },
    ];
    const cursors: (string | undefined)[] = [];
    const ids: string[] = [];
    const read = async (cursor: string | undefined) => {
      cursors.push(cursor);
      return answers.shift() ?? { rows: [] };
    };
    for await (const { items } of listByCursor(read)) ids.push(...items.map(({ id }) => id));
    assert.deepEqual(
      [ids, cursors],
      [
        ['1', '2', '3'],
        [undefined, 'a', 'b'],
      ],
    );
  });

  for (const [why, cursors] of [
    ['the same cursor', ['a', 'a']],
    ['cursors in a circle', ['a', 'b', 'a']],
  ] as const)
    it(`says so where the service gives ${why}`, async () => {
      const left = [...cursors];
      const read = async () => {
        const nextCursor = left.shift();
        // Without the guard the walk would not end, and neither would this test.
        if (!nextCursor) throw new Error('read once too often');
        return { rows: [row('1')], nextCursor };
      };
      const walk = async () => {
        for await (const _ of listByCursor(read));
      };
      await assert.rejects(walk, { kind: 'unexpected-response', message: /same cursor/ });
      assert.deepEqual(left, []);
    });
});
