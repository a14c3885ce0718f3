import * as z from 'zod';
import type { Item, ItemKind } from '../../core/item.ts';
import type { Deadline } from '../../deadline.ts';
import type { Clock } from '../../http/clock.ts';
import type { RateLimited } from '../../http/limits.ts';
import { type Call, parseResponse } from '../api-call.ts';
import { flag, number, text } from '../fields.ts';

const raindropRow = z.object({
  _id: z.number(),
  link: text,
  title: text,
  type: text,
  created: text,
  removed: flag,
  // Not to be guessed: a write may replace what stands here.
  tags: z.array(z.string()).nullish(),
  collection: z.object({ $id: z.number() }).nullish().catch(undefined),
  collectionId: number,
});
type Row = z.infer<typeof raindropRow>;
export const listing = z.object({
  items: z.array(raindropRow),
  count: number,
});
const one = z.object({ item: raindropRow });

type Known = { readonly collection: number | undefined; readonly readAt: number };
/** What an adapter for Raindrop.io works with. */
export type Raindrops = {
  readonly call: Call;
  readonly pace: RateLimited;
  readonly clock: Clock;
  /** Where each item is, and when it was read. */
  readonly known: Map<string, Known>;
};

/** Trimmed; compared without regard to capitals. */
export function raindropTagName(tag: string): string {
  return tag.trim().toLowerCase();
}

/** https://developer.raindrop.io/v1/raindrops/single#get-raindrop */
export async function readOne(call: Call, id: string, deadline: Deadline): Promise<Item> {
  const answer = await call({ method: 'GET', path: `/raindrop/${id}` }, deadline);
  return toItem(parseResponse(one, answer, 'a raindrop').item);
}

/** A raindrop in our words. */
export function toItem(row: Row): Item {
  const addedAt = Date.parse(row.created ?? '') / 1000;
  return {
    id: String(row._id),
    kind: kindOf(row),
    tags: (row.tags ?? []).map((name) => ({ name })),
    parsed: true,
    ...(row.link && { url: row.link }),
    ...(row.title && { title: row.title }),
    ...(addedAt > 0 && { addedAt }),
  };
}

/** What plays takes its duration, not the time to read the page around it. */
function kindOf({ type }: Row): ItemKind {
  if (type === 'video' || type === 'audio') return 'video';
  return type === 'image' ? 'image' : 'article';
}
