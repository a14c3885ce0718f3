import type { Item } from '../core/item.ts';
import { Failure } from '../failure.ts';
import type { Page } from './reading-list.ts';

/** A row of a listing, with its item where it is an unread one. */
type Row = { readonly id: string; readonly item?: Item };

/** What one call gave. */
export type Rows = {
  readonly rows: readonly Row[];
  /** How many rows there are in all, where the service says so. */
  readonly total?: number;
};

/** After the same page came this often in a row, the service is taken not to know offsets. */
const MAX_SAME_PAGES = 4;
/** A listing without a settled order is walked once more for the rows that are still missing. */
const MAX_WALKS = 2;

/**
 * Every answer of a call that gives a cursor to the next one. Throws `unexpected-response` where a cursor comes
 * again, since the same answers would come for ever.
 */
export async function* byCursor<Answer extends { readonly nextCursor?: string | null | undefined }>(
  read: (cursor: string | undefined) => Promise<Answer>,
): AsyncGenerator<Answer> {
  const cursors = new Set<string>();
  let cursor: string | undefined;
  do {
    const answer = await read(cursor);
    yield answer;
    cursor = answer.nextCursor ?? undefined;
    if (cursor && cursors.has(cursor)) throw sameAgain('cursor', 'go on behind it');
    if (cursor) cursors.add(cursor);
  } while (cursor);
}

/** Every item of a listing that is read by cursor, once. `seen` is shared by listings that may overlap. */
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
  /** The most rows that one call gives. */
  readonly pageSize: number;
  /** The service pages by number: an offset has to be a multiple of the page size. */
  readonly byNumber?: boolean;
  /** Rows to read again with each page where there is no total: if none of them comes again, rows are missing. */
  readonly overlap?: number;
  /** Rows may be left out of a page, even all of them, although the list goes on, and the total counts them. */
  readonly hidesRows?: boolean;
  /** The service counts no further than this: such a total may stand for any number above. */
  readonly maxTotal?: number;
};

/**
 * Every item of a listing that is read by offset, once, although the list changes meanwhile. Rows that left it
 * move unread ones onto pages already read, so the walk steps back by as many; rows that came are no harm.
 * Rows of equal rank may change places between two calls: while fewer were seen than there are, it walks again.
 * `seen` is shared by listings that may overlap. Throws `unexpected-response` where the same page comes again and
 * again.
 */
export async function* listByOffset(
  read: (offset: number) => Promise<Rows>,
  paging: OffsetPaging,
  seen = new Set<string>(),
): AsyncGenerator<Page> {
  for (let walk = 0; walk < MAX_WALKS; walk += 1) {
    let at: Position | undefined = { offset: 0, samePages: 1 };
    let lastTotal: number | undefined;
    while (at !== undefined) {
      const { rows, total } = await read(at.offset);
      const unseen = takeUnseen(rows, seen);
      const items = unseen.flatMap(({ item }) => item ?? []);
      if (items.length > 0) yield { items, ...(total !== undefined && { total }) };
      lastTotal = total === paging.maxTotal ? undefined : total;
      const ids = rows.map(({ id }) => id).join();
      at = nextPosition(at, { rows: rows.length, unseen: unseen.length, total: lastTotal, ids }, paging);
    }
    if (paging.hidesRows || lastTotal === undefined || seen.size >= lastTotal) return;
  }
}

function takeUnseen(rows: readonly Row[], seen: Set<string>): Row[] {
  const unseen = rows.filter(({ id }) => !seen.has(id));
  for (const { id } of unseen) seen.add(id);
  return unseen;
}

/** What is known of a page that was read. */
type PageRead = {
  readonly rows: number;
  readonly unseen: number;
  readonly total: number | undefined;
  readonly ids: string;
};
/** Where a page begins, and the page that was read before it. */
type Position = {
  readonly offset: number;
  readonly before?: PageRead;
  /** Its first rows ought to be known already. */
  readonly overlaps?: boolean;
  readonly samePages: number;
};

/** Where to read on, or `undefined` at the end. */
function nextPosition(at: Position, page: PageRead, paging: OffsetPaging): Position | undefined {
  const { rows, total, ids } = page;
  const { pageSize, byNumber = false, overlap = 0 } = paging;
  const samePages = rows > 0 && ids === at.before?.ids ? at.samePages + 1 : 1;
  const missing = missingBefore(at, page, paging);
  if (missing > 0) {
    const back = Math.max(0, at.offset - missing);
    const offset = byNumber ? back - (back % pageSize) : back;
    return { offset, before: page, samePages };
  }
  if (isEnd(at.offset, page, paging)) return undefined;
  if (samePages === MAX_SAME_PAGES) throw sameAgain('page', 'know offsets');
  if (byNumber) return { offset: at.offset + pageSize, before: page, samePages };
  const overlaps = total === undefined && rows > overlap && overlap > 0;
  const offset = at.offset + (rows || pageSize) - (overlaps ? overlap : 0);
  return { offset, before: page, overlaps, samePages };
}

function isEnd(offset: number, { rows, total }: PageRead, { pageSize, hidesRows }: OffsetPaging): boolean {
  if (total !== undefined) return offset + rows >= total || (rows === 0 && !hidesRows);
  return hidesRows ? rows === 0 : rows < pageSize;
}

/** How many unseen rows may stand on pages already read, because others left the list after the page before. */
function missingBefore(
  { before, overlaps }: Position,
  { rows, unseen, total }: PageRead,
  { pageSize, overlap = 0 }: OffsetPaging,
): number {
  if (before?.total !== undefined) {
    if (total !== undefined) return Math.max(0, before.total - total);
    // The service gives no total any more, so the pages have to overlap from here.
    return overlap > 0 ? pageSize : 0;
  }
  // Without totals: where nothing of the page before is left on this one.
  const isTorn = overlaps && (rows > 0 ? unseen === rows : before?.unseen !== 0);
  return isTorn ? pageSize : 0;
}

function sameAgain(what: 'cursor' | 'page', ability: string): Failure {
  return new Failure(
    'unexpected-response',
    `Could not list items: the same ${what} came again and again; does the service ${ability}?`,
  );
}
