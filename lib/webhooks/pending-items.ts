import type { RunRequest } from '../run/event.ts';

/**
 * So many ids are kept at most. Each is a request of its own; the same number by the listing is ten, and brings more
 * beside: a run over the newest items then takes the place of one over these.
 */
const MAX_PENDING = 500;

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
        ? { ...common, mode: 'recent' }
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
