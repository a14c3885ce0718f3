import assert from 'node:assert/strict';
import { deadlineIn } from '../../lib/deadline.ts';
import { Failure } from '../../lib/failure.ts';
import type { ReadingList } from '../../lib/reading-lists/reading-list.ts';
import { readFirstPage } from '../../lib/run/check.ts';

describe('readFirstPage', () => {
  const listThat = (listUnread: () => AsyncGenerator): ReadingList =>
    ({ listUnread }) as unknown as ReadingList;

  it('reads one page and no more', async () => {
    const pages: number[] = [];
    const list = listThat(async function* () {
      for (const page of [1, 2]) {
        pages.push(page);
        yield page;
      }
    });
    await readFirstPage(list, deadlineIn(1000));
    assert.deepEqual(pages, [1]);
  });

  const failed = new Failure('unexpected-response', 'not a list');
  const failing = listThat(async function* () {
    yield* [];
    throw failed;
  });

  it('fails as the reading list does', () =>
    assert.rejects(readFirstPage(failing, deadlineIn(1000)), (error) => error === failed));

  it('says that no answer came in time', () => {
    const over = { signal: AbortSignal.abort(), remainingMs: () => 0 };
    return assert.rejects(readFirstPage(failing, over), {
      kind: 'unavailable',
      message: 'no answer in time',
    });
  });
});
