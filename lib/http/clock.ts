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

/** What is wrong, in a clause, if a connection failed because of a certificate's dates: perhaps the clock of this machine. */
export function clockProblem(code: string): string | undefined {
  if (code === 'CERT_NOT_YET_VALID')
    return `the certificate is not valid yet; the clock of this machine says ${utcNow()}: is that right?`;
  return code === 'CERT_HAS_EXPIRED'
    ? `the certificate has expired, if the clock of this machine is right, which says ${utcNow()}`
    : undefined;
}

/** The time of this machine, such as `2026-01-31 09:05 UTC`. */
export function utcNow(): string {
  return `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
