import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { listByCursor, listByOffset, type OffsetPaging, type Rows } from '../../lib/reading-lists/paging.ts';
import { anItem } from '../helpers/items.ts';

/** What a server answers for ever whose cache ignores the query. */
const SAME_CURSOR = JSON.parse(
  readFileSync(new URL('../../../shared/reports/karakeep-same-cursor.json', import.meta.url), 'utf8'),
) as { bookmarks: { id: string }[]; nextCursor: string };

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

/** Rows that leave the list before a call, from any place on, and rows that come as its newest. */
type RowChange = { readonly n: number; readonly from: number; readonly leave: number; readonly come: number };
const changes = fc
  .uniqueArray(
    fc.record({ n: fc.integer({ min: 2, max: 12 }), from: fc.nat(90), leave: fc.nat(40), come: fc.nat(15) }),
    { maxLength: 6, selector: ({ n }) => n },
  )
  .map((all) => new Map(all.map((one) => [one.n, one])));

function changeRows(listing: Listing, change: RowChange | undefined): void {
  if (!change) return;
  const { n, from, leave, come } = change;
  listing.rows = listing.rows.filter((_, at) => at < from || at >= from + leave);
  listing.rows.unshift(...Array.from({ length: come }, (_, at) => `new ${n} ${at}`));
}

