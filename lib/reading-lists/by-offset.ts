import type { Item } from '../core/item.ts';
import { Failure } from '../failure.ts';
import type { Page } from './reading-list.ts';

/** A row of a listing, with its item where it is an unread one. */
type Row = { readonly id: string; readonly item?: Item };

/** What one call gave. */
export type Rows = {
  readonly rows: readonly Row[];
  /** How many rows there are in all, where the service says so and can be believed. */
  readonly total?: number;
};

export type OffsetPaging = {
  /** The most rows that one call gives. */
  readonly pageSize: number;
  /** The service pages by number: an offset has to be a multiple of the page size. */
  readonly byNumber?: boolean;
  /** Rows to read again with each page, for a service without a total: if none of them is known, rows are missing. */
  readonly overlap?: number;
};

/** After the same page came again this often, the service is taken not to know offsets. */
const SAME_PAGES = 3;
/** A listing without a settled order is walked once more for the rows that are still missing. */
const WALKS = 2;

/**
 * Every item of a listing that is read by offset, once, although the list changes meanwhile. Rows that left it
 * move unread ones onto pages already read, so the walk steps back by as many; rows that came are no harm.
 * Rows of equal rank may change places between two calls: while fewer were seen than there are, it walks again.
 */
export async function* byOffset(
  read: (offset: number) => Promise<Rows>,
  paging: OffsetPaging,
): AsyncGenerator<Page> {
  const seen = new Set<string>();
  for (let walk = 0; walk < WALKS; walk += 1) {
    let at: Position | undefined = { offset: 0, samePages: 0 };
    let lastTotal: number | undefined;
    while (at !== undefined) {
      const { rows, total } = await read(at.offset);
      const fresh = rows.filter(({ id }) => !seen.has(id));
      for (const { id } of fresh) seen.add(id);
      const items = fresh.flatMap(({ item }) => item ?? []);
      if (items.length > 0) yield { items, ...(total !== undefined && { total }) };
      lastTotal = total;
      const page = { rows: rows.length, fresh: fresh.length, total, ids: rows.map(({ id }) => id).join() };
      at = nextPosition(at, page, paging);
    }
    if (lastTotal === undefined || seen.size >= lastTotal) return;
  }
}

/** Where a page begins, and what was seen of the page before it. */
type Position = {
  readonly offset: number;
  readonly total?: number;
  readonly ids?: string;
  readonly samePages: number;
};
type Seen = {
  readonly rows: number;
  readonly fresh: number;
  readonly total: number | undefined;
  readonly ids: string;
};

/** Where to read on, or `undefined` at the end: past the total, or else behind a short page. */
function nextPosition(at: Position, page: Seen, paging: OffsetPaging): Position | undefined {
  const { rows, total, ids } = page;
  const { pageSize, byNumber = false, overlap = 0 } = paging;
  const samePages = rows > 0 && ids === at.ids ? at.samePages + 1 : 0;
  if (samePages === SAME_PAGES && total === undefined) throw sameAgain();
  const known = { samePages, ids, ...(total !== undefined && { total }) };
  const missing = missingBefore(at, page, paging);
  if (missing > 0) {
    const offset = Math.max(0, at.offset - missing);
    return { ...known, offset: byNumber ? offset - (offset % pageSize) : offset };
  }
  const isEnd = total === undefined ? rows < pageSize : rows === 0 || at.offset + rows >= total;
  return isEnd ? undefined : { ...known, offset: at.offset + (byNumber ? pageSize : rows - overlap) };
}

/** How many unseen rows may stand on pages already read, because others left the list. */
function missingBefore(
  at: Position,
  { rows, fresh, total }: Seen,
  { pageSize, overlap = 0 }: OffsetPaging,
): number {
  if (at.total !== undefined && total !== undefined) return Math.max(0, at.total - total);
  const isTorn = overlap > 0 && at.offset > 0 && fresh === rows;
  return isTorn ? pageSize : 0;
}

function sameAgain(): Failure {
  return new Failure(
    'unexpected-response',
    'Could not list items: the same page came again and again; does the service know offsets?',
  );
}
