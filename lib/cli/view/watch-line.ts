import { formatNumber } from '../../core/format-number.ts';
import { STOPPED_BECAUSE, type Summary } from '../../core/summary.ts';
import { type Failure, withoutControls } from '../../failure.ts';
import type { RunReport } from '../watch/watch-loop.ts';
import { timeOfDay } from './format.ts';

/** What a run of `readtime watch` came to, on one line, without a title, an address of an item, or a secret. */
export function watchLine({ list, mode, startedAt, endedAt, nextAt, outcome }: RunReport): string {
  const what = 'failure' in outcome ? failureText(outcome.failure) : doneText(outcome, endedAt - startedAt);
  const again = 'failure' in outcome ? 'tried again' : 'next' in outcome ? 'goes on' : 'next';
  const next = nextAt === undefined ? 'ends' : `${again} at ${timeOfDay(nextAt, endedAt)}`;
  return [dateAndTime(endedAt), ...(list ? [list] : []), `${mode}:`, `${what}; ${next}`].join(' ');
}

function doneText(
  outcome: { readonly summary: Summary } | { readonly busy: string },
  durationMs: number,
): string {
  if ('busy' in outcome) return `left out: ${outcome.busy}`;
  const { tagged, untagged, unchanged, failed, stoppedBy, ...summary } = outcome.summary;
  const skipped = skippedCount(summary);
  return [
    `${formatNumber(tagged)} tagged`,
    `${formatNumber(untagged)} untagged`,
    `${formatNumber(unchanged)} unchanged`,
    `${formatNumber(skipped)} skipped`,
    ...(failed.count > 0 ? [`${formatNumber(failed.count)} failed`] : []),
    `${(durationMs / 1000).toFixed(1)} s`,
    ...(stoppedBy ? [`stopped ${STOPPED_BECAUSE[stoppedBy]}`] : []),
  ].join(', ');
}

/** The same as JSON, as log collectors read it; times are ISO 8601, UTC. */
export function watchJson({ list, mode, startedAt, endedAt, nextAt, outcome }: RunReport): string {
  return JSON.stringify({
    time: new Date(endedAt).toISOString(),
    ...(list && { list }),
    mode,
    ...jsonOf(outcome),
    seconds: Math.round(endedAt - startedAt) / 1000,
    ...(nextAt !== undefined && { next: new Date(nextAt).toISOString() }),
  });
}

function jsonOf(outcome: RunReport['outcome']): object {
  if ('busy' in outcome) return { result: 'busy', reason: outcome.busy };
  if ('failure' in outcome) {
    const { kind, message } = outcome.failure;
    return { result: 'failed', kind, reason: message };
  }
  const { tagged, untagged, unchanged, failed, complete, stoppedBy } = outcome.summary;
  const skipped = skippedCount(outcome.summary);
  return {
    result: complete ? 'done' : 'stopped',
    ...(stoppedBy && { stoppedBy }),
    ...{ tagged, untagged, unchanged, skipped, failed: failed.count },
  };
}

function failureText({ kind, message }: Failure): string {
  return `failed (${kind}): ${withoutControls(message)}`;
}

function skippedCount({ skipped }: Pick<Summary, 'skipped'>): number {
  return Object.values(skipped).reduce((sum, items) => sum + items, 0);
}

/** `2026-01-31 09:05:00`, local time. */
function dateAndTime(ms: number): string {
  return new Date(ms).toLocaleString('sv');
}
