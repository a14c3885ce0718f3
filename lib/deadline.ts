/**
 * How long something may take. `signal` aborts when the time is over; `remainingMs` lets a caller decide whether a
 * wait (for a rate limit, a back-off) can end in time.
 */
export type Deadline = {
  readonly signal: AbortSignal;
  remainingMs(): number;
  /** Called when a wait begins, with its length: milliseconds. */
  readonly onWait?: OnWait | undefined;
};

export type OnWait = (ms: number) => void;

/** The longest delay that Node's timers support: milliseconds. A longer one would fire at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** A deadline in `ms` milliseconds, or when `stop` aborts, whichever is first. `Infinity`: no deadline. */
export function deadlineIn(
  ms: number,
  { stop, onWait }: { stop?: AbortSignal | undefined; onWait?: OnWait | undefined } = {},
): Deadline {
  const endsAt = performance.now() + ms;
  const end = new AbortController();
  if (ms !== Number.POSITIVE_INFINITY) {
    const timeUp = new DOMException('The time is over', 'TimeoutError');
    setTimeout(() => end.abort(timeUp), timerMs(ms)).unref();
  }
  if (stop) abortWith(stop, end);
  return {
    signal: end.signal,
    remainingMs: () => (stop?.aborted ? 0 : Math.max(0, endsAt - performance.now())),
    ...(onWait && { onWait }),
  };
}

/**
 * Aborts `other` when `signal` aborts, until the function that it returns is called. `AbortSignal.any` does not do: Node
 * 24 forgets between two requests, with the garbage, of what such a signal consists, and it never aborts.
 */
export function abortWith(signal: AbortSignal, other: AbortController): () => void {
  const abort = () => other.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  return () => signal.removeEventListener('abort', abort);
}

/** A signal that aborts `ms` milliseconds after `signal` does. */
export function abortsAfter(signal: AbortSignal, ms: number): AbortSignal {
  const later = new AbortController();
  signal.addEventListener('abort', () => setTimeout(() => later.abort(), ms).unref(), { once: true });
  return later.signal;
}

/** A delay that a timer supports. */
function timerMs(ms: number): number {
  return Math.min(Math.max(0, Math.floor(ms)), MAX_TIMER_MS);
}

/** Whether the deadline was aborted by `stop`, before its time was over. */
export function isInterrupted({ signal }: Deadline): boolean {
  return signal.aborted && signal.reason?.name !== 'TimeoutError';
}
