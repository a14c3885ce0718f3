import type { Deadline } from '../../deadline.ts';
import { Failure } from '../../failure.ts';
import { type Clock, systemClock } from '../../http/clock.ts';
import { rateLimited } from '../../http/limits.ts';
import type { HttpResponse } from '../../http/request.ts';
import { classifyListing, parseResponse, type TokenServiceOptions, tokenCall } from '../api-call.ts';
import { byOffset, type Rows } from '../by-offset.ts';
import type { ReadingList } from '../reading-list.ts';
import { listing, type Raindrops, readOne, toItem } from './wire.ts';
import { applyTags } from './writes.ts';

/**
 * Requests for n items, c of them changed: n/50 pages; for each collection and tag one call to 50 items that only
 * get this tag; and a call for each item that loses one. Changes are gathered by 500, so that few calls are of
 * less than 50 items.
 */
const PAGE_SIZE = 50;
const CHANGES_GATHERED = 500;
/** https://developer.raindrop.io/#rate-limiting */
const CALLS_PER_MINUTE = 120;

export type RaindropOptions = TokenServiceOptions & {
  /** Id of the collection to read: 0 for all, -1 for unsorted. */
  readonly collection: string;
  readonly clock?: Clock;
};

/** Raindrop.io: no lengths; tags are added to many items at once, and replaced one item at a time. */
export function raindrop({ clock = systemClock, collection, ...options }: RaindropOptions): ReadingList {
  const pace = rateLimited(options.request, CALLS_PER_MINUTE, clock);
  const base = `${options.url}/rest/v1`;
  const api = { base, scheme: 'Bearer', classifyResponse: judgeResult } as const;
  const call = tokenCall({ ...options, request: pace.request }, api);
  const raindrops: Raindrops = { call, pace, clock, known: new Map() };
  const classifyResponse = classifyListing(`${base}/raindrops/${collection}`, 'RAINDROP_URL');
  return {
    batchSize: CHANGES_GATHERED,
    listUnread: (deadline) =>
      byOffset((offset) => readRows(raindrops, { collection, offset, classifyResponse }, deadline), {
        pageSize: PAGE_SIZE,
        byNumber: true,
      }),
    applyTags: (changes, deadline, tell) => applyTags(raindrops, changes, deadline, tell),
    getItem: ({ id }, deadline) => readOne(call, id, deadline),
  };
}

/** Trouble is also told inside HTTP 200, by `result: false`. */
function judgeResult({ body, status }: HttpResponse, found: string): Failure | undefined {
  const isRefused = typeof body === 'object' && body !== null && 'result' in body && body.result === false;
  if (!isRefused || status >= 300) return undefined;
  return new Failure('unexpected-response', `${found}: an error inside HTTP ${status}`, { status: 400 });
}

type ListQuery = { collection: string; offset: number; classifyResponse: ReturnType<typeof classifyListing> };

/** https://developer.raindrop.io/v1/raindrops/multiple#get-raindrops: newest first, paged by number. */
async function readRows(
  { call, clock, known }: Raindrops,
  { collection, offset, classifyResponse }: ListQuery,
  deadline: Deadline,
): Promise<Rows> {
  const query = new URLSearchParams({
    perpage: String(PAGE_SIZE),
    page: String(offset / PAGE_SIZE),
    sort: '-created',
    nested: 'true',
  });
  const answer = await call(
    { method: 'GET', path: `/raindrops/${collection}?${query}`, classifyResponse },
    deadline,
  );
  const { items, count } = parseResponse(listing, answer, 'the raindrops');
  const rows = items;
  for (const row of rows) {
    known.set(String(row._id), {
      collection: row.collection?.$id ?? row.collectionId,
      readAt: clock.now(),
    });
  }
  return {
    rows: rows.map((row) => ({ id: String(row._id), ...(!row.removed && { item: toItem(row) }) })),
    ...(count !== undefined && { total: count }),
  };
}
