import type { Item } from '../core/item.ts';
import { Failure } from '../failure.ts';
import type { Page } from './reading-list.ts';

/** Without an item if it is not unread, or not understood. */
type Row = { readonly id: string; readonly item?: Item; readonly isOdd?: true };

/** The rows of one call. */
export type Rows = {
  /** `undefined`: a row that is not understood. */
  readonly rows: readonly (Row | undefined)[];
  /** Number of rows of the listing, if the service reports it. */
  readonly total?: number;
};

/** A listing without a stable order is read a second time for rows that are missing. */
const MAX_PASSES = 2;
/** Pages in a row without anything new, by cursor: the next page does not depend on the cursor. */
const MAX_STALE_PAGES = 4;
/** The same by offset, besides those that are read again: as many may follow if rows are removed during every call. */
const MAX_STALE_PAGES_BY_OFFSET = 20;
/** An item may be on a page twice, as where a server joins tables; more often, the page is made up of it. */
const MAX_SAME_ROWS = 4;

/** Odd rows have an id by their place, so that they are counted like any other, and once. */
function named({ rows }: Rows, place: string | number | undefined): Row[] {
  return rows.map((row, at) => row ?? { id: `odd row ${place} ${at}`, isOdd: true });
}

/** A page of rows, if there is anything to tell of them. */
function* pageOf(rows: readonly Row[], total?: number): Generator<Page> {
  const items = rows.flatMap(({ item }) => item ?? []);
  const odd = rows.filter(({ isOdd }) => isOdd).length;
  if (items.length + odd > 0) yield { items, ...(total !== undefined && { total }), ...(odd > 0 && { odd }) };
}

/**
 * Yields every result of a call that returns a cursor to the next one. Throws `unexpected-response` for what would never
 * end: a repeated cursor, or new cursors to results without anything new. `hasNews` is called before each is yielded.
 */
export async function* byCursor<Result extends { readonly nextCursor?: string | null | undefined }>(
  read: (cursor: string | undefined) => Promise<Result>,
  hasNews: (result: Result) => boolean,
): AsyncGenerator<Result> {
  const cursors = new Set<string>();
  let cursor: string | undefined;
  let stale = 0;
  for (;;) {
    const result = await read(cursor);
    stale = hasNews(result) ? 0 : stale + 1;
    yield result;
    cursor = result.nextCursor || undefined;
    if (!cursor) return;
    if (cursors.has(cursor)) throw endless('the same cursor came again');
    if (stale === MAX_STALE_PAGES) throw endlessPages(stale);
    cursors.add(cursor);
  }
}

