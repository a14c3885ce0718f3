import type { Deadline } from '../deadline.ts';
import { Failure } from '../failure.ts';
import type { ReadingList } from '../reading-lists/reading-list.ts';

/**
 * Reads only the first page of the list. Resolves if the service accepts the credentials. Rejects as `listUnread` does,
 * and with `unavailable` if the deadline passes first.
 */
export async function readFirstPage(list: ReadingList, deadline: Deadline): Promise<void> {
  try {
    await list.listUnread(deadline)[Symbol.asyncIterator]().next();
  } catch (error) {
    if (!deadline.signal.aborted) throw error;
    throw new Failure('unavailable', 'no answer in time');
  }
}
