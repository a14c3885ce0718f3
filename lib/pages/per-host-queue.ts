import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Deadline } from '../deadline.ts';
import { refuse } from './refusal.ts';

/**
 * Who may go when: so many requests at once, one at a time per host. `run` runs the request when its turn
 * comes; `rest` leaves a host alone for a while. A host that rests or is slow keeps none of the other hosts
 * waiting. Throws `asked-to-wait` or `out-of-time` where a rest is too long to be sat out.
 */
export type PerHostQueue = {
  run<T>(host: string, deadline: Deadline, request: () => Promise<T>): Promise<T>;
  rest(host: string, ms: number): void;
};

export function perHostQueue(atOnce: number, longestRestMs: number): PerHostQueue {
  const anywhere = pLimit(atOnce);
  const lastTurns = new Map<string, Promise<unknown>>();
  const restsUntil = new Map<string, number>();

  async function waitForCooldown(host: string, deadline: Deadline): Promise<void> {
    const waitMs = (restsUntil.get(host) ?? 0) - performance.now();
    if (waitMs <= 0) {
      restsUntil.delete(host);
      return;
    }
    if (waitMs > longestRestMs) throw refuse('asked-to-wait');
    if (waitMs > deadline.remainingMs()) throw refuse('out-of-time');
    await sleep(waitMs, undefined, { signal: deadline.signal });
  }

  return {
    async run(host, deadline, request) {
      const turn = (async (before) => {
        await before?.catch(() => {});
        await waitForCooldown(host, deadline);
        return anywhere(request);
      })(lastTurns.get(host));
      lastTurns.set(host, turn);
      try {
        return await turn;
      } finally {
        if (lastTurns.get(host) === turn) lastTurns.delete(host);
      }
    },
    rest(host, ms) {
      restsUntil.set(host, Math.max(restsUntil.get(host) ?? 0, performance.now() + ms));
    },
  };
}
