import * as z from 'zod';
import type { Item, TagChange, TagResult } from '../../core/item.ts';
import type { Deadline } from '../../deadline.ts';
import { listByOffset, type OffsetPaging, type Rows } from '../paging.ts';
import type { ReadingList } from '../reading-list.ts';
import { addressProblem, refuse, type ServiceSetting } from '../service.ts';
import { type Call, isTooLarge, type PocketOptions, pocketCall } from './calls.ts';
import { readResults, readRows } from './rows.ts';

/** What the documentation allows of items in one `get`. */
const PAGE_SIZE = 30;
/** What the documentation allows of actions in one `send` (`maxActions`). */
const ACTIONS_PER_SEND = 30;
/** Hidden rows make a page short, even empty. Era B counts no further than 5,000. */
const PAGING: OffsetPaging = { pageSize: PAGE_SIZE, overlap: 1, hidesRows: true, maxTotal: 5000 };

/** Pocket v3, and whatever speaks it. */
export function pocket(options: PocketOptions): ReadingList {
  const call = pocketCall(options);
  return {
    batchSize: ACTIONS_PER_SEND,
    listUnread: (deadline) => listByOffset((offset) => getRows(call, offset, deadline), PAGING),
    applyTags: (changes, deadline) => applyTags(call, changes, deadline),
    getItem: (item, deadline) => getItem(call, item, deadline),
  };
}

/** The name under which Pocket keeps a tag: trimmed, lower-cased, cut to 25 characters, quotes escaped as PHP does. */
export function pocketTagName(tag: string): string {
  const kept = tag.replaceAll('\uFFFD', '?').trim().toLowerCase();
  return Array.from(kept)
    .slice(0, 25)
    .join('')
    .replace(/['"\\]/g, '\\$&');
}

/** One page; a server that finds it too large is asked for half as many items, down to one. */
async function getRows(call: Call, offset: number, deadline: Deadline, count = PAGE_SIZE): Promise<Rows> {
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
    return readRows(await call('get', query, deadline), offset);
  } catch (error) {
    if (!isTooLarge(error) || count === 1) throw error;
    return getRows(call, offset, deadline, Math.floor(count / 2));
  }
}

/**
 * An item at the place where it was seen, its `ref`: `get` cannot ask for one by its id. The page around it holds it
 * also where a dozen items came or left since.
 */
async function getItem(call: Call, { id, ref }: Item, deadline: Deadline): Promise<Item | undefined> {
  if (typeof ref !== 'number') return undefined;
  const { rows } = await getRows(call, Math.max(0, ref - PAGE_SIZE / 2), deadline);
  return rows.find((row) => row.id === id)?.item;
}

/** Writes in as few requests as the limit on actions allows, one after the other. */
async function* applyTags(
  call: Call,
  changes: readonly TagChange[],
  deadline: Deadline,
): AsyncGenerator<TagResult> {
  for (const batch of byActions(changes)) yield* send(call, batch, deadline);
}

/** One `send`; a server that finds it too large gets it in halves. */
async function* send(
  call: Call,
  changes: readonly TagChange[],
  deadline: Deadline,
): AsyncGenerator<TagResult> {
  const actions = changes.flatMap(actionsOf);
  const response = await call('send', { actions }, deadline).catch((error: unknown) => {
    if (!isTooLarge(error) || changes.length === 1) throw error;
    return undefined;
  });
  if (response) {
    const sent = changes.map((change) => ({ change, actions: actionsOf(change).length }));
    yield* readResults(response, sent);
    return;
  }
  const half = Math.ceil(changes.length / 2);
  yield* send(call, changes.slice(0, half), deadline);
  yield* send(call, changes.slice(half), deadline);
}

/** Adds before it removes, so that an interrupted write leaves two bands, which the next run repairs, and never none. */
function actionsOf({ item, add, remove }: TagChange): Record<string, string>[] {
  const added = add.length > 0 ? [{ action: 'tags_add', item_id: item.id, tags: add.join(',') }] : [];
  const removed = remove.map(({ name, storedAs = name }) => storedAs).join(',');
  return removed ? [...added, { action: 'tags_remove', item_id: item.id, tags: removed }] : added;
}

/** Runs of changes of at most 30 actions; the actions of one item stay together. */
function byActions(changes: readonly TagChange[]): TagChange[][] {
  const batches: TagChange[][] = [];
  let room = 0;
  for (const change of changes) {
    const actions = actionsOf(change).length;
    const batch = batches.at(-1);
    if (batch === undefined || actions > room) {
      batches.push([change]);
      room = ACTIONS_PER_SEND - actions;
    } else {
      batch.push(change);
      room -= actions;
    }
  }
  return batches;
}

const EXAMPLE = 'the base URL of a Pocket v3 server, such as http://127.0.0.1:8383/v3 of `npm run pocket`';

/** `POCKET_API_URL`: any Pocket but Mozilla's own, which is gone. */
export const pocketApiUrl: ServiceSetting = {
  variable: 'POCKET_API_URL',
  meaning: 'base URL of a Pocket v3 server, up to and including /v3',
  schema: z
    .string()
    .optional()
    .transform((text, context) => {
      if (text === undefined) {
        return refuse(context, `is not set: Pocket's own API closed on 2025-10-08; set ${EXAMPLE}`);
      }
      const problem = addressProblem(text);
      if (problem !== undefined) return refuse(context, `${problem}; give ${EXAMPLE}`);
      const url = new URL(text);
      if (/(^|\.)getpocket\.com$/.test(url.hostname)) {
        return refuse(context, `is Pocket's own API, which closed on 2025-10-08; give ${EXAMPLE}`);
      }
      return url.href.replace(/\/+$/, '');
    }),
};
