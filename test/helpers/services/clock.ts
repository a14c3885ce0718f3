import type { Clock } from '../../../lib/http/clock.ts';

/** Real milliseconds for calls in flight to arrive before the clock advances. */
const ARRIVAL_MS = 20;

/** A clock that advances only to the end of the next wait, when something waits. */
export function steppingClock(): Clock & { pass(ms: number): void } {
  let now = 1_000_000;
  let waits: { until: number; resolve: () => void }[] = [];
  const advance = () => {
    const first = waits.toSorted((one, other) => one.until - other.until)[0];
    if (first === undefined) return;
    now = Math.max(now, first.until);
    waits = waits.filter((wait) => wait !== first);
    first.resolve();
    if (waits.length > 0) setTimeout(advance, ARRIVAL_MS);
  };
  return {
    now: () => now,
    pass: (ms) => {
      now += ms;
    },
    wait: (ms) =>
      new Promise((resolve) => {
        waits.push({ until: now + ms, resolve });
        if (waits.length === 1) setTimeout(advance, ARRIVAL_MS);
      }),
  };
}

/** Counts calls in a sliding minute, as a service with a rate limit; returns whether a call is over the limit. */
export function overLimit(perMinute: number, clock: Pick<Clock, 'now'>): () => boolean {
  const taken: number[] = [];
  return () => {
    const now = clock.now();
    while (taken[0] !== undefined && now - taken[0] >= 60_000) taken.shift();
    taken.push(now);
    return taken.length > perMinute;
  };
}

/** A clock whose waits end at once. */
export const instantClock: Clock = { now: () => 0, wait: async () => {} };
