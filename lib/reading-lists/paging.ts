import type { Item } from '../core/item.ts';
import { Failure } from '../failure.ts';
import type { Page } from './reading-list.ts';

/** A row of a listing; without an item if it is not unread. */
type Row = { readonly id: string; readonly item?: Item };

/** The rows of one call. */
export type Rows = {
  readonly rows: readonly Row[];
  /** Number of rows of the listing, if the service reports it. */
  readonly total?: number;
};

/** If a page is the same this many times in a row, the service ignores offsets. */
const MAX_SAME_PAGES = 4;
/** A listing without a stable order is read a second time for rows that are missing. */
const MAX_PASSES = 2;

/**
 * Yields every result of a call that returns a cursor to the next one. Throws `unexpected-response` for a repeated
 * cursor, which would never end.
 */
export async function* byCursor<Result extends { readonly nextCursor?: string | null | undefined }>(
  read: (cursor: string | undefined) => Promise<Result>,
): AsyncGenerator<Result> {
  const cursors = new Set<string>();
  let cursor: string | undefined;
  do {
    const result = await read(cursor);
    yield result;
    cursor = result.nextCursor ?? undefined;
    if (cursor && cursors.has(cursor)) throw repeatedPage('cursor', 'go on behind it');
    if (cursor) cursors.add(cursor);
  } while (cursor);
}

/** Yields every item of a listing by cursor once. Listings that may overlap share `seen`, the ids of rows. */
export async function* listByCursor(
  read: (cursor: string | undefined) => Promise<Rows & { readonly nextCursor?: string | null | undefined }>,
  seen = new Set<string>(),
): AsyncGenerator<Page> {
  for await (const { rows } of byCursor(read)) {
    const items = takeUnseen(rows, seen).flatMap(({ item }) => item ?? []);
    if (items.length > 0) yield { items };
  }
}

export type OffsetPaging = {
  /** Maximum rows of one call. */
  readonly pageSize: number;
  /** The service has page numbers: offsets have to be multiples of the page size. */
  readonly byNumber?: boolean;
  /** Without a total: rows of the last page to read again. If none of them is in the next page, rows are missing. */
  readonly overlap?: number;
  /** A page may lack rows, even all of them, although the list continues and the total counts them. */
  readonly hidesRows?: boolean;
  /** Maximum total that the service reports: it means this number or more. */
  readonly maxTotal?: number;
};

/**
 * Yields every item of a listing by offset once, although the list changes during the run. When rows are removed, later
 * rows move to pages already read, so the offset goes back by as many; added rows do no harm. Rows of equal rank may
 * change places between calls: if fewer rows were seen than the total, the listing is read once more. Listings that
 * may overlap share `seen`, the ids of rows. Throws `unexpected-response` if the service returns the same page again
 * and again.
 */
export async function* listByOffset(
  read: (offset: number) => Promise<Rows>,
  paging: OffsetPaging,
  seen = new Set<string>(),
): AsyncGenerator<Page> {
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    let position: Position | undefined = { offset: 0, samePages: 1 };
    let lastTotal: number | undefined;
    while (position !== undefined) {
      const { rows, total } = await read(position.offset);
      const unseen = takeUnseen(rows, seen);
      const items = unseen.flatMap(({ item }) => item ?? []);
      if (items.length > 0) yield { items, ...(total !== undefined && { total }) };
      lastTotal = total === paging.maxTotal ? undefined : total;
      const ids = rows.map(({ id }) => id).join();
      position = nextPosition(
        position,
        { rows: rows.length, unseen: unseen.length, total: lastTotal, ids },
        paging,
      );
    }
    if (paging.hidesRows || lastTotal === undefined || seen.size >= lastTotal) return;
  }
}

/** The same items in pages of at most `size`. */
export async function* splitPages(pages: AsyncIterable<Page>, size: number): AsyncGenerator<Page> {
  for await (const page of pages) {
    for (let at = 0; at < page.items.length; at += size) {
      yield { ...page, items: page.items.slice(at, at + size) };
    }
  }
}

function takeUnseen(rows: readonly Row[], seen: Set<string>): Row[] {
  const unseen = rows.filter(({ id }) => !seen.has(id));
  for (const { id } of unseen) seen.add(id);
  return unseen;
}

/** What `nextPosition` needs of a page that was read: numbers of rows and of rows not seen before, and all ids. */
type PageFacts = {
  readonly rows: number;
  readonly unseen: number;
  readonly total: number | undefined;
  readonly ids: string;
};
/** The offset of a page, and the page that was read before it. */
type Position = {
  readonly offset: number;
  readonly before?: PageFacts;
  /** Its first rows should have been seen already. */
  readonly overlaps?: boolean;
  readonly samePages: number;
};

/** Where to continue, or `undefined` at the end. */
function nextPosition(current: Position, page: PageFacts, paging: OffsetPaging): Position | undefined {
  const { rows, total, ids } = page;
  const { pageSize, byNumber = false, overlap = 0 } = paging;
  const samePages = rows > 0 && ids === current.before?.ids ? current.samePages + 1 : 1;
  const missing = missingBefore(current, page, paging);
  if (missing > 0) {
    const back = Math.max(0, current.offset - missing);
    const offset = byNumber ? back - (back % pageSize) : back;
    return { offset, before: page, samePages };
  }
  if (isEnd(current.offset, page, paging)) return undefined;
  if (samePages === MAX_SAME_PAGES) throw repeatedPage('page', 'know offsets');
  if (byNumber) return { offset: current.offset + pageSize, before: page, samePages };
  const overlaps = total === undefined && rows > overlap && overlap > 0;
  const offset = current.offset + (rows || pageSize) - (overlaps ? overlap : 0);
  return { offset, before: page, overlaps, samePages };
}

function isEnd(offset: number, { rows, total }: PageFacts, { pageSize, hidesRows }: OffsetPaging): boolean {
  if (total !== undefined) return offset + rows >= total || (rows === 0 && !hidesRows);
  return hidesRows ? rows === 0 : rows < pageSize;
}

/** How many unseen rows may have moved to pages already read, because rows were removed since the page before. */
function missingBefore(
  { before, overlaps }: Position,
  { rows, unseen, total }: PageFacts,
  { pageSize, overlap = 0 }: OffsetPaging,
): number {
  if (before?.total !== undefined) {
    if (total !== undefined) return Math.max(0, before.total - total);
    // The service no longer reports a total, so pages have to overlap from here.
    return overlap > 0 ? pageSize : 0;
  }
  // Without totals: whether no row of the page before is on this one.
  const hasGap = overlaps && (rows > 0 ? unseen === rows : before?.unseen !== 0);
  return hasGap ? pageSize : 0;
}

function repeatedPage(what: 'cursor' | 'page', ability: string): Failure {
  return new Failure(
    'unexpected-response',
    `Could not list items: the same ${what} came again and again; does the service ${ability}?`,
  );
}
