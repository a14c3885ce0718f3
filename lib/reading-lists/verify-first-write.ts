import type { Item, TagChange, TagResult } from '../core/item.ts';
import type { Deadline } from '../deadline.ts';
import { Failure } from '../failure.ts';
import { systemClock } from '../http/clock.ts';
import type { ReadingList } from './reading-list.ts';

/** A service may answer a read from a copy that lags behind its writes: it is looked at again after so long. */
const LAG_MS = 2000;

/**
 * The same list, not believed at once: of the first batch that the service says it has written, one item is read
 * back. Where its tags are not as asked for, nor on a second look, `applyTags` rejects with a `Failure` of kind `unexpected-response`,
 * since a service that says yes and keeps nothing would be written to again at every run, for ever. A list
 * whose item cannot be read just then is believed.
 */
export function verifyFirstWrite(list: ReadingList, { clock = systemClock } = {}): ReadingList {
  let isConfirmed = false;

  /** Whether the item is as asked for, as far as anybody can tell. */
  async function isKeptNow({ item, add, remove }: TagChange, deadline: Deadline): Promise<boolean> {
    const found = await list.getItem(item, deadline).catch(() => undefined);
    return !found || isKept(found, add, remove);
  }

  async function confirm(change: TagChange, deadline: Deadline): Promise<void> {
    if (await isKeptNow(change, deadline)) return;
    await clock.wait(LAG_MS, deadline);
    if (!(await isKeptNow(change, deadline))) throw notKept(change.add, change.remove);
  }

  return {
    ...list,
    applyTags: async (changes, deadline, tell) => {
      const results = await list.applyTags(changes, deadline, tell);
      const written = isConfirmed ? undefined : firstWritten(changes, results);
      if (written) {
        isConfirmed = true;
        await confirm(written, deadline);
      }
      return results;
    },
  };
}

function firstWritten(changes: readonly TagChange[], results: readonly TagResult[]): TagChange | undefined {
  return changes.find((_, at) => results[at]?.ok);
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
