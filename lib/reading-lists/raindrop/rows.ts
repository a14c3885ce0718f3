import * as z from 'zod';
import type { Item, ItemKind } from '../../core/item.ts';
import type { Deadline } from '../../deadline.ts';
import type { Clock } from '../../http/clock.ts';
import type { RateLimited } from '../../http/limits.ts';
import { type Call, classifyListing } from '../api-call.ts';
import type { Rows } from '../paging.ts';
import { addedAtOf, flag, number, parseResponse, text } from '../parse-response.ts';

const raindropRow = z.object({
  _id: z.number(),
  link: text,
  title: text,
  type: text,
  created: text,
  removed: flag,
  // Required: a write may replace all of them.
  tags: z.array(z.string()).nullish(),
  collection: z.object({ $id: z.number() }).nullish().catch(undefined),
  collectionId: number,
});
type Row = z.infer<typeof raindropRow>;
const listing = z.object({
  items: z.array(raindropRow),
  count: number,
});
const one = z.object({ item: raindropRow });

/** `ref` of a listed item: the collection that it is in, and when it was read. */
export type Ref = { readonly collection: number | undefined; readonly readAt: number };
/** What the adapter works with. */
export type Raindrop = {
  readonly call: Call;
  readonly base: string;
  readonly limit: Pick<RateLimited, 'waitMs'>;
  readonly clock: Clock;
};

/** Trimmed; compared without regard to capitals. */
export function raindropTagName(tag: string): string {
  return tag.trim().toLowerCase();
}

/** The most that the service gives at once. */
export const PAGE_SIZE = 50;

/** https://developer.raindrop.io/v1/raindrops/multiple#get-raindrops: newest first, paged by number. */
export async function readRows(
  { call, base, clock }: Raindrop,
  { collection, offset }: { collection: string; offset: number },
  deadline: Deadline,
): Promise<Rows> {
  const query = new URLSearchParams({
    perpage: String(PAGE_SIZE),
    page: String(offset / PAGE_SIZE),
    sort: '-created',
    nested: 'true',
  });
  const path = `/raindrops/${collection}`;
  const classifyResponse = classifyListing(`${base}${path}`, 'RAINDROP_URL');
  const response = await call({ method: 'GET', path: `${path}?${query}`, classifyResponse }, deadline);
  const { items, count } = parseResponse(listing, response, 'the raindrops');
  const readAt = clock.now();
  return {
    rows: items.map((row) => {
      const ref: Ref = { collection: row.collection?.$id ?? row.collectionId, readAt };
      return { id: String(row._id), ...(!row.removed && { item: { ...toItem(row), ref } }) };
    }),
    ...(count !== undefined && { total: count }),
  };
}

/** https://developer.raindrop.io/v1/raindrops/single#get-raindrop */
export async function readOne(call: Call, id: string, deadline: Deadline): Promise<Item> {
  const response = await call({ method: 'GET', path: `/raindrop/${id}` }, deadline);
  return toItem(parseResponse(one, response, 'a raindrop').item);
}

/** A raindrop in our words. */
function toItem(row: Row): Item {
  return {
    id: String(row._id),
    kind: kindOf(row),
    tags: (row.tags ?? []).map((name) => ({ name })),
    parsed: true,
    ...(row.link && { url: row.link }),
    ...(row.title && { title: row.title }),
    ...addedAtOf(row.created),
  };
}

/** What plays takes its duration, not the time to read the page around it. */
function kindOf({ type }: Row): ItemKind {
  if (type === 'video' || type === 'audio') return 'video';
  return type === 'image' ? 'image' : 'article';
}
