/** Events in the order of their times: milliseconds since the simulation began. */
export type EventQueue<Event> = {
  /** `atMs`: not before that of the event which `pop` gave last. */
  push(atMs: number, event: Event): void;
  /** Takes the earliest event out; of several at one time, any. `undefined`: there is none. */
  pop(): Event | undefined;
  /** The time of the event that `pop` gave last. */
  readonly nowMs: number;
};

/** Events of so many milliseconds are sorted at a time. */
const SLICE_MS = 1000;

type Slice<Event> = { readonly times: number[]; readonly events: Event[] };

/**
 * Only events of the present second are in a heap; later ones wait, unsorted, until theirs has come. With a million of
 * events a heap of all has twenty steps for each, most of which miss the processor's cache.
 */
export function eventQueue<Event>(): EventQueue<Event> {
  const present = heap<Event>();
  const later: (Slice<Event> | undefined)[] = [];
  let slice = 0;
  let waiting = 0;
  let nowMs = 0;

  function push(atMs: number, event: Event): void {
    const at = Math.floor(atMs / SLICE_MS);
    if (at <= slice) {
      present.push(atMs, event);
      return;
    }
    later[at] ??= { times: [], events: [] };
    later[at].times.push(atMs);
    later[at].events.push(event);
    waiting += 1;
  }

  /** Goes on to the next second in which something happens. */
  function advance(): void {
    while (!later[slice]) slice += 1;
    const { times, events } = later[slice] ?? { times: [], events: [] };
    later[slice] = undefined;
    waiting -= events.length;
    for (const [at, event] of events.entries()) present.push(times[at] ?? 0, event);
  }

  return {
    push,
    pop() {
      if (present.size === 0 && waiting > 0) advance();
      nowMs = present.earliestMs ?? nowMs;
      return present.pop();
    },
    get nowMs() {
      return nowMs;
    },
  };
}

/** A binary heap by time. */
function heap<Event>() {
  const times: number[] = [];
  const events: Event[] = [];
  const timeAt = (at: number) => times[at] ?? Number.POSITIVE_INFINITY;

  function put(at: number, atMs: number, event: Event): void {
    times[at] = atMs;
    events[at] = event;
  }

  function push(atMs: number, event: Event): void {
    let at = events.length;
    for (let parent = (at - 1) >> 1; at > 0 && timeAt(parent) > atMs; parent = (at - 1) >> 1) {
      put(at, timeAt(parent), events[parent] as Event);
      at = parent;
    }
    put(at, atMs, event);
  }

  const earlierChild = (at: number) => (timeAt(2 * at + 2) < timeAt(2 * at + 1) ? 2 * at + 2 : 2 * at + 1);

  function pop(): Event | undefined {
    const [earliest] = events;
    const [lastMs, last] = [times.pop() ?? 0, events.pop()];
    if (last === undefined || events.length === 0) return earliest;
    let at = 0;
    for (let child = earlierChild(at); timeAt(child) < lastMs; child = earlierChild(at)) {
      put(at, timeAt(child), events[child] as Event);
      at = child;
    }
    put(at, lastMs, last);
    return earliest;
  }

  return {
    push,
    pop,
    get size() {
      return events.length;
    },
    get earliestMs() {
      return times[0];
    },
  };
}
