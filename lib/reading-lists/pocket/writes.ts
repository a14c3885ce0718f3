import type { TagChange, TagResult } from '../../core/item.ts';
import type { Deadline } from '../../deadline.ts';
import type { Tell } from '../reading-list.ts';
import type { Call } from './call.ts';
import { isTooLarge } from './errors.ts';
import { readResults } from './wire.ts';

/** What the documentation allows of actions in one `send` (`maxActions`). */
export const ACTIONS_PER_SEND = 30;

/** Writes in as few requests as the limit on actions allows, one after the other. */
export async function applyTags(
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
