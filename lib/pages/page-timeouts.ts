import { once } from 'node:events';
import type { Deadline } from '../deadline.ts';
import { pageError } from './page-error.ts';

/**
 * Runs one request for a page. It has to call `onHeaders` within `headersMs` and end within `budget.ms`, the time left
 * for the page, from which its duration is subtracted. Times are in milliseconds. Throws `timed-out` if it takes
 * longer, and `out-of-time` at the deadline.
 */
export async function withTimeouts<T>(
  headersMs: number,
  budget: { ms: number },
  deadline: Deadline,
  request: (signal: AbortSignal, onHeaders: () => void) => Promise<T>,
): Promise<T> {
  if (deadline.signal.aborted) throw pageError('out-of-time');
  const stop = new AbortController();
  const onTimeout = () => stop.abort(pageError('timed-out'));
  const onDeadline = () => stop.abort(pageError('out-of-time'));
  deadline.signal.addEventListener('abort', onDeadline);
  const startedAt = performance.now();
  const headersTimer = setTimeout(onTimeout, Math.min(headersMs, budget.ms));
  const totalTimer = setTimeout(onTimeout, budget.ms);
  try {
    // Ends in time even if the request ignores its signal, as a DNS look-up does.
    const result = await Promise.race([
      request(stop.signal, () => clearTimeout(headersTimer)),
      rejectOnAbort(stop.signal),
    ]);
    // An aborted body without a declared length looks complete.
    stop.signal.throwIfAborted();
    return result;
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    clearTimeout(headersTimer);
    clearTimeout(totalTimer);
    deadline.signal.removeEventListener('abort', onDeadline);
    budget.ms = Math.max(0, budget.ms - (performance.now() - startedAt));
  }
}

async function rejectOnAbort(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw signal.reason;
}