describe('listByOffset', () => {
  const calls: [why: string, count: number, hasTotal: boolean, paging: OffsetPaging, calls: number][] = [
    [
      'full pages and a total, which take one more, as a total may be of the page only',
      30,
      true,
      { pageSize: 10 },
      4,
    ],
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
    { pageSize: 10, overlap: 1, hidesRows: true },
  ] as OffsetPaging[])
    for (const hasTotal of paging.overlap ? [true, false] : [true]) {
      const how = `${JSON.stringify(paging)}, ${hasTotal ? 'with' : 'without'} a total`;
      it(`ends, and gives every item that stays once, whatever leaves and comes between calls: ${how}`, () =>
        fc.assert(
          fc.asyncProperty(fc.nat(90), changes, async (count, between) => {
            const listing = list(count, hasTotal);
            const first = listing.rows;
            const ids = await walk(listing, paging, (n) => changeRows(listing, between.get(n)));
            assert.equal(new Set(ids).size, ids.length);
            const stayed = first.filter((id) => listing.rows.includes(id));
            assert.deepEqual(
              stayed.filter((id) => !ids.includes(id)),
              [],
            );
          }),
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

  const rowsOf = (...ids: number[]) => ids.map((id) => ({ id: `${id}`, item: anItem({ id: `${id}` }) }));
  const upTo = (count: number, from = 0) => rowsOf(...Array.from({ length: count }, (_, at) => from + at));
  const BY_TEN = { pageSize: 10 };
  const POCKET = { pageSize: 10, overlap: 1, hidesRows: true, maxTotal: 50 };

  const wrong: [
    why: string,
    read: (n: number, offset: number) => Rows,
    paging: OffsetPaging,
    calls: number,
    message: RegExp,
  ][] = [
    ['offsets are ignored', () => ({ rows: upTo(10) }), BY_TEN, 23, /: 22 pages in a row had nothing new/],
    [
      'two pages come in turn',
      (n) => ({ rows: upTo(10, 10 * (n % 2)) }),
      BY_TEN,
      25,
      /: 23 pages in a row had nothing new/,
    ],
    [
      'two totals come in turn, so that the offset goes back again and again',
      (n, offset) => ({ rows: upTo(20).slice(offset, offset + 10), total: n % 2 ? 20 : 500 }),
      BY_TEN,
      25,
      /: 23 pages in a row had nothing new/,
    ],
    [
      'a total counts rows that never come, in two walks',
      (_, offset) => ({ rows: upTo(20).slice(offset, offset + 10), total: 1e9 }),
      BY_TEN,
      6,
      /: the service counts 1000000000 items and listed 20; is its total right\?$/,
    ],
    [
      'a total counts a page more than there is',
      (_, offset) => ({ rows: upTo(5).slice(offset), total: 15 }),
      BY_TEN,
      4,
      /: the service counts 15 items and listed 5;/,
    ],
    [
      'more pages than Pocket counts are empty, and the total is huge',
      () => ({ rows: [], total: 1e9 }),
      POCKET,
      26,
      /: 26 pages in a row had nothing new/,
    ],
    [
      'an item comes a hundred times',
      () => ({ rows: rowsOf(...Array(100).fill(1), 2) }),
      { pageSize: 200 },
      1,
      /: one item came 100 times on a page/,
    ],
    [
      'an item comes five times, with two others',
      () => ({ rows: rowsOf(1, 2, 1, 1, 1, 1, 3) }),
      BY_TEN,
      1,
      /: one item came 5 times on a page/,
    ],
  ];
  for (const [why, answer, paging, calls, message] of wrong)
    it(`gives every item once, and says what is wrong, where ${why}`, async () => {
      let n = 0;
      const ids: string[] = [];
      const read = async (offset: number) => {
        n += 1;
        // Without a guard the walk would not end, and neither would this test.
        if (n > 99) throw new Error('read once too often');
        return answer(n, offset);
      };
      const walk = async () => {
        for await (const { items } of listByOffset(read, paging)) ids.push(...items.map(({ id }) => id));
      };
      await assert.rejects(walk, { kind: 'unexpected-response', message });
      const there = new Set([1, 2].flatMap((n) => answer(n, n === 1 ? 0 : 10).rows.map((row) => row?.id)));
      assert.deepEqual([ids.sort(), n], [[...there].sort(), calls]);
    });

  const unbelievable: [why: string, total: (rowsOfPage: number) => number][] = [
    ['is of the page only', (rowsOfPage) => rowsOfPage],
    ['is 1', () => 1],
    ['is 0', () => 0],
    ['is negative', () => -3],
    ['is not a number', () => Number.NaN],
    ['is infinite', () => Number.POSITIVE_INFINITY],
    ['is less than what was listed already', () => 15],
  ];
  for (const [why, totalOf] of unbelievable)
    for (const paging of [BY_TEN, { ...BY_TEN, byNumber: true }, POCKET])
      it(`gives every item, and no total, where that ${why}: ${JSON.stringify(paging)}`, async () => {
        const ids: string[] = [];
        const read = async (offset: number) => {
          const rows = upTo(35).slice(offset, offset + 10);
          return { rows, total: totalOf(rows.length) };
        };
        for await (const { items } of listByOffset(read, paging)) ids.push(...items.map(({ id }) => id));
        assert.equal(ids.length, 35);
        assert.equal(new Set(ids).size, 35);
      });

  it('takes a page that has an item twice as a page with the item', async () => {
    const ids: string[] = [];
    const read = async () => ({ rows: rowsOf(1, 1, 2), total: 2 });
    for await (const { items } of listByOffset(read, BY_TEN)) ids.push(...items.map(({ id }) => id));
    assert.deepEqual(ids, ['1', '2']);
  });

  it('checks the total of each listing by its own rows, where two overlap', async () => {
    const seen = new Set(Array.from({ length: 100 }, (_, at) => `other ${at}`));
    const walk = async () => {
      for await (const _ of listByOffset(async () => ({ rows: upTo(5), total: 80 }), BY_TEN, seen));
    };
    await assert.rejects(walk, { kind: 'unexpected-response' });
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

  const wrong: [why: string, answer: (n: number) => unknown, calls: number, message: RegExp][] = [
    ['the service gives the same cursor', () => SAME_CURSOR, 2, /: the same cursor came again;/],
    [
      'cursors come in a circle',
      (n) => ({ bookmarks: [{ id: `${n}` }], nextCursor: `${n % 2}` }),
      3,
      /: the same cursor came again;/,
    ],
    [
      'new cursors give the same items',
      (n) => ({ bookmarks: [{ id: 'a' }], nextCursor: `${n}` }),
      5,
      /: 4 pages in a row had nothing new;/,
    ],
    [
      'new cursors give nothing',
      (n) => ({ bookmarks: [], nextCursor: `${n}` }),
      4,
      /: 4 pages in a row had nothing new;/,
    ],
    [
      'an item comes a hundred times',
      (n) => ({ bookmarks: Array(100).fill({ id: 'a' }), nextCursor: `${n}` }),
      1,
      /: one item came 100 times on a page;/,
    ],
  ];
  for (const [why, answer, calls, message] of wrong)
    it(`gives every item once, and says what is wrong, where ${why}`, async () => {
      let n = 0;
      const ids: string[] = [];
      const read = async () => {
        n += 1;
        // Without a guard the walk would not end, and neither would this test.
        if (n > 99) throw new Error('read once too often');
        const { bookmarks, nextCursor } = answer(n) as typeof SAME_CURSOR;
        return { rows: bookmarks.map(({ id }) => row(id)), nextCursor };
      };
      const walk = async () => {
        for await (const { items } of listByCursor(read)) ids.push(...items.map(({ id }) => id));
      };
      await assert.rejects(walk, { kind: 'unexpected-response', message });
      assert.equal(new Set(ids).size, ids.length);
      assert.equal(n, calls);
    });

  it('goes on behind three pages without a new row, and behind any number that another listing had', async () => {
    const pages = ['1', '1', '1', '1', '2', '3', '4', '5', '6', '7', '8'].map((id, at, all) => ({
      rows: [row(id)],
      nextCursor: at + 1 < all.length ? `${at}` : null,
    }));
    const ids: string[] = [];
    const seen = new Set(['2', '3', '4', '5', '6', '7']);
    const read = async () => pages.shift() ?? { rows: [] };
    for await (const { items } of listByCursor(read, seen)) ids.push(...items.map(({ id }) => id));
    assert.deepEqual(ids, ['1', '8']);
  });

  it('gives every item that stays once, whatever leaves and comes between calls', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(90), changes, async (count, between) => {
        const listing = list(count);
        // By rank; a cursor is the last row that was read.
        const rankOf = (id: string) => (id.startsWith('new') ? -1 : Number(id));
        const first = listing.rows;
        const ids: string[] = [];
        let n = 0;
        const read = async (cursor: string | undefined) => {
          n += 1;
          changeRows(listing, between.get(n));
          const rest = listing.rows.filter((id) => !cursor || rankOf(id) > rankOf(cursor));
          const rows = rest.slice(0, 10);
          return { rows: rows.map(row), nextCursor: rest.length > 10 ? rows.at(-1) : null };
        };
        for await (const { items } of listByCursor(read)) ids.push(...items.map(({ id }) => id));
        assert.equal(new Set(ids).size, ids.length);
        assert.deepEqual(
          first.filter((id) => listing.rows.includes(id) && !ids.includes(id)),
          [],
        );
      }),
    ));
});
