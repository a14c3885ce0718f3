/**
 * Calls at once of what goes through many accounts: far below any quota, and enough to come near one of 50 a second.
 * @internal
 */
export const CALLS_AT_ONCE = 20;

/**
 * Calls `work` for each item, for so many at a time, and resolves to the results in order. Rejects as the first `work`
 * that does, once the others in hand are done; none is begun after it, as p-limit would. No more items are taken than are
 * worked on.
 */
export async function inParallel<Item, Result>(
  items: AsyncIterable<Item> | Iterable<Item>,
  work: (item: Item) => Promise<Result>,
  atOnce = CALLS_AT_ONCE,
): Promise<Result[]> {
  const errors: unknown[] = [];
  const results: Result[] = [];
  const each = numbered(items);
  async function worker(): Promise<void> {
    for (let next = await each.next(); !next.done && errors.length === 0; next = await each.next())
      results[next.value.at] = await work(next.value.item);
  }
  await Promise.all(Array.from({ length: atOnce }, () => worker().catch((error) => errors.push(error))));
  if (errors.length === 0) return results;
  await each.return(undefined);
  throw errors[0];
}

async function* numbered<Item>(items: AsyncIterable<Item> | Iterable<Item>) {
  let at = 0;
  for await (const item of items) {
    yield { at, item };
    at += 1;
  }
}
