import { once } from 'node:events';
import type { Deadline } from '../deadline.ts';
import { refuse } from './refusal.ts';

/**
 * Runs one request of a page, which must call `onHeaders` within `firstByteMs` and be done within what is left of
 * the page's budget. Throws `timed-out` when that is over, `out-of-time` when the run's deadline is.
 */
export async function withTimeouts<T>(
  firstByteMs: number,
  left: { ms: number },
  deadline: Deadline,
  request: (signal: AbortSignal, onHeaders: () => void) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const late = () => stop.abort(refuse('timed-out'));
  const over = () => stop.abort(refuse('out-of-time'));
  if (deadline.signal.aborted) throw refuse('out-of-time');
  deadline.signal.addEventListener('abort', over);
  const startedAt = performance.now();
  const firstByte = setTimeout(late, Math.min(firstByteMs, left.ms));
  const all = setTimeout(late, left.ms);
  try {
    // Whatever hangs (a resolver, a socket that says nothing more), the page's time ends.
    const result = await Promise.race([
      request(stop.signal, () => clearTimeout(firstByte)),
      abortOf(stop.signal),
    ]);
    // A body without a declared length looks complete when we cut it off.
    stop.signal.throwIfAborted();
    return result;
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    clearTimeout(firstByte);
    clearTimeout(all);
    deadline.signal.removeEventListener('abort', over);
    left.ms = Math.max(0, left.ms - (performance.now() - startedAt));
  }
}

async function abortOf(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw signal.reason;
}
