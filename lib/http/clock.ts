import { setTimeout as sleep } from 'node:timers/promises';
import type { Deadline } from '../deadline.ts';

/** The longest wait that a timer of Node takes: milliseconds. A longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Where time comes from, so that a test can have its own: milliseconds, from any beginning. */
export type Clock = {
  now(): number;
  /** Resolves after `ms`, at most `MAX_TIMER_MS`. Rejects with the signal's reason once the deadline is over. */
  wait(ms: number, deadline: Deadline): Promise<void>;
};

export const systemClock: Clock = {
  now: () => performance.now(),
  async wait(ms, { signal }) {
    await sleep(Math.min(ms, MAX_TIMER_MS), undefined, { signal }).catch(() => signal.throwIfAborted());
  },
};
