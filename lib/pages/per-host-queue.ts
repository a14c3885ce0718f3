import pLimit, { type LimitFunction } from 'p-limit';
import type { Deadline } from '../deadline.ts';
import type { Clock } from '../http/clock.ts';
import { pageError } from './page-error.ts';

/**
 * A queue of requests with at most `maxConcurrent` in flight, one per host. A host that is slow or asked for a wait
 * does not delay other hosts.
 */
export type PerHostQueue = {
  /**
   * Runs the request when it is next in the queue of its host. Throws `asked-to-wait` if the host's cooldown is longer
   * than `maxCooldownMs`, and `out-of-time` if it ends after the deadline.
   */
  run<T>(host: string, deadline: Deadline, request: () => Promise<T>): Promise<T>;
  /** Sends nothing to the host for `ms` milliseconds. */
  startCooldown(host: string, ms: number): void;
};

export function perHostQueue(maxConcurrent: number, maxCooldownMs: number, clock: Clock): PerHostQueue {
  const limitAll = pLimit(maxConcurrent);
  const limits = new Map<string, LimitFunction>();
  const cooldownEnds = new Map<string, number>();

  async function waitForCooldown(host: string, deadline: Deadline): Promise<void> {
    const waitMs = (cooldownEnds.get(host) ?? 0) - clock.now();
    if (waitMs <= 0) return;
    if (waitMs > maxCooldownMs) throw pageError('asked-to-wait');
    if (waitMs > deadline.remainingMs()) throw pageError('out-of-time');
    // Only one page waits: that is not told as a wait of the run.
    await clock.wait(waitMs, { ...deadline, onWait: undefined }).catch(() => {
      throw pageError('out-of-time');
    });
  }

  return {
    run(host, deadline, request) {
      const limitHost = limits.get(host) ?? pLimit(1);
      limits.set(host, limitHost);
      return limitHost(async () => {
        await waitForCooldown(host, deadline);
        return limitAll(request);
      });
    },
    startCooldown(host, ms) {
      cooldownEnds.set(host, Math.max(cooldownEnds.get(host) ?? 0, clock.now() + ms));
    },
  };
}
