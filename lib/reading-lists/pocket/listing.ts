import type { Item } from '../../core/item.ts';
import type { Deadline } from '../../deadline.ts';
import { Failure } from '../../failure.ts';
import type { Page } from '../reading-list.ts';
import type { Call } from './call.ts';
import { isTooLarge } from './errors.ts';
import { type PocketPage, readPage } from './wire.ts';

/** What the documentation allows of items in one `get`. */
const PAGE_SIZE = 30;
/** Era B counts no further than this, so a total of 5,000 may stand for any number above, and tells nothing. */
const TOTAL_CAP = 5000;
/** A server that ignores `offset` would give the same page for ever. */
const SAME_PAGES = 3;

/** Where in the list each row was seen, by its id. */
export type Places = Map<string, number>;

/** Every unread item, newest first; `places` learns where each was seen. */
export async function* listUnread(call: Call, deadline: Deadline, places: Places): AsyncGenerator<Page> {
  places.clear();
  let position: Position = { offset: 0, samePages: 0 };
  for (;;) {
    const page = await getPage(call, position.offset, deadline);
    const rows = page.rows.filter(({ id }) => !places.has(id));
    for (const [at, { id }] of page.rows.entries()) places.set(id, position.offset + at);
    const items = rows.flatMap(({ item }) => item ?? []);
    if (items.length > 0) yield { items, ...(page.total !== undefined && { total: page.total }) };
    const next = nextPosition(position, page, rows.length);
    if (next === undefined) return;
    position = next;
  }
}

/** Where a page begins, and what is known of the page before it. */
type Position = {
  readonly offset: number;
  /** The first row ought to be the last one of the page before. */
  readonly overlaps?: boolean;
  readonly total?: number;
  readonly ids?: string;
  readonly newRows?: number;
  readonly samePages: number;
};

/** Where to read on, or `undefined` at the end. */
function nextPosition(at: Position, page: PocketPage, newRows: number): Position | undefined {
  const rows = page.rows.length;
  const ids = page.rows.map(({ id }) => id).join();
  const total = page.total === TOTAL_CAP ? undefined : page.total;
  const known = { ids, newRows, ...(total !== undefined && { total }) };
  const missing = missingBefore(at, { rows, newRows, total });
  if (missing > 0) return { ...known, offset: Math.max(0, at.offset - missing), samePages: 0 };
  const hasMore = total === undefined ? rows > 0 : at.offset + rows < total;
  if (!hasMore) return undefined;
  const samePages = rows > 0 && ids === at.ids ? at.samePages + 1 : 0;
  if (samePages === SAME_PAGES) {
    throw new Failure(
      'unexpected-response',
      `Could not list items: the same page came ${SAME_PAGES + 1} times; does the server know "offset"?`,
    );
  }
  // Hidden rows make a page short, even empty: the list goes on behind it.
  const offset = at.offset + (rows || PAGE_SIZE);
  const overlaps = total === undefined && rows > 1;
  return { ...known, offset: overlaps ? offset - 1 : offset, overlaps, samePages };
}

/** How many unseen rows may stand on pages already read, since others left the list after the last page. */
function missingBefore(
  at: Position,
  { rows, newRows, total }: { rows: number; newRows: number; total: number | undefined },
): number {
  if (at.total !== undefined && total !== undefined) return Math.max(0, at.total - total);
  // Without a total to be believed: where nothing of the page before is left on this one.
  const isTorn = at.overlaps && (rows > 0 ? newRows === rows : at.newRows !== 0);
  return isTorn ? PAGE_SIZE : 0;
}

/**
 * An item at the place where it was seen: `get` cannot ask for one by its id. The page around it holds it also
 * where a dozen items came or left since.
 */
export async function getItem(
  call: Call,
  { id }: Item,
  place: number | undefined,
  deadline: Deadline,
): Promise<Item | undefined> {
  if (place === undefined) return undefined;
  const { rows } = await getPage(call, Math.max(0, place - PAGE_SIZE / 2), deadline);
  return rows.find((row) => row.id === id)?.item;
}

/** One page; a server that finds it too large is asked for half as much, until it is one item. */
async function getPage(
  call: Call,
  offset: number,
  deadline: Deadline,
  count = PAGE_SIZE,
): Promise<PocketPage> {
  const query = {
    state: 'unread',
    sort: 'newest',
    detailType: 'complete',
    // Flags as strings: era B reads the number 1 as false.
    total: '1',
    count: String(count),
    offset: String(offset),
  };
  try {
    return readPage(await call('get', query, deadline));
  } catch (error) {
    if (!isTooLarge(error) || count === 1) throw error;
    return getPage(call, offset, deadline, Math.floor(count / 2));
  }
}