/** Yields every item of a listing by cursor once. Listings that may overlap share `seen`, the ids of rows. */
export async function* listByCursor(
  read: (cursor: string | undefined) => Promise<Rows & { readonly nextCursor?: string | null | undefined }>,
  seen = new Set<string>(),
): AsyncGenerator<Page> {
  const listed = new Set<string>();
  const readNamed = async (cursor: string | undefined) => {
    const answer = await read(cursor);
    return { ...answer, rows: named(answer, cursor) };
  };
  const hasNews = ({ rows }: { rows: readonly Row[] }) => takeUnseen(rows, listed).length > 0;
  for await (const { rows } of byCursor(readNamed, hasNews)) {
    yield* pageOf(takeUnseen(rows, seen));
    checkRepeats(rows);
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
 * change places between calls: if fewer rows were listed than the total, the listing is read once more. Listings that
 * may overlap share `seen`, the ids of rows. Throws `unexpected-response` if pages without a new row never end, or if
 * the total counts a page or more that never came.
 */
export async function* listByOffset(
  read: (offset: number) => Promise<Rows>,
  paging: OffsetPaging,
  seen = new Set<string>(),
): AsyncGenerator<Page> {
  const listed = new Set<string>();
  let least = 0;
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const totals = yield* walkOnce(read, paging, { listed, seen });
    if (paging.hidesRows || totals.last === undefined || listed.size >= totals.last) return;
    least = totals.least;
  }
  if (!Number.isFinite(least) || least - listed.size < paging.pageSize) return;
  const counted = `the service counts ${least} items and listed ${listed.size}`;
  throw new Failure('unexpected-response', `Could not list all items: ${counted}; is its total right?`);
}

/** Ids of the rows of a listing, and of those that may overlap with it. */
type Ids = { readonly listed: Set<string>; readonly seen: Set<string> };
/**
 * Totals of a walk: that of its last page, infinite if it was wrong, and the least that can be. Rows that were added
 * meanwhile are in the first only.
 */
type Totals = { readonly last: number | undefined; readonly least: number };

/** Reads a listing from its start to its end. A total that was missing or wrong once is not used again. */
async function* walkOnce(
  read: (offset: number) => Promise<Rows>,
  paging: OffsetPaging,
  { listed, seen }: Ids,
): AsyncGenerator<Page, Totals> {
  // Ids of rows up to the offset. Those of a page behind a gap are not, until it is read again.
  const before = new Set<string>();
  let position: Position | undefined = { offset: 0 };
  let totals: Totals = { last: undefined, least: Number.POSITIVE_INFINITY };
  let hasTotal = true;
  let stale = 0;
  while (position !== undefined) {
    const { offset }: Position = position;
    const answer = await read(offset);
    const rows = named(answer, offset);
    const total: number | undefined = hasTotal ? believable(answer, offset, paging.maxTotal) : undefined;
    hasTotal = total !== undefined;
    yield* pageOf(takeUnseen(rows, seen), total);
    checkRepeats(rows);
    totals = addTotal(totals, total, answer);
    stale = takeUnseen(rows, listed).length > 0 ? 0 : stale + 1;
    const page = { rows: rows.length, overlaps: rows.some(({ id }) => before.has(id)), total };
    const missing = missingBefore(position, page, paging);
    if (missing === 0) takeUnseen(rows, before);
    position = nextPosition(position, page, missing, paging);
    if (position && stale > maxStalePages(rows.length, listed.size, paging)) throw endlessPages(stale);
  }
  return totals;
}

function addTotal({ least }: Totals, total: number | undefined, answer: Rows): Totals {
  if (total !== undefined) return { last: total, least: Math.min(least, total) };
  return { last: answer.total === undefined ? undefined : Number.POSITIVE_INFINITY, least };
}

/** The total, if it can be one: no less than the rows up to here, and not one that stands for any larger number. */
function believable({ rows, total = Number.NaN }: Rows, offset: number, max?: number): number | undefined {
  const isDisproved = rows.length > 0 && offset + rows.length > total;
  return Number.isSafeInteger(total) && !isDisproved && total !== max ? total : undefined;
}

/** How many pages without a new row may follow each other: if the offset goes back to 0, or if all rows are hidden. */
function maxStalePages(rows: number, listed: number, { pageSize, maxTotal = 0 }: OffsetPaging): number {
  return Math.ceil(Math.max(listed, rows === 0 ? maxTotal : 0) / pageSize) + MAX_STALE_PAGES_BY_OFFSET;
}

/** Rows that are not in `seen`, each once; adds them to it. */
function takeUnseen(rows: readonly Row[], seen: Set<string>): Row[] {
  return rows.filter(({ id }) => {
    const isNew = !seen.has(id);
    seen.add(id);
    return isNew;
  });
}

/** Throws if an item comes again and again on one page. */
function checkRepeats(rows: readonly Row[]): void {
  const times = new Map<string, number>();
  for (const { id } of rows) times.set(id, (times.get(id) ?? 0) + 1);
  const most = Math.max(0, ...times.values());
  if (most > MAX_SAME_ROWS) throw endless(`one item came ${most} times on a page`);
}

/** A page that was read: its number of rows, and whether a row of the pages before is one of them. */
type PageFacts = { readonly rows: number; readonly overlaps: boolean; readonly total: number | undefined };
/** The offset of a page, and what was learnt before it. */
type Position = {
  readonly offset: number;
  readonly totalBefore?: number | undefined;
  /** Its first rows should be of the pages before. */
  readonly hasOverlap?: boolean;
  /** The last offset at which there was no row. */
  readonly emptyAt?: number | undefined;
};

/** Where to continue, or `undefined` at the end. */
function nextPosition(
  { offset, emptyAt }: Position,
  page: PageFacts,
  missing: number,
  paging: OffsetPaging,
): Position | undefined {
  const { rows, total } = page;
  const { pageSize, byNumber = false, overlap = 0 } = paging;
  const learnt = { totalBefore: total, emptyAt: rows === 0 ? offset : emptyAt };
  if (missing > 0) {
    const back = Math.max(0, offset - missing);
    const start = byNumber ? back - (back % pageSize) : back;
    return { ...learnt, offset: start, hasOverlap: total === undefined };
  }
  if (isEnd(offset, page, paging)) return undefined;
  if (byNumber) return { ...learnt, offset: offset + pageSize };
  const hasOverlap = total === undefined && rows > overlap && overlap > 0;
  return { ...learnt, offset: offset + (rows || pageSize) - (hasOverlap ? overlap : 0), hasOverlap };
}

/** A full page is not the last one, even if the total says so: some servers report the number of rows on the page. */
function isEnd(offset: number, { rows, total }: PageFacts, { pageSize, hidesRows }: OffsetPaging): boolean {
  if (rows === pageSize) return false;
  if (total !== undefined) return offset + rows >= total || (rows === 0 && !hidesRows);
  return hidesRows ? rows === 0 : rows < pageSize;
}

/** How many unseen rows may have moved to pages already read, because rows were removed since the page before. */
function missingBefore(
  { offset, totalBefore, hasOverlap, emptyAt }: Position,
  { rows, overlaps, total }: PageFacts,
  { pageSize, overlap = 0 }: OffsetPaging,
): number {
  if (offset === 0) return 0;
  if (totalBefore !== undefined) {
    if (total !== undefined) return Math.max(0, totalBefore - total);
    // From here on there is no total, so pages have to overlap.
    return overlap > 0 ? pageSize : 0;
  }
  // Without totals. If there is nothing twice at an offset, the list ends before it.
  return hasOverlap && !overlaps && (rows > 0 || offset !== emptyAt) ? pageSize : 0;
}

function endlessPages(pages: number): Failure {
  return endless(`${pages} pages in a row had nothing new`);
}

function endless(found: string): Failure {
  const remedy = 'does the service, or a cache in front of it, ignore the query?';
  return new Failure('unexpected-response', `Could not read to the end: ${found}; ${remedy}`);
}
