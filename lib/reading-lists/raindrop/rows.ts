import * as z from 'zod';
import type { Item, ItemKind } from '../../core/item.ts';
import type { Deadline } from '../../deadline.ts';
import {
  addedAtOf,
  type CallApi,
  classifyListing,
  flag,
  number,
  parseResponse,
  pathPart,
  rowsOf,
  text,
} from '../api-call.ts';
import type { Rows } from '../paging.ts';
import { raindropTagName } from '../tag-names.ts';

const raindropRow = z.object({
  _id: z.number(),
  link: text,
  title: text,
  type: text,
  created: text,
  removed: flag,
  tags: z.array(z.string()).nullish(),
  collection: z.object({ $id: z.number() }).nullish().catch(undefined),
  collectionId: number,
});
type RaindropRow = z.infer<typeof raindropRow>;
const listing = z.object({
  items: rowsOf(raindropRow),
  count: number,
});
// Here the tags are required: a write replaces all that were read.
const one = z.object({ item: raindropRow.required({ tags: true }) });

/** A page of a listing. */
export type ListedPage = { readonly collection: string; readonly offset: number };

/** `ref` of a listed item: its collection, and where it was listed. */
export type Ref = { readonly collection: number | undefined; readonly page: ListedPage };

/** The maximum of the service. */
export const PAGE_SIZE = 50;

/** https://developer.raindrop.io/v1/raindrops/multiple#get-raindrops: newest first, paged by number. */
export async function readRows(
  call: CallApi,
  base: string,
  page: ListedPage,
  deadline: Deadline,
): Promise<Rows> {
  const { collection, offset } = page;
  const query = new URLSearchParams({
    perpage: String(PAGE_SIZE),
    page: String(offset / PAGE_SIZE),
    sort: '-created',
    nested: 'true',
  });
  const path = `/raindrops/${collection}`;
  const classifyResponse = classifyListing(`${base}${path}`, 'RAINDROP_URL');
  const response = await call({ path: `${path}?${query}`, classifyResponse }, deadline);
  const { items, count } = parseResponse(listing, response, 'the raindrops');
  return {
    rows: items.map((row) => {
      if (row === undefined) return undefined;
      const ref: Ref = { collection: row.collection?.$id ?? row.collectionId, page };
      return { id: String(row._id), ...(!row.removed && { item: { ...toItem(row), ref } }) };
    }),
    ...(count !== undefined && { total: count }),
  };
}

/** https://developer.raindrop.io/v1/raindrops/single#get-raindrop */
export async function readOne(call: CallApi, id: string, deadline: Deadline): Promise<Item> {
  const response = await call({ path: `/raindrop/${pathPart(id)}` }, deadline);
  return toItem(parseResponse(one, response, 'a raindrop').item);
}

/** Whether an item has the tag, however the service writes it. */
export function hasTag({ tags }: Item, tag: string): boolean {
  return tags.some(({ name }) => raindropTagName(name) === raindropTagName(tag));
}

function toItem(row: RaindropRow): Item {
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

/** Audio counts as video: it takes its duration, not the time to read the page. */
function kindOf({ type }: RaindropRow): ItemKind {
  if (type === 'video' || type === 'audio') return 'video';
  return type === 'image' ? 'image' : 'article';
}
