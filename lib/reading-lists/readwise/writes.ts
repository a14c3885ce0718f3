import * as z from 'zod';
import type { TagChange, TagResult } from '../../core/item.ts';
import type { Deadline } from '../../deadline.ts';
import type { HttpResponse } from '../../http/request.ts';
import type { Tell } from '../reading-list.ts';
import { replacedTags, STALE_AFTER_MS } from '../replaced-tags.ts';
import { type Reader, readOne, readPage, readwiseTagName } from './wire.ts';

export const UPDATES_PER_CALL = 50;

const outcome = z.object({ id: z.string(), success: z.boolean() });
const updated = z.object({ results: z.array(outcome).optional().catch(undefined) }).catch({});

/** Writes in bulk, one call after the other. */
export async function applyTags(
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

function refusedIn(answer: HttpResponse, updates: readonly { id: string }[]): Set<string> {
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
