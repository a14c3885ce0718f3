import { sumRuns } from '../core/sum-runs.ts';
import type { Summary } from '../core/summary.ts';
import { doneBefore, Failure, joinSentences } from '../failure.ts';
import { nextRun } from '../run/continuation.ts';
import type { RunRequest } from '../run/event.ts';

/**
 * One run after the other, each where the one before stopped at its limit on changes, up to the one that does not.
 * Resolves to what that one did, and with the sum of all the summaries. Rejects as a run does, and where two in a row get
 * no further; then the message also says what was done in the runs before.
 */
export async function untilDone<Ran extends { readonly summary: Summary }>(
  first: RunRequest,
  run: (request: RunRequest) => Promise<Ran>,
): Promise<Ran> {
  let before: Summary | undefined;
  let request = first;
  try {
    for (;;) {
      const ran = await run(request);
      const summary = before ? sumRuns(before, ran.summary) : ran.summary;
      // Any other wait or end is that of the whole command.
      const next = ran.summary.stoppedBy === 'limit' ? nextRun(request, ran.summary) : undefined;
      if (!next) return { ...ran, summary };
      before = summary;
      request = next.request;
    }
  } catch (error) {
    throw before && error instanceof Failure ? withRunsBefore(error, before) : error;
  }
}

function withRunsBefore(failure: Failure, summary: Summary): Failure {
  const sentences = [failure.message, doneBefore(summary, 'In the runs before')];
  return new Failure(failure.kind, joinSentences(sentences), { ...failure, summary });
}
