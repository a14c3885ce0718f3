import type { PageEvidence } from '../core/estimate.ts';
import type { Item, TagChange, TagResult } from '../core/item.ts';
import type { Deadline } from '../deadline.ts';

/** Some unread items, newest first where the service can, and how many there are in all where it says. */
export type Page = { readonly items: readonly Item[]; readonly total?: number };

/**
 * PORT: a service that holds a reading list. Its promises are the contract suite in
 * `test/reading-lists/reading-list-contract.ts`, which every adapter runs:
 *
 * - every unread item is yielded once, also while items already yielded are being tagged;
 * - other people's tags are kept;
 * - repeating a change changes nothing more;
 * - there is one result for each change, and `ok` only where the service confirmed it;
 * - a tag that was written comes back under the name that was asked for.
 *
 * All methods throw a `Failure`, or the signal's reason once the deadline is over.
 */
export type ReadingList = {
  /** How many changes go well into one `applyTags`. */
  readonly batchSize: number;
  listUnread(deadline: Deadline): AsyncIterable<Page>;
  /**
   * Yields each result once, as it comes: in the order of the changes, unless the service takes several at once.
   * Throws where it cannot go on; what was yielded before was done, and no call is under way any more.
   */
  applyTags(changes: readonly TagChange[], deadline: Deadline): AsyncIterable<TagResult>;
  /**
   * The item as the service has it now, in one call; `undefined` where it is not found. It has to have been listed,
   * since some services give an item only by its `ref`.
   */
  getItem(item: Item, deadline: Deadline): Promise<Item | undefined>;
  /**
   * How long the text is that the service itself has for an item whose length does not stand in the list, or why
   * there is none. One call or more, so it is read only where a decision depends on it.
   */
  readText?(item: Item, deadline: Deadline): Promise<PageEvidence>;
};

/** The same list, for a dry run: every change is said to be done, and none is. */
export function readOnly(list: ReadingList): ReadingList {
  return {
    ...list,
    async *applyTags(changes) {
      for (const { item } of changes) yield { itemId: item.id, ok: true };
    },
  };
}
