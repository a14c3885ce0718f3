import { type Summary, summarise } from './summary.ts';

/** The summary of two runs, of which `last` went on where `earlier` had stopped. */
export function sumRuns(earlier: Summary, last: Summary): Summary {
  const { message: _message, complete: _complete, ...ended } = last;
  const byBand = { ...last.byBand };
  for (const [tag, items] of Object.entries(earlier.byBand)) byBand[tag] = (byBand[tag] ?? 0) + items;
  const sum = {
    ...ended,
    byBand,
    tagged: earlier.tagged + last.tagged,
    untagged: earlier.untagged + last.untagged,
    gone: earlier.gone + last.gone,
    // What the earlier run changed, the last one found right.
    unchanged: Math.max(0, last.unchanged - earlier.tagged - earlier.untagged),
    requests: earlier.requests + last.requests,
    durationMs: earlier.durationMs + last.durationMs,
  };
  return summarise(sum, sum);
}
