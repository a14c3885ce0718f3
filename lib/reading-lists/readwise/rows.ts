import * as z from 'zod';
import type { Item } from '../../core/item.ts';
import type { Deadline } from '../../deadline.ts';
import {
  addedAtOf,
  type CallApi,
  classifyListing,
  number,
  parseResponse,
  rowsOf,
  text,
} from '../api-call.ts';
import type { Rows } from '../paging.ts';

const tag = z.string().or(z.object({ name: z.string() }).transform(({ name }) => name));
/** An object by tag key, or, in older versions, an array. */
const tags = z
  .union([z.array(tag), z.record(z.string(), tag).transform((byKey) => Object.values(byKey))])
  .nullish();
const document = z.object({
  id: z.string(),
  parent_id: text,
  category: text,
  source_url: text,
  title: text,
  tags,
  word_count: number,
  reading_time: text,
  reading_progress: number,
  saved_at: text,
});
type Document = z.infer<typeof document>;
const listing = z.object({
  results: rowsOf(document),
  // As text; what cannot be a cursor is no end of the list.
  nextPageCursor: z.union([z.string(), z.number()]).transform(String).nullish(),
});
/** A listing just before a write, which replaces all tags that are read here: so they are required. */
export const withTags = listing.extend({ results: z.array(document.required({ tags: true })) });

/** How to call the API, at its address. */
export type Api = { readonly call: CallApi; readonly base: string };

/** Reads a page of documents by its query, which is the `ref` of its items. */
export async function readDocuments(
  { call, base }: Api,
  query: string,
  deadline: Deadline,
  schema: z.ZodType<z.infer<typeof listing>> = listing,
): Promise<Rows & { readonly nextCursor: string | null | undefined }> {
  const classifyResponse = classifyListing(`${base}/list/`, 'READWISE_URL');
  const response = await call({ path: `/list/?${query}`, classifyResponse }, deadline);
  const { results, nextPageCursor } = parseResponse(schema, response, 'the documents of Readwise');
  // Highlights and notes are documents with a parent.
  const rows = results.map(
    (row) => row && { id: row.id, ...(!row.parent_id && { item: { ...toItem(row), ref: query } }) },
  );
  return { rows, nextCursor: nextPageCursor };
}

/** Reads one document again; `undefined` if it is gone. */
export async function readOne(
  api: Api,
  id: string,
  deadline: Deadline,
  schema: z.ZodType<z.infer<typeof listing>> = listing,
): Promise<Item | undefined> {
  const { rows } = await readDocuments(api, queryOfOne(id), deadline, schema);
  // Asked for an empty id, the service would list all documents.
  return rows.find((row) => row?.item?.id === id)?.item;
}

/** The query of one document. */
export function queryOfOne(id: string): string {
  return new URLSearchParams({ id }).toString();
}

function toItem(row: Document): Item {
  const { id, title, category, source_url: url, word_count: words, reading_progress: progress } = row;
  const minutes = Number(/^(\d+) mins?$/.exec(row.reading_time ?? '')?.[1] ?? 0);
  const isText = category !== 'video';
  return {
    id,
    kind: isText ? 'article' : 'video',
    tags: (row.tags ?? []).map((name) => ({ name })),
    parsed: Boolean(words),
    ...(url && /^https?:/.test(url) && { url }),
    ...(title && { title }),
    ...(words && isText && { words, ...(minutes > 0 && { minutes }) }),
    ...(progress && { progress }),
    ...addedAtOf(row.saved_at),
  };
}
