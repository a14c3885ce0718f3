/**
 * How long something may take. `signal` aborts when the time is over; `remainingMs` lets a caller
 * decide beforehand whether a wait (a rate limit's reset, a back-off) is worth beginning.
 */
export type Deadline = { readonly signal: AbortSignal; remainingMs(): number };

/** A deadline so many milliseconds from now. `Infinity` never comes. */
export function deadlineIn(ms: number): Deadline {
  if (ms === Number.POSITIVE_INFINITY) {
    return { signal: new AbortController().signal, remainingMs: () => ms };
  }
  const endsAt = performance.now() + ms;
  return {
    signal: AbortSignal.timeout(Math.max(0, Math.floor(ms))),
    remainingMs: () => Math.max(0, endsAt - performance.now()),
  };
}
