import { setTimeout as sleep } from 'node:timers/promises';
import { type Deadline, MAX_TIMER_MS } from '../deadline.ts';

/** The time, replaceable in tests: milliseconds from an arbitrary start. */
export type Clock = {
  now(): number;
  /** Resolves after `ms`, at most `MAX_TIMER_MS`. Rejects with the signal's reason at the deadline, whose `onWait` is called. */
  wait(ms: number, deadline: Deadline): Promise<void>;
};

export const systemClock: Clock = {
  now: () => performance.now(),
  async wait(ms, { signal, onWait }) {
    onWait?.(ms);
    await sleep(Math.min(ms, MAX_TIMER_MS), undefined, { signal }).catch(() => signal.throwIfAborted());
  },
};
