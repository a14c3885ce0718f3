import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../../lib/http/clock.ts';

/**
 * Turns of the event loop in which calls in flight arrive before the clock advances. Client and service are in this
 * process, so a call takes a few turns, however busy the machine is.
 */
const ARRIVAL_TURNS = 200;

/** A clock that advances only to the end of the next wait, when something waits. */
export function steppingClock(): Clock & { pass(ms: number): void } {
  let now = 1_000_000;
  let waits: { until: number; resolve: () => void }[] = [];
  const advance = async () => {
    while (waits.length > 0) {
      for (let turn = 0; turn < ARRIVAL_TURNS; turn++) await setImmediate();
      const first = waits.toSorted((one, other) => one.until - other.until)[0];
      now = Math.max(now, first?.until ?? 0);
      waits = waits.filter((wait) => wait !== first);
      first?.resolve();
    }
  };
  return {
    now: () => now,
    pass: (ms) => {
      now += ms;
    },
    wait: (ms) =>
      new Promise((resolve) => {
        waits.push({ until: now + ms, resolve });
        if (waits.length === 1) void advance();
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
