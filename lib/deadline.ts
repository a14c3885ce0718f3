/**
 * How long something may take. `signal` aborts when the time is over; `remainingMs` lets a caller
 * decide beforehand whether a wait (a rate limit's reset, a back-off) is worth beginning.
 */
export type Deadline = { readonly signal: AbortSignal; remainingMs(): number };

/** A deadline so many milliseconds from now, or when `stop` aborts. `Infinity` never comes. */
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

/** Whether a deadline that is over was not due yet: somebody asked to stop. */
export function isInterrupted({ signal }: Deadline): boolean {
  return signal.aborted && signal.reason?.name !== 'TimeoutError';
}
