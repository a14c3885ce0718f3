import type { PageEvidence } from '../core/estimate.ts';
import type { Item, TagChange, TagResult } from '../core/item.ts';
import type { Deadline } from '../deadline.ts';

/** Some unread items, newest first where the service can, and how many there are in all where it says. */
export type Page = { readonly items: readonly Item[]; readonly total?: number };

/** Hears what became of some changes. */
export type Tell = (results: readonly TagResult[]) => void;

/**
 * PORT: a service that holds a reading list. Its promises are the contract suite in
 * `test/reading-lists/reading-list-contract.ts`, which every adapter runs:
 *
 * - every unread item is yielded once, also while items already yielded are being tagged;
 * - other people's tags are kept;
 * - repeating a change changes nothing more;
 * - there is one result for each change, in order, and `ok` only where the service confirmed it;
 * - a tag that was written comes back under the name that was asked for.
 *
 * All methods reject with a `Failure`, or with the signal's reason once the deadline is over.
 */
export type ReadingList = {
  /** How many changes go well into one `applyTags`. */
  readonly batchSize: number;
  listUnread(deadline: Deadline): AsyncIterable<Page>;
  /**
   * `tell` hears of results as they come. A list that needs several calls for some changes tells after each, so
   * that what was done is known also where a later one fails: no call is under way any more when it rejects.
   */
  applyTags(changes: readonly TagChange[], deadline: Deadline, tell?: Tell): Promise<readonly TagResult[]>;
  /**
   * The item as the service has it now, in one call; `undefined` where it is not found. For `verifyFirstWrite`, which
   * asks for an item that was listed and written before.
   */
  getItem(item: Item, deadline: Deadline): Promise<Item | undefined>;
  /**
   * How long the text is that the service itself has for an item whose length does not stand in the list, or why
   * there is none. One call and more, so it is asked only where a decision depends on it.
   */
  readText?(item: Item, deadline: Deadline): Promise<PageEvidence>;
};

/** The same list, for a dry run: every change is said to be done, and none is. */
export function readOnly(list: ReadingList): ReadingList {
  return {
    ...list,
    applyTags: async (changes) => changes.map(({ item }) => ({ itemId: item.id, ok: true })),
  };
}
