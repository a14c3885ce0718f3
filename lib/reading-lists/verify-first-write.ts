import type { Item, TagChange } from '../core/item.ts';
import type { Deadline } from '../deadline.ts';
import { Failure } from '../failure.ts';
import { systemClock } from '../http/clock.ts';
import type { ReadingList } from './reading-list.ts';

/** Wait before the item is read a second time, since a service may read from a replica that lags: milliseconds. */
const REPLICA_LAG_MS = 2000;

/**
 * Wraps a list so that the first item written successfully is read again after its batch. If its tags are not as
 * requested, even `REPLICA_LAG_MS` later, `applyTags` throws `unexpected-response`: a service that reports success but
 * stores nothing would be written to in every run. An item that cannot be read counts as written.
 */
export function verifyFirstWrite(list: ReadingList, { clock = systemClock } = {}): ReadingList {
  let isVerified = false;

  /** Whether the item has the requested tags, or cannot be read. */
  async function isKeptNow({ item, add, remove }: TagChange, deadline: Deadline): Promise<boolean> {
    const current = await list.getItem(item, deadline).catch(() => undefined);
    return !current || isKept(current, add, remove);
  }

  async function verify(change: TagChange, deadline: Deadline): Promise<void> {
    if (await isKeptNow(change, deadline)) return;
    await clock.wait(REPLICA_LAG_MS, deadline);
    if (!(await isKeptNow(change, deadline))) throw notKept(change.add, change.remove);
  }

  return {
    ...list,
    async *applyTags(changes, deadline) {
      let written: string | undefined;
      for await (const result of list.applyTags(changes, deadline)) {
        if (result.ok) written ??= result.itemId;
        yield result;
      }
      const change = changes.find(({ item }) => item.id === written);
      if (isVerified || !change) return;
      isVerified = true;
      await verify(change, deadline);
    },
  };
}

function isKept({ tags }: Item, add: TagChange['add'], remove: TagChange['remove']): boolean {
  const names = tags.map(({ name }) => name);
  return add.every((tag) => names.includes(tag)) && !remove.some(({ name }) => names.includes(name));
}

function notKept(add: TagChange['add'], remove: TagChange['remove']): Failure {
  const [tag] = [...add, ...remove.map(({ name }) => name)];
  return new Failure(
    'unexpected-response',
    `Could not tag items: the reading list said that the tag "${tag}" was ${add.length > 0 ? 'added' : 'removed'}, and read back the item is as before; stopped after the first batch, so that it is not written again and again; does the server keep tags?`,
  );
}
