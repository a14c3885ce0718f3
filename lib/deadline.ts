/**
 * How long something may take. `signal` aborts when the time is over; `remainingMs` lets a caller decide whether a
 * wait (for a rate limit, a back-off) can end in time.
 */
export type Deadline = { readonly signal: AbortSignal; remainingMs(): number };

/** A deadline in `ms` milliseconds, or when `stop` aborts, whichever is first. `Infinity`: no deadline. */
export function deadlineIn(ms: number, stop?: AbortSignal): Deadline {
  const endsAt = performance.now() + ms;
  const signals = [
    ...(stop ? [stop] : []),
    ...(ms === Number.POSITIVE_INFINITY ? [] : [AbortSignal.timeout(Math.max(0, Math.floor(ms)))]),
  ];
  return {
    signal: AbortSignal.any(signals),
    remainingMs: () => (stop?.aborted ? 0 : Math.max(0, endsAt - performance.now())),
  };
}

/** Whether the deadline was aborted by `stop`, before its time was over. */
export function isInterrupted({ signal }: Deadline): boolean {
  return signal.aborted && signal.reason?.name !== 'TimeoutError';
}
