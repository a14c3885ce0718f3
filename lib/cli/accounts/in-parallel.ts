/**
 * Calls `work` for each item, for so many at a time, until all are done or `stop` is aborted; those in hand are finished.
 * Rejects as the first `work` that does, once the others in hand are done. No more items are taken than are worked on.
 */
export async function inParallel<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  { atOnce, stop }: { readonly atOnce: number; readonly stop: AbortSignal },
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const errors: unknown[] = [];
  const each = taken(items);
  async function worker(): Promise<void> {
    for (let next = await each.next(); !next.done && errors.length === 0; next = await each.next()) {
      await work(next.value);
      if (stop.aborted) return;
    }
  }
  const workers = Array.from({ length: atOnce }, () => worker().catch((error) => errors.push(error)));
  await Promise.all(workers);
  if (errors.length > 0) throw errors[0];
}

async function* taken<Item>(items: AsyncIterable<Item> | Iterable<Item>): AsyncGenerator<Item> {
  yield* items;
}
