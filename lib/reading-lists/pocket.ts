import * as z from 'zod';
import type { Item, TagChange, TagResult } from '../core/item.ts';
import type { Deadline } from '../deadline.ts';
import { Failure } from '../failure.ts';
import type { Credentials } from '../secrets/credentials.ts';
import { gate } from '../web/gate.ts';
import type { Answer, Request } from '../web/request.ts';
import { judgePocket, limitResetMs } from './pocket-errors.ts';
import { type PocketPage, readPage, readResults } from './pocket-wire.ts';
import type { Page, ReadingList, Tell } from './reading-list.ts';
import { addressProblem, refuse, type ServiceSetting } from './service.ts';

/** What the documentation allows of items in one `get`, and of actions in one `send` (`maxActions`). */
const PAGE_SIZE = 30;
const ACTIONS_PER_SEND = 30;
/** Era B counts no further than this, so a total of 5,000 may stand for any number above, and tells nothing. */
const TOTAL_CAP = 5000;
/** A server that ignores `offset` would give the same page for ever. */
const SAME_PAGES = 3;

type PocketCredentials = Credentials<'consumerKey' | 'accessToken'>;

export type PocketOptions = {
  /** Base URL, up to and including `/v3`, without a slash at the end. */
  readonly apiUrl: string;
  readonly request: Request;
  readonly credentials: PocketCredentials;
};

/** Pocket v3, and whatever speaks it. */
export function pocket(options: PocketOptions): ReadingList {
  const call = pocketCall(options);
  const places: Places = new Map();
  return {
    batchSize: ACTIONS_PER_SEND,
    listUnread: (deadline) => listUnread(call, deadline, places),
    applyTags: (changes, deadline, tell) => applyTags(call, changes, deadline, tell),
    readBack: (item, deadline) => readBack(call, item, places.get(item.id), deadline),
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

type Call = (path: 'get' | 'send', json: Record<string, unknown>, deadline: Deadline) => Promise<Answer>;

function pocketCall({ apiUrl, request, credentials }: PocketOptions): Call {
  const open = gate();
  return async (path, json, deadline) => {
    // The limit headers of an answer may say that it was the last for now.
    await open.pass(deadline, 'Pocket allows no more calls for now');
    const answer = await credentials.use(({ consumerKey, accessToken }) =>
      request({
        method: 'POST',
        url: `${apiUrl}/${path}`,
        json: { consumer_key: consumerKey, access_token: accessToken, ...json },
        // Reading is by POST too; adding or removing a tag twice is the same as once.
        repeatable: true,
        deadline,
        judge: (answer) => judgePocket(path, apiUrl, answer),
      }),
    );
    open.shut(limitResetMs(answer) ?? 0);
    return answer;
  };
}

/** Where in the list each row was seen, by its id. */
type Places = Map<string, number>;

async function* listUnread(call: Call, deadline: Deadline, places: Places): AsyncGenerator<Page> {
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
async function readBack(
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

/** Writes in as few requests as the limit on actions allows, one after the other. */
async function applyTags(
  call: Call,
  changes: readonly TagChange[],
  deadline: Deadline,
  tell: Tell = () => {},
): Promise<TagResult[]> {
  const results: TagResult[] = [];
  const note: Tell = (written) => {
    results.push(...written);
    tell(written);
  };
  for (const batch of byActions(changes)) await send(call, batch, deadline, note);
  return results;
}

async function send(
  call: Call,
  changes: readonly TagChange[],
  deadline: Deadline,
  note: Tell,
): Promise<void> {
  const actions = changes.flatMap(actionsOf);
  const answer = await call('send', { actions }, deadline).catch((error: unknown) => {
    if (!isTooLarge(error) || changes.length === 1) throw error;
    return undefined;
  });
  if (answer) {
    const sent = changes.map((change) => ({ change, actions: actionsOf(change).length }));
    note(readResults(answer, sent));
    return;
  }
  const half = Math.ceil(changes.length / 2);
  await send(call, changes.slice(0, half), deadline, note);
  await send(call, changes.slice(half), deadline, note);
}

/** Adds before it removes, so that an interrupted write leaves two bands, which the next run mends, and never none. */
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

function isTooLarge(error: unknown): boolean {
  return error instanceof Failure && error.status === 413;
}
