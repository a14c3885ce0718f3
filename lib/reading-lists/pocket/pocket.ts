import type { Item, TagChange, TagResult } from '../../core/item.ts';
import type { Deadline } from '../../deadline.ts';
import { isTooLarge } from '../api-call.ts';
import { listByOffset, type OffsetPaging, type Rows } from '../paging.ts';
import { type ReadingList, UNUSED_TAG } from '../reading-list.ts';
import { type CallPocket, type PocketOptions, pocketCall } from './calls.ts';
import { type Position, readResults, readRows } from './rows.ts';

/** Maximum items in one `get`, as documented. */
const PAGE_SIZE = 30;
/** Maximum actions in one `send`, as documented (`maxActions`). */
const MAX_ACTIONS_PER_SEND = 30;
/** Hidden rows make a page short or even empty. Pocket's last servers (era B) report a total of at most 5,000. */
const PAGING: OffsetPaging = { pageSize: PAGE_SIZE, overlap: 1, hidesRows: true, maxTotal: 5000 };

/** Adapter for Pocket v3 and for servers with the same API. */
export function pocket(options: PocketOptions): ReadingList {
  const call = pocketCall(options);
  return {
    batchSize: MAX_ACTIONS_PER_SEND,
    listUnread: (deadline) =>
      listByOffset((offset) => getRows(call, { state: 'unread', offset }, deadline), PAGING),
    listAll: (deadline) =>
      listByOffset((offset) => getRows(call, { state: 'all', offset }, deadline), PAGING),
    applyTags: (changes, deadline) => applyTags(call, changes, deadline),
    getItem: (item, deadline) => getItem(call, item, deadline),
    tryWrite: async ({ id }, deadline) => {
      const action = { action: 'tags_remove', item_id: id, tags: UNUSED_TAG };
      await call('send', { actions: [action] }, deadline);
    },
  };
}

/** Reads one page. If the response is too large for the server, half as many items are requested, down to one. */
async function getRows(
  call: CallPocket,
  { state, offset }: Position,
  deadline: Deadline,
  count = PAGE_SIZE,
): Promise<Rows> {
  const query = {
    state,
    sort: 'newest',
    detailType: 'complete',
    // Flags as strings: Pocket's last servers read the number 1 as false.
    total: '1',
    count: String(count),
    offset: String(offset),
  };
  try {
    return readRows(await call('get', query, deadline), { state, offset });
  } catch (error) {
    if (!isTooLarge(error) || count === 1) throw error;
    return getRows(call, { state, offset }, deadline, Math.floor(count / 2));
  }
}

/**
 * Reads an item again by its position in the list, its `ref`, since `get` has no parameter for an id. The page around
 * that position contains it even if up to 15 items were added or removed since.
 */
async function getItem(call: CallPocket, { id, ref }: Item, deadline: Deadline): Promise<Item | undefined> {
  if (ref === undefined) return undefined;
  const { state, offset } = ref as Position;
  const from = Math.max(0, offset - PAGE_SIZE / 2);
  const { rows } = await getRows(call, { state, offset: from }, deadline);
  return rows.find((row) => row?.id === id)?.item;
}

/**
 * Writes changes in as few requests as the limit on actions allows, one at a time. What is too large for the server is
 * sent in two halves.
 */
async function* applyTags(
  call: CallPocket,
  changes: readonly TagChange[],
  deadline: Deadline,
): AsyncGenerator<TagResult> {
  const batches = byActions(changes);
  for (let batch = batches.shift(); batch; batch = batches.shift()) {
    try {
      const response = await call('send', { actions: batch.flatMap(actionsOf) }, deadline);
      yield* readResults(
        response,
        batch.map((change) => ({ change, actions: actionsOf(change).length })),
      );
    } catch (error) {
      if (!isTooLarge(error) || batch.length === 1) throw error;
      const half = Math.ceil(batch.length / 2);
      batches.unshift(batch.slice(0, half), batch.slice(half));
    }
  }
}

/** Adds before removing, so that an interrupted write leaves two bands, which the next run corrects, and never none. */
function actionsOf({ item, add, remove }: TagChange): Record<string, string>[] {
  const added = add.length > 0 ? [{ action: 'tags_add', item_id: item.id, tags: add.join(',') }] : [];
  const removed = remove.map(({ name, storedAs = name }) => storedAs).join(',');
  return removed ? [...added, { action: 'tags_remove', item_id: item.id, tags: removed }] : added;
}

/** Batches of changes of at most `MAX_ACTIONS_PER_SEND` actions; the actions of one item stay together. */
function byActions(changes: readonly TagChange[]): TagChange[][] {
  const batches: TagChange[][] = [];
  let room = 0;
  for (const change of changes) {
    const actions = actionsOf(change).length;
    const batch = batches.at(-1);
    if (batch === undefined || actions > room) {
      batches.push([change]);
      room = MAX_ACTIONS_PER_SEND - actions;
    } else {
      batch.push(change);
      room -= actions;
    }
  }
  return batches;
}
