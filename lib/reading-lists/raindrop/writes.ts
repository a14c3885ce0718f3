import * as z from 'zod';
import type { TagChange, TagResult } from '../../core/item.ts';
import type { Deadline } from '../../deadline.ts';
import { parseResponse } from '../api-call.ts';
import { oneByOne } from '../one-by-one.ts';
import type { Tell } from '../reading-list.ts';
import { replacedTags, STALE_AFTER_MS } from '../replaced-tags.ts';
import { type Raindrops, raindropTagName, readOne } from './wire.ts';

const ITEMS_PER_CALL = 50;
const NOT_SAID = 'the service did not say whether it was done';
const modified = z.object({ modified: z.number() });

/** Groups that get one tag and lose none are written together, what is left one by one. */
export async function applyTags(
  raindrops: Raindrops,
  changes: readonly TagChange[],
  deadline: Deadline,
  tell: Tell = () => {},
): Promise<TagResult[]> {
  const results = new Map<string, TagResult>();
  const note: Tell = (written) => {
    for (const result of written) results.set(result.itemId, result);
    tell(written);
  };
  for (const group of groupsOf(raindrops, changes)) await addToMany(raindrops, group, deadline, note);
  const singles = changes.filter(({ item }) => !results.has(item.id));
  await oneByOne(singles, (change) => replaceOf(raindrops, change, deadline), note);
  return changes.map(({ item: { id } }) => results.get(id) ?? { itemId: id, ok: false, reason: NOT_SAID });
}

type Group = { readonly collection: number; readonly tag: string; readonly changes: TagChange[] };

/** Changes that add one tag and remove none, by collection and tag. All of a collection at once is refused for 0. */
function groupsOf({ known }: Raindrops, changes: readonly TagChange[]): Group[] {
  const groups: Group[] = [];
  for (const change of changes) {
    const collection = known.get(change.item.id)?.collection;
    const [tag, ...more] = change.add;
    if (!collection || !tag || more.length > 0 || change.remove.length > 0) continue;
    const group = groups.find(
      (one) => one.collection === collection && one.tag === tag && one.changes.length < ITEMS_PER_CALL,
    );
    if (group) group.changes.push(change);
    else groups.push({ collection, tag, changes: [change] });
  }
  return groups.filter(({ changes }) => changes.length > 1);
}

/**
 * https://developer.raindrop.io/v1/raindrops/multiple#update-many-raindrops: appends; an empty array would take
 * every tag off, so there is always a tag in it. Where fewer were modified than asked, each is looked at.
 */
async function addToMany(
  raindrops: Raindrops,
  { collection, tag, changes }: Group,
  deadline: Deadline,
  note: Tell,
): Promise<void> {
  const json = { ids: changes.map(({ item }) => Number(item.id)), tags: [tag] };
  const answer = await raindrops.call({ method: 'PUT', path: `/raindrops/${collection}`, json }, deadline);
  const { modified: done } = parseResponse(modified, answer, 'what became of the raindrops');
  if (done === changes.length) {
    note(changes.map(({ item }) => ({ itemId: item.id, ok: true })));
    return;
  }
  const isThere = async ({ item }: TagChange) => {
    const { tags } = await readOne(raindrops.call, item.id, deadline);
    const found = tags.some(({ name }) => raindropTagName(name) === raindropTagName(tag));
    return found ? undefined : NOT_SAID;
  };
  await oneByOne(changes, isThere, note);
}

/** https://developer.raindrop.io/v1/raindrops/single#update-raindrop: replaces what the item has. */
async function replaceOf(
  raindrops: Raindrops,
  change: TagChange,
  deadline: Deadline,
): Promise<string | undefined> {
  const { id } = change.item;
  const { clock, pace, known, call } = raindrops;
  const isOld = clock.now() + pace.waitMs() - (known.get(id)?.readAt ?? 0) > STALE_AFTER_MS;
  const { tags: held } = isOld ? await readOne(call, id, deadline) : change.item;
  const tags = replacedTags(change, held, raindropTagName);
  if (tags !== undefined) await call({ method: 'PUT', path: `/raindrop/${id}`, json: { tags } }, deadline);
  return undefined;
}
