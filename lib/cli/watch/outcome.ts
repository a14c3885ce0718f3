import type { Summary } from '../../core/summary.ts';
import { Failure } from '../../failure.ts';
import { type NextRun, nextRun } from '../../run/continuation.ts';
import type { RunRequest } from '../../run/event.ts';

/** One run, which ends early when `stop` aborts. Rejects as `run` does. */
export type MakeRun = (request: RunRequest, stop: AbortSignal) => Promise<Ran>;

/** What a run did, or why none was made: another process was writing to the list. */
export type Ran = { readonly summary: Summary } | { readonly busy: string };

/** What came of a run; `next`: the run that does the rest, of one that stopped before its end. */
export type Outcome =
  | { readonly summary: Summary; readonly next?: NextRun }
  | { readonly busy: string }
  | { readonly failure: Failure };

/** Makes a run whose signal is its own: what listens to it goes with it. Never rejects. */
export async function outcomeOf(run: MakeRun, request: RunRequest, stop: AbortSignal): Promise<Outcome> {
  const own = new AbortController();
  const abort = () => own.abort();
  stop.addEventListener('abort', abort);
  try {
    const ran = await run(request, own.signal);
    return 'summary' in ran ? { ...ran, ...nextOf(request, ran.summary) } : ran;
  } catch (error) {
    return { failure: error instanceof Failure ? error : ofBug(error) };
  } finally {
    stop.removeEventListener('abort', abort);
  }
}

/** The run that does the rest. Throws a `Failure` where none would: it gets no further, or the wait is too long. */
function nextOf(request: RunRequest, summary: Summary): { readonly next?: NextRun } {
  const next = nextRun(request, summary);
  if (next) return { next };
  const { complete, stoppedBy, message, retryAfterMs } = summary;
  if (complete || stoppedBy === 'interrupted') return {};
  throw new Failure('unavailable', message, { summary, retryAfterMs });
}

/** Only the name and code of an error that is no `Failure`: its message may hold secrets. */
function ofBug(error: unknown): Failure {
  const { name = 'no error', code = '' } = (error ?? {}) as NodeJS.ErrnoException;
  const what = [name, code].filter(Boolean).join(' ');
  return new Failure('unexpected-response', `The run failed in a way that nobody expected (${what})`);
}
