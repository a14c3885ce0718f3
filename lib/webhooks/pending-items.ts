import type { RunRequest } from '../run/event.ts';

/**
 * So many ids are kept at most, as many as a run changes by default (`MAX_CHANGES`). Each is a request of its own, and the
 * listing brings 50 by one: above that, a run over the whole list takes the place of one over these. A run over the newest
 * could end at pages that are tagged already, before it has seen all of them.
 */
const MAX_PENDING = 2000;

/** The items that a service has told of, until a run is made of them. */
export type PendingItems = {
  /** The same one again changes nothing. */
  add(id: string): void;
  /** The run that is to be made of all of them, which it takes away; `undefined` where there are none. */
  take(): RunRequest | undefined;
  /** Puts back what a run that failed, or was not made, had taken. */
  putBack(request: RunRequest): void;
};

export function pendingItems(): PendingItems {
  const ids = new Set<string>();
  let isTooMany = false;

  function add(id: string): void {
    if (isTooMany) return;
    ids.add(id);
    if (ids.size > MAX_PENDING) giveUpIds();
  }

  function giveUpIds(): void {
    ids.clear();
    isTooMany = true;
  }

  return {
    add,
    take() {
      if (ids.size === 0 && !isTooMany) return undefined;
      const common = { dryRun: false, refetch: false };
      const request: RunRequest = isTooMany
        ? { ...common, mode: 'full' }
        : { ...common, mode: 'items', ids: [...ids] };
      ids.clear();
      isTooMany = false;
      return request;
    },
    putBack(request) {
      if (request.mode === 'items') request.ids.forEach(add);
      else giveUpIds();
    },
  };
}
