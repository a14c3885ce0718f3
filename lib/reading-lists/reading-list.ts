import type { PageEvidence } from '../core/estimate.ts';
import type { Item, TagChange, TagResult } from '../core/item.ts';
import type { Deadline } from '../deadline.ts';
import { Failure } from '../failure.ts';

/** Which items a listing has: those that are unread, or all, the archived and read ones too. */
export type Scope = 'unread' | 'all';

/**
 * A page of items, newest first if the service supports it; `total`: items of the listing in all, if it reports that;
 * `odd`: rows that are not understood, such as one without an id.
 */
export type Page = { readonly items: readonly Item[]; readonly total?: number; readonly odd?: number };

/**
 * PORT: a service that holds a reading list. Its contract is tested for every adapter by
 * `test/reading-lists/reading-list-contract.ts`:
 *
 * - every unread item (or, in the listing of all, every item) is yielded once, even while items already yielded are
 *   being tagged;
 * - tags that are not managed by the tagger are kept;
 * - repeating a change has no further effect;
 * - each change has one result, which is `ok` only if the service confirmed it;
 * - a tag that was written is listed under the name that was requested.
 *
 * All methods reject with a `Failure`, or with the signal's reason at the deadline.
 */
export type ReadingList = {
  /** Number of changes that is efficient for one `applyTags`. */
  readonly batchSize: number;
  listUnread(deadline: Deadline): AsyncIterable<Page>;
  /**
   * Every item that may have a tag of ours from its time as an unread one: archived and read ones, too. Lengths may be
   * missing. What is in the trash is left out.
   */
  listAll(deadline: Deadline): AsyncIterable<Page>;
  /**
   * Yields each result once, as soon as it is known: in the order of the changes, unless the service changes several
   * items in one call. Throws if it cannot continue; results yielded before stay valid, and no call is in flight.
   */
  applyTags(changes: readonly TagChange[], deadline: Deadline): AsyncIterable<TagResult>;
  /**
   * Reads an item again, in one call; `undefined` if it is not found. Only for items that were listed, since some
   * services find an item only by its `ref`.
   */
  getItem(item: Item, deadline: Deadline): Promise<Item | undefined>;
  /**
   * The items with these ids as `listUnread` has them, without those that are not unread, or not there. Present where
   * the service has a webhook, which tells ids.
   */
  findUnread?(ids: readonly string[], deadline: Deadline): AsyncIterable<Page>;
  /**
   * Counts the text that the service stores of an item, for services whose listing has no length. One call or more, so
   * it is called only if the decision depends on it.
   */
  readText?(item: Item, deadline: Deadline): Promise<PageEvidence>;
  /**
   * Sends a write to a listed item that changes nothing: resolves if the credentials allow it. Rejects with
   * `credentials` if they do not, else as the service answers. Absent if the service has no such write.
   */
  tryWrite?(item: Item, deadline: Deadline): Promise<void>;
};

/** Reads the first page of a listing, to find out whether the service answers. Rejects as the listing does. */
export async function readPage(listAll: ReadingList['listAll'], deadline: Deadline): Promise<void> {
  await listAll(deadline)[Symbol.asyncIterator]().next();
}

/** A tag that no item has: removing it is a write that changes nothing. At most 25 characters. */
export const UNUSED_TAG = 'readtime-tagger-check';

/** Wraps a list for a dry run: `applyTags` reports success and writes nothing. */
export function readOnly(list: ReadingList): ReadingList {
  return {
    ...list,
    async *applyTags(changes) {
      for (const { item } of changes) yield { itemId: item.id, ok: true };
    },
  };
}

/** Wraps a list so that its unread items are these alone. Throws a `Failure` where it has no `findUnread`. */
export function onlyItems(list: ReadingList, ids: readonly string[]): ReadingList {
  const { findUnread } = list;
  if (!findUnread) throw new Failure('settings', 'Single items cannot be looked up in this reading list');
  return { ...list, listUnread: (deadline) => findUnread(ids, deadline) };
}

/** The same items in pages of at most `size`. */
export async function* splitPages(pages: AsyncIterable<Page>, size: number): AsyncGenerator<Page> {
  for await (const page of pages) {
    const { odd, ...others } = page;
    for (let at = 0; at === 0 || at < page.items.length; at += size)
      yield { ...(at === 0 ? page : others), items: page.items.slice(at, at + size) };
  }
}
