import * as z from 'zod';
import type { Item, Tag } from '../../core/item.ts';
import type { Deadline } from '../../deadline.ts';
import type { Clock } from '../../http/clock.ts';
import type { RateLimited } from '../../http/limits.ts';
import { type Call, classifyListing, parseResponse } from '../api-call.ts';
import { number, text } from '../fields.ts';

const tag = z.string().or(z.object({ name: z.string() }).transform(({ name }) => name));
/** An object by the tag's key, an empty one, or, as older clients saw it, an array. */
const tags = z
  .union([z.array(tag), z.record(z.string(), tag).transform((byKey) => Object.values(byKey))])
  .nullish();
const document = z.object({
  id: z.string(),
  parent_id: text,
  category: text,
  source_url: text,
  title: text,
  // Not to be guessed: a write replaces what stands here.
  tags,
  word_count: number,
  reading_time: text,
  reading_progress: number,
  saved_at: text,
});
type Document = z.infer<typeof document>;
const listing = z.object({
  results: z.array(document),
  nextPageCursor: text,
});
/** What was read of an item last, when, and by which query. */
type Reading = { readonly query: string; readonly readAt: number; readonly tags: readonly Tag[] };

/** What an adapter for Readwise works with. */
export type Reader = {
  readonly call: Call;
  readonly pace: RateLimited;
  readonly clock: Clock;
  readonly base: string;
  readonly readings: Map<string, Reading>;
};

/** Trimmed; compared without regard to capitals, because its keys are. */
export function readwiseTagName(tag: string): string {
  return tag.trim().toLowerCase();
}

/** A page of documents, by its query. Throws `unexpected-response` that names the field. */
export async function readPage({ call, clock, base, readings }: Reader, query: string, deadline: Deadline) {
  const classifyResponse = classifyListing(`${base}/list/`, 'READWISE_URL');
  const answer = await call({ method: 'GET', path: `/list/?${query}`, classifyResponse }, deadline);
  const readAt = clock.now();
  const { results, nextPageCursor } = parseResponse(listing, answer, 'the documents of Readwise');
  // Highlights and notes are documents too, inside another one.
  const items = results.filter(({ parent_id }) => !parent_id).map(toItem);
  for (const { id, tags } of items) readings.set(id, { query, readAt, tags });
  return { items, cursor: nextPageCursor };
}

/** One document as it is now. */
export async function readOne(reader: Reader, id: string, deadline: Deadline): Promise<Item | undefined> {
  const { items } = await readPage(reader, new URLSearchParams({ id }).toString(), deadline);
  return items[0];
}

function toItem(row: Document): Item {
  const { id, title, category, source_url: url, word_count: words, reading_progress: progress } = row;
  const minutes = Number(/^(\d+) mins?$/.exec(row.reading_time ?? '')?.[1] ?? 0);
  const addedAt = Date.parse(row.saved_at ?? '') / 1000;
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
    ...(addedAt > 0 && { addedAt }),
  };
}
