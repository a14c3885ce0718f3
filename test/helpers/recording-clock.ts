import type { Deadline } from '../../lib/deadline.ts';
import type { Clock } from '../../lib/http/clock.ts';

/** A clock whose waits end at once and are recorded in `waits`: milliseconds. `onWait` runs during each wait. */
export function recordingClock(onWait: () => unknown = () => {}): Clock & { readonly waits: number[] } {
  const waits: number[] = [];
  let now = 1_000_000;
  return {
    waits,
    now: () => now,
    async wait(ms, { signal }) {
      waits.push(ms);
      // Whole numbers, so that sums and differences of them are exact.
      now += Math.ceil(ms);
      await onWait();
      signal.throwIfAborted();
    },
  };
}

/** A deadline that always has `ms` milliseconds left, however slow the machine is. */
export function endsIn(ms: number): Deadline {
  return { signal: new AbortController().signal, remainingMs: () => ms };
}
