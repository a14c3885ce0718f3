import * as z from 'zod';
import type { Item, Tag, TagChange, TagResult } from '../core/item.ts';
import type { Deadline } from '../deadline.ts';
import { type Clock, type Paced, paced, systemClock } from '../web/paced.ts';
import type { Answer } from '../web/request.ts';
import type { Page, ReadingList, Tell } from './reading-list.ts';
import { replacedTags, STALE_AFTER_MS } from './replaced-tags.ts';
import { type Call, judgeListing, readAnswer, type TokenServiceOptions, tokenCall } from './service-call.ts';

/**
 * Requests for n items, c of them changed: n/100 pages, but one at least for each of three locations, and c/50
 * bulk writes. A page that got older than a minute before it was written is one request more.
 */
const PAGE_SIZE = 100;
const UPDATES_PER_CALL = 50;
/** What a token may list, and write in bulk, in a minute. Taken together, in case the service does. */
const CALLS_PER_MINUTE = 20;
/** One location a call; the archive and the feed are no reading list. */
const UNREAD_LOCATIONS = ['new', 'later', 'shortlist'];

const text = z.string().nullish().catch(undefined);
const number = z.number().nullish().catch(undefined);
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
const outcome = z.object({ id: z.string(), success: z.boolean() });
const updated = z.object({ results: z.array(outcome).optional().catch(undefined) }).catch({});

/** What was read of an item last, when, and by which query. */
type Reading = { readonly query: string; readonly readAt: number; readonly tags: readonly Tag[] };

type Reader = {
  readonly call: Call;
  readonly pace: Paced;
  readonly clock: Clock;
  readonly base: string;
  readonly readings: Map<string, Reading>;
};

/** Readwise Reader, https://readwise.io/read: tags are replaced, fifty items at a time. */
export function readwise({
  clock = systemClock,
  ...options
}: TokenServiceOptions & { clock?: Clock }): ReadingList {
  const pace = paced(options.request, CALLS_PER_MINUTE, clock);
  const base = `${options.url}/api/v3`;
  const call = tokenCall({ ...options, request: pace.request }, { base, scheme: 'Token' });
  const reader: Reader = { call, pace, clock, base, readings: new Map() };
  return {
    batchSize: UPDATES_PER_CALL,
    listUnread: (deadline) => listUnread(reader, deadline),
    applyTags: (changes, deadline, tell) => applyTags(reader, changes, deadline, tell),
    readBack: ({ id }, deadline) => readOne(reader, id, deadline),
  };
}

/** Trimmed; compared without regard to capitals, because its keys are. */
export function readwiseTagName(tag: string): string {
  return tag.trim().toLowerCase();
}

/** https://readwise.io/reader_api#list: a cursor in each location. */
async function* listUnread(reader: Reader, deadline: Deadline): AsyncGenerator<Page> {
  const seen = new Set<string>();
  for (const location of UNREAD_LOCATIONS) {
    let cursor: string | null | undefined;
    do {
      const query = new URLSearchParams({
        location,
        limit: String(PAGE_SIZE),
        ...(cursor && { pageCursor: cursor }),
      });
      const page = await readPage(reader, query.toString(), deadline);
      const items = page.items.filter(({ id }) => !seen.has(id));
      for (const { id } of items) seen.add(id);
      if (items.length > 0) yield { items };
      cursor = page.cursor;
    } while (cursor);
  }
}

async function readPage({ call, clock, base, readings }: Reader, query: string, deadline: Deadline) {
  const judge = judgeListing(`${base}/list/`, 'READWISE_URL');
  const answer = await call({ method: 'GET', path: `/list/?${query}`, judge }, deadline);
  const readAt = clock.now();
  const { results, nextPageCursor } = readAnswer(listing, answer, 'the documents of Readwise');
  // Highlights and notes are documents too, inside another one.
  const items = results.filter(({ parent_id }) => !parent_id).map(toItem);
  for (const { id, tags } of items) readings.set(id, { query, readAt, tags });
  return { items, cursor: nextPageCursor };
}

async function readOne(reader: Reader, id: string, deadline: Deadline): Promise<Item | undefined> {
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

async function applyTags(
  reader: Reader,
  changes: readonly TagChange[],
  deadline: Deadline,
  tell: Tell = () => {},
): Promise<TagResult[]> {
  const results: TagResult[] = [];
  for (let at = 0; at < changes.length; at += UPDATES_PER_CALL) {
    const written = await writeBatch(reader, changes.slice(at, at + UPDATES_PER_CALL), deadline);
    results.push(...written);
    tell(written);
  }
  return results;
}

async function writeBatch(
  reader: Reader,
  changes: readonly TagChange[],
  deadline: Deadline,
): Promise<TagResult[]> {
  const gone = await readAgain(reader, changes, deadline);
  const updates = changes.flatMap((change) => {
    const { id } = change.item;
    const held = reader.readings.get(id)?.tags ?? change.item.tags;
    const tags = gone.has(id) ? undefined : replacedTags(change, held, readwiseTagName);
    return tags === undefined ? [] : [{ id, tags }];
  });
  const refused = updates.length === 0 ? new Set() : await update(reader, updates, deadline);
  return changes.map(({ item: { id } }) => {
    if (gone.has(id)) return { itemId: id, ok: false, reason: 'no longer there' };
    return refused.has(id)
      ? { itemId: id, ok: false, reason: 'the service refused it' }
      : { itemId: id, ok: true };
  });
}

/** https://readwise.io/reader_api#bulk-update: 200, or 207 with a result for each. Gives the ids that were refused. */
async function update(
  { call, readings }: Reader,
  updates: readonly { id: string; tags: readonly string[] }[],
  deadline: Deadline,
): Promise<ReadonlySet<string>> {
  const answer = await call({ method: 'PATCH', path: '/bulk_update/', json: { updates } }, deadline);
  const refused = refusedIn(answer, updates);
  for (const { id, tags } of updates) {
    const reading = readings.get(id);
    if (reading && !refused.has(id)) readings.set(id, { ...reading, tags: tags.map((name) => ({ name })) });
  }
  return refused;
}

function refusedIn(answer: Answer, updates: readonly { id: string }[]): Set<string> {
  const { results = [] } = updated.parse(answer.body);
  const done = new Set(results.flatMap(({ id, success }) => (success ? [id] : [])));
  const isAll = answer.status !== 207 && results.length === 0;
  return new Set(updates.flatMap(({ id }) => (isAll || done.has(id) ? [] : [id])));
}

/**
 * Reads again the pages of items that will be old by the time of the write, and by itself what has left its page.
 * Gives the ids of what is no longer there.
 */
async function readAgain(
  reader: Reader,
  changes: readonly TagChange[],
  deadline: Deadline,
): Promise<ReadonlySet<string>> {
  const { readings, clock, pace } = reader;
  const writesAt = clock.now() + pace.waitMs();
  const isOld = (id: string) => writesAt - (readings.get(id)?.readAt ?? 0) > STALE_AFTER_MS;
  const queries = new Set(
    changes.flatMap(({ item: { id } }) => (isOld(id) ? (readings.get(id)?.query ?? []) : [])),
  );
  for (const query of queries) await readPage(reader, query, deadline);
  const gone = new Set<string>();
  for (const { item } of changes) {
    if (!isOld(item.id)) continue;
    if (!(await readOne(reader, item.id, deadline))) gone.add(item.id);
  }
  return gone;
}
