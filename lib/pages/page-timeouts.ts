import { once } from 'node:events';
import type { Deadline } from '../deadline.ts';
import { pageError } from './page-error.ts';

/**
 * Runs one request of a page, which must call `onHeaders` within `headersMs` and be done within `budget.ms`, what is
 * left of the page's time; the time that it took is subtracted from that. Throws `timed-out` when one of them is
 * over, `out-of-time` when the run's deadline is.
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
    // Whatever hangs (a resolver, a silent socket), the page's time ends.
    const result = await Promise.race([
      request(stop.signal, () => clearTimeout(headersTimer)),
      rejectOnAbort(stop.signal),
    ]);
    // A body without a declared length looks complete when we cut it off.
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
