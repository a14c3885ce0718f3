import { setTimeout as sleep } from 'node:timers/promises';
import type { Deadline } from '../deadline.ts';

/** The longest delay that Node's timers support: milliseconds. A longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The time, replaceable in tests: milliseconds from an arbitrary start. */
export type Clock = {
  now(): number;
  /** Resolves after `ms`, at most `MAX_TIMER_MS`. Rejects with the signal's reason at the deadline. */
  wait(ms: number, deadline: Deadline): Promise<void>;
};

export const systemClock: Clock = {
  now: () => performance.now(),
  async wait(ms, { signal }) {
    await sleep(Math.min(ms, MAX_TIMER_MS), undefined, { signal }).catch(() => signal.throwIfAborted());
  },
};
