import pLimit, { type LimitFunction } from 'p-limit';
import type { Deadline } from '../deadline.ts';
import type { Clock } from '../http/clock.ts';
import { pageError } from './page-error.ts';

/**
 * Which request may be sent when: at most `maxConcurrent` at the same time, one at a time per host. A host that is
 * slow, or that asked for a wait, keeps no other host waiting.
 */
export type PerHostQueue = {
  /**
   * Runs the request when it is the host's turn. Throws `asked-to-wait` where the host's cooldown is longer than
   * `maxCooldownMs`, `out-of-time` where it is longer than the deadline allows.
   */
  run<T>(host: string, deadline: Deadline, request: () => Promise<T>): Promise<T>;
  /** Sends nothing to the host for so long: milliseconds. */
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
    await clock.wait(waitMs, deadline).catch(() => {
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
