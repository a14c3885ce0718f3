import assert from 'node:assert/strict';
import { deadlineIn } from '../../lib/deadline.ts';
import { Failure } from '../../lib/failure.ts';
import type { Page, ReadingList } from '../../lib/reading-lists/reading-list.ts';
import { tryReadingList } from '../../lib/run/check.ts';
import { anItem } from '../helpers/items.ts';

describe('tryReadingList', () => {
  const item = anItem({ id: '7' });
  const listWith = (pages: readonly (Page | Error)[], tryWrite?: ReadingList['tryWrite']) => {
    const read: number[] = [];
    const list = {
      async *listUnread() {
        for (const [at, page] of pages.entries()) {
          read.push(at + 1);
          if (page instanceof Error) throw page;
          yield page;
        }
      },
      ...(tryWrite && { tryWrite }),
    } as unknown as ReadingList;
    return { list, read };
  };
  const page = (...items: Page['items']): Page => ({ items });
  const allows = async () => {};
  const refuses = (error: unknown) => () => Promise.reject(error);

  it('reads one page and no more, and tries to write to its first item', async () => {
    const tried: string[] = [];
    const tryWrite: ReadingList['tryWrite'] = async ({ id }) => void tried.push(id);
    const { list, read } = listWith([page(item, anItem({ id: '8' })), page()], tryWrite);
    assert.deepEqual(await tryReadingList(list, deadlineIn(1000)), {});
    assert.deepEqual([read, tried], [[1], ['7']]);
  });

  it('reads on where a page has no item, at most five pages', async () => {
    const found = listWith([page(), page(item)], allows);
    assert.deepEqual(await tryReadingList(found.list, deadlineIn(1000)), {});
    const none = listWith(Array(9).fill(page()), allows);
    assert.match((await tryReadingList(none.list, deadlineIn(1000))).untried ?? '', /no unread item/);
    assert.deepEqual([found.read.length, none.read.length], [2, 5]);
  });

  const untried: [why: string, pages: Page[], tryWrite: ReadingList['tryWrite'], says: RegExp][] = [
    ['the list is empty', [], allows, /no unread item/],
    ['the service has no write that changes nothing', [page(item)], undefined, /has no call/],
    ['the item is gone', [page(item)], refuses(new Failure('unexpected-response', 'gone')), /^gone$/],
    ['the service is down', [page(item)], refuses(new Failure('unavailable', 'down')), /^down$/],
  ];
  for (const [why, pages, tryWrite, says] of untried) {
    it(`says that writing could not be tried where ${why}`, async () => {
      const { list } = listWith(pages, tryWrite);
      const { untried = '', refused } = await tryReadingList(list, deadlineIn(1000));
      assert.match(untried, says);
      assert.equal(refused, undefined);
    });
  }

  it('says that writing was refused', async () => {
    const { list } = listWith([page(item)], refuses(new Failure('credentials', 'no right')));
    assert.deepEqual(await tryReadingList(list, deadlineIn(1000)), { refused: 'no right' });
  });

  it('throws a bug as it is', () =>
    assert.rejects(
      tryReadingList(listWith([page(item)], refuses(new TypeError())).list, deadlineIn(1000)),
      TypeError,
    ));

  it('fails as the reading list does', () => {
    const failed = new Failure('unexpected-response', 'not a list');
    return assert.rejects(
      tryReadingList(listWith([failed]).list, deadlineIn(1000)),
      (error) => error === failed,
    );
  });

  const over = { signal: AbortSignal.abort(), remainingMs: () => 0 };

  it('says that no answer came in time', () =>
    assert.rejects(tryReadingList(listWith([new Error()]).list, over), {
      kind: 'unavailable',
      message: 'no answer in time',
    }));

  it('says so also of the write, where the list was read', async () => {
    const { list } = listWith([page(item)], refuses(new Error()));
    assert.deepEqual(await tryReadingList(list, over), { untried: 'no answer in time' });
  });
});
