import { setTimeout as sleep } from 'node:timers/promises';
import type { Deadline } from '../deadline.ts';
import { Failure } from '../failure.ts';

/** The longest that a timer can wait: milliseconds. A longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Keeps requests back while the other side has asked to be left alone. */
export type Cooldown = {
  /** Lets nothing through for so long: milliseconds. */
  start(ms: number): void;
  /** How long until it is open: whole milliseconds, as many as a timer can wait. */
  opensInMs(): number;
  /**
   * Resolves when it is open. Rejects with an `unavailable` failure of this message, and at once, where the
   * deadline is over before that.
   */
  wait(deadline: Deadline, message: string): Promise<void>;
};

export function cooldown(): Cooldown {
  let opensAt = 0;
  const leftMs = () => Math.max(0, Math.ceil(opensAt - performance.now()));
  const opensInMs = () => Math.min(leftMs(), MAX_TIMER_MS);
  return {
    start(ms) {
      opensAt = Math.max(opensAt, performance.now() + ms);
    },
    opensInMs,
    async wait({ signal, remainingMs }, message) {
      while (leftMs() > 0) {
        if (leftMs() >= remainingMs()) throw new Failure('unavailable', message, { retryAfterMs: leftMs() });
        await sleep(opensInMs(), undefined, { signal }).catch(() => signal.throwIfAborted());
      }
    },
  };
}
